import Foundation
import Testing
import Text

@Suite struct BaseTests {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
    func `the examples of RFC 4648 section 10 hold`(plain: String, text: String) {
        let bytes = Array(plain.utf8)
        let bare = text.filter { $0 != "=" }

        #expect(Base64.encode(bytes) == text)
        #expect(Base64.decode(text) == bytes)
        #expect(Base64.encode(bytes, padding: .none) == bare)
        #expect(Base64.decode(bare, padding: .none) == bytes)
        #expect(Base64URL.encode(bytes) == bare)
        #expect(Base64URL.decode(bare) == bytes)
    }

    @Test func `the alphabets differ in their last two letters`() {
        let bytes: [UInt8] = [0xFB, 0xFF, 0xBF]

        #expect(Base64.encode(bytes) == "+/+/")
        #expect(Base64URL.encode(bytes) == "-_-_")
        #expect(Base64.decode("-_-_") == nil)
        #expect(Base64URL.decode("+/+/") == nil)
    }

    @Test(arguments: [
        "A", "AAAAA", "Zh", "Zm9", "Zg==", "Zm8=", "Zm9v=", "Zm 9", "Zm9v\n", " Zm9v", "Zm9vÄ", "=",
    ])
    func `base64url refuses wrong lengths, stray bits, fill and foreign letters`(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test(arguments: [
        "A", "Zg", "Zg=", "Zh==", "Zm9=", "Zg===", "Zg==Zg==", "Z===", "====", "Zm=v", "Zm8=\n",
        "Zm8-", "Zm9v====",
    ])
    func `base64 refuses wrong fill, stray bits and foreign letters`(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test func `every text of four letters is either canonical or refused`() {
        let letters = Array("AQgw4_-z=".utf8)
        for a in letters {
            for b in letters {
                for c in letters {
                    let text = [a, b, c]
                    guard let bytes = Base64URL.decode(text) else { continue }
                    #expect(Array(Base64URL.encode(bytes).utf8) == text)
                }
            }
        }
    }

    @Test func `any bytes come back, and as another implementation writes them`() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SplitMix(seed: seed)
        for count in 0..<200 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(Base64.encode(bytes) == Data(bytes).base64EncodedString(), "seed \(seed)")
            #expect(Base64.decode(Base64.encode(bytes)) == bytes, "seed \(seed)")
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes, "seed \(seed)")
            #expect(Base64URL.encodedBytes(bytes) == Array(Base64URL.encode(bytes).utf8))
            #expect(Hex.decode(Hex.encode(bytes)) == bytes, "seed \(seed)")
        }
    }

    @Test func `bytes that are not in one piece of memory are taken too`() {
        let bytes = stride(from: UInt8(0), to: 10, by: 1)

        #expect(Hex.encode(bytes) == "00010203040506070809")
        #expect(Base64URL.decode("Zm9v".utf8.lazy.map { $0 }) == [0x66, 0x6F, 0x6F])
    }

    @Test(arguments: ["0", "0g", "AB", "a b", "0x", "ää"])
    func `hexadecimal refuses odd lengths, capitals and foreign letters`(text: String) {
        #expect(Hex.decode(text) == nil)
    }

    @Test(
        arguments: [
            ("0", 0), ("7", 7), ("1000", 1000), ("9223372036854775807", Int64.max),
            ("9223372036854775808", nil), ("", nil), ("00", nil), ("01", nil), ("-1", nil),
            ("+1", nil),
            (" 1", nil), ("1a", nil), ("١", nil),
        ] as [(String, Int64?)])
    func `decimal numbers have one spelling`(text: String, number: Int64?) {
        #expect(DecimalText.decode(text) == number)
    }
}

@Suite struct NormalizationTests {
    @Test(arguments: [
        "", "Grüngut", "Straße", "日本語", "x\u{327}\u{301}", "\u{1F600}", "\u{AC00}",
        "q\u{323}\u{307}",
    ])
    func `composed text is left as it is`(text: String) {
        #expect(text.isComposed)
        #expect(text.composed.hasSameBytes(as: text))
    }

    @Test(arguments: [
        ("u\u{308}", "ü"), ("\u{212B}", "Å"), ("\u{1100}\u{1161}", "\u{AC00}"),
        ("\u{AC00}\u{11A8}", "\u{AC01}"), ("\u{1100}\u{1161}\u{11C2}", "\u{AC1B}"),
        ("q\u{307}\u{323}", "q\u{323}\u{307}"), ("\u{F900}", "\u{8C48}"),
        ("\u{958}", "\u{915}\u{93C}"),
    ])
    func `other text is composed`(text: String, composed: String) {
        #expect(!text.isComposed)
        #expect(text.composed.hasSameBytes(as: composed))
        #expect(!text.hasSameBytes(as: composed))
    }

    @Test(arguments: [0x20...0x2FF, 0x2010...0x2027, 0x2030...0x205E, 0x20A0...0x20C0])
    func `letters, dashes and currency signs never change and are never changed`(
        range: ClosedRange<UInt32>
    ) {
        for scalar in range.compactMap(Unicode.Scalar.init) {
            for neighbour: Unicode.Scalar in ["a", "ü", "€", "–", "„"] {
                for pair in [[scalar, neighbour], [neighbour, scalar]] {
                    var text = String.UnicodeScalarView()
                    text.append(contentsOf: pair)
                    let string = String(text)
                    let wanted = string.precomposedStringWithCanonicalMapping
                    #expect(string.isComposed && wanted.hasSameBytes(as: string), "\(pair)")
                }
            }
        }
    }

    @Test func `composing agrees with Foundation on random marks`() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SplitMix(seed: seed)
        // Without Korean, where Foundation on Linux leaves a syllable and its last letter apart.
        let ranges: [ClosedRange<UInt32>] = [
            0x41...0x7A, 0xC0...0x17F, 0x300...0x345, 0x2126...0x212B, 0x900...0x97F,
            0x1E00...0x1FFF, 0x2000...0x20FF, 0x2F800...0x2FA1D,
        ]
        for _ in 0..<5000 {
            var text = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let range = ranges[Int.random(in: 0..<ranges.count, using: &random)]
                if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &random)) {
                    text.append(scalar)
                }
            }
            let string = String(text)
            let wanted = string.precomposedStringWithCanonicalMapping
            #expect(string.composed.hasSameBytes(as: wanted), "seed \(seed)")
            #expect(string.isComposed == wanted.hasSameBytes(as: string), "seed \(seed)")
        }
    }
}
