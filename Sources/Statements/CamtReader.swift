package import Reconciliation
import Units

/// Reads camt.053 and camt.054 messages (ISO 20022, versions 001.02 and 001.08) into statements
/// (docs/formats/statements.md; finance.md 3.5).
package enum CamtReader {
    /// The statements or notifications of one message, in file order; may be empty.
    ///
    /// - Throws: `B-E01`, then the first in file order of `B-E03` to `B-E10`.
    package static func read(_ bytes: [UInt8]) throws(StatementError) -> [BankStatement] {
        try StatementLimits.check(byteCount: bytes.count)
        var message = CamtMessage()
        try XMLReader.read(
            bytes, piecesAt: 4,
            checkRoot: { (name, namespace) throws(StatementError) in
                try CamtDialect.check(root: name, namespace)
                message.dialect = CamtDialect(namespace)
            },
            deliver: { (path, element) throws(StatementError) in
                try message.take(path, element)
            })
        return message.statements
    }
}

/// The version of a camt message.
enum CamtDialect {
    case version2, version8

    static let stem = "urn:iso:std:iso:20022:tech:xsd:"
    private static let known = [
        "camt.053.001.02", "camt.053.001.08", "camt.054.001.02", "camt.054.001.08",
    ]

    init(_ namespace: String?) {
        self = namespace?.hasSuffix(".02") == true ? .version2 : .version8
    }

    /// Refuses what is not exactly one of the four messages.
    static func check(root name: String, _ namespace: String?) throws(StatementError) {
        guard name == "Document" else {
            throw StatementError(
                .wrongMessage, line: 1, field: name,
                remedy: "Ein Kontoauszug beginnt mit dem Element Document.")
        }
        guard let namespace else {
            throw StatementError(
                .namespace, line: 1, field: name, value: "ohne",
                remedy: "Die Datei nennt keinen Namensraum für ihre Elemente (etwa xmlns:n0 statt "
                    + "xmlns). Lassen Sie die Bank die Datei berichtigen.")
        }
        let message = namespace.hasPrefix(stem) ? String(namespace.dropFirst(stem.count)) : ""
        guard !known.contains(message) else { return }
        guard !message.hasPrefix("camt.052") else {
            throw StatementError(
                .wrongMessage, line: 1, field: name, value: message,
                remedy: "camt.052 sind vorläufige Umsätze. Holen Sie den Kontoauszug als camt.053.")
        }
        throw StatementError(
            .namespace, line: 1, field: name, value: namespace,
            remedy: "Gelesen werden \(known.joined(separator: ", ")).")
    }
}

/// What has been read of a message so far.
struct CamtMessage {
    var dialect = CamtDialect.version8
    private(set) var statements: [BankStatement] = []
    private var message = ""
    private var draft = StatementDraft()
    private var entryCount = 0

    mutating func take(_ path: [String], _ element: XMLElement) throws(StatementError) {
        switch (path.count, path.dropFirst(2).first) {
        case (2, _):
            try check(container: element)
        case (3, "Stmt"), (3, "Ntfctn"):
            let kind: BankStatement.Kind = path[2] == "Stmt" ? .statement : .notification
            statements.append(try draft.finished(kind, message: message, line: element.line))
            draft = StatementDraft()
        case (4, "GrpHdr"):
            if element.name == "MsgId" { message = element.trimmed }
        case (4, "Stmt"), (4, "Ntfctn"):
            try take(part: element)
        default: break
        }
    }

    private func check(container: XMLElement) throws(StatementError) {
        guard ["BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn"].contains(container.name) else {
            throw StatementError(
                .wrongMessage, line: container.line, field: container.name,
                remedy: "Erwartet wird BkToCstmrStmt oder BkToCstmrDbtCdtNtfctn.")
        }
        guard !message.isEmpty else { throw .missing("GrpHdr/MsgId", line: container.line) }
    }

    private mutating func take(part: XMLElement) throws(StatementError) {
        switch part.name {
        case "Id":
            draft.id = try FieldReading.id(part.trimmed, line: part.line, field: part.name)
        case "ElctrncSeqNb": draft.electronic = try part.number()
        case "LglSeqNb": draft.legal = try part.number()
        case "Acct":
            draft.account = part.words("Id/IBAN") ?? part.words("Id/Othr/Id") ?? ""
            draft.accountCurrency = part.words("Ccy")
        case "Bal": try draft.take(balance: part)
        case "Ntry":
            let entry = try CamtEntry(dialect).read(part)
            entryCount += 1 + entry.details.count
            guard entryCount <= StatementLimits.entryCountMax else {
                throw StatementError(
                    .tooLarge, line: part.line, value: "\(entryCount) Umsätze",
                    remedy: "Erlaubt sind \(StatementLimits.entryCountMax) Umsätze je Datei.")
            }
            draft.entries.append(entry)
        default: break
        }
    }
}

/// A statement while its parts arrive.
struct StatementDraft {
    var id = ""
    var electronic: Int64?
    var legal: Int64?
    var account = ""
    var accountCurrency: String?
    var opening: StatementBalance?
    var previous: StatementBalance?
    var closing: StatementBalance?
    var entries: [StatementEntry] = []

    /// OPBD, else PRCD, opens; CLBD closes; other balances are not booked ones.
    mutating func take(balance: XMLElement) throws(StatementError) {
        let code = balance.words("Tp/CdOrPrtry/Cd")
        guard ["OPBD", "PRCD", "CLBD"].contains(code) else { return }
        let (amount, currency) = try balance.signedAmount()
        let value = StatementBalance(
            amount: amount, currency: currency, day: try balance.day("Dt"))
        switch code {
        case "OPBD": opening = value
        case "PRCD": previous = value
        default: closing = value
        }
    }

    func finished(
        _ kind: BankStatement.Kind, message: String, line: Int
    ) throws(StatementError) -> BankStatement {
        guard !id.isEmpty else { throw .missing("Id", line: line) }
        guard !account.isEmpty else { throw .missing("Acct/Id", line: line) }
        let first = opening ?? previous
        return BankStatement(
            kind: kind, message: message, id: id, sequence: electronic ?? legal,
            account: account,
            currency: first?.currency ?? accountCurrency ?? entries.first?.currency ?? "",
            opening: first, closing: closing, entries: entries)
    }
}
