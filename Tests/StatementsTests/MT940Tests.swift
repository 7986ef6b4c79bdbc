import Reconciliation
import Statements
import Testing
import Units

/// MT940 of old archives, one place changed at a time.
@Suite struct MT940Tests {
    private let first = ":61:2611231123CR2,00NTRFREF1//BANK1"

    private func file(
        _ lines: [String], closing: [String] = [":62F:C261123EUR102,00"]
    ) -> [UInt8] {
        let head = [":20:STARTUMS", ":25:12345678/1234567890", ":28C:7/1", ":60F:C261120EUR100,00"]
        return Array(((head + lines + closing + ["-"]).joined(separator: "\r\n") + "\r\n").utf8)
    }

    private func entry(_ lines: String...) throws -> StatementEntry {
        let statement = try #require(try StatementFile.read(file(lines)).first)
        return try #require(statement.entries.first)
    }

    private func refusal(
        _ lines: [String], closing: [String] = [":62F:C261123EUR102,00"]
    ) -> StatementError? {
        #expect(throws: StatementError.self) {
            try StatementFile.read(self.file(lines, closing: closing))
        }
    }

    @Test func `a statement is read with number, balances and references`() throws {
        let found = try #require(try StatementFile.read(file([first])).first)

        #expect(found.account == "12345678/1234567890")
        #expect((found.sequence, found.currency) == (7, "EUR"))
        #expect(found.opening?.amount == Cents(10_000))
        #expect(found.closing?.amount == Cents(10_200))
        #expect(found.entries[0].facts.references == ["REF1"])
        #expect(found.entries[0].facts.bankReference == "BANK1")
        #expect(found.findings.isEmpty)
    }

    /// The third letter of the currency may stand behind the side: `CR` is a credit in EUR, `RC` a
    /// credit taken back.
    @Test(arguments: [
        ("C", 200, false), ("D", -200, false), ("CR", 200, false), ("DR", -200, false),
        ("RC", -200, true), ("RD", 200, true), ("RCR", -200, true), ("RDR", 200, true),
    ])
    func `a reversed credit takes away, a reversed debit brings back`(
        mark: String, cents: Int64, isReversal: Bool
    ) throws {
        let found = try entry(":61:2611231123\(mark)2,00NTRFNONREF")

        #expect(found.amount == Cents(cents))
        #expect(found.isReversal == isReversal)
        #expect(found.facts.references.isEmpty)
    }

    @Test func `reversals count in the balance with the side they have`() throws {
        let lines = [":61:2611231123C5,00NTRFNONREF", ":61:2611231123RC3,00NTRFNONREF"]

        #expect(try StatementFile.read(file(lines)).first?.findings == [])
    }

    @Test(arguments: ["X2,00", "RX2,00", "2,00", "R2,00", "C2", "C2.00", "C,NTRF", "CRR2,00"])
    func `another mark, and an amount without comma, are refused`(mark: String) {
        let error = refusal([":61:2611231123\(mark)NTRFNONREF"])

        #expect(error?.code == .brokenMT940 || error?.code == .amount)
        #expect(error?.line == 5)
        #expect(error?.field == ":61:")
    }

    @Test(arguments: [
        ("2611231123", "2026-11-23", "2026-11-23"), ("261123", "2026-11-23", "2026-11-23"),
        ("2612310102", "2026-12-31", "2027-01-02"), ("2701011231", "2027-01-01", "2026-12-31"),
        ("2701041230", "2027-01-04", "2026-12-30"), ("2802280229", "2028-02-28", "2028-02-29"),
    ])
    func `the booking day has the year that lies nearest to the value date`(
        days: String, value: String, booked: String
    ) throws {
        let found = try entry(":61:\(days)C2,00NTRFNONREF")

        #expect(found.valueOn?.iso == value)
        #expect(found.bookedOn?.iso == booked)
    }

    /// 29 February 2027 does not exist; that of 2028 is a day, but not the one that was meant.
    @Test(arguments: ["2702280229", "2611231131", "2602300302", "2613010101"])
    func `a day that does not exist is refused`(days: String) {
        let error = refusal([":61:\(days)C2,00NTRFNONREF"])

        #expect(error?.code == .date)
        #expect((error?.line, error?.field) == (5, ":61:"))
    }

    @Test(arguments: [
        [":62F:C261123EUR102,00", ":62F:C261124EUR103,00"],
        [":62M:C261123EUR102,00", ":62F:C261124EUR103,00"],
        [":62F:C261123EUR102,00", ":61:2611241124C1,00NTRFNONREF"],
        [":62F:C261123EUR102,00", ":25:12345678/9999999999"],
        [":62F:C261123EUR102,00", ":60F:C261123EUR102,00"],
    ])
    func `what would join a second statement to the first is refused`(closing: [String]) {
        let error = refusal([first], closing: closing)

        #expect(error?.code == .brokenMT940)
        #expect(error?.line == 7)
        #expect(closing[1].hasPrefix(error?.field ?? "nothing"))
    }

    @Test func `a second account is refused`() {
        let error = refusal([":25:12345678/9999999999", first])

        #expect(error?.code == .brokenMT940)
        #expect((error?.line, error?.value) == (5, "12345678/9999999999"))
    }

    /// A page with a head and one entry of 2 euros.
    private func page(
        _ number: String, _ opening: String, _ closing: String, message: String = "STARTUMS"
    ) -> [UInt8] {
        let lines = [
            ":20:\(message)", ":25:12345678/1234567890", ":28C:\(number)", opening, first, closing,
            "-",
        ]
        return Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
    }

    @Test func `pages of one statement are one`() throws {
        let pages =
            page("7/1", ":60F:C261120EUR100,00", ":62M:C261123EUR102,00")
            + page("7/2", ":60M:C261123EUR102,00", ":62M:C261123EUR104,00")
            + page("7/3", ":60M:C261123EUR104,00", ":62F:C261123EUR106,00")
            + page("8/1", ":60F:C261123EUR106,00", ":62F:C261124EUR108,00")

        let statements = try StatementFile.read(pages)

        #expect(statements.map(\.sequence) == [7, 8])
        #expect(statements.map(\.entries.count) == [3, 1])
        #expect(statements.map(\.opening?.amount) == [Cents(10_000), Cents(10_600)])
        #expect(statements.map(\.closing?.amount) == [Cents(10_600), Cents(10_800)])
        #expect(statements.flatMap(\.findings).isEmpty)
    }

    @Test(arguments: [
        ("7/3", ":60M:C261123EUR102,00", "STARTUMS"), ("8/2", ":60M:C261123EUR102,00", "STARTUMS"),
        ("7/2", ":60F:C261123EUR102,00", "STARTUMS"), ("7/2", ":60M:C261123EUR102,01", "STARTUMS"),
        ("7/2", ":60M:C261123EUR102,00", "OTHER"), ("7", ":60M:C261123EUR102,00", "STARTUMS"),
    ])
    func `what does not go on where a page ended is a statement of its own`(
        number: String, opening: String, message: String
    ) throws {
        let pages =
            page("7/1", ":60F:C261120EUR100,00", ":62M:C261123EUR102,00")
            + page(number, opening, ":62F:C261123EUR104,00", message: message)

        #expect(try StatementFile.read(pages).map(\.entries.count) == [1, 1])
    }

    @Test func `an id that is too long and a number beyond every count are refused`() {
        let long = page(
            "7/1", ":60F:C261120EUR100,00", ":62F:C261123EUR102,00",
            message: String(repeating: "S", count: 36))
        let high = page(
            "9007199254740992", ":60F:C261120EUR100,00", ":62F:C261123EUR102,00")
        for (bytes, field) in [(long, ":20:"), (high, ":28C:")] {
            let error = #expect(throws: StatementError.self) { try StatementFile.read(bytes) }
            #expect(error?.code == .word)
            #expect(error?.field == field)
        }
    }

    @Test func `two statements with heads of their own are two`() throws {
        let statements = try StatementFile.read(file([first]) + file([first]))

        #expect(statements.map(\.entries.count) == [1, 1])
        #expect(statements.map(\.closing?.amount) == [Cents(10_200), Cents(10_200)])
    }

    /// Words behind the closing balance are about the statement, not about the last entry.
    @Test func `words behind the closing balance change no entry`() throws {
        let closing = [":62F:C261123EUR102,00", ":64:C261123EUR102,00", ":86:Zinssatz 5 %"]
        let bytes = file([first, ":86:166?00GUTSCHRIFT?20HOF"], closing: closing)

        let found = try #require(try StatementFile.read(bytes).first)

        #expect(found.entries.map(\.facts.text) == ["HOF GUTSCHRIFT"])
        #expect(found.closing?.amount == Cents(10_200))
    }

    @Test func `text runs through the fields 20 to 29 and goes on in 60 to 63`() throws {
        let full = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0"
        let words =
            ":86:166?00GUTSCHRIFT?109245?20\(full)?21ENDE?29NEUN?3012030000?31202051?32MUSTER"
            + "?33 GMBH?34000?60ZEHN?61ELF?63\(full)?64NICHT"
        let found = try entry(first, words)

        #expect(full.count == 27)
        #expect(found.facts.text == "\(full)ENDE NEUN ZEHN ELF \(full) GUTSCHRIFT")
        #expect(found.facts.party == "MUSTER GMBH")
        #expect(found.kind == TransactionKind(gvc: "166"))
    }

    @Test func `words are joined where the bank broke the line`() throws {
        let found = try entry(first, ":86:166?00GUTSCHRIFT?20KARTENUM", "SATZ?60TID 650", "10001")

        #expect(found.facts.text == "KARTENUMSATZ TID 65010001 GUTSCHRIFT")
    }
}
