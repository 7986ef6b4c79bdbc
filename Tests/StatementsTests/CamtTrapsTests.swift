import Reconciliation
import Statements
import Testing
import Units

/// What finance.md 3.5 names: the differences between the versions, and amounts that are no money.
@Suite struct CamtTrapsTests {
    enum Version: CaseIterable, Sendable { case two, eight }

    private static let stem = "urn:iso:std:iso:20022:tech:xsd:"

    /// A statement with one entry, written as `version` writes it.
    private func statement(
        _ version: Version, _ entry: String, opening: String = "100.00",
        closing: String = "184.50"
    ) throws -> BankStatement {
        let bytes = CamtSample.document(
            opening: opening, closing: closing, entries: spelled(entry, version),
            namespace: version == .two ? Self.stem + "camt.053.001.02" : CamtSample.namespace8)
        return try #require(try StatementFile.read(bytes).first)
    }

    /// The status stands in an element of its own since version 8.
    private func spelled(_ entry: String, _ version: Version) -> String {
        guard version == .two else { return entry }
        return entry.replacing("<Sts><Cd>", with: "<Sts>")
            .replacing("</Cd></Sts>", with: "</Sts>")
    }

    private func amount(_ version: Version, _ text: String, currency: String = "EUR") -> String {
        let element = "<Amt Ccy=\"\(currency)\">\(text)</Amt>"
        return version == .eight ? element : "<AmtDtls><TxAmt>\(element)</TxAmt></AmtDtls>"
    }

    private func money(_ statements: BankStatement...) -> [Cents] {
        StatementSeries(statements).lines.map(\.amount)
    }

    // MARK: camt.054.001.02

    private var notification: [UInt8] {
        let details = ["60.00", "24.50"].map { text in
            "<TxDtls><Refs><EndToEndId>E\(text)</EndToEndId></Refs>\(amount(.two, text))</TxDtls>"
        }
        let entry = CamtSample.entry(details: "<NtryDtls>\(details.joined())</NtryDtls>")
        return Array(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <Document xmlns="\(Self.stem)camt.054.001.02"><BkToCstmrDbtCdtNtfctn>
            <GrpHdr><MsgId>M2</MsgId></GrpHdr>
            <Ntfctn><Id>N1</Id><Acct><Id><IBAN>DE02120300000000202051</IBAN></Id></Acct>
            \(spelled(entry, .two))</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>
            """.utf8)
    }

    @Test func `a notification of version 2 is read with its details and is no money`() throws {
        let found = try #require(try StatementFile.read(notification).first)

        #expect(found.kind == .notification)
        #expect((found.message, found.id) == ("M2", "N1"))
        #expect(found.account == "DE02120300000000202051")
        #expect(found.entries.map(\.amount) == [Cents(8_450)])
        #expect(found.entries[0].status == .booked)
        #expect(found.entries[0].details.map(\.amount) == [Cents(6_000), Cents(2_450)])
        #expect(found.entries[0].details.map(\.facts.references) == [["E60.00"], ["E24.50"]])
        #expect(found.findings.isEmpty)
        #expect(money(found).isEmpty)
    }

    @Test(arguments: Version.allCases)
    func `the details of a notification stand in for those that the statement lacks`(
        version: Version
    ) throws {
        let booked = try statement(version, CamtSample.entry())
        let notice = try #require(try StatementFile.read(notification).first)

        #expect(money(booked) == [Cents(8_450)])
        #expect(money(booked, notice) == [Cents(6_000), Cents(2_450)])
        #expect(money(notice, booked, notice) == [Cents(6_000), Cents(2_450)])
    }

    // MARK: Charges and returns

    private static func charge(_ text: String, _ side: String? = nil) -> String {
        "<Amt Ccy=\"EUR\">\(text)</Amt>" + (side.map { "<CdtDbtInd>\($0)</CdtDbtInd>" } ?? "")
    }

    private static func record(_ text: String, _ side: String? = nil) -> String {
        "<Rcrd>\(charge(text, side))</Rcrd>"
    }

    private static func charges(_ parts: String...) -> String {
        "<Chrgs>\(parts.joined())</Chrgs>"
    }

    private static let total = "<TtlChrgsAndTaxAmt Ccy=\"EUR\">2.00</TtlChrgsAndTaxAmt>"

    /// Flat and repeated, with a side and with a total.
    private static let flat: [(Version, String, Int64)] = [
        (.two, charges(charge("1.50")), 150),
        (.two, charges(charge("1.50", "DBIT")) + charges(charge("0.25")), 175),
        (.two, charges(charge("1.50", "DBIT")) + charges(charge("0.25", "CRDT")), 125),
        (.two, charges(total, charge("1.75")), 200), (.two, "", 0),
    ]

    private static let recorded: [(Version, String, Int64)] = [
        (.eight, charges(record("1.50"), record("0.25")), 175),
        (.eight, charges(record("1.50", "DBIT"), record("0.25", "CRDT")), 125),
        (.eight, charges(total, record("1.75")), 200), (.eight, "", 0),
    ]

    @Test(arguments: flat + recorded)
    func `charges are read flat and in records, as a total or one by one, and move no amount`(
        version: Version, charges: String, wanted: Int64
    ) throws {
        let details = "<NtryDtls><TxDtls>\(amount(version, "84.50"))\(charges)</TxDtls></NtryDtls>"
        let found = try statement(version, CamtSample.entry(more: charges, details: details))

        #expect(found.entries[0].facts.charges == Cents(wanted))
        #expect(found.entries[0].details[0].facts.charges == Cents(wanted))
        #expect(found.entries[0].amount == Cents(8_450))
        #expect(found.findings.isEmpty)
        #expect(money(found) == [Cents(8_450)])
    }

    @Test(arguments: ["0.125", "-1.00", "1,00"])
    func `a charge that is no whole number of cents is refused`(text: String) {
        let entry = CamtSample.entry(
            more: "<Chrgs><Rcrd><Amt Ccy=\"EUR\">\(text)</Amt></Rcrd></Chrgs>")

        let error = #expect(throws: StatementError.self) {
            try StatementFile.read(CamtSample.document(entries: entry))
        }

        #expect(error?.code == .amount)
        #expect(error?.value == text)
    }

    /// The sum of the returned debit and its charge is booked, the debit alone was instructed.
    @Test(arguments: Version.allCases)
    func `a returned debit counts as booked, not as it was instructed`(version: Version) throws {
        let instructed = "<InstdAmt><Amt Ccy=\"EUR\">100.00</Amt></InstdAmt>"
        let own = "<Amt Ccy=\"EUR\">103.00</Amt>"
        let amounts =
            version == .two
            ? "<AmtDtls>\(instructed)<TxAmt>\(own)</TxAmt></AmtDtls>"
            : "\(own)<CdtDbtInd>DBIT</CdtDbtInd><AmtDtls>\(instructed)</AmtDtls>"
        let details =
            "<NtryDtls><TxDtls>\(amounts)<RtrInf><Rsn><Cd>MD06</Cd></Rsn></RtrInf></TxDtls>"
            + "</NtryDtls>"
        let entry = CamtSample.entry(amount: "103.00", side: "DBIT", details: details)

        let found = try statement(version, entry, opening: "200.00", closing: "97.00")

        #expect(found.entries[0].amount == Cents(-10_300))
        #expect(found.entries[0].details.map(\.amount) == [Cents(-10_300)])
        #expect(found.entries[0].details[0].returnReason == "MD06")
        #expect(found.findings.isEmpty)
        #expect(money(found) == [Cents(-10_300)])
    }

    @Test(arguments: Version.allCases)
    func `an instructed amount alone is no amount of a detail`(version: Version) throws {
        let details =
            "<NtryDtls><TxDtls><AmtDtls><InstdAmt><Amt Ccy=\"EUR\">100.00</Amt></InstdAmt>"
            + "</AmtDtls></TxDtls></NtryDtls>"

        let found = try statement(version, CamtSample.entry(details: details))

        #expect(found.entries[0].details.map(\.amount) == [nil])
        #expect(found.findings.isEmpty)
        #expect(money(found) == [Cents(8_450)])
    }

    /// Two amounts in dollars would else have become cents of the account.
    @Test(arguments: Version.allCases)
    func `details in another currency have no amount, the entry counts whole`(
        version: Version
    ) throws {
        let details = ["60.00", "24.50"].map { text in
            "<TxDtls>\(amount(version, text, currency: "USD"))</TxDtls>"
        }
        let entry = CamtSample.entry(details: "<NtryDtls>\(details.joined())</NtryDtls>")

        let found = try statement(version, entry)

        #expect(found.entries[0].details.map(\.amount) == [nil, nil])
        #expect(found.findings.isEmpty)
        #expect(money(found) == [Cents(8_450)])
    }

    @Test func `a detail of version 8 may say its amount as version 2 does`() throws {
        let details = ["60.00", "24.50"].map { "<TxDtls>\(amount(.two, $0))</TxDtls>" }
        let entry = CamtSample.entry(details: "<NtryDtls>\(details.joined())</NtryDtls>")

        #expect(money(try statement(.eight, entry)) == [Cents(6_000), Cents(2_450)])
    }

    // MARK: What is not booked

    @Test(arguments: [
        (Version.two, "PDNG", StatementEntry.Status.pending), (.two, "INFO", .information),
        (.eight, "PDNG", .pending), (.eight, "INFO", .information), (.eight, "FUTR", .future),
    ])
    func `what is not booked is in no balance and never money`(
        version: Version, word: String, status: StatementEntry.Status
    ) throws {
        let waiting = CamtSample.entry(amount: "12.00").replacing("BOOK", with: word)

        let alone = try statement(version, waiting, closing: "100.00")
        let beside = try statement(version, CamtSample.entry() + waiting)

        #expect(alone.entries.map(\.status) == [status])
        #expect(alone.findings.isEmpty)
        #expect(money(alone).isEmpty)
        #expect(beside.findings.isEmpty)
        #expect(money(beside) == [Cents(8_450)])
    }

    @Test(arguments: Version.allCases)
    func `a status that nobody knows is refused`(version: Version) {
        let error = #expect(throws: StatementError.self) {
            try statement(version, CamtSample.entry().replacing("BOOK", with: "MAYB"))
        }

        #expect(error?.code == .word)
        #expect(error?.field == "Ntry/Sts")
    }

    // MARK: Balances

    private func balances(_ changes: KeyValuePairs<String, String>) throws -> BankStatement {
        var text = String(decoding: CamtSample.document(), as: UTF8.self)
        for (old, new) in changes {
            try #require(text.contains(old), "\(old)")
            text = text.replacing(old, with: new)
        }
        return try #require(try StatementFile.read(Array(text.utf8)).first)
    }

    @Test func `the closing balance of the day before opens a statement without its own`() throws {
        let found = try balances(["OPBD": "PRCD"])

        #expect(found.opening?.amount == Cents(10_000))
        #expect(found.findings.isEmpty)
    }

    @Test func `a booked opening balance goes before the closing one of the day before`() throws {
        let previous =
            "<Bal><Tp><CdOrPrtry><Cd>PRCD</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">90.00</Amt>"
            + "<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-22</Dt></Dt></Bal>"
        let found = try balances(["<Ntry>": previous + "<Ntry>"])

        #expect(found.opening?.amount == Cents(10_000))
        #expect(found.findings.isEmpty)
    }

    @Test func `an available or interim balance is no booked one`() throws {
        let found = try balances(["OPBD": "OPAV", "CLBD": "ITBD"])

        #expect(found.opening == nil && found.closing == nil)
        #expect(found.findings.map(\.code) == [.balanceMissing])
    }

    @Test func `a balance that the account owes is negative`() throws {
        let found = try balances([
            "100.00</Amt><CdtDbtInd>CRDT": "100.00</Amt><CdtDbtInd>DBIT",
            "184.50</Amt><CdtDbtInd>CRDT": "15.50</Amt><CdtDbtInd>DBIT",
        ])

        #expect(found.opening?.amount == Cents(-10_000))
        #expect(found.closing?.amount == Cents(-1_550))
        #expect(found.findings.isEmpty)
    }

    @Test func `a balance without a side is refused`() {
        let error = #expect(throws: StatementError.self) {
            try balances(["100.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>": "100.00</Amt>"])
        }

        #expect(error?.code == .missing)
        #expect(error?.field == "Bal/CdtDbtInd")
    }
}
