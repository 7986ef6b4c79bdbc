import Sales
import Tariffs
import Units

/// Turnover, weight, volume, pieces and count of recorded sales, added up by one grouping.
///
/// A fold over records in any order; memory grows with the rows, not with the records.
package struct SalesReport: Hashable, Sendable {
    package struct Row: Hashable, Sendable {
        /// Stable: fraction, position, `07`, `1` (Monday), `2026-11-22`, `2026-11`, method, yard.
        package let code: String
        /// The name that the newest record gave it, in German.
        package internal(set) var label: String
        package internal(set) var figures = ReportFigures()
    }

    package let grouping: ReportGrouping
    private var byCode: [String: Row] = [:]

    package init(by grouping: ReportGrouping) { self.grouping = grouping }

    /// In the order of the calendar, or by turnover, the largest first, equal ones by code.
    package var rows: [Row] {
        byCode.values.sorted { left, right in
            if grouping.isByTime || left.figures.turnover == right.figures.turnover {
                return left.code.utf8.lexicographicallyPrecedes(right.code.utf8)
            }
            return left.figures.turnover > right.figures.turnover
        }
    }

    package var total: ReportFigures {
        byCode.values.reduce(ReportFigures()) { $0 + $1.figures }
    }

    package mutating func add(_ record: ReportedRecord) {
        let isByLine = grouping.isByLine
        switch record.change {
        case .sold(let sale):
            for place in sale.lines.indices {
                let line = sale.lines[place]
                change(key(record, sale, line)) { figures in
                    if isByLine { figures.count(1) }
                    figures.add(line.gross)
                    if let item = sale.item(at: place) { figures.add(item.amount, sign: 1) }
                }
            }
            if let line = sale.lines.first, !isByLine {
                change(key(record, sale, line)) { $0.count(1) }
            }
        case .takenBack(let lines, of: let sale, let withAmounts):
            for line in lines where sale.lines.indices.contains(line.index) {
                change(key(record, sale, sale.lines[line.index])) { $0.add(-line.gross) }
            }
            if withAmounts { takeBackAmounts(of: sale, record) }
        }
    }

    private mutating func takeBackAmounts(of sale: Sale, _ record: ReportedRecord) {
        let isByLine = grouping.isByLine
        for place in sale.lines.indices {
            change(key(record, sale, sale.lines[place])) { figures in
                if isByLine { figures.count(-1) }
                if let item = sale.item(at: place) { figures.add(item.amount, sign: -1) }
            }
        }
        if let line = sale.lines.first, !isByLine {
            change(key(record, sale, line)) { $0.count(-1) }
        }
    }

    private mutating func change(
        _ key: (code: String, label: String), _ body: (inout ReportFigures) -> Void
    ) {
        var row = byCode[key.code] ?? Row(code: key.code, label: key.label)
        row.label = key.label
        body(&row.figures)
        byCode[key.code] = row
    }

    private func key(_ record: ReportedRecord, _ sale: Sale, _ line: SaleLine)
        -> (code: String, label: String)
    {
        let day = record.day
        switch grouping {
        case .fraction: return (line.fraction.text, line.name)
        case .position: return (line.position, "\(line.position) \(line.name)")
        case .hour:
            let hour = padded(record.hour, 2)
            return (hour, "\(hour):00 bis \(hour):59")
        case .weekday: return (String(day.weekday), Self.weekdays[day.weekday - 1])
        case .day: return (day.iso, GermanFormat.day(day))
        case .month:
            return (String(day.iso.prefix(7)), day.monthName)
        case .method: return sale.settlement.method
        case .yard: return (record.yard.text, record.yardName)
        }
    }

    private static let weekdays = [
        "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag",
    ]
}

extension BusinessDay {
    /// Its month in German, such as `November 2026`.
    var monthName: String { "\(Self.months[month - 1]) \(year)" }

    private static let months = [
        "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
        "Oktober", "November", "Dezember",
    ]
}

extension Sale {
    /// What a line prices; nil for a line of the delivery as a whole.
    fileprivate func item(at place: Int) -> DeliveryItem? {
        delivery.items.indices.contains(place) ? delivery.items[place] : nil
    }
}

extension Settlement {
    fileprivate var method: (code: String, label: String) {
        switch self {
        case .free: ("free", "kostenfrei")
        case .card(let slip):
            switch slip.scheme.tender {
            case .creditCard: ("credit-card", "Kreditkarte")
            case .debitCard, .onAccount, .bankTransfer: ("debit-card", "Debitkarte")
            }
        case .onAccount: ("on-account", "Forderung")
        case .unknown: ("unknown", "ungeklärt")
        }
    }
}
