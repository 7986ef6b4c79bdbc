import Calendars
import DayClosing
import Hummingbird
import Operations
import Pages
import People
import Receipts
import Sales
import Storage
import Units

// The first two steps of a close: preparing and counting.
extension ConsoleRoutes {
    func preparePage(_ visit: Visit, errors: [String: String] = [:]) throws -> Response {
        let progress = try installation.closeProgress(of: visit.yard)
        let ranges = progress.totals.terminals
        var facts = [Fact("Abschluss", "Nr. \(progress.number.german)")]
        if progress.isHidden(from: visit.person) {
            facts.append(Fact("Umsatz", "wird nach dem Zählen gezeigt"))
        } else {
            facts += [
                Fact("Belege", ranges.map(\.count).reduce(0, +).german),
                Fact("Umsatz", progress.totals.turnover.german),
            ]
        }
        facts += ranges.map { range in
            Fact(
                "Terminal \(range.terminal.text)",
                "\(padded(range.first, 6)) bis \(padded(range.last, 6))")
        }
        let points = try installation.closePoints(progress)
        let page = ClosePreparePage(
            facts: facts, points: points.map { $0.panel(installation.calendar) },
            mustAcknowledge: points.contains { $0.mustBeAcknowledged },
            error: errors["bekannt"])
        return show(
            page, visit, at: "/abschluss", back: Self.closeTasks,
            status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    /// Goes on to counting once the open points are known.
    func prepare(_ visit: Visit) async throws -> Response {
        let points = try installation.closePoints(
            try installation.closeProgress(of: visit.yard))
        guard visit.form["bekannt"] == "ja" || !points.contains(where: { $0.mustBeAcknowledged })
        else {
            return try preparePage(
                visit,
                errors: ["bekannt": "Klären Sie die Punkte, oder bestätigen Sie den Vortrag."])
        }
        return .redirect("/abschluss/zaehlen")
    }

    /// The day that most likely is to be closed: that of the newest record not closed yet, so
    /// that a day forgotten yesterday is offered first.
    func suggestedDay(_ progress: CloseProgress) -> BusinessDay {
        let today = installation.calendar.day(of: installation.clock())
        return min(progress.newestDay ?? today, today)
    }

    func countPage(_ visit: Visit, errors: [String: String] = [:]) throws -> Response {
        let asked =
            visit.form["schnitte"].isEmpty
            ? visit.arrival.query("schnitte") : visit.form["schnitte"]
        var values = visit.form.values
        if values["geraet"] == nil { values["geraet"] = visit.arrival.query("geraet") }
        var errors = errors
        if let named = values["geraet"], !named.isEmpty, !CardSlip.isCode(named) {
            errors["geraet"] = "Geben Sie Ziffern oder Großbuchstaben ein, höchstens 16."
        }
        let progress = try installation.closeProgress(of: visit.yard)
        let page = CloseCountPage(
            day: suggestedDay(progress), cardTerminals: try cardTerminals(visit),
            cuts: CutForm.count(asked), isCounted: progress.draft != nil,
            values: values, errors: errors)
        return show(
            page, visit, at: "/abschluss", back: Self.closeTasks,
            status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    /// The card terminals of this close, of the one before, and one that the person names.
    private func cardTerminals(_ visit: Visit) throws -> [String] {
        let progress = try installation.closeProgress(of: visit.yard)
        let earlier = progress.previous?.comparisons.map(\.key.cardTerminal) ?? []
        let counted = progress.draft?.cuts.map(\.cardTerminal) ?? []
        let named = [visit.arrival.query("geraet"), visit.form["geraet"]]
            .filter(CardSlip.isCode)
        let all = progress.totals.cards.keys.map(\.cardTerminal) + earlier + counted + named
        return Set(all).sorted()
    }

    func count(_ visit: Visit) async throws -> Response {
        let form = CutForm(visit.form, terminals: try cardTerminals(visit))
        guard form.errors.isEmpty else { return try countPage(visit, errors: form.errors) }
        do {
            try await installation.countClose(
                cuts: form.cuts,
                day: form.day ?? installation.calendar.day(of: installation.clock()),
                at: visit.yard, by: visit.person)
        } catch OperationsError.input(field: "day", _) {
            return try countPage(
                visit,
                errors: [
                    "tag": "Wählen Sie einen Tag vom letzten Abschluss bis heute."
                ])
        }
        return .redirect("/abschluss/vergleichen")
    }
}

/// What the form of the count says, or what is wrong by field.
struct CutForm {
    private(set) var cuts: [BatchCut] = []
    private(set) var errors: [String: String] = [:]
    private(set) var day: BusinessDay?
    /// For each typed cut the field of its number.
    private var fieldsOfCuts: [String] = []

    /// How many cuts of each card terminal a form has room for.
    static func count(_ text: String) -> Int {
        min(max(decimal(Array(text.utf8)[...]) ?? 1, 1), 9)
    }

    init(_ form: FormValues, terminals: [String]) {
        if !form["tag"].isEmpty {
            day = BusinessDay(iso: form["tag"])
            if day == nil { errors["tag"] = "Geben Sie den Abschlusstag als Datum ein." }
        }
        for terminal in terminals {
            for number in 1...Self.count(form["schnitte"]) { read(terminal, number, form) }
        }
        let typed = cuts.repeated
        let fields = fieldsOfCuts
        read(file: form["datei"])
        guard errors.isEmpty, let (terminal, number) = cuts.repeated else { return }
        let field = typed.flatMap { _ in
            Array(zip(cuts, fields)).last { cut, _ in
                cut.cardTerminal == terminal && (cut.number ?? "") == number
            }?.1
        }
        errors[field ?? "datei"] =
            "Gerät \(terminal): Der Kassenschnitt \(number.isEmpty ? "ohne Nummer" : number) steht "
            + "zweimal da. Geben Sie jedem seine Nummer."
    }

    private mutating func read(_ terminal: String, _ number: Int, _ form: FormValues) {
        var totals: [CardScheme: Tally] = [:]
        for scheme in CardScheme.allCases {
            let key = CardKey(cardTerminal: terminal, scheme: scheme)
            totals[scheme] = tally(
                form, CloseField.count(key, number), CloseField.amount(key, number))
        }
        let label = form[CloseField.cut(terminal, number)]
        if !label.isEmpty, !CardSlip.isCode(label) {
            errors[CloseField.cut(terminal, number)] =
                "Geben Sie Ziffern oder Großbuchstaben ein, höchstens 16."
        }
        let time = form[CloseField.time(terminal, number)].replacing("T", with: " ")
        if !time.isEmpty, !BatchCut.isTime(time) {
            errors[CloseField.time(terminal, number)] = "Geben Sie Tag und Uhrzeit ein."
        }
        guard !totals.isEmpty || !label.isEmpty else { return }
        fieldsOfCuts.append(CloseField.cut(terminal, number))
        cuts.append(
            BatchCut(
                cardTerminal: terminal, number: label.isEmpty ? nil : label,
                printedAt: time.isEmpty ? nil : time, totals: totals))
    }

    private mutating func tally(_ form: FormValues, _ count: String, _ amount: String) -> Tally? {
        guard !form[count].isEmpty || !form[amount].isEmpty else { return nil }
        let number = decimal(Array(form[count].utf8)[...]).map { Int64($0) }
        if number.map({ $0 > BatchCut.countMax }) ?? true {
            errors[count] = "Geben Sie die Anzahl als ganze Zahl ein."
        }
        let cents = GermanAmount.parse(form[amount])
        if cents.map({ $0.magnitude.value > BatchCut.amountMax }) ?? true {
            errors[amount] = "Geben Sie einen Betrag ein, etwa 1.234,50."
        }
        guard let number, let cents else { return nil }
        return Tally(count: number, amount: cents)
    }

    private mutating func read(file text: String) {
        guard !text.isEmpty else { return }
        do { cuts += try BatchCutFile.parse(text) } catch {
            errors["datei"] = "Zeile \(error.line): Erwartet wird \(error.what.german)."
        }
    }
}

extension BatchCutFileError.What {
    /// What is wanted there, in German.
    fileprivate var german: String {
        switch self {
        case .header: "die Kopfzeile \(BatchCutFile.header)"
        case .tooLong: "eine Datei mit höchstens \(BatchCutFile.linesMax) Zeilen"
        case .cells: "sechs Felder mit Semikolon dazwischen"
        case .cardTerminal: "die Gerätenummer aus Ziffern oder Großbuchstaben"
        case .number: "die Nummer des Kassenschnitts oder nichts"
        case .time: "eine Zeit wie 2026-11-20 18:05, in allen Zeilen eines Schnitts dieselbe"
        case .scheme:
            "eine Kartenmarke: \(CardScheme.allCases.map(\.rawValue).joined(separator: ", "))"
        case .count: "die Anzahl als ganze Zahl"
        case .amount: "ein Betrag wie 613,80 oder -4,00"
        case .twice: "jede Kartenmarke eines Schnitts nur einmal"
        }
    }
}

extension ClosePoint {
    /// The point as the page of the preparation shows it.
    fileprivate func panel(_ calendar: LocalCalendar) -> Panel {
        switch self {
        case .unknownPayments(let sales, let total):
            Panel(
                .warning, "Ungeklärte Zahlungen: \(sales.count)",
                "\(Self.list(sales)), zusammen \(total.german); sie werden vorgetragen.",
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
                since.map { "Zuletzt am \(calendar.german($0))." } ?? "Noch nie gemeldet.")
        case .missing(let terminal, let numbers):
            Panel(
                .danger, "Terminal \(terminal.text): Nummern fehlen",
                numbers.prefix(50).map { padded($0, 6) }.joined(separator: ", ")
                    + (numbers.count > 50 ? " und \(numbers.count - 50) weitere" : ""))
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
        case .flagged(let count):
            Panel(
                .info, "Auffällige Einträge: \(count.german)",
                "Der Server hat sie mit einem Hinweis versehen.")
        }
    }

    private static func list(_ sales: [SaleReference]) -> String {
        sales.prefix(20).map(\.receiptNumber).joined(separator: ", ")
            + (sales.count > 20 ? " und \(sales.count - 20) weitere" : "")
    }
}
