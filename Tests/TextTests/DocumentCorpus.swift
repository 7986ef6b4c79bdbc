/// Documents for parsers to disagree about: JSON grown from a seed and damaged here and there, and
/// traps made by hand.
struct DocumentCorpus {
    private var random: SplitMix

    init(seed: UInt64) {
        random = SplitMix(seed: seed)
    }

    /// The next document: whole two times out of five, else with one to three changes.
    mutating func document() -> [UInt8] {
        var bytes = Array(value(depth: 0).utf8)
        guard Int.random(in: 0..<5, using: &random) > 1 else { return bytes }
        for _ in 0..<Int.random(in: 1...3, using: &random) { damage(&bytes) }
        return bytes
    }

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &random)]
    }

    private mutating func space() -> String { pick(["", "", "", " ", "\n", "\t", "\r\n"]) }

    private mutating func value(depth: Int) -> String {
        let kind = Int.random(in: 0..<(depth < 5 ? 9 : 5), using: &random)
        let text: String
        switch kind {
        case 0, 1: text = number()
        case 2, 3: text = string()
        case 4: text = pick(["true", "false", "null"])
        case 5, 6:
            text = list("[", "]", depth) { $0.value(depth: depth + 1) }
        default:
            text = list("{", "}", depth) {
                "\($0.string())\($0.space()):\($0.value(depth: depth + 1))"
            }
        }
        return space() + text + space()
    }

    private mutating func list(
        _ open: String, _ close: String, _ depth: Int,
        _ element: (inout DocumentCorpus) -> String
    ) -> String {
        let count = Int.random(in: 0...3, using: &random)
        return open + (0..<count).map { _ in element(&self) }.joined(separator: ",") + space()
            + close
    }

    private mutating func number() -> String {
        switch Int.random(in: 0..<12, using: &random) {
        case 0: pick(["0", "-0", "-1", "1", "9007199254740991", "-9007199254740991"])
        case 1: pick(["9007199254740992", "-9007199254740992", "18446744073709551616"])
        case 2: pick(["1.5", "100.0", "1e2", "1E-2", "-0.0", "0e0"])
        default: String(Int.random(in: -1_000_000...1_000_000, using: &random))
        }
    }

    private mutating func string() -> String {
        let count = Int.random(in: 0...4, using: &random)
        return "\"" + (0..<count).map { _ in pick(Self.letters) }.joined() + "\""
    }

    /// What strings are made of; some break a rule of the profile.
    private static let letters: [String] = [
        "a", "b", "id", "cents", "ä", "€", "😀", "ß", "\\\"", "\\\\", "\\/", "\\u0041", "\\u00fc",
        "\\ud83d\\ude00", "\u{2028}", "\u{200B}", "\u{FEFF}", "\u{FFFF}", "x", "y", "z", "0", " ",
        "\\u0301", "u\u{308}", "\\n", "\\ud800", "\u{202E}", "\\u2066", "\u{7F}", "\\u0085",
        "\u{1100}\u{1161}", "\u{AC00}\u{11A8}", "\u{0958}", "\u{212B}", "q\u{323}\u{307}",
    ]

    private mutating func damage(_ bytes: inout [UInt8]) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        let end = min(bytes.count, place + Int.random(in: 0...4, using: &random))
        switch Int.random(in: 0..<6, using: &random) {
        case 0 where place < bytes.count:
            bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes.removeSubrange(place..<end)
        case 2: bytes.insert(contentsOf: bytes[place..<end], at: place)
        case 3: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
        case 4: bytes.append(contentsOf: pick(Self.pieces))
        default: bytes.insert(contentsOf: pick(Self.pieces), at: place)
        }
    }

    private static let pieces: [[UInt8]] =
        [
            "\"", "\\", "{", "}", "[", "]", ",", ":", "0", "-", "+", ".", "e1", "//", "'", "NaN",
            "\\u0000", "\\x", "null", "\"a\":1,", "\u{A0}", "\u{B}", "\u{0}",
        ].map { Array($0.utf8) } + [
            [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80],
        ]

    /// Documents about which parsers are known to disagree (RFC 8259 section 9; trust.md 7).
    static let traps: [[UInt8]] = texts.map { Array($0.utf8) } + rawBytes

    private static let texts: [String] = [
        "", " ", "\u{FEFF}{}", "\u{FEFF}", "{}\u{FEFF}", "[1,]", "{\"a\":1,}", "[,1]", "[1,,2]",
        "{,}", "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", "{\"ü\":1,\"u\u{308}\":2}",
        "{\"__proto__\":1}", "{\"1\":1,\"0\":2}", "{\"\":0}", "{'a':1}", "{a:1}", "{1:1}",
        "{\"a\" 1}", "{\"a\":}", "{:1}", "[1 2]", "[1;2]", "1 2", "{}{}", "[][]", "nul",
        "NULL", "True", "tru", "truee", "nan", "NaN", "Infinity", "-Infinity", "undefined",
        "0", "-0", "-0.0", "00", "01", "-01", "+1", "1.", ".1", "-.1", "1e", "1e+", "1e5",
        "1E400", "1e-400", "0x10", "0b1", "0o7", "1_000", "1,000", "१", "½", "--1", "-",
        "9007199254740991", "9007199254740992", "9007199254740993", "-9007199254740992",
        "9223372036854775807", "9223372036854775808", "-9223372036854775808",
        "18446744073709551615", "18446744073709551616", "100.0", "19.99", "1e2",
        "123456789012345678901234567890", "\"", "\"a", "\"\\", "\"\\\"", "\"\\u\"",
        "\"\\u12\"", "\"\\u123g\"", "\"\\u+123\"", "\"\\U0041\"", "\"\\x41\"", "\"\\0\"",
        "\"\\a\"", "\"\\'\"", "\"\\v\"", "\"\\\n\"", "\"\n\"", "\"\t\"", "\"\u{0}\"",
        "\"\\u0000\"", "\"\\u001F\"", "\"\u{7F}\"", "\"\\u007f\"", "\"\u{85}\"", "\"\u{9F}\"",
        "\"\u{A0}\"", "\"\u{AD}\"", "\"\u{200B}\"", "\"\u{200E}\"", "\"\u{202A}\"",
        "\"\u{202E}\"", "\"\\u202e\"", "\"\u{2066}\"", "\"\\u2069\"", "\"\u{2028}\"",
        "\"\u{FFFE}\"", "\"\u{10FFFF}\"", "\"\\ud800\"", "\"\\udc00\"",
        "\"\\ud800\\ud800\"", "\"\\udc00\\ud800\"", "\"\\ud83d\\ude00\"", "\"\\uD83D\\n\"",
        "\"\\ud83dx\"", "\"u\\u0308\"", "\"\\u0308\"", "\"\u{212B}\"", "\"\u{1E9B}\u{323}\"",
        "\"\u{344}\"", "\"\u{F900}\"", "\"ﬁ\"", "[[[[]]]]", "[[[[[]]]]]",
        "{\"a\":[{\"b\":[]}]}",
        "{\"a\":[{\"b\":[{}]}]}", "[]]", "[[]", "{\"a\":{}", "[\"a\"", "[}", "{]", "]", "}",
        "// c\n1", "/* c */1", "1 // c", "# c\n1", "\u{A0}1", "\u{2003}1", "\u{B}1", "\u{C}1",
        "1\u{0}", "\u{0}1", "\u{1F}1", "true false", "[true,false,null]", "\"\\/\"", "\"/\"",
        "[-]", "[0e]", "[1.0E+2]", "[1eE2]", "[0.0]", "[-0]", "{\"-0\":-0}", "[1e1,1]",
    ]

    private static let rawBytes: [[UInt8]] = [
        [0x22, 0xEF, 0xB7, 0x90, 0x22], [0xFF, 0xFE, 0x5B, 0x00, 0x5D, 0x00],
        [0xFE, 0xFF, 0x00, 0x5B, 0x00, 0x5D],
        [0x5B, 0x00, 0x5D, 0x00], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xC1, 0xBF, 0x22],
        [0x22, 0xE0, 0x80, 0x80, 0x22], [0x22, 0xE0, 0x9F, 0xBF, 0x22],
        [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xED, 0xBF, 0xBF, 0x22],
        [0x22, 0xF0, 0x80, 0x80, 0x80, 0x22], [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22],
        [0x22, 0xF8, 0x88, 0x80, 0x80, 0x80, 0x22], [0x22, 0xE2, 0x82, 0x22],
        [0x22, 0x80, 0x22],
        [0x22, 0xFE, 0x22], [0xC3, 0xA4], [0x22, 0xC3], [0x5B, 0xEF, 0xBB, 0xBF, 0x5D],
    ]
}
