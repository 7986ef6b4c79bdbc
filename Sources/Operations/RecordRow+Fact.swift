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
        let (head, fact) = (record.head, record.fact)
        self.init(
            position: position, terminal: terminal, sequence: head.sequence, kind: fact.kind,
            statement: statement, previous: head.previous, at: head.at,
            day: fact.delivery?.day ?? calendar.day(of: head.at), total: fact.total,
            state: fact.state, flags: flags.map(\.rawValue), subject: fact.subject,
            scheme: fact.slip?.scheme.rawValue ?? "", lastFour: fact.slip?.lastFour ?? "")
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

extension TerminalFact {
    /// The delivery that a sale or refusal is about.
    fileprivate var delivery: Delivery? {
        switch self {
        case .sale(let sale): sale.delivery
        case .noSale(let noSale): noSale.delivery
        case .void, .resolution: nil
        }
    }

    /// What was brought, why nothing was sold, or the receipt number it is about.
    fileprivate var subject: String {
        switch self {
        case .sale(let sale):
            var names: [String] = []
            for line in sale.lines where !names.contains(line.name) { names.append(line.name) }
            return names.joined(separator: ", ")
        case .noSale(let noSale): return noSale.reason
        case .void(let reversal): return reversal.original.receiptNumber
        case .resolution(let resolution): return resolution.original.receiptNumber
        }
    }

    /// The slip of the card that paid.
    fileprivate var slip: CardSlip? {
        guard case .sale(let sale) = self, case .card(let slip) = sale.settlement else {
            return nil
        }
        return slip
    }

    /// Gross total as it changes turnover; negative for a void.
    fileprivate var total: Cents {
        switch self {
        case .sale(let sale): sale.total
        case .noSale, .resolution: .zero
        case .void(let reversal): -reversal.amount
        }
    }

    /// The word for lists and filters.
    fileprivate var state: String {
        switch self {
        case .sale(let sale):
            switch sale.settlement {
            case .free: "free"
            case .card: "card"
            case .onAccount: "on-account"
            case .unknown: "unknown"
            }
        case .noSale(let noSale): noSale.cause.rawValue
        case .void: "void"
        case .resolution: "resolution"
        }
    }
}
