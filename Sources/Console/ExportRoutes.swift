import Calendars
import DayClosing
import Hummingbird
import Operations
import Pages
import People
import Signing
import Units

extension ConsoleRoutes {
    /// Files for the finance software.
    var exportRoutes: [ConsoleRoute] {
        [
            .get("/exporte", .readSales) { visit -> Response in try exportsPage(visit) },
            .post("/exporte", .createExport, createExport),
            .get("/exporte/{number}/{file}", .fetchExport, exportFile),
        ]
    }

    private func exportsPage(_ visit: Visit, errors: [String: String] = [:]) throws -> Response {
        let closes = try installation.closes(of: visit.yard)
        let calendar = installation.calendar
        let mayFetch = visit.may(.fetchExport)
        let rows = try installation.exports(of: visit.yard).reversed().map { export in
            let held = closes.filter { export.closes.contains($0.number) }
            return ExportRow(
                id: "X-\(export.number)", format: Self.formatName(export.profile),
                closes: "Nr. " + export.closes.map(\.german).joined(separator: ", "),
                created: calendar.german(export.at),
                rows: held.flatMap(\.totals.terminals).map(\.count).reduce(0, +),
                sum: held.map(\.totals.turnover).sum(), state: .prepared,
                digest: export.files.map(\.digest.hex).joined(separator: ", "),
                files: mayFetch ? export.links : [], mayAcknowledge: false)
        }
        let options =
            visit.may(.createExport)
            ? closes.reversed().map {
                Field.Option(
                    String($0.number), "Nr. \($0.number.german) vom \(GermanFormat.day($0.day))")
            } : []
        let formats = try installation.exportFormats().map { Field.Option($0, Self.formatName($0)) }
        let page = ExportsPage(
            rows: rows, closes: options, formats: formats, values: visit.form.values,
            errors: errors)
        return show(
            page, visit, at: "/exporte", status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    private static func formatName(_ profile: String) -> String {
        switch profile {
        case "datev": "DATEV-Buchungsstapel"
        case "hledger": "hledger-Journal"
        default: "CSV nach Profil \(profile)"
        }
    }

    private func createExport(_ visit: Visit) async throws -> Response {
        guard let number = Int64(visit.form["abschluss"]) else {
            return try exportsPage(visit, errors: ["abschluss": "Wählen Sie einen Abschluss."])
        }
        let profile = visit.form["format"]
        guard try installation.exportFormats().contains(profile) else {
            return try exportsPage(visit, errors: ["format": "Wählen Sie ein Format."])
        }
        let now = installation.clock()
        let isSecondClick = try installation.exports(of: visit.yard).contains {
            $0.profile == profile && $0.closes == [number] && $0.by == visit.person.id
                && now.milliseconds - $0.at.milliseconds < 60_000
        }
        if !isSecondClick {
            _ = try await installation.createExport(
                profile, of: [number], at: visit.yard, by: visit.person)
        }
        return .redirect("/exporte")
    }

    private func exportFile(_ visit: Visit) async throws -> Response {
        let name = visit.arrival.parameter("file")
        let bytes = try installation.exportFile(
            name, ofExport: try visit.arrival.number("number"), at: visit.yard, by: visit.person)
        return .download(bytes, name: name, type: "application/octet-stream")
    }
}

extension ExportBatch {
    /// A link to each file.
    var links: [PageLink] {
        files.map { PageLink($0.name, "/exporte/\(number)/\($0.name.queryEscaped)") }
    }
}
