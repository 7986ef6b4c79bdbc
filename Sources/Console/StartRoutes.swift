import Calendars
import DayClosing
import Hummingbird
import Operations
import Pages
import People
import Storage
import Units

extension ConsoleRoutes {
    /// What is to be done, and whether all is well.
    var startRoutes: [ConsoleRoute] { [.get(Self.startPath, .readSales, startPage)] }

    /// Where somebody begins who wants nothing particular.
    static let startPath = "/heute"

    private func startPage(_ visit: Visit) async throws -> Response {
        let status = try installation.logStatus(of: visit.yard)
        // Days that nobody closed may take long to add up: not on a thread that others answer from.
        let overdue = try await onThread { [installation, yard = visit.yard] in
            try installation.overdueCuts(of: yard)
        }
        let page = StartPage(
            day: installation.calendar.day(of: installation.clock()),
            tasks: try standingTasks() + openTasks(visit) + overdue.map(\.panel),
            states: [SealWords.panel(status)])
        return show(page, visit, at: Self.startPath)
    }

    /// What keeps the server from writing.
    private func standingTasks() -> [Panel] {
        [WritePurpose.office, .sales].lazy
            .compactMap { installation.standing.refusal(of: $0) }.prefix(1)
            .map { refusal in
                let words = GermanWords.words(for: refusal)
                return Panel(
                    .danger, words.title, ([words.what] + words.todo).joined(separator: " "))
            }
    }

    /// What waits for somebody, most urgent first.
    private func openTasks(_ visit: Visit) throws -> [Panel] {
        let terminals = try installation.terminals(of: visit.yard)
        let doubtful = terminals.filter { $0.state == .quarantined }.map(\.id.text)
        let payments = try installation.unresolvedPayments(of: visit.yard).count
        let requests = try installation.reversalRequests(of: visit.yard)
            .filter { [.requested, .approved].contains($0.row.state) }.count
        let keys =
            try installation.openEnrolments(of: visit.yard).count
            + installation.openKeyRequests(of: visit.yard).count
        let mayAudit = visit.may(.readAudit)
        let found: [Panel?] = [
            Self.task(
                doubtful.count, .danger, "Terminal in Quarantäne",
                "Zu prüfen: \(doubtful.joined(separator: ", ")).",
                mayAudit ? PageLink("Zu den Terminals", "/terminals") : nil),
            Self.task(
                payments, .warning, "Zahlung ohne Ergebnis",
                "Kartenzahlungen, zu denen das Kartengerät nichts gemeldet hat: \(payments).",
                PageLink("Zahlungen klären", "/zahlungen")),
        ]
        let waiting: [Panel?] = [
            Self.task(
                requests, .info, "Erstattung wartet",
                "Anträge, die noch niemand abgeschlossen hat: \(requests).",
                PageLink("Zu den Erstattungen", "/erstattungen")),
            Self.task(
                keys, .info, "Terminal oder Schlüssel wartet",
                "Anmeldungen und Anträge, die eine zweite Person braucht: \(keys).",
                mayAudit ? PageLink("Zu den Terminals", "/terminals") : nil),
            try closeTask(visit),
        ]
        return found.compactMap(\.self) + reportedUnknown(terminals) + waiting.compactMap(\.self)
    }

    /// Payments that terminals themselves call unknown, before anything of them is in the journal.
    func reportedUnknown(_ terminals: [Storage.TerminalRow]) -> [Panel] {
        terminals.filter { $0.state != .revoked && $0.unknown > 0 }.map {
            ClosePoint.unknownAtTerminal($0.id, count: $0.unknown).panel(installation.calendar)
        }
    }

    private static func task(
        _ count: Int, _ tone: Badge.Tone, _ heading: String, _ text: String, _ link: PageLink?
    ) -> Panel? {
        count > 0 ? Panel(tone, heading, text, link: link) : nil
    }

    /// Whether a counted close waits for its second person, one that was sent back for another
    /// count, or a day that has passed for its close.
    private func closeTask(_ visit: Visit) throws -> Panel? {
        let link = PageLink("Zum Abschluss", "/abschluss")
        if try installation.hasCountedClose(at: visit.yard) {
            return Panel(
                .info, "Abschluss gezählt", "Er wartet auf Erklärung oder Freigabe.", link: link)
        }
        if let back = try installation.lastSentBack(at: visit.yard) {
            let names = PersonNames(try installation.people())
            return Panel(
                .warning, "Abschluss zurückgegeben von \(names[back.by])",
                "\(installation.calendar.german(back.at)): \(back.reason)", link: link)
        }
        let today = installation.calendar.day(of: installation.clock())
        guard let open = try installation.firstOpenDay(of: visit.yard), open < today else {
            return nil
        }
        return Panel(
            .warning, "Tag ohne Abschluss",
            "Seit dem \(GermanFormat.day(open)) ist etwas verzeichnet, das kein Abschluss hält.",
            link: link)
    }
}
