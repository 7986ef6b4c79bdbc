package import DayClosing
import Exports
import Storage
package import Units

/// Whether every close of a yard went to finance exactly once in a format.
package struct ExportCompleteness: Hashable, Sendable {
    package struct Close: Hashable, Sendable {
        package let number: Int64
        package let day: BusinessDay
        package let turnover: Cents
        /// Batches that hold it and were not rejected, ascending; one if all is well.
        package let exports: [Int64]
        /// The state of the last of them; nil if there is none.
        package let state: ExportStanding.State?
    }

    package let format: String
    /// All final closes, ascending, those without turnover too.
    package let closes: [Close]
    /// The running total after the last close, never reset.
    package let grandTotal: Cents

    /// In no batch.
    package var missing: [Int64] { closes.filter(\.exports.isEmpty).map(\.number) }
    /// In more than one batch.
    package var twice: [Int64] { closes.filter { $0.exports.count > 1 }.map(\.number) }
    /// In a batch that finance has not answered.
    package var unanswered: [Int64] {
        closes.filter { $0.state == .prepared || $0.state == .handedOver }.map(\.number)
    }
    /// The turnover of all closes, each as often as batches hold it.
    package var exported: Cents {
        closes.map { Cents($0.turnover.value * Int64($0.exports.count)) }.sum()
    }
    /// Each close once, and their turnover is the running total.
    package var isComplete: Bool { missing.isEmpty && twice.isEmpty && exported == grandTotal }
}

/// A yard's closes and exports, and what can be exported, all of one moment.
package struct ExportOverview: Sendable {
    package let closes: [DayClose]
    package let standings: [ExportStanding]
    /// The formats that exports can have here.
    package let formats: [String]
    /// German titles of the profiles among them, by id.
    package let titles: [String: String]
    package let completeness: [ExportCompleteness]
}

extension Installation {
    /// For each format that must be complete, how far it is: those that the settings name, else
    /// every format that finance books and that was used at least once.
    package func exportCompleteness(of yard: Yard) throws -> [ExportCompleteness] {
        try exportOverview(of: yard).completeness
    }

    /// All that the list of exports shows, read once.
    package func exportOverview(of yard: Yard) throws -> ExportOverview {
        let formats = try ExportFormats(directory: directory)
        return try database.read { reading in
            let standings = try exportStandings(of: yard, reading)
            let used = Set(standings.map(\.export.profile))
            let wanted = formats.handover.required ?? formats.booking.filter(used.contains)
            let closes = try reading.closes(yard: yard.number)
                .map { try close($0, of: yard, reading) }
            return ExportOverview(
                closes: closes, standings: standings, formats: formats.names,
                titles: formats.titles,
                completeness: wanted.map { completeness(of: $0, closes, standings) })
        }
    }

    private func completeness(
        of format: String, _ closes: [DayClose], _ standings: [ExportStanding]
    ) -> ExportCompleteness {
        var holders: [Int64: [ExportStanding]] = [:]
        for standing in standings
        where standing.export.profile == format && standing.state != .rejected {
            for close in standing.export.closes { holders[close, default: []].append(standing) }
        }
        return ExportCompleteness(
            format: format,
            closes: closes.map { close in
                let found = holders[close.number] ?? []
                return ExportCompleteness.Close(
                    number: close.number, day: close.day, turnover: close.totals.turnover,
                    exports: found.map(\.export.number), state: found.last?.state)
            }, grandTotal: closes.last?.grandTotalAfter ?? .zero)
    }
}
