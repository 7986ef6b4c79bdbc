/// Made-up camt messages with one place to change.
enum CamtSample {
    static let namespace8 = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"

    static func entry(
        amount: String = "84.50", side: String = "CRDT", more: String = "",
        details: String = ""
    ) -> String {
        """
        <Ntry><Amt Ccy="EUR">\(amount)</Amt><CdtDbtInd>\(side)</CdtDbtInd>\(more)
        <Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-23</Dt></BookgDt>
        <ValDt><DtTm>2026-11-23T09:00:00+01:00</DtTm></ValDt>
        <AcctSvcrRef>B1</AcctSvcrRef><BkTxCd/>\(details)</Ntry>
        """
    }

    static func document(
        opening: String = "100.00", closing: String = "184.50", entries: String = entry(),
        namespace: String = namespace8, before: String = ""
    ) -> [UInt8] {
        let balance = { (code: String, amount: String) in
            "<Bal><Tp><CdOrPrtry><Cd>\(code)</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">\(amount)</Amt>"
                + "<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-23</Dt></Dt></Bal>"
        }
        return Array(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            \(before)<Document xmlns="\(namespace)"><BkToCstmrStmt>
            <GrpHdr><MsgId>M1</MsgId></GrpHdr>
            <Stmt><Id>S1</Id><ElctrncSeqNb>7</ElctrncSeqNb>
            <Acct><Id><IBAN>DE02120300000000202051</IBAN></Id><Ccy>EUR</Ccy></Acct>
            \(balance("OPBD", opening))\(balance("CLBD", closing))
            \(entries)</Stmt></BkToCstmrStmt></Document>
            """.utf8)
    }
}
