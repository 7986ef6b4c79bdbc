import Calendars
import DayClosing
import Hummingbird
import Journal
import Logging
import Operations
import Pages
import People
import Sales
import Storage
import Units

extension ConsoleRoutes {
    /// What an auditor looks at first.
    var auditRoutes: [ConsoleRoute] {
        [
            .get("/pruefung", .readAudit, auditPage), .post("/pruefung", .readAudit, verify),
            .get("/pruefung/{index}", .readAudit, auditEntry),
            .get("/pruefpunkt", .readAudit, checkpointFile),
        ]
    }

    private func auditPage(_ visit: Visit) async throws -> Response {
        let audit = try YardAudit(visit.yard, of: installation)
        let calendar = installation.calendar
        let head = CheckpointWords(try await installation.checkpoint(of: visit.yard))
        let status = try installation.logStatus(of: visit.yard)
        let page = AuditPage(
            verdicts: [
                audit.numbersVerdict, audit.closesVerdict, SealWords.panel(status),
                verification(calendar),
            ],
            terminals: audit.terminals,
            checkpoint: [
                Fact("Protokoll", visit.yard.origin), Fact("Einträge", head.size),
                Fact("Wurzel", head.root), Fact("Schlüssel", visit.yard.logKey),
            ] + SealWords.facts(status),
            flags: try flags(audit, visit, calendar),
            people: try installation.personChanges(by: visit.person).rows.prefix(20).map {
                AuditPage.Change($0, calendar)
            }, log: visit.yard.origin,
            downloads: [PageLink("Prüfpunkt", "/pruefpunkt")])
        return show(page, visit, at: "/pruefung")
    }

    /// The newest marked entries, at most a hundred.
    private func flags(_ audit: YardAudit, _ visit: Visit, _ calendar: LocalCalendar) throws
        -> [AuditPage.Flag]
    {
        try audit.flagged.suffix(100).reversed().map { index in
            let record = try installation.record(
                at: LogPosition(yard: visit.yard.number, index: index))
            let words = record.entry.flags.map(\.german)
            let isFile = if case .terminal = record.fact { false } else { true }
            return AuditPage.Flag(
                index: index.german, path: "/pruefung/\(index)",
                time: calendar.german(record.entry.received),
                text: words.isEmpty
                    ? "Widersprüchliche Fassung eines Belegs, aufbewahrt als Beweis."
                    : words.joined(separator: " "), isFile: isFile)
        }
    }

    private func verification(_ calendar: LocalCalendar) -> Panel {
        guard let last = memory.lastVerification else {
            return Panel(
                .info, "Noch nicht nachgerechnet",
                "Seit dem Start des Servers hat niemand das Protokoll nachrechnen lassen.")
        }
        let (report, time) = (last.report, calendar.german(last.at))
        if let misfit = report.misfit {
            let place =
                misfit.index.map { "Eintrag \($0.german) passt nicht zum Protokoll" }
                ?? "die Tabellen passen nicht zum Protokoll"
            return Panel(
                .danger, "Etwas passt nicht",
                "\(time): Hof \(misfit.yard), \(place). Was genau, steht im Log des Servers, und "
                    + "„hofbuch verify“ sagt es auf Englisch. Die IT sieht nach.")
        }
        return Panel(
            .success, "Alles passt",
            "\(time): \(report.entries.german) Einträge, \(report.checkpoints.german) "
                + "Prüfpunkte, \(Int64(report.closes).german) Abschlüsse und "
                + "\(Int64(report.exports).german) Exporte nachgerechnet.")
    }

    private func verify(_ visit: Visit) async throws -> Response {
        try memory.verify(at: installation.clock()) {
            let report = try installation.verify()
            if let misfit = report.misfit {
                visit.arrival.logger.error(
                    "verification failed",
                    metadata: [
                        "yard": "\(misfit.yard)", "index": "\(misfit.index ?? -1)",
                        "what": "\(misfit.what)", "consequence": "\(misfit.consequence)",
                    ])
            }
            return report
        }
        return .redirect("/pruefung")
    }

    /// A log entry: the page of its sale, or its bytes.
    private func auditEntry(_ visit: Visit) async throws -> Response {
        let index = try visit.arrival.number("index")
        let record = try installation.record(
            at: LogPosition(yard: visit.yard.number, index: index))
        if case .terminal(let found) = record.fact {
            return .redirect(found.head.reference.path)
        }
        return .download(record.bytes, name: "eintrag-\(index)", type: .plainText)
    }
}

/// What is complete and what is odd at a yard, from closes and open records.
private struct YardAudit {
    let terminals: [AuditPage.Row]
    /// Log positions, ascending.
    let flagged: [Int64]
    let numbersVerdict: Panel
    let closesVerdict: Panel

    /// No longer list of missing numbers is made.
    private static let missingMax: Int64 = 10_000

    init(_ yard: Yard, of installation: Installation) throws {
        let closes = try installation.closes(of: yard)
        let progress = try installation.closeProgress(of: yard)
        let rows = try installation.terminals(of: yard)
        let afterCut = try progress.draft.map {
            try installation.sequences(from: $0.upto, at: yard)
        }
        let totals = closes.map(\.totals) + [progress.totals]
        var gaps = 0
        terminals = rows.filter { $0.highest > 0 }.map { row in
            let ranges = totals.flatMap(\.terminals).filter { $0.terminal == row.id }
            let later = afterCut?[row.id] ?? []
            let last = ranges.map(\.last).max() ?? 0
            let tail =
                last < row.highest ? Array(last + 1...min(row.highest, last + Self.missingMax)) : []
            let missing = ((ranges.last?.missing ?? []) + tail).filter { !later.contains($0) }
            gaps += missing.count
            return AuditPage.Row(
                terminal: row.id.text, first: 1, last: row.highest,
                count: ranges.map(\.count).reduce(0, +) + Int64(later.count), missing: missing)
        }
        let findings = try rows.flatMap { try installation.findings(of: $0).map(\.index) }
        let open =
            try afterCut == nil ? [] : installation.openTotals(of: yard).totals.flagged
        flagged = Set(totals.flatMap(\.flagged) + open + findings).sorted()
        numbersVerdict =
            gaps == 0
            ? Panel(.success, "Belegnummern ohne Lücke", "Von keinem Terminal fehlt eine Nummer.")
            : Panel(
                .danger, "Belegnummern fehlen", "\(gaps) Nummern sind noch nicht eingegangen.")
        closesVerdict = Self.verdict(closes)
    }

    private static func verdict(_ closes: [DayClose]) -> Panel {
        guard let last = closes.last else {
            return Panel(.info, "Noch kein Abschluss", "Der erste wird die Nr. 1.")
        }
        let starts = [0] + closes.map(\.to)
        let fits = zip(closes, starts).enumerated().allSatisfy { index, pair in
            pair.0.number == Int64(index + 1) && pair.0.from == pair.1
        }
        return fits
            ? Panel(.success, "Abschlüsse ohne Lücke", "Nr. 1 bis \(last.number.german).")
            : Panel(.danger, "Abschlüsse mit Lücke", "Nummern oder Bereiche schließen nicht an.")
    }
}
