import Testing

@testable import Exports

struct FileEncodingTests {
    private func bytes(_ text: String, _ encoding: FileEncoding) throws -> [UInt8] {
        var out: [UInt8] = []
        try encoding.append(text, to: &out)
        return out
    }

    @Test(arguments: FileEncoding.allCases)
    func `printable ASCII is itself in every set`(encoding: FileEncoding) throws {
        let text = String(decoding: UInt8(0x20)...0x7E, as: UTF8.self)
        #expect(try bytes(text, encoding) == Array(text.utf8))
    }

    @Test(arguments: [
        ("ä", [0xE4]), ("a\u{308}", [0xE4]), ("ß", [0xDF]), ("€", [0x80]), ("–", [0x96]),
        ("„Bauschutt“", [0x84] + Array("Bauschutt".utf8) + [0x93]), ("Ÿ", [0x9F]),
        ("\u{A0}", [0xA0]), ("ł", Array("l".utf8)), ("\u{2212}5", Array("-5".utf8)),
        ("ő", Array("o".utf8)), ("ẞ", Array("SS".utf8)),
    ])
    func `Windows-1252 has its own bytes and plain letters for others`(
        text: String, wanted: [UInt8]
    ) throws {
        #expect(try bytes(text, .windows1252) == wanted)
    }

    @Test(arguments: [("€", "EUR"), ("–", "-"), ("„x“", "\"x\""), ("š", "s"), ("…", "...")])
    func `ISO-8859-1 replaces what only Windows-1252 has`(text: String, wanted: String) throws {
        #expect(try bytes(text, .latin1) == Array(wanted.utf8))
    }

    @Test(arguments: [FileEncoding.windows1252, .latin1], ["漢", "🗑️", "Ж", "\u{FFFD}", "ạ"])
    func `a character without a rule is refused, never a question mark`(
        encoding: FileEncoding, text: String
    ) throws {
        let character = try #require(text.first)
        #expect(throws: EncodingProblem.unknown(character)) { try bytes("a\(text)", encoding) }
    }

    @Test(
        arguments: FileEncoding.allCases,
        ["\n", "\r", "\t", "\0", "\u{7F}", "\u{85}", "\u{2028}", "\u{FEFF}"])
    func `control characters and line breaks are refused in every set`(
        encoding: FileEncoding, text: String
    ) throws {
        let scalar = try #require(text.unicodeScalars.first)
        #expect(throws: EncodingProblem.forbidden(scalar)) { try bytes("a\(text)b", encoding) }
    }

    @Test func `UTF-8 keeps every other character as it is`() throws {
        #expect(try bytes("漢 a\u{308} €", .utf8) == Array("漢 a\u{308} €".utf8))
    }
}
