import Calendars
import Journal
import Sales
import Signing
package import Storage
import Tariffs
import Units

extension RecordRow {
    /// Every word that ``state`` of a row can be.
    package static let states: Set<String> =
        Set(["free", "card", "on-account", "unknown", "void", "resolution"]).union(
            NoSale.Cause.allCases.map(\.rawValue))

    /// What the search table holds about a record: a function of its bytes and its place.
    init(
        _ record: TerminalRecord, statement: Digest, flags: [RecordFlag],
        at position: LogPosition, terminal: Int64, _ calendar: LocalCalendar
    ) {
        let head = record.head
        let columns = record.fact.columns
        self.init(
            position: position, terminal: terminal, sequence: head.sequence,
            kind: record.fact.kind, statement: statement, previous: head.previous, at: head.at,
            day: columns.day ?? calendar.day(of: head.at), total: columns.total,
            state: columns.state, flags: flags.map(\.rawValue), subject: columns.subject,
            scheme: columns.slip?.scheme.rawValue ?? "", lastFour: columns.slip?.lastFour ?? "")
    }
}

extension QuotaRow {
    /// What a record takes of quotas.
    static func rows(of fact: TerminalFact, at position: LogPosition) -> [QuotaRow] {
        guard case .sale(let sale) = fact else { return [] }
        return sale.quota.filter { $0.taken > 0 }
            .map { QuotaRow(position: position, key: $0.key, taken: $0.taken) }
    }
}

/// What a fact says in the columns of its row.
private struct FactColumns {
    /// The word for lists and filters.
    let state: String
    /// What was brought, why nothing was sold, or the receipt number it is about.
    let subject: String
    /// Gross total as it changes turnover; negative for a void.
    var total = Cents.zero
    /// That of the delivery that it is about.
    var day: BusinessDay?
    /// The slip of the card that paid.
    var slip: CardSlip?
}

extension TerminalFact {
    /// All at once: to look into a fact costs more than what is found there.
    fileprivate var columns: FactColumns {
        switch self {
        case .sale(let sale):
            let (state, slip) = sale.settlement.columns
            return FactColumns(
                state: state, subject: sale.lines.subject, total: sale.total,
                day: sale.delivery.day, slip: slip)
        case .noSale(let noSale):
            return FactColumns(
                state: noSale.cause.rawValue, subject: noSale.reason, day: noSale.delivery.day)
        case .void(let reversal):
            return FactColumns(
                state: "void", subject: reversal.original.receiptNumber, total: -reversal.amount)
        case .resolution(let resolution):
            return FactColumns(
                state: "resolution", subject: resolution.original.receiptNumber)
        }
    }
}

extension Settlement {
    fileprivate var columns: (state: String, slip: CardSlip?) {
        switch self {
        case .free: ("free", nil)
        case .card(let slip): ("card", slip)
        case .onAccount: ("on-account", nil)
        case .unknown: ("unknown", nil)
        }
    }
}

extension [SaleLine] {
    /// The name of each, once.
    fileprivate var subject: String {
        var names: [String] = []
        for line in self where !names.contains(line.name) { names.append(line.name) }
        return names.joined(separator: ", ")
    }
}
