import Calendars
import DayClosing
import Exports
import Hummingbird
import Operations
import Pages
import People
import Signing
import Text
import Units

extension ConsoleRoutes {
    /// Files for the finance software.
    var exportRoutes: [ConsoleRoute] {
        [
            .get("/exporte", .readSales) { visit -> Response in try exportsPage(visit) },
            .post("/exporte", .createExport, createExport),
            .get("/exporte/{number}", .readSales) { visit -> Response in try exportPage(visit) },
            .post("/exporte/{number}/uebergeben", .handOverExport, handOverExport),
            .post("/exporte/{number}/quittieren", .handOverExport, acknowledgeExport),
            .post("/exporte/{number}/zurueckweisen", .handOverExport, rejectExport),
            .get("/exporte/{number}/dateien.zip", .fetchExport, exportArchive),
            .get("/exporte/{number}/{file}", .fetchExport, exportFile),
        ]
    }

    private func exportsPage(_ visit: Visit, errors: [String: String] = [:]) throws -> Response {
        let overview = try installation.exportOverview(of: visit.yard)
        let closes = overview.closes
        let unsealed = try installation.unsealedCloses(of: visit.yard)
        let options =
            visit.may(.createExport)
            ? closes.reversed().map {
                Field.Option(
                    String($0.number), "Nr. \($0.number.german) vom \(GermanFormat.day($0.day))")
            } : []
        let words = FormatWords(titles: overview.titles)
        let formats = overview.formats.map { Field.Option($0, words.name($0)) }
        let page = ExportsPage(
            rows: overview.standings.reversed().map { row($0, closes, unsealed, words, visit) },
            completeness: overview.completeness.map { $0.row(words) },
            closes: options, formats: formats, values: visit.form.values, errors: errors)
        return show(
            page, visit, at: "/exporte", status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    private func row(
        _ standing: ExportStanding, _ closes: [DayClose], _ unsealed: Set<Int64>,
        _ words: FormatWords, _ visit: Visit
    ) -> ExportRow {
        let export = standing.export
        let held = closes.filter { export.closes.contains($0.number) }
        return ExportRow(
            number: export.number, format: words.name(export.profile),
            closes: "Nr. " + export.closes.map(\.german).joined(separator: ", "),
            created: installation.calendar.german(export.at),
            rows: held.flatMap(\.totals.terminals).map(\.count).reduce(0, +),
            sum: held.map(\.totals.turnover).sum(), state: standing.state.shown,
            seal: export.closes.contains(where: unsealed.contains)
                ? SealWords.badge(.approved) : nil,
            files: export.mayBeFetched(by: visit.person) ? export.shortLinks : [])
    }

    private func createExport(_ visit: Visit) async throws -> Response {
        let choice = visit.form["abschluss"]
        guard choice == "offen" || Int64(choice) != nil else {
            return try exportsPage(visit, errors: ["abschluss": "Wählen Sie einen Abschluss."])
        }
        let profile = visit.form["format"]
        guard try installation.exportFormats().contains(profile) else {
            return try exportsPage(visit, errors: ["format": "Wählen Sie ein Format."])
        }
        let standings = try installation.exportStandings(of: visit.yard)
        let numbers = try Int64(choice).map { [$0] } ?? open(profile, standings, visit)
        guard !numbers.isEmpty else {
            return try exportsPage(
                visit,
                errors: ["abschluss": "In diesem Format sind alle Abschlüsse schon ausgegeben."])
        }
        let now = installation.clock()
        let firstClick = standings.first { standing in
            standing.state != .rejected && standing.export.profile == profile
                && standing.export.closes == numbers && standing.export.by == visit.person.id
                && now.milliseconds - standing.export.at.milliseconds < 60_000
        }
        if let firstClick { return .redirect("/exporte/\(firstClick.export.number)") }
        let made = try await installation.createExport(
            profile, of: numbers, at: visit.yard, by: visit.person)
        return .redirect("/exporte/\(made.number)")
    }

    /// The closes that no batch of the format holds, but for rejected ones.
    private func open(_ profile: String, _ standings: [ExportStanding], _ visit: Visit) throws
        -> [Int64]
    {
        let held = Set(
            standings.filter { $0.export.profile == profile && $0.state != .rejected }
                .flatMap(\.export.closes))
        return try installation.closeNumbers(of: visit.yard).filter { !held.contains($0) }
    }

    // One export

    private func exportPage(_ visit: Visit, errors: [String: String] = [:]) throws -> Response {
        let number = try visit.arrival.number("number")
        let standings = try installation.exportStandings(of: visit.yard)
        guard let standing = standings.first(where: { $0.export.number == number }) else {
            throw OperationsError.exportUnknown("X-\(number)")
        }
        let names = PersonNames(try installation.people())
        let mayFetch = standing.export.mayBeFetched(by: visit.person)
        let open = try standing.export.closes.filter(
            installation.unsealedCloses(of: visit.yard).contains)
        let sums = standing.export.sums ?? []
        let page = ExportPage(
            number: number, state: standing.state.shown,
            seal: open.isEmpty ? nil : SealWords.badge(.approved),
            facts: facts(standing, among: standings, names)
                + (open.isEmpty
                    ? []
                    : [
                        Fact(
                            "Noch nicht bezeugt",
                            "Nr. " + open.map(\.german).joined(separator: ", "))
                    ]),
            files: standing.export.files.map { file in
                ExportFileRow(
                    name: file.name, path: mayFetch ? standing.export.path(of: file) : nil,
                    rows: file.rows, byteCount: file.byteCount, digest: file.digest.hex)
            },
            sums: sums.map { sum in
                ExportSumRow(
                    year: sum.year, channel: sum.channel.words, budgetLine: sum.budgetLine,
                    count: sum.count, amount: sum.amount)
            }, archive: mayFetch ? standing.export.archiveLink : nil,
            total: sums.map(\.amount).sum(), timeline: timeline(standing, names),
            choices: try choices(standing, visit), values: visit.form.values, errors: errors)
        return show(
            page, visit, at: "/exporte", back: PageLink("Exporte", "/exporte"),
            status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    private func facts(
        _ standing: ExportStanding, among all: [ExportStanding], _ names: PersonNames
    ) -> [Fact] {
        let export = standing.export
        let words = FormatWords(titles: installation.exportTitles())
        var facts = [
            Fact("Format", words.name(export.profile)),
            Fact("Abschlüsse", "Nr. " + export.closes.map(\.german).joined(separator: ", ")),
        ]
        if !export.people.isEmpty {
            facts.append(
                Fact(
                    "Nennt Personen",
                    "Die Dateien lädt nur, wer die Rolle "
                        + "„\(Role.finance.german)“ hat."))
        }
        for number in export.corrects {
            facts.append(Fact("Berichtigt", "X-\(number)", path: "/exporte/\(number)"))
        }
        for other in all where other.export.corrects.contains(export.number) {
            let number = other.export.number
            facts.append(Fact("Berichtigt durch", "X-\(number)", path: "/exporte/\(number)"))
        }
        return facts
    }

    private func timeline(_ standing: ExportStanding, _ names: PersonNames) -> [TimelineEvent] {
        let calendar = installation.calendar
        let export = standing.export
        let made = TimelineEvent(
            time: calendar.german(export.at), iso: export.at.iso, text: "Erstellt",
            who: names[export.by])
        return [made]
            + standing.handovers.map { step in
                TimelineEvent(
                    time: calendar.german(step.at), iso: step.at.iso, text: step.words,
                    who: names[step.by])
            }
    }

    /// Without a place to hand over to, and before it was fetched.
    private static let fetch =
        "Laden Sie die Dateien unten. Damit ist der Export übergeben, und Sie können ihn "
        + "quittieren, sobald die Finanzsoftware ihn gebucht hat."

    private func choices(_ standing: ExportStanding, _ visit: Visit) throws -> ExportPage.Choices {
        guard visit.may(.handOverExport) else {
            let isOpen = standing.state.allows(.rejected)
            return ExportPage.Choices(
                waitingFor: isOpen
                    ? "Eine Person mit der Rolle „\(Role.finance.german)“ übergibt und quittiert."
                    : nil)
        }
        let targets =
            standing.state.allows(.handedOver) ? try installation.exportTargets() : []
        let isFetchedByHand = standing.state.allows(.handedOver) && targets.isEmpty
        return ExportPage.Choices(
            targets: targets, mayAcknowledge: standing.state.allows(.acknowledged),
            mayReject: standing.state.allows(.rejected), next: isFetchedByHand ? Self.fetch : nil)
    }

    private func handOverExport(_ visit: Visit) async throws -> Response {
        let number = try visit.arrival.number("number")
        let targets = try installation.exportTargets()
        guard targets.isEmpty || targets.contains(visit.form["ziel"]) else {
            return try exportPage(visit, errors: ["ziel": "Wählen Sie ein Ziel."])
        }
        try await installation.handOverExport(
            number, to: visit.form["ziel"], at: visit.yard, by: visit.person)
        return .redirect("/exporte/\(number)")
    }

    private func acknowledgeExport(_ visit: Visit) async throws -> Response {
        let number = try visit.arrival.number("number")
        let error = visit.form.problem(ofText: "nummer", missing: nil, what: "die Nummer")
        if let error {
            return try refused(.acknowledged, of: number, visit, errors: ["nummer": error])
        }
        let reference = visit.form.line("nummer")
        try await unlessDone(.acknowledged, reference, of: number, visit) {
            try await installation.acknowledgeExport(
                number, reference: reference, at: visit.yard, by: visit.person)
        }
        return .redirect("/exporte/\(number)")
    }

    private func rejectExport(_ visit: Visit) async throws -> Response {
        let number = try visit.arrival.number("number")
        let missing = "Sagen Sie in höchstens 200 Zeichen, was fehlt."
        let error = visit.form.problem(ofText: "grund", missing: missing, what: "den Grund")
        if let error { return try refused(.rejected, of: number, visit, errors: ["grund": error]) }
        let reason = visit.form.line("grund")
        try await unlessDone(.rejected, reason, of: number, visit) {
            try await installation.rejectExport(
                number, reason: reason, at: visit.yard, by: visit.person)
        }
        return .redirect("/exporte/\(number)")
    }

    /// The page with what is wrong at its fields, as long as it has the form.
    private func refused(
        _ step: ExportHandover.Step, of number: Int64, _ visit: Visit, errors: [String: String]
    ) throws -> Response {
        let state = try installation.exportStanding(number, of: visit.yard).state
        guard state.allows(step) else {
            throw OperationsError.exportState(number, found: state.rawValue)
        }
        return try exportPage(visit, errors: errors)
    }

    /// A second click finds that the first one did it, with the same words.
    private func unlessDone(
        _ step: ExportHandover.Step, _ note: String, of number: Int64, _ visit: Visit,
        act: () async throws -> Void
    ) async throws {
        let last = try installation.exportStanding(number, of: visit.yard).handovers.last
        if let last, last.step == step, last.by == visit.person.id, last.note == note { return }
        try await act()
    }

    private func exportFile(_ visit: Visit) async throws -> Response {
        try visit.arrival.requireOwnLink()
        let name = visit.arrival.parameter("file")
        let file = try await installation.fetchExportFile(
            name, ofExport: try visit.arrival.number("number"), at: visit.yard, by: visit.person)
        return .download(file, type: "application/octet-stream")
    }

    private func exportArchive(_ visit: Visit) async throws -> Response {
        try visit.arrival.requireOwnLink()
        let archive = try await installation.fetchExportArchive(
            ofExport: try visit.arrival.number("number"), at: visit.yard, by: visit.person)
        return .download(archive, type: "application/zip")
    }
}

extension ExportBatch {
    /// A link to each file, and to all in one where there are several.
    var links: [PageLink] {
        files.map { PageLink($0.name, path(of: $0)) } + [archiveLink].compactMap(\.self)
    }

    /// A link to each file, or where there are many to all in one.
    var shortLinks: [PageLink] {
        files.count > Self.fewFiles ? [archiveLink].compactMap(\.self) : links
    }

    private static let fewFiles = 3

    /// Leads to all files in one archive; nil where that would be no gain.
    fileprivate var archiveLink: PageLink? {
        files.count < 2
            ? nil : PageLink("X-\(number), alles als ZIP", "/exporte/\(number)/dateien.zip")
    }

    fileprivate func path(of file: File) -> String {
        "/exporte/\(number)/\(file.name.queryEscaped)"
    }
}

extension ExportStanding.State {
    /// As the console shows it.
    var shown: ExportState {
        switch self {
        case .prepared: .prepared
        case .handedOver: .handedOver
        case .acknowledged: .acknowledged
        case .rejected: .rejected
        }
    }
}

extension ExportHandover {
    fileprivate var words: String {
        switch step {
        case .handedOver: means == "download" ? "Heruntergeladen" : "Übergeben an \(means ?? "")"
        case .acknowledged: note.isEmpty ? "Quittiert" : "Quittiert, dort Nr. \(note)"
        case .rejected: "Zurückgewiesen: \(note)"
        }
    }
}

extension ExportCompleteness {
    fileprivate func row(_ words: FormatWords) -> ExportCompletenessRow {
        let name = words.name(format)
        guard !isComplete else {
            let open =
                unanswered.isEmpty
                ? "Alle sind quittiert." : "Noch nicht quittiert: \(Self.list(unanswered))."
            return ExportCompletenessRow(
                format: name, isComplete: true,
                text: (closes.count == 1
                    ? "Der eine Abschluss" : "Jeder der \(Int64(closes.count).german) Abschlüsse")
                    + " ist genau einmal ausgegeben, "
                    + "zusammen \(grandTotal.german). \(open)")
        }
        var findings: [String] = []
        if !missing.isEmpty { findings.append("Noch nicht ausgegeben: \(Self.list(missing)).") }
        if !twice.isEmpty { findings.append("Mehrfach ausgegeben: \(Self.list(twice)).") }
        if findings.isEmpty {
            findings.append(
                "Ausgegeben sind \(exported.german), die laufende Summe ist \(grandTotal.german).")
        }
        return ExportCompletenessRow(
            format: name, isComplete: false, text: findings.joined(separator: " "))
    }

    private static func list(_ numbers: [Int64]) -> String {
        "Nr. \(numbers.map(\.german).listed(10))"
    }
}
