import Calendars
import DayClosing
import Hummingbird
import Journal
import Operations
import Pages
import People
import Units

extension ConsoleRoutes {
    /// Closes that are final: the list and the sheet of each.
    var closeSheetRoutes: [ConsoleRoute] {
        [
            .get("/abschluesse", .readSales, closesPage),
            .get("/abschluesse/{number}", .readSales, closeSheet),
        ]
    }

    private func closesPage(_ visit: Visit) async throws -> Response {
        let closes = try installation.closes(of: visit.yard)
        var exported: [Int64: ExportStanding.State] = [:]
        for standing in try installation.exportStandings(of: visit.yard) {
            for number in standing.export.closes { exported[number] = standing.state }
        }
        let names = PersonNames(try installation.people())
        let seals = try installation.seals(of: visit.yard)
        let rows = closes.reversed().map { close in
            CloseRow(
                number: close.number, day: close.day,
                records: close.totals.terminals.map(\.count).reduce(0, +),
                turnover: close.totals.turnover,
                difference: close.comparisons.map(\.difference).sum(),
                people: "gezählt von \(names[close.countedBy]), freigegeben von "
                    + names[close.approvedBy],
                seal: SealWords.badge(seals[close.number]?.state ?? .approved),
                export: exported[close.number]?.shown)
        }
        let present = Set(closes.map(\.number))
        let missing = (1...max(1, present.max() ?? 1)).filter { !present.contains($0) }
        return show(
            ClosesPage(rows: rows, missing: closes.isEmpty ? [] : missing), visit,
            at: "/abschluesse")
    }

    private func closeSheet(_ visit: Visit) async throws -> Response {
        let number = try visit.arrival.number("number")
        let close = try installation.close(number, of: visit.yard)
        let names = PersonNames(try installation.people())
        let calendar = installation.calendar
        let exports = visit.may(.fetchExport) ? try installation.exports(of: visit.yard) : []
        let page = CloseSheetPage(
            close, yard: visit.yard.genesis.yardName, countedBy: names[close.countedBy],
            countedAt: calendar.german(close.countedAt), approvedBy: names[close.approvedBy],
            approvedAt: calendar.german(close.approvedAt),
            proof: SealWords.facts(
                try installation.seal(ofClose: number, at: visit.yard),
                try installation.logStatus(of: visit.yard), calendar),
            downloads: exports.filter { $0.closes.contains(number) }.flatMap(\.links))
        return show(
            page, visit, at: "/abschluesse", back: PageLink("Abschlüsse", "/abschluesse"))
    }
}
