import Reconciliation
import Sales
import SourceFiles
import Statements
import Testing
import Text
import Units

@Suite struct AcquirerTests {
    private let heading =
        "automatic_payout_id,automatic_payout_effective_at_utc,balance_transaction_id,created_utc,"
        + "currency,gross,fee,net,reporting_category,source_id,payment_intent_id,charge_id\n"

    private func refusal(_ row: String) throws -> StatementError? {
        let profile = try AcquirerSample.profile(AcquirerSample.stripe)
        do throws(StatementError) {
            _ = try profile.read(Array((heading + row).utf8))
            return nil
        } catch { return error }
    }

    @Test func `lines are read with gross, fee, net and payout`() throws {
        let profile = try AcquirerSample.profile(AcquirerSample.stripe)
        let rows = """
            po_1,,t1,2026-11-20 10:00:00,EUR,12.50,0.15,12.35,charge,,,\r
            po_1,,t2,2026-11-21 10:00:00,EUR,-12.50,0.00,-12.50,dispute,"a ""b"", c",,\r
            """

        let lines = try profile.read(Array((heading + rows).utf8))

        #expect(lines.map(\.kind) == [.payment, .chargeback])
        #expect(lines.map(\.net) == [Cents(1_235), Cents(-1_250)])
        #expect(lines.map(\.payout) == ["po_1", "po_1"])
    }

    @Test(arguments: [
        ("po_1,,t1,2026-11-20,EUR,12.50,0.15,12.36,charge,,,", StatementError.Code.lineDiffers),
        ("po_1,,t1,2026-11-20,EUR,-12.50,0.15,-12.65,charge,,,", .lineDiffers),
        ("po_1,,t1,2026-11-20,USD,12.50,0.15,12.35,charge,,,", .currency),
        (",,t1,2026-11-20,EUR,12.50,0.15,12.35,charge,,,", .missing),
        ("po_1,,t1,2026-02-30,EUR,12.50,0.15,12.35,charge,,,", .date),
        ("po_1,,t1,2026-11-20,EUR,12.505,0.15,12.35,charge,,,", .amount),
        ("po_1,,t1,2026-11-20,EUR,1e9,0.15,12.35,charge,,,", .amount),
        ("po_1,,t1,2026-11-20,EUR,12.50,0.15,12.35,gift,,,", .word),
        ("po_1,,t1,2026-11-20,EUR,12.50,0.15,12.35,charge,,", .columns),
        ("\"po_1,,t1", .columns),
    ])
    func `a line that does not fit is refused with its number, never repaired`(
        row: String, code: StatementError.Code
    ) throws {
        let error = try refusal(row)

        #expect(error?.code == code)
        #expect(error?.line == 2)
    }

    @Test func `a column may name the batch cut, and an empty cell names none`() throws {
        let profile = try AcquirerSample.profile(
            AcquirerSample.stripe.replacing(
                "titel: source_id}", with: "titel: source_id, feld: schnitt}"))
        let rows = [
            "po_1,,t1,2026-11-20,EUR,12.50,0.15,12.35,charge,0018,,",
            "po_1,,t2,2026-11-20,EUR,12.50,0.15,12.35,charge,,,",
        ].joined(separator: "\n")

        let lines = try profile.read(Array((heading + rows).utf8))

        #expect(lines.map(\.cut) == ["0018", nil])
        #expect(
            try AcquirerSample.profile(AcquirerSample.stripe).read(
                Array((heading + rows).utf8)
            ).map(\.cut) == [nil, nil])
    }

    @Test func `marks, blank rows and line ends change nothing`() throws {
        let profile = try AcquirerSample.profile(AcquirerSample.stripe)
        let row = "po_1,,t1,2026-11-20,EUR,12.50,0.15,12.35,charge,,,\n"
        let text = heading + row + row.replacing("t1", with: "t2")
        let lines = try profile.read(Array(text.utf8))
        #expect(lines.map(\.reference) == ["t1", "t2"])

        for same in [
            "\u{FEFF}" + text, text.replacing("\n", with: "\r\n"), String(text.dropLast()),
            text.replacing("\n", with: "\n\r\n\n"),
        ] { #expect(try profile.read(Array(same.utf8)) == lines) }
        // Rows are counted, not the blank lines between them.
        #expect(try refusal(row + "\n\n" + row.replacing("12.35", with: "12.36"))?.line == 3)
    }

    @Test func `other columns and broken characters are refused`() throws {
        let profile = try AcquirerSample.profile(AcquirerSample.stripe)
        let other = Array(heading.replacing("net", with: "netto").utf8)

        #expect(throws: StatementError.self) { try profile.read(other) }
        let error = #expect(throws: StatementError.self) {
            try profile.read(Array(self.heading.utf8) + [0xFF] + Array(",,,,,,,,,,,".utf8))
        }
        #expect(error?.code == .characters)
    }

    @Test(arguments: [
        ("feld: netto", "feld: brutto", "Q-E05"), ("charge, bedeutet", "refund, bedeutet", "Q-E05"),
        ("netto 12,35", "netto 12,36", "Q-E07"), ("abrechnung: posten", "abrechnung: A B", "Q-E04"),
        ("währung: EUR\n", "", "Q-E03"), ("währung: EUR", "währung: USD", "Q-E04"),
        ("dezimalzeichen: Punkt", "dezimalzeichen: Komma", "Q-E05"),
        ("titel: Auszahlung", "titl: Auszahlung", "Q-E02"),
    ])
    func `a profile that is not whole is refused with a place`(
        old: String, new: String, code: String
    ) throws {
        let text = AcquirerSample.stripe.replacing(old, with: new)

        let (profile, problems) = AcquirerProfile.decode(
            try SourceFile.tree(of: Array(text.utf8)))

        #expect(profile == nil)
        #expect(problems.contains { $0.code == code && $0.position != nil }, "\(problems)")
    }

    @Test func `a profile without an example is refused`() throws {
        let head = try #require(AcquirerSample.stripe.split(separator: "beispiele:").first)
        let text = head + "beispiele: []\n"

        let (profile, problems) = AcquirerProfile.decode(
            try SourceFile.tree(of: Array(text.utf8)))

        #expect(profile == nil)
        #expect(problems.map(\.code) == ["Q-E06"])
    }
}
