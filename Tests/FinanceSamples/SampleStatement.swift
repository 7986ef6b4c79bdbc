import Units

/// A made-up bank statement as a camt.053.001.08 file: booked entries between two balances.
package struct SampleStatement: Sendable {
    package static let account = "DE02120300000000202051"

    package struct Entry: Sendable {
        package let day: String
        /// Negative for a debit.
        package let cents: Int64
        package let text: String
        /// Family and sub-family below PMNT, such as `MCRD/POSP`; nil for none.
        package let kind: String?
        package let reference: String?

        package init(
            _ day: String, _ cents: Int64, _ text: String, kind: String? = nil,
            reference: String? = nil
        ) {
            self.day = day
            self.cents = cents
            self.text = text
            self.kind = kind
            self.reference = reference
        }
    }

    package let number: Int64
    package let day: String
    package let opening: Int64
    package let entries: [Entry]
    package let account: String
    package let message: String

    package init(
        _ number: Int64, day: String, opening: Int64 = 0, _ entries: [Entry],
        account: String = account, message: String? = nil
    ) {
        self.number = number
        self.day = day
        self.opening = opening
        self.entries = entries
        self.account = account
        self.message = message ?? "M\(number)"
    }

    package var closing: Int64 { entries.reduce(opening) { $0 + $1.cents } }
    package var bytes: [UInt8] { Array(text.utf8) }

    package var text: String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
        <GrpHdr><MsgId>\(message)</MsgId><CreDtTm>\(day)T20:00:00+01:00</CreDtTm></GrpHdr>
        <Stmt><Id>S\(number)</Id><ElctrncSeqNb>\(number)</ElctrncSeqNb>
        <Acct><Id><IBAN>\(account)</IBAN></Id><Ccy>EUR</Ccy></Acct>
        \(balance("OPBD", opening))
        \(balance("CLBD", closing))
        \(entries.map(Self.entry).joined(separator: "\n"))
        </Stmt></BkToCstmrStmt></Document>
        """
    }

    private func balance(_ code: String, _ cents: Int64) -> String {
        "<Bal><Tp><CdOrPrtry><Cd>\(code)</Cd></CdOrPrtry></Tp>\(Self.amount(cents))"
            + "<Dt><Dt>\(day)</Dt></Dt></Bal>"
    }

    private static func entry(_ entry: Entry) -> String {
        let kind = entry.kind.map { kind in
            let parts = kind.split(separator: "/")
            return "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>\(parts[0])</Cd>"
                + "<SubFmlyCd>\(parts[1])</SubFmlyCd></Fmly></Domn></BkTxCd>"
        }
        let reference = entry.reference.map { "<Refs><EndToEndId>\($0)</EndToEndId></Refs>" }
        return "<Ntry>\(amount(entry.cents))<Sts><Cd>BOOK</Cd></Sts>"
            + "<BookgDt><Dt>\(entry.day)</Dt></BookgDt><ValDt><Dt>\(entry.day)</Dt></ValDt>"
            + "\(kind ?? "<BkTxCd/>")<NtryDtls><TxDtls>\(reference ?? "")"
            + "\(amount(entry.cents))"
            + "<RmtInf><Ustrd>\(entry.text)</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    }

    /// Amount and side.
    private static func amount(_ cents: Int64) -> String {
        let magnitude = cents.magnitude
        return "<Amt Ccy=\"EUR\">\(magnitude / 100).\(padded(magnitude % 100, 2))</Amt>"
            + "<CdtDbtInd>\(cents < 0 ? "DBIT" : "CRDT")</CdtDbtInd>"
    }
}
