import Reconciliation
import Units

/// Reads one `Ntry`, by the differences between the versions that finance.md 3.5 lists.
struct CamtEntry {
    let dialect: CamtDialect

    init(_ dialect: CamtDialect) {
        self.dialect = dialect
    }

    func read(_ entry: XMLElement) throws(StatementError) -> StatementEntry {
        let (amount, currency) = try entry.signedAmount()
        var details: [EntryDetail] = []
        for group in entry.all("NtryDtls") {
            for detail in group.all("TxDtls") {
                details.append(try read(detail: detail, of: amount, currency))
            }
        }
        return StatementEntry(
            amount: amount, currency: currency, status: try status(entry),
            isReversal: try isReversal(entry), bookedOn: try entry.day("BookgDt"),
            valueOn: try entry.day("ValDt"), kind: kind(entry), facts: try facts(entry),
            card: card(entry["CardTx"]), details: details)
    }

    /// A word in `Sts` before version 8, in `Sts/Cd` since.
    private func status(_ entry: XMLElement) throws(StatementError) -> StatementEntry.Status {
        let found = dialect == .version2 ? entry.words("Sts") : entry.words("Sts/Cd")
        guard let found else { throw .missing("Ntry/Sts", line: entry.line) }
        guard let status = StatementEntry.Status(rawValue: found) else {
            throw StatementError(
                .word, line: entry.line, field: "Ntry/Sts", value: found,
                remedy: "Erlaubt sind BOOK, PDNG, INFO und FUTR.")
        }
        return status
    }

    private func isReversal(_ entry: XMLElement) throws(StatementError) -> Bool {
        switch entry.words("RvslInd") {
        case nil, "false", "0": return false
        case "true", "1": return true
        case let found?:
            throw StatementError(
                .word, line: entry.line, field: "Ntry/RvslInd", value: found,
                remedy: "Erlaubt sind true und false.")
        }
    }

    /// The detail's own amount, where it is in the entry's currency; its side, else the entry's.
    /// What was instructed (InstdAmt) may differ from what was booked and is never an amount.
    private func read(
        detail: XMLElement, of whole: Cents, _ currency: String
    ) throws(StatementError) -> EntryDetail {
        let booked = "AmtDtls/TxAmt/Amt"
        let places = dialect == .version2 ? [booked, "Amt"] : ["Amt", booked]
        let own = places.compactMap { detail.at($0) }
            .first { ($0.currency ?? currency) == currency }
        var amount: Cents?
        if let element = own {
            let magnitude = try element.cents()
            let isDebit = try detail.isDebit(default: whole.isNegative)
            amount = isDebit ? -magnitude : magnitude
        }
        return EntryDetail(
            amount: amount, kind: kind(detail), facts: try facts(detail),
            card: card(detail["CardTx"]), returnReason: detail.words("RtrInf/Rsn/Cd"))
    }

    private func kind(_ element: XMLElement) -> TransactionKind {
        let domain = element.at("BkTxCd/Domn")
        let parts = [
            domain?.words("Cd"), domain?.words("Fmly/Cd"), domain?.words("Fmly/SubFmlyCd"),
        ].compactMap(\.self)
        // The proprietary code joins SWIFT code, GVC, Primanota and supplement by plus signs.
        let own = (element.words("BkTxCd/Prtry/Cd") ?? "").split(
            separator: "+", omittingEmptySubsequences: false)
        let gvc = own.count > 1 ? own[1] : own.first ?? ""
        let isGVC = gvc.utf8.count == 3 && gvc.utf8.allSatisfy { (0x30...0x39).contains($0) }
        return TransactionKind(
            code: parts.isEmpty ? nil : parts.joined(separator: "/"),
            gvc: isGVC ? String(gvc) : nil)
    }

    private func facts(_ element: XMLElement) throws(StatementError) -> TransactionFacts {
        let own = element.words("AcctSvcrRef") ?? element.words("Refs/AcctSvcrRef")
        var references = [
            element.words("NtryRef"), element.words("Refs/MsgId"), element.words("Refs/InstrId"),
            element.words("Refs/EndToEndId"), element.words("Refs/MndtId"),
            element.words("Refs/TxId"),
        ].compactMap(\.self)
        references += (element["Refs"]?.all("Prtry") ?? []).compactMap { $0.words("Ref") }
        references += (element["RmtInf"]?.all("Strd") ?? []).compactMap {
            $0.words("CdtrRefInf/Ref")
        }
        let pieces = (element["RmtInf"]?.all("Ustrd") ?? []).map(\.trimmed)
        let more = [element.words("AddtlNtryInf"), element.words("AddtlTxInf")]
        return TransactionFacts(
            bankReference: own, references: references.filter { $0 != "NOTPROVIDED" },
            party: party(element),
            text: ([Remittance.joined(pieces, width: 140)] + more.compactMap(\.self))
                .filter { !$0.isEmpty }.joined(separator: " "),
            charges: try charges(element))
    }

    private func party(_ element: XMLElement) -> String? {
        for side in ["Dbtr", "Cdtr"] {
            if let name = element.words("RltdPties/\(side)/Pty/Nm")
                ?? element.words("RltdPties/\(side)/Nm")
            {
                return name
            }
        }
        return nil
    }

    /// The bank's own total, which has no side, else what was charged less what was given back.
    private func charges(_ element: XMLElement) throws(StatementError) -> Cents {
        guard let charges = element["Chrgs"] else { return .zero }
        if let total = charges["TtlChrgsAndTaxAmt"] { return try total.cents() }
        var sum = Cents.zero
        for record in dialect == .version2 ? element.all("Chrgs") : charges.all("Rcrd") {
            guard let amount = try record["Amt"]?.cents() else { continue }
            sum += try record.isDebit(default: true) ? amount : -amount
        }
        return sum
    }

    /// Terminal and batch; `CardTx/Card` may hold a plain card number and is never looked at.
    private func card(_ element: XMLElement?) -> CardTakings? {
        guard let element else { return nil }
        let batch =
            element.words("AggtdNtry/SaleRcncltnId") ?? element.words("Tx/Aggtd/SaleRcncltnId")
            ?? element.words("Tx/Indv/SaleRcncltnId")
        let terminal = element.words("POI/Id/Id")
        return terminal == nil && batch == nil
            ? nil : CardTakings(terminal: terminal, batch: batch)
    }
}

/// Remittance text in pieces of fixed width.
enum Remittance {
    /// The pieces in order: a full one runs on into the next, a shorter one ends a word.
    static func joined(_ pieces: [String], width: Int) -> String {
        var text = ""
        for (place, piece) in pieces.enumerated() {
            if place > 0 && pieces[place - 1].count < width && !text.isEmpty { text += " " }
            text += piece
        }
        return text
    }
}
