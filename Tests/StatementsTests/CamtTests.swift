import Reconciliation
import Statements
import Testing
import Units

@Suite struct CamtTests {
    private func refusal(_ bytes: [UInt8]) -> StatementError? {
        do throws(StatementError) {
            _ = try StatementFile.read(bytes)
            return nil
        } catch { return error }
    }

    @Test func `a statement is read with account, balances, entry and both kinds of date`() throws {
        let statement = try #require(try CamtReader.read(CamtSample.document()).first)

        #expect(statement.account == "DE02120300000000202051")
        #expect(statement.sequence == 7)
        #expect(statement.opening?.amount == Cents(10_000))
        #expect(statement.closing?.amount == Cents(18_450))
        #expect(statement.entries.map(\.amount) == [Cents(8_450)])
        #expect(statement.entries[0].bookedOn?.iso == "2026-11-23")
        #expect(statement.entries[0].valueOn?.iso == "2026-11-23")
        #expect(statement.entries[0].kind == .unknown)
        #expect(statement.findings.isEmpty)
    }

    @Test(arguments: [
        ("<Id>S1<", "<Id>\(String(repeating: "S", count: 36))<", "Id"),
        (">7</ElctrncSeqNb>", ">9007199254740992</ElctrncSeqNb>", "ElctrncSeqNb"),
    ])
    func `an id that is too long and a number beyond every count are refused`(
        old: String, new: String, field: String
    ) throws {
        let text = String(decoding: CamtSample.document(), as: UTF8.self)
        try #require(text.contains(old))

        let error = refusal(Array(text.replacing(old, with: new).utf8))

        #expect(error?.code == .word)
        #expect(error?.field == field)
    }

    @Test func `the longest id and the highest number are read`() throws {
        let id = String(repeating: "S", count: 35)
        let text = String(decoding: CamtSample.document(), as: UTF8.self)
            .replacing("<Id>S1<", with: "<Id>\(id)<")
            .replacing(">7</ElctrncSeqNb>", with: ">9007199254740991</ElctrncSeqNb>")

        let statement = try #require(try CamtReader.read(Array(text.utf8)).first)

        #expect(statement.id == id)
        #expect(statement.sequence == 9_007_199_254_740_991)
    }

    /// A statement of 38,500 entries was refused once, because the line ends between them added up.
    @Test func `white space between entries is no text, however much there is`() throws {
        let blank = String(repeating: " \n", count: 15_000)
        let bytes = CamtSample.document(entries: blank + CamtSample.entry() + blank)

        #expect(try CamtReader.read(bytes).first?.entries.count == 1)
    }

    @Test func `a debit is negative because its side says so`() throws {
        let bytes = CamtSample.document(
            closing: "15.50", entries: CamtSample.entry(side: "DBIT"))

        let statement = try #require(try CamtReader.read(bytes).first)

        #expect(statement.entries[0].amount == Cents(-8_450))
        #expect(statement.findings.isEmpty)
    }

    @Test(arguments: [
        "-84.50", "+84.50", "84.505", "84.50001", "84,50", "1e2", "", "84.5 0", "1.084.50",
        "99999999999999999999", "10000000000.00",
    ])
    func `an amount that is no whole number of cents is refused`(amount: String) {
        let error = refusal(CamtSample.document(entries: CamtSample.entry(amount: amount)))

        #expect(error?.code == .amount)
        #expect(error?.value == amount)
        #expect(error?.line == 7)
    }

    @Test(arguments: [
        ("84.50000", 8_450), ("84.5", 8_450), ("84", 8_400), (" 0.05\n", 5),
        ("9999999999.99", 999_999_999_999),
    ])
    func `decimals that are zero, and fewer than two, are amounts`(
        text: String, cents: Int64
    ) throws {
        let bytes = CamtSample.document(entries: CamtSample.entry(amount: text))

        #expect(try CamtReader.read(bytes).first?.entries.first?.amount == Cents(cents))
    }

    @Test func `an internal entity cannot empty an amount because its declaration is refused`() {
        let bytes = CamtSample.document(
            entries: CamtSample.entry(amount: "&y;"),
            before: "<!DOCTYPE Document [<!ENTITY y \"84.50\">]>")

        #expect(refusal(bytes)?.code == .doctype)
    }

    @Test func `an external document type and an unknown entity are refused`() {
        let external = CamtSample.document(before: "<!DOCTYPE Document SYSTEM \"file:///etc/x\">")
        let unknown = CamtSample.document(entries: CamtSample.entry(amount: "&y;"))

        #expect(refusal(external)?.code == .doctype)
        #expect(refusal(unknown)?.code == .brokenXML)
    }

    @Test func `a document cut off, deep nesting and a long text are refused`() {
        let whole = CamtSample.document()
        let deep = String(repeating: "<A>", count: 300_000)
        let long = String(repeating: "x", count: StatementLimits.textByteCountMax + 1)

        #expect(refusal(Array(whole.dropLast(20)))?.code == .brokenXML)
        #expect(
            refusal(CamtSample.document(entries: CamtSample.entry(more: deep)))?.code == .tooLarge)
        #expect(
            refusal(CamtSample.document(entries: CamtSample.entry(more: "<A>\(long)</A>")))?.code
                == .tooLarge)
        #expect(
            refusal([UInt8](repeating: 0x20, count: StatementLimits.byteCountMax + 1))?.code
                == .tooLarge)
    }

    @Test func `other namespaces are refused by what they are`() {
        let none = Array(
            String(decoding: CamtSample.document(), as: UTF8.self)
                .replacing("xmlns=", with: "xmlns:n0=").utf8)
        let stem = "urn:iso:std:iso:20022:tech:xsd:"

        #expect(refusal(none)?.code == .namespace)
        #expect(
            refusal(CamtSample.document(namespace: stem + "camt.052.001.08"))?.code
                == .wrongMessage)
        #expect(
            refusal(CamtSample.document(namespace: stem + "camt.053.001.13"))?.code == .namespace)
        #expect(
            refusal(CamtSample.document(entries: "<Ntry xmlns=\"urn:x\"/>"))?.code == .namespace)
    }

    @Test func `30 February is refused with its line`() {
        let entry = CamtSample.entry().replacing("2026-11-23", with: "2026-02-30")

        let error = refusal(CamtSample.document(entries: entry))

        #expect(error?.code == .date)
        #expect(error?.field == "Ntry/BookgDt")
        #expect(error?.line == 8)
    }

    @Test func `a missing side, a missing currency and an unknown word are refused`() {
        let entry = CamtSample.entry()
        let sideless = entry.replacing("<CdtDbtInd>CRDT</CdtDbtInd>", with: "")
        let moneyless = entry.replacing(" Ccy=\"EUR\"", with: "")

        #expect(refusal(CamtSample.document(entries: sideless))?.code == .missing)
        #expect(refusal(CamtSample.document(entries: moneyless))?.code == .missing)
        #expect(
            refusal(CamtSample.document(entries: CamtSample.entry(side: "X")))?.code == .word)
    }

    @Test func `details carry their own amounts, references, text in order and the terminal`()
        throws
    {
        let details = """
            <NtryDtls><Btch><NbOfTxs>2</NbOfTxs></Btch>
            <TxDtls><Refs><EndToEndId>E1</EndToEndId></Refs><Amt Ccy="EUR">60.00</Amt>
            <RmtInf><Ustrd>ERSTE</Ustrd><Ustrd>ZWEITE</Ustrd></RmtInf>
            <CardTx><Card><PlainCardData><PAN>4111111111111111</PAN></PlainCardData></Card>
            <POI><Id><Id>65012345</Id></Id></POI></CardTx></TxDtls>
            <TxDtls><Amt Ccy="EUR">24.50</Amt><RmtInf><Ustrd>KARTE 4111111111111111</Ustrd></RmtInf>
            </TxDtls></NtryDtls>
            """
        let bytes = CamtSample.document(entries: CamtSample.entry(details: details))

        let statement = try #require(try CamtReader.read(bytes).first)
        let found = statement.entries[0].details

        #expect(found.map(\.amount) == [Cents(6_000), Cents(2_450)])
        #expect(found[0].facts.references == ["E1"])
        #expect(found[0].facts.text == "ERSTE ZWEITE")
        #expect(found[0].card == CardTakings(terminal: "65012345", batch: nil))
        #expect(found[1].facts.text == "KARTE ************1111")
        #expect(!"\(statement)".contains("4111111111111111"))
        #expect(statement.findings.isEmpty)
    }

    @Test func `details that do not add up to their entry are a finding`() throws {
        let details =
            "<NtryDtls><TxDtls><Amt Ccy=\"EUR\">60.00</Amt></TxDtls></NtryDtls>"
        let bytes = CamtSample.document(entries: CamtSample.entry(details: details))

        #expect(try CamtReader.read(bytes).first?.findings.map(\.code) == [.detailsDiffer])
    }

    @Test func `balances that do not add up and a statement without entries are findings`()
        throws
    {
        let wrong = try CamtReader.read(CamtSample.document(closing: "184.51"))
        let empty = try CamtReader.read(CamtSample.document(closing: "100.00", entries: ""))

        #expect(wrong.first?.findings.map(\.code) == [.balanceDiffers])
        #expect(empty.first?.findings.map(\.code) == [.empty])
    }

    @Test func `a reversal keeps its flag and the German code is taken from the proprietary one`()
        throws
    {
        let entry = CamtSample.entry(more: "<RvslInd>true</RvslInd>").replacing(
            "<BkTxCd/>",
            with: "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>MCRD</Cd><SubFmlyCd>POSP</SubFmlyCd>"
                + "</Fmly></Domn><Prtry><Cd>NTRF+198+9200+000</Cd></Prtry></BkTxCd>")

        let found = try #require(
            try CamtReader.read(CamtSample.document(entries: entry)).first?.entries.first)

        #expect(found.isReversal)
        #expect(found.kind == TransactionKind(code: "PMNT/MCRD/POSP", gvc: "198"))
    }
}
