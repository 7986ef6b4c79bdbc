import Defaults
import SourceFiles
import Statements
import Text
import Units

/// A large file of one kind, whose sums fit.
enum BenchStatement: String, CaseIterable {
    case camt, mt940, acquirer

    var what: String {
        switch self {
        case .camt: "camt.053"
        case .mt940: "MT940"
        case .acquirer: "acquirer's lines"
        }
    }

    /// The profile that reads it; nil for a file of the bank.
    var profile: String? { self == .acquirer ? "posten" : nil }

    func read(_ bytes: [UInt8]) throws {
        guard self == .acquirer else {
            _ = try StatementFile.read(bytes)
            return
        }
        let file = DefaultFile.named("finance/abrechnung-posten.yaml")?.bytes ?? []
        let (profile, problems) = AcquirerProfile.decode(try SourceFile.tree(of: file))
        guard let profile else {
            throw Failure("the profile of the bench: \(problems.map(\.line))", Exit.bug)
        }
        _ = try profile.read(bytes)
    }

    /// Bytes of about that many, and how many entries they hold. Each entry is one euro.
    func file(of byteCount: Int) -> (bytes: [UInt8], entries: Int) {
        let room = byteCount - 2_000
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount)
        var count = 0
        var body: [UInt8] = []
        body.reserveCapacity(byteCount)
        while body.count < room {
            count += 1
            body += entry(count).utf8
        }
        bytes += head(entries: count).utf8
        bytes += body
        bytes += tail(entries: count).utf8
        return (bytes, count)
    }

    private static let account = "DE02120300000000202051"

    private func head(entries: Int) -> String {
        switch self {
        case .camt:
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
            <GrpHdr><MsgId>M1</MsgId></GrpHdr>
            <Stmt><Id>S1</Id><ElctrncSeqNb>1</ElctrncSeqNb>
            <Acct><Id><IBAN>\(Self.account)</IBAN></Id><Ccy>EUR</Ccy></Acct>
            \(Self.balance("OPBD", "0.00"))\(Self.balance("CLBD", "\(entries).00"))

            """
        case .mt940:
            ":20:STARTUMS\r\n:25:\(Self.account)\r\n:28C:1/1\r\n:60F:C261120EUR0,00\r\n"
        case .acquirer: "payout,id,date,terminal,brand,gross,fee,net,type\n"
        }
    }

    private static func balance(_ code: String, _ amount: String) -> String {
        "<Bal><Tp><CdOrPrtry><Cd>\(code)</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">\(amount)</Amt>"
            + "<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-20</Dt></Dt></Bal>"
    }

    private func entry(_ number: Int) -> String {
        let name = padded(number, 8)
        switch self {
        case .camt:
            return """
                <Ntry><NtryRef>\(name)</NtryRef><Amt Ccy="EUR">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
                <Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-20</Dt></BookgDt>
                <ValDt><Dt>2026-11-20</Dt></ValDt><AcctSvcrRef>B\(name)</AcctSvcrRef><BkTxCd/>
                <NtryDtls><TxDtls><Refs><EndToEndId>E\(name)</EndToEndId></Refs>
                <RmtInf><Ustrd>GUTSCHRIFT MIETE \(name)</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>

                """
        case .mt940:
            return ":61:2611201120CR1,00NTRFE\(name)//B\(name)\r\n"
                + ":86:166?00GUTSCHRIFT?20EREF+E\(name)?21SVWZ+MIETE GARAGE\(name)"
                + "?30BFSWDE33XXX?31DE02120300000000202051?32STADT MUSTERSTADT\r\n"
        case .acquirer:
            // A payout of some hundred lines, which are as long as real ones: the file is full
            // before there are too many.
            return "PO20261130-\(padded(number / 500, 8)),txn-0123456789abcdef0123456789abcdef-"
                + "\(name),2026-11-20,65010001,visa,1.00,0.00,1.00,payment\n"
        }
    }

    private func tail(entries: Int) -> String {
        switch self {
        case .camt: "</Stmt></BkToCstmrStmt></Document>\n"
        case .mt940: ":62F:C261120EUR\(entries),00\r\n-\r\n"
        case .acquirer: ""
        }
    }
}
