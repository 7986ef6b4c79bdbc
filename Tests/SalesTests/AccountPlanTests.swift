import FinanceSamples
import Ledger
import Sales
import Tariffs
import Testing
import Text
import Units

/// A small plan without mistakes; each test breaks it in one place.
private let text = """
    kontenplan: klein
    titel: Klein
    gültig ab: 2026-01-01
    konten:
      - {konto: 4321, name: Gebühren}
      - {konto: 4461, name: Entgelte}
      - {konto: 3797, name: Umsatzsteuer}
      - {konto: 1819, name: Geldtransit}
      - {konto: 1611, name: Forderungen}
      - {konto: 3799, name: Ungeklärt}
      - {konto: 3798, name: Erstattungen}
    erlöse:
      - {rechtsform: Gebühr, umsatzsteuer: nicht steuerbar, konto: 4321}
      - {rechtsform: Entgelt, umsatzsteuer: 19 %, konto: 4461}
    umsatzsteuer:
      - {satz: 19 %, konto: 3797}
    karten:
      - marken: [girocard, maestro, v-pay, visa-debit, mastercard-debit, visa, mastercard,
                 american-express]
        konto: 1819
    forderungen:
      - {rechtsform: Gebühr, konto: 1611}
      - {rechtsform: Entgelt, konto: 1611}
    ungeklärt: 3799
    erstattungen: 3798
    """

private func decode(_ text: String) throws -> (plan: AccountPlan?, problems: [SourceProblem]) {
    AccountPlan.decode(try Samples.tree(text), digest: "00")
}

struct AccountPlanTests {
    @Test func `the plan that comes with the program has no problem`() throws {
        let tree = try Samples.tree(
            String(decoding: try Samples.file("finance/kontenplan-nkf.yaml"), as: UTF8.self))

        let (plan, problems) = AccountPlan.decode(tree, digest: "00")

        #expect(problems.isEmpty)
        #expect(plan?.id == "nkf-muster")
        #expect(plan?.validFrom.iso == "2026-01-01")
        #expect(plan?.names[Samples.account("432100")] == "Benutzungsgebühren")
        #expect(plan?.note.contains("abzustimmen") == true)
    }

    /// Nobody but the town's finance office can say that a default is right.
    @Test func `each group of accounts that comes with the program is marked to be confirmed`()
        throws
    {
        let text = String(
            decoding: try Samples.file("finance/kontenplan-nkf.yaml"), as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let heads = lines.indices.filter { place in
            lines[place].contains(":") && lines[place].first.map { $0.isLetter } == true
        }
        let keys = heads.map { String(lines[$0].prefix { $0 != ":" }) }

        #expect(
            keys == [
                "kontenplan", "titel", "gültig ab", "hinweis", "konten", "erlöse",
                "umsatzsteuer", "karten", "forderungen", "ungeklärt", "erstattungen",
                "zahlungsverkehr",
            ])
        for (key, place) in zip(keys, heads).dropFirst(4) {
            let comments = lines[..<place].reversed().prefix { $0.hasPrefix("#") }
            #expect(comments.contains { $0.hasPrefix("# Zu bestätigen: ") }, "\(key)")
        }
    }

    @Test func `a plan without mistakes is read as it stands`() throws {
        let (plan, problems) = try decode(text)

        #expect(problems.isEmpty)
        #expect(plan?.vat == [VATRate(basisPoints: 1_900): Samples.account("3797")])
        #expect(plan?.clearing.count == CardScheme.allCases.count)
        #expect(plan?.refunds == Samples.account("3798"))
    }

    @Test(arguments: [
        ("kontenplan: klein", "- klein", "S-E05", 0, 0),
        ("titel: Klein", "title: Klein", "A-E03", 1, 1),
        ("titel: Klein", "titel: Klein\ntitle: Small", "A-E02", 3, 1),
        ("gültig ab: 2026-01-01", "gültig ab: 2026-02-30", "A-E04", 3, 12),
        ("kontenplan: klein", "kontenplan: Klein Plan", "A-E04", 1, 13),
        ("titel: Klein", "titel: \"a\\tb\"", "A-E04", 2, 8),
        ("ungeklärt: 3799", "ungeklärt: 37", "A-E05", 24, 12),
        ("umsatzsteuer: 19 %, konto: 4461", "umsatzsteuer: 0 %, konto: 4461", "A-E04", 14, 41),
        (
            "umsatzsteuer: nicht steuerbar, konto: 4321",
            "umsatzsteuer: nicht steuerbar, konto: 4461", "", 0, 0
        ),
        ("ungeklärt: 3799", "ungeklärt: 1819", "A-E07", 24, 12),
        (
            "  - {satz: 19 %, konto: 3797}",
            "  - {satz: 19 %, konto: 3797}\n  - {satz: 19%, konto: 3797}", "A-E08", 17, 5
        ),
        ("ungeklärt: 3799", "ungeklärt: 3777", "A-E09", 24, 12),
        ("  - {rechtsform: Entgelt, konto: 1611}", "", "A-E10", 1, 1),
        ("[girocard, ", "[girocards, ", "A-E04", 18, 14),
        ("[girocard, ", "[", "A-W01", 1, 1),
        ("{rechtsform: Gebühr, konto: 1611}", "1611", "A-E01", 22, 5),
        ("ungeklärt: 3799", "ungeklärt: [3799]", "A-E01", 24, 12),
        ("ungeklärt: 3799", "ungeklärt: 3799\nfremdgelder: [1611]", "A-E11", 25, 15),
        ("ungeklärt: 3799", "ungeklärt: 3799\nfremdgelder: [x]", "A-E11", 25, 15),
        ("ungeklärt: 3799", "ungeklärt: 3799\nfremdgelder: [4461, 4461]", "A-E08", 25, 21),
        ("ungeklärt: 3799", "ungeklärt: 3799\nfremdgelder: [4461]", "", 0, 0),
        ("name: Gebühren", "name: Ein Name der viel zu lang ist!!", "A-E04", 5, 25),
    ])
    func `each mistake is named with its place`(
        old: String, new: String, code: String, line: Int, column: Int
    ) throws {
        let broken = text.replacing(old, with: new)
        #expect(broken != text)
        guard !code.hasPrefix("S-") else {
            #expect(throws: SourceProblem.self) { try decode(broken) }
            return
        }

        let (plan, problems) = try decode(broken)

        guard !code.isEmpty else {
            #expect(problems.isEmpty && plan != nil)
            return
        }
        let found = try #require(problems.first { $0.code == code }, "\(problems)")
        #expect(found.position == SourcePosition(line: line, column: column))
        #expect((plan == nil) == (found.severity == .error))
    }

    @Test(arguments: [
        ("umsatzsteuer: nicht steuerbar, konto: 4461", true),
        ("umsatzsteuer: nicht steuerbar, positionen: [\"1\"], konto: 4461", false),
        ("umsatzsteuer: nicht steuerbar, tarif: x, konto: 4461", false),
        ("umsatzsteuer: steuerfrei, konto: 4461", false),
    ])
    func `two rows that fit equally well are an error`(row: String, isError: Bool) throws {
        let line = "  - {rechtsform: Gebühr, \(row)}\n  - {rechtsform: Entgelt, umsatz"
        let problems = try decode(
            text.replacing("  - {rechtsform: Entgelt, umsatz", with: line)
        ).problems
        #expect(problems.contains { $0.code == "A-E06" } == isError)
    }

    @Test func `a row by tariff and one by position compete, both in one win`() throws {
        let rows = """
              - {rechtsform: Gebühr, umsatzsteuer: nicht steuerbar, tarif: x, konto: 4321}
              - {rechtsform: Gebühr, umsatzsteuer: nicht steuerbar, positionen: [1, 2], konto: 4461}
            """
        let both = rows.replacing("positionen", with: "tarif: x, positionen")
        func with(_ rows: String) throws -> (plan: AccountPlan?, problems: [SourceProblem]) {
            try decode(text.replacing("umsatzsteuer:\n", with: "\(rows)\numsatzsteuer:\n"))
        }

        #expect(try with(rows).problems.map(\.code) == ["A-E06"])
        let plan = try #require(try with(both).plan)
        func account(_ tariff: String, _ position: String) throws -> String {
            let use = RevenueUse(
                tariff: tariff, position: position, legalForm: .fee, vat: .outsideScope)
            return try plan.row(for: use).account.number
        }
        #expect(try account("x", "2") == "4461")
        #expect(try account("x", "3") == "4321")
        #expect(try account("y", "2") == "4321")
    }

    @Test func `what a tariff would lack is named before it is used, once each`() throws {
        let plan = try #require(try decode(text).plan)
        let seven = VATTreatment.taxable(VATRate(basisPoints: 700))
        let uses = [
            RevenueUse(tariff: "x", position: "1", legalForm: .fee, vat: .outsideScope),
            RevenueUse(tariff: "x", position: "2", legalForm: .charge, vat: seven),
            RevenueUse(tariff: "x", position: "2", legalForm: .charge, vat: seven),
        ]

        #expect(
            plan.missing(for: uses) == [
                .noAccount(
                    use: "Erlöse Tarif x, Position 2 (Entgelt, Umsatzsteuer 7 %)", plan: "klein"),
                .noAccount(use: "Umsatzsteuer 7 %", plan: "klein"),
            ])
        #expect(plan.missing(for: Array(uses.prefix(1))).isEmpty)
    }

    @Test(arguments: [("2025-12-31", nil), ("2026-01-01", "klein"), ("2027-01-01", "neu")])
    func `the latest plan that has begun is in force`(day: String, id: String?) throws {
        let new = text.replacing("klein", with: "neu").replacing("2026-01", with: "2027-01")
        let plans = [try decode(new).plan, try decode(text).plan].compactMap(\.self)
        #expect(AccountPlan.inForce(plans, on: Samples.day(day))?.id == id)
    }
}
