import Calendars
import CloseSheets
import DayClosing
import Hummingbird
import Journal
import Operations
import Pages
import People
import Text
import Units

extension ConsoleRoutes {
    /// Closes that are final: the list and the sheet of each.
    var closeSheetRoutes: [ConsoleRoute] {
        [
            .get("/abschluesse", .readSales, closesPage),
            .get("/abschluesse/{number}", .readSales, closeSheet),
            .get("/abschluesse/{number}/blatt.txt", .readSales) { visit -> Response in
                let number = try visit.arrival.number("number")
                let sheet = try installation.closeSheet(number, of: visit.yard)
                return .download(
                    Array(sheet.text.utf8), name: "abschluss-\(number).txt", type: .plainText)
            },
            .get("/abschluesse/{number}/blatt.pdf", .readSales) { visit -> Response in
                let number = try visit.arrival.number("number")
                return .download(
                    try await installation.closeFile(number, of: visit.yard),
                    name: "abschluss-\(number).pdf", type: "application/pdf")
            },
            addedUp(
                .get("/abschluss/zwischenbericht", .readSales) { visit -> Response in
                    try interimPage(visit)
                }),
            addedUp(.post("/abschluss/zwischenbericht", .takeSnapshot, takeSnapshot)),
            .get("/abschluss/zwischenpruefungen/{number}", .readAudit) { visit -> Response in
                let sheet = try installation.snapshotSheet(
                    try visit.arrival.number("number"), of: visit.yard, for: visit.person)
                return show(
                    SheetPage(sheet), visit, at: "/abschluss",
                    back: PageLink("Zwischenbericht", "/abschluss/zwischenbericht"))
            },
        ]
    }

    /// The totals since the last close, and the snapshots taken for audits.
    private func interimPage(_ visit: Visit, error: String? = nil) throws -> Response {
        let sheet = try installation.interimSheet(of: visit.yard, for: visit.person)
        let taken = try snapshots(visit)
        let calendar = installation.calendar
        let links = taken.reversed().map {
            PageLink(
                "Nr. \($0.number.german), \(calendar.german($0.at)): \($0.reason)",
                "/abschluss/zwischenpruefungen/\($0.number)")
        }
        let reason =
            visit.may(.takeSnapshot)
            ? Field(
                "anlass", "Anlass", value: visit.form["anlass"],
                hint: "Zum Beispiel: unvermutete Prüfung durch das Rechnungsprüfungsamt.",
                error: error) : nil
        return show(
            SheetPage(sheet, snapshots: links, reason: reason), visit, at: "/abschluss",
            back: Self.closeTasks, status: error == nil ? .ok : .unprocessableContent)
    }

    /// None for somebody who has to count first, or may not see them.
    private func snapshots(_ visit: Visit) throws -> [AuditSnapshot] {
        guard visit.may(.readAudit) else { return [] }
        do {
            return try installation.snapshots(of: visit.yard, for: visit.person)
        } catch OperationsError.countFirst { return [] }
    }

    private func takeSnapshot(_ visit: Visit) async throws -> Response {
        let error = visit.form.problem(
            ofText: "anlass", missing: "Nennen Sie den Anlass in wenigen Worten.",
            what: "den Text")
        if let error { return try interimPage(visit, error: error) }
        let snapshot = try await installation.takeSnapshot(
            reason: visit.form.line("anlass"), at: visit.yard, by: visit.person)
        return .redirect("/abschluss/zwischenpruefungen/\(snapshot.number)")
    }

    private func closesPage(_ visit: Visit) async throws -> Response {
        let cursor = visit.arrival.query("ab")
        let list = try installation.closeList(
            of: visit.yard, after: cursor.isEmpty ? nil : cursor, limit: 50)
        var exported: [Int64: ExportStanding.State] = [:]
        for standing in try installation.exportStandings(of: visit.yard) {
            for number in standing.export.closes {
                exported[number] = Self.furthest(exported[number], standing.state)
            }
        }
        let names = PersonNames(try installation.people())
        let rows = list.rows.map { row in
            let close = row.close
            return CloseRow(
                number: close.number, day: close.day,
                records: close.totals.terminals.map(\.count).reduce(0, +),
                turnover: close.totals.turnover,
                difference: close.comparisons.knownDifference,
                unknown: close.comparisons.count { !$0.isKnown },
                people: "gezählt von \(names[close.countedBy]), freigegeben von "
                    + names[close.approvedBy],
                seal: SealWords.badge(row.seal.state),
                export: exported[close.number]?.shown)
        }
        return show(
            ClosesPage(
                rows: rows, missing: try missingCloses(visit.yard),
                next: list.next.map { PageLink("Weitere Abschlüsse", "/abschluesse?ab=\($0)") }),
            visit, at: "/abschluesse")
    }

    /// Numbers that no close has though a later one does, of all closes and not of one page.
    private func missingCloses(_ yard: Yard) throws -> [Int64] {
        let present = try installation.closeNumbers(of: yard)
        guard let last = present.last else { return [] }
        return Set(1...last).subtracting(present).sorted()
    }

    /// How far any of several exports of one close is; rejected only if all are.
    private static func furthest(
        _ known: ExportStanding.State?, _ state: ExportStanding.State
    ) -> ExportStanding.State {
        let order: [ExportStanding.State] = [.acknowledged, .handedOver, .prepared, .rejected]
        return order.first { $0 == known || $0 == state } ?? state
    }

    private func closeSheet(_ visit: Visit) async throws -> Response {
        let number = try visit.arrival.number("number")
        let close = try installation.close(number, of: visit.yard)
        let names = PersonNames(try installation.people())
        let calendar = installation.calendar
        let exports =
            visit.may(.fetchExport) ? try installation.exportStandings(of: visit.yard) : []
        let page = CloseSheetPage(
            close, yard: visit.yard.genesis.yardName, countedBy: names[close.countedBy],
            countedAt: calendar.german(close.countedAt), approvedBy: names[close.approvedBy],
            approvedAt: calendar.german(close.approvedAt),
            proof: SealWords.facts(
                try installation.seal(ofClose: number, at: visit.yard),
                try installation.logStatus(of: visit.yard), calendar),
            downloads: [
                PageLink("Archivdatei (PDF/A)", "/abschluesse/\(number)/blatt.pdf"),
                PageLink("Textfassung", "/abschluesse/\(number)/blatt.txt"),
            ]
                + exports.filter {
                    $0.state != .rejected && $0.export.closes.contains(number)
                        && $0.export.mayBeFetched(by: visit.person)
                }.flatMap(\.export.shortLinks),
            names: { names[$0] }, localTime: calendar.german)
        return show(
            page, visit, at: "/abschluesse", back: PageLink("Abschlüsse", "/abschluesse"))
    }
}
