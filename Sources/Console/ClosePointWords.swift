import Calendars
import Operations
import Pages
import People
import Receipts
import Sales
import Units

extension ConsoleRoutes {
    /// What turned up after the count, in one panel; nil where nothing did.
    func newsPanel(_ points: [ClosePoint], _ visit: Visit) -> Panel? {
        guard !points.isEmpty else { return nil }
        let named = points.map { $0.panel(installation.calendar).heading }.joined(separator: "; ")
        return Panel(
            .warning, "Seit der Zählung kam etwas dazu",
            "\(named). Wer es jetzt klärt, muss danach noch einmal zählen. Sonst bleibt es für den "
                + "nächsten Abschluss, und wer freigibt, muss es bestätigen.",
            link: Self.openPointsLink(visit))
    }

    /// Leads back to the preparation; nil for somebody who does not count.
    static func openPointsLink(_ visit: Visit) -> PageLink? {
        visit.may(.countClose) ? PageLink("Offene Punkte ansehen", "/abschluss/vorbereiten") : nil
    }
}

extension ClosePoint {
    /// The point as the steps of a close show it.
    func panel(_ calendar: LocalCalendar) -> Panel {
        switch self {
        case .unknownPayments(let sales, let total):
            Panel(
                .warning, "Ungeklärte Zahlungen: \(sales.count)",
                sales.count == 1
                    ? "\(Self.list(sales)), \(total.german); sie wird vorgetragen."
                    : "\(Self.list(sales)), zusammen \(total.german); sie werden vorgetragen.",
                link: PageLink("Zahlungen klären", "/zahlungen"))
        case .unknownAtTerminal(let terminal, let count):
            Panel(
                .warning, "Terminal \(terminal.text): Zahlung ungeklärt",
                "Am Gerät, noch nicht gesendet: \(count.german). Klären Sie das dort.")
        case .unsent(let terminal, let count):
            Panel(
                .warning, "Terminal \(terminal.text) hat noch Belege",
                "Noch nicht gesendet: \(count.german). Das käme in den nächsten Abschluss.")
        case .silent(let terminal, let since):
            Panel(
                .info, "Terminal \(terminal.text) meldet sich nicht",
                (since.map { "Zuletzt am \(calendar.german($0))." } ?? "Noch nie gemeldet.")
                    + " Sehen Sie am Gerät nach, ob dort noch Belege auf das Senden warten.")
        case .missing(let terminal, let numbers):
            Panel(
                .danger, "Terminal \(terminal.text): Nummern fehlen",
                numbers.map { padded($0, 6) }.listed(50))
        case .quarantined(let terminal):
            Panel(
                .danger, "Terminal \(terminal.text) ist in Quarantäne",
                "Seine Belege zählen mit und sind gekennzeichnet.")
        case .withheld(let count):
            Panel(
                .warning, "Zurückgehaltene Belege: \(count.german)",
                "Sie kamen unter einem gesperrten Schlüssel und zählen nicht, bis entschieden ist.")
        case .refundsOpen(let requests):
            Panel(
                .warning, "Erstattungen auf Karte ohne Beleg: \(requests.count)",
                requests.map { "E-\($0)" }.joined(separator: ", "),
                link: PageLink("Erstattungen ansehen", "/erstattungen"))
        case .late(let sales):
            Panel(
                .info, "Nachträge früherer Tage: \(sales.count)",
                "\(Self.list(sales)). Sie stehen mit ihrem eigenen Tag im Abschluss.")
        case .carried(let open):
            Panel(
                .warning, "Vorgetragene Abweichungen: \(open.count)",
                open.map {
                    "\($0.scheme.label) an Gerät \($0.cardTerminal) \($0.amount.german) seit "
                        + "Abschluss Nr. \($0.since.german)"
                }.joined(separator: "; ") + ". Sie sollten sich jetzt ausgleichen.")
        case .cutOverdue(let cut): cut.panel
        case .flagged(let count):
            Panel(
                .info, "Auffällige Einträge: \(count.german)",
                "Der Server hat sie mit einem Hinweis versehen.")
        case .debtorMissing(let sales):
            Panel(
                .warning, "Forderungen ohne Schuldner: \(sales.count)",
                "\(Self.list(sales)). Benennen Sie ihn auf der Seite des Verkaufs, bevor die "
                    + "Forderung exportiert wird.",
                link: sales.first.map { PageLink("Verkauf \($0.receiptNumber) ansehen", $0.path) })
        }
    }

    private static func list(_ sales: [SaleReference]) -> String {
        sales.map(\.receiptNumber).listed(20)
    }
}

extension OverdueCut {
    /// A card terminal that has to be cut, as the pages say it.
    var panel: Panel {
        Panel(
            .warning, "Kartengerät \(cardTerminal) ohne Kassenschnitt",
            "Seit dem \(GermanFormat.day(since)), \(days == 1 ? "1 Tag" : "\(days) Tage"). Machen "
                + "Sie heute einen; ohne Kassenschnitt können Zahlungen verfallen.")
    }
}
