import DayClosing
import FinanceSamples
import Journal
import Reconciliation
import Sales
import SourceFiles
import Testing
import Text
import Units

struct SettlementSetupTests {
    private static let good = """
        abgleich: stadt
        titel: Kartenzahlungen
        konten:
          - {konto: DE02120300000000202051, hof: mitte}
        terminals:
          - {terminal: "68100001", hof: mitte, heißt auch: ["00651"], konto: DE02120300000000202051}
        banktage: 3
        entgelt höchstens: 500
        """

    private func decode(_ text: String) throws -> ([String], SettlementSetup?) {
        let (setup, problems) = SettlementSetup.decode(
            try SourceFile.tree(of: Array(text.utf8)))
        return (problems.map(\.code), setup)
    }

    @Test func `a file says accounts, terminals and their yards`() throws {
        let (problems, setup) = try decode(Self.good)
        #expect(problems.isEmpty)
        let found = try #require(setup)
        #expect(found.yardOfAccount["DE02120300000000202051"]?.text == "mitte")
        #expect(found.yard(ofNamed: "651")?.text == "mitte")
        #expect(found.yard(ofNamed: "652") == nil)
        #expect(found.rules.acquired.isEmpty)
        #expect(found.rules.feeBasisPointsMax == 500)
    }

    @Test(arguments: [
        ("banktage: 3", "banktage: 0", "R-E04"), ("banktage: 3\n", "", "R-E03"),
        ("titel:", "tittel:", "R-E03"), ("hof: mitte}\nterm", "hof: Mitte!}\nterm", "R-E04"),
        ("\"68100001\"", "\"6810 0001\"", "R-E04"),
        ("konto: DE02120300000000202051}\nbank", "konto: DE99}\nbank", "R-E06"),
        (
            "banktage:",
            "  - {terminal: \"651\", hof: mitte, konto: DE02120300000000202051}\nbanktage:",
            "R-E05"
        ),
    ])
    func `a mistake is named with its code`(old: String, new: String, code: String) throws {
        try #require(Self.good.contains(old))
        let (problems, setup) = try decode(Self.good.replacing(old, with: new))
        #expect(problems.contains(code), "\(problems)")
        #expect(setup == nil)
    }
}

struct StoredEntryTests {
    @Test func `an entry reads back the same, whatever the bank wrote`() throws {
        let odd = Made.entry(
            "2026-11-20", -1_250, "Zeile\u{1}\u{202E}zwei e\u{301}", code: "PMNT/MCRD/POSP",
            gvc: "198", references: ["r\n1"], bankReference: "b",
            card: CardTakings(terminal: "651", batch: nil))
        let kept = try #require(Made.statement([odd]).storable.entries.first)
        let text = StatementEntry.self
        let again = try text.init(json: try StrictJSON.parse(kept.json.bytes, depthMax: 8))
        #expect(again == kept)
        #expect(kept.facts.text == "Zeile  zwei é")
        #expect(kept.facts.references == ["r 1"])
        #expect(kept.amount == odd.amount)
    }

    @Test func `a line of an acquirer reads back the same, and a turned sign does not`() throws {
        let line = Made.line(.chargeback, "2026-11-20", -800, 0)
        for line in [line, Made.line(.payment, "2026-11-20", 800, 0, cut: "0017")] {
            #expect(
                try AcquirerLine(json: StrictJSON.parse(line.json.bytes, depthMax: 4)) == line)
        }
        let turned = String(decoding: line.json.bytes, as: UTF8.self)
            .replacing("\"gross\":-800", with: "\"gross\":800")
        #expect(throws: JSONShapeError.self) {
            _ = try AcquirerLine(json: StrictJSON.parse(Array(turned.utf8), depthMax: 4))
        }
    }
}

struct ClearingProofTests {
    /// The balance is what closes brought less what was booked; the causes explain it whole.
    @Test func `each cause of a balance is named, and nothing is left over`() {
        let cuts = [
            Made.cut(1, "2026-11-20", 10_000), Made.cut(2, "2026-11-21", 4_900, expected: 5_000),
            Made.cut(3, "2026-11-20", 3_000, scheme: .visa),
        ]
        let acquirer = [
            Made.line(.payment, "2026-11-20", 3_000, 50, reference: "a", payout: "PO1"),
            Made.line(.payment, "2026-11-22", 700, 10, reference: "b", payout: "PO2"),
        ]
        let board = SettlementBoard(
            cuts: cuts, statements: StatementSeries([]), acquirer: acquirer, rules: Made.rules,
            booked: [.payout("PO2")], today: Made.day("2026-12-01"))
        let proofs = ClearingProof.proofs(
            cuts: cuts, acquirer: acquirer, board: board, rules: Made.rules,
            booked: [.payout("PO2")], settled: [SettledShare(.clearing(.visa), Cents(700))])
        #expect(proofs.map(\.scheme) == [.girocard, .visa])
        #expect(proofs.map(\.balance) == [Cents(15_000), Cents(2_300)])
        #expect(proofs.map(\.unexplained) == [.zero, .zero])
        #expect(proofs[0].items.map(\.cause) == [.openCut, .openCut, .slipDifference])
        #expect(proofs[0].items.map(\.amount) == [Cents(10_000), Cents(4_900), Cents(100)])
        #expect(proofs[1].items.map(\.cause) == [.onTheWay, .withoutCut])
        #expect(proofs[1].items.map(\.amount) == [Cents(3_000), Cents(-700)])
    }

    /// Without the payout, and with it.
    @Test(arguments: [false, true])
    func `a cut that was booked by hand is not compared with the acquirer's file again`(
        isPaidOut: Bool
    ) {
        let cuts = [Made.cut(1, "2026-11-20", 3_000, scheme: .visa)]
        let acquirer = [Made.line(.payment, "2026-11-20", 3_000, 50, payout: "PO1")]
        var booked: Set<SettledItem> = [
            .cut(close: "mitte-000001", cardTerminal: "68100001", scheme: .visa)
        ]
        if isPaidOut { booked.insert(.payout("PO1")) }
        let board = SettlementBoard(
            cuts: cuts, statements: StatementSeries([]), acquirer: acquirer, rules: Made.rules,
            booked: booked, today: Made.day("2026-12-01"))
        let proofs = ClearingProof.proofs(
            cuts: cuts, acquirer: acquirer, board: board, rules: Made.rules, booked: booked,
            settled: [SettledShare(.clearing(.visa), Cents(isPaidOut ? 6_000 : 3_000))])

        #expect(board.matches.isEmpty)
        #expect(proofs.map(\.unexplained) == (isPaidOut ? [Cents.zero] : []))
        let causes: [ClearingProof.Cause] = isPaidOut ? [.withoutCut] : []
        #expect(proofs.flatMap(\.items).map(\.cause) == causes)
    }

    private func proofs(_ cuts: [CardCut]) -> [ClearingProof] {
        let board = SettlementBoard(
            cuts: cuts, statements: StatementSeries([]), rules: Made.rules,
            today: Made.day("2026-12-01"))
        return ClearingProof.proofs(
            cuts: cuts, acquirer: [], board: board, rules: Made.rules, booked: [], settled: [])
    }

    @Test func `a card terminal without a cut is uncut, and no difference`() {
        let cuts = [
            Made.uncut(1, "2026-11-19", [.girocard: 700]),
            Made.uncut(2, "2026-11-20", [.girocard: 300, .visa: 50]),
            Made.cut(3, "2026-11-20", 400, terminal: "68100002"),
        ]
        let proofs = proofs(cuts)

        #expect(proofs.map(\.scheme) == [.girocard, .visa])
        #expect(proofs.map(\.unexplained) == [.zero, .zero])
        #expect(proofs[0].items.map(\.cause) == [.openCut, .uncut, .uncut])
        #expect(proofs[0].items.map(\.amount) == [Cents(400), Cents(700), Cents(300)])
        #expect(proofs[0].items.last?.item.code == "mitte-000002:68100001")
        #expect(proofs[0].items.last?.day == Made.day("2026-11-20"))
        #expect(proofs[1].items.map(\.cause) == [.uncut])
    }

    /// 10 euros without a cut, then 20 more and a cut over both days.
    @Test(arguments: [(3_000, []), (2_000, [1_000]), (3_500, [-500])] as [(Int64, [Int64])])
    func `the next cut is compared with what was uncut before`(cut: Int64, left: [Int64]) {
        let proof = proofs([
            Made.cut(2, "2026-11-20", cut, expected: 2_000),
            Made.uncut(1, "2026-11-19", [.girocard: 1_000]),
        ])[0]

        #expect(proof.balance == Cents(3_000) && proof.unexplained == .zero)
        let differences = proof.items.filter { $0.cause != .openCut }
        #expect(differences.map(\.cause) == left.map { _ in .slipDifference })
        #expect(differences.map(\.amount) == left.map { Cents($0) })
        #expect(differences.allSatisfy { $0.item.code == "mitte-000002:68100001" })
    }

    @Test func `a cut that shows nothing of a scheme lacks what was uncut before`() {
        let proofs = proofs([
            Made.uncut(1, "2026-11-19", [.visa: 1_000]), Made.cut(2, "2026-11-19", 2_000),
            Made.uncut(3, "2026-11-19", [.girocard: 500]),
        ])

        #expect(proofs.map(\.unexplained) == [.zero, .zero])
        #expect(proofs[0].items.map(\.cause) == [.openCut, .uncut])
        #expect(proofs[1].items.map(\.cause) == [.slipDifference])
        #expect(proofs[1].items.map(\.item.code) == ["mitte-000002:68100001:visa"])
    }

    /// Whatever is planted at random, and however much of it is booked, the proof holds.
    @Test(arguments: [3, 17, 2026] as [UInt64])
    func `every balance of a made year is explained to the cent`(seed: UInt64) throws {
        var year = MadeYear(seed: seed, yards: 5, days: 60)
        year.addPayouts()
        let setup = try Self.setup(year.rules)
        let series = StatementSeries(year.statements)
        let first = year.board()
        for share in [0, 2, 1] {
            let matches = first.matches.enumerated().filter { place, match in
                let isBank = match.received.allSatisfy {
                    if case .bank = $0 { true } else { false }
                }
                return isBank && (share == 1 || (share == 2 && place % 2 == 0))
            }.map(\.element)
            let shares = SettlementShares(
                setup: setup, cuts: year.cuts, lines: series.lines, acquirer: year.acquirer)
            let settled = try matches.flatMap { match in
                try shares.shares(
                    expected: match.expected, received: match.received, difference: nil
                ).values.flatMap(\.self)
            }
            let booked = Set(
                matches.flatMap { ($0.expected + $0.received).map(SettledItem.init) })
            let board = SettlementBoard(
                cuts: year.cuts, statements: series, acquirer: year.acquirer, rules: year.rules,
                booked: booked, today: year.lastDay)
            let proofs = ClearingProof.proofs(
                cuts: year.cuts, acquirer: year.acquirer, board: board, rules: year.rules,
                booked: booked, settled: settled)
            #expect(proofs.allSatisfy { $0.unexplained == .zero })
            #expect(proofs.contains { $0.balance != .zero })
            let again = Set(board.matches.flatMap { ($0.expected + $0.received) })
            #expect(again.map(SettledItem.init).allSatisfy { !booked.contains($0) })
        }
    }

    private static func setup(_ rules: SettlementRules) throws -> SettlementSetup {
        let terminals = rules.routes.enumerated().map { place, route in
            "  - {terminal: \"\(route.cardTerminal)\", hof: hof\(place), "
                + "heißt auch: [\"\(route.otherNames[0])\"], konto: \(route.account)}"
        }
        let text = """
            abgleich: stadt
            titel: Kartenzahlungen
            konten:
              - {konto: \(Made.account), hof: hof0}
            terminals:
            \(terminals.joined(separator: "\n"))
            händlernummern: ["455600001"]
            über dienstleister: [visa, mastercard, american-express]
            banktage: 3
            entgelt höchstens: 500
            """
        let tree = try SourceFile.tree(of: Array(text.utf8))
        return try #require(SettlementSetup.decode(tree).setup)
    }
}
