import SourceFiles
import Testing
import Text
import Units

@testable import Tariffs

/// Spoiled tariff files: whatever stands in them, reading ends with problems or a tariff.
@Suite(.timeLimit(.minutes(2)))
struct DecodingFuzzTests {
    /// Numbers that repeat for a seed (SplitMix64).
    struct Dice {
        private var state: UInt64

        init(seed: UInt64) { state = seed }

        mutating func number(below bound: Int) -> Int {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return Int((mixed ^ (mixed >> 31)) % UInt64(max(bound, 1)))
        }

        mutating func element<Element>(of list: [Element]) -> Element {
            list[number(below: list.count)]
        }
    }

    /// Pieces of the grammar, to stand where they do not belong.
    static let pieces = [
        "darüber: abgelehnt", "berechnung: je Stufe", "unter 1 kg: nach Volumen", "ab 1 kg: x",
        "preis: 2-fach von Nr. 1", "preis: Nr. 1 zuzüglich 2,00 €", "freimenge: 1 m³ je Tag",
        "höchstmenge: 999999999999999 Wochen je 9 Wochen und Karte",
        "wochentage: Sonntag bis Montag",
        "zeitraum: jedes Jahr 29.02. bis 28.02.", "vorher: [x: y]", "rundung: kaufmännisch auf",
        "umsatzsteuer: [{ab: 31.12.2199, gilt: steuerfrei}]", "gültig bis: 31.12.2199",
        "anlieferung: 1 t x gemischt mit mit", "wer: alle", "merkmale: []", "waagen: [{}]", "- ",
        "",
        "preis:", "kostenlos", "{", "]", ":", "€", "\u{301}", "٣", "9223372036854775807",
        "0,0001 m³",
    ]

    /// Mostly printable, for else nothing but UTF-8 would be tested.
    static func byte(_ dice: inout Dice) -> UInt8 {
        UInt8(dice.number(below: 8) > 0 ? 32 + dice.number(below: 95) : dice.number(below: 256))
    }

    static func spoil(_ bytes: [UInt8], _ dice: inout Dice) -> [UInt8] {
        var bytes = bytes
        for _ in 0...dice.number(below: 6) {
            guard !bytes.isEmpty else { return bytes }
            let place = dice.number(below: bytes.count)
            switch dice.number(below: 4) {
            case 0: bytes[place] = byte(&dice)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(contentsOf: Array(dice.element(of: pieces).utf8), at: place)
            default:
                bytes.removeSubrange(place..<min(bytes.count, place + dice.number(below: 80)))
            }
        }
        return bytes
    }

    static func shuffle(_ lines: [String], _ dice: inout Dice) -> [String] {
        var lines = lines
        for _ in 0...dice.number(below: 6) {
            let (from, to) = (
                dice.number(below: lines.count), dice.number(below: lines.count)
            )
            switch dice.number(below: 5) {
            case 0: lines.swapAt(from, to)
            case 1: lines.insert(lines[from], at: to)
            case 2: lines.remove(at: from)
            case 3:
                let indent = String(lines[from].prefix { $0 == " " })
                lines.insert(indent + dice.element(of: pieces), at: from)
            default:
                let key = lines[from].prefix { $0 != ":" }
                let value = lines[to].drop { $0 != ":" }
                lines[from] = String(key + value)
            }
            if lines.isEmpty { return [""] }
        }
        return lines
    }

    /// - Returns: whether the file got as far as being a tree.
    @discardableResult
    static func decode(_ bytes: [UInt8], _ comment: Comment) -> Bool {
        guard let root = try? SourceFile.tree(of: bytes) else { return false }
        let decoding = Tariff.decode(root, digest: "")
        let isGood = !decoding.problems.contains { $0.severity == .error }
        #expect((decoding.tariff != nil) == isGood, comment)
        for problem in decoding.problems {
            #expect(!problem.message.isEmpty, comment)
        }
        return true
    }

    @Test(arguments: TariffFiles.names)
    func `spoiled bytes of a tariff file are read to an end`(_ name: String) throws {
        let bytes = try TariffFiles.bytes(name)
        var trees = 0
        for seed in 0..<60 as Range<UInt64> {
            var dice = Dice(seed: seed)
            trees += Self.decode(Self.spoil(bytes, &dice), "\(name), seed \(seed)") ? 1 : 0
        }
        #expect(trees > 5)
    }

    @Test(arguments: TariffFiles.names)
    func `shuffled lines of a tariff file are read to an end`(_ name: String) throws {
        let text = String(decoding: try TariffFiles.bytes(name), as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var trees = 0
        for seed in 1_000..<1_060 as Range<UInt64> {
            var dice = Dice(seed: seed)
            let bytes = Array(Self.shuffle(lines, &dice).joined(separator: "\n").utf8)
            trees += Self.decode(bytes, "\(name), seed \(seed)") ? 1 : 0
        }
        #expect(trees > 5)
    }

    @Test func `spoiled rules and prices are read to an end`() throws {
        let texts = (PriceDecodingTests.phrases + PriceDecodingTests.blocks).map { expected in
            var file = SmallFile.rich.with(RuleDecodingTests.rules)
            let isBlock = expected.price.contains(":")
            file.price = isBlock ? "preis:\n  \(expected.price)" : "preis: \(expected.price)"
            return file.bytes
        }
        var trees = 0
        for (number, bytes) in texts.enumerated() {
            for seed in 0..<12 as Range<UInt64> {
                var dice = Dice(seed: UInt64(number) * 1_000 + seed)
                let comment: Comment = "text \(number), seed \(seed)"
                trees += Self.decode(Self.spoil(bytes, &dice), comment) ? 1 : 0
            }
        }
        #expect(trees > 30)
    }

    @Test func `long chains, long lists and long phrases end in time`() throws {
        var file = SmallFile(price: "preis: 2-fach von Nr. 1000")
        file.more = (1_000..<4_000).map {
            "  - {nr: \($0), fundstelle: § 1, abfallarten: laub, wer: alle, "
                + "zeitraum: bis 01.01.1999, preis: 2-fach von Nr. \($0 + 1)}"
        }.joined(separator: "\n")
        #expect(try file.problems().contains { $0.code == "T-E21" })

        let long = String(repeating: "laub mit nass, ", count: 10_000)
        for price in ["5,00 € je \(long)", "Nr. \(long)", "2-fach von Nr. \(long)", long] {
            #expect(try SmallFile(price: "preis: \"\(price)\"").problems().count > 0)
        }
        var rich = SmallFile.rich
        rich.examples =
            "beispiele: [{nr: 1, datum: 01.06.2024, wer: privat, summe: \"1,00 €\", "
            + "anlieferung: [\"1 t \(long)\", \"1 Sack \(long)\"]}]"
        rich.price = "preis: kostenlos\nnachlass: \"10 % bei \(long)\""
        #expect(try rich.problems().count >= 3)
    }
}
