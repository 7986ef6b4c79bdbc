import CloseSheets
import DayClosing
import Operations
import Pages
import Reports
import Sales
import Units

@testable import Console

extension ConsoleFixtures {
    static let points: [Panel] = [
        Panel(
            .warning, "1 ungeklärte Zahlung", "t1-000913 über 45,00 € wird vorgetragen.",
            link: PageLink("Zahlung klären", "/zahlungen/t1/913"))
    ]

    static func addCloses(_ add: Add) {
        add(
            "close",
            ClosePage(
                number: 143, day: day,
                states: [.prepare: .done, .count: .incomplete, .compare: .notStarted],
                notes: [.prepare: "A. Beispiel, 20.11.2026, 18:02 Uhr"]), "/abschluss", nil)
        let facts = [Fact("Belege", "215"), Fact("Belege von Terminal t1", "000811 bis 000974")]
        let tasks = PageLink("Aufgaben des Abschlusses", "/abschluss")
        add(
            "close-prepare",
            ClosePreparePage(facts: facts, points: points, mark: "0123456789abcdef"),
            "/abschluss", tasks)
        add(
            "close-prepare-clear",
            ClosePreparePage(facts: facts, points: [], mark: ""),
            "/abschluss", tasks)
        add(
            "close-prepare-refused",
            ClosePreparePage(
                facts: facts, points: points, mark: "0123456789abcdef",
                error: "Klären Sie die Punkte, oder bestätigen Sie den Vortrag."), "/abschluss",
            tasks)
        add(
            "close-count", CloseCountPage(day: day, cardTerminals: ["60012345"]), "/abschluss",
            tasks)
        add("close-count-empty", CloseCountPage(day: day, cardTerminals: []), "/abschluss", tasks)
        add(
            "close-count-file",
            CloseCountPage(
                day: day, cardTerminals: ["60012345"], schemes: [.girocard],
                values: ["anzahl-60012345-girocard": "17", "datei": "geraet;schnitt"],
                errors: [
                    CloseField.cutFile:
                        "schnitte.csv, Zeile 3, erwartet: die Anzahl als ganze Zahl. "
                        + "Wählen Sie die berichtigte Datei."
                ]), "/abschluss", tasks)
        add(
            "close-count-refused",
            CloseCountPage(
                day: day, cardTerminals: ["60012345", "60012346"], schemes: [.girocard, .visa],
                cuts: 2, isCounted: true,
                open: CloseCountPage.Open(
                    points, mark: "0123456789abcdef", isChecked: false, hasChanged: true,
                    error: "Klären Sie die Punkte, oder bestätigen Sie den Vortrag."),
                values: ["betrag-60012345-girocard": "zwölf"],
                errors: [
                    "betrag-60012345-girocard": "Geben Sie einen Betrag ein, etwa 1.234,50."
                ]),
            "/abschluss", tasks)
        let suspicions = Self.suspicions
        add(
            "close-compare",
            CloseComparePage(
                comparisons, cuts: Self.cuts, recounts: 1, suspicions: suspicions), "/abschluss",
            tasks)
        add("close-compare-agrees", CloseComparePage([comparisons[0]]), "/abschluss", tasks)
        add("close-compare-empty", CloseComparePage([]), "/abschluss", tasks)
        add("close-compare-unknown", Self.unknownPage, "/abschluss", tasks)
        add("close-explain-unknown", CloseExplainPage([Self.unknown]), "/abschluss", tasks)
        add("close-compare-explained", CloseComparePage([comparisons[1]]), "/abschluss", tasks)
        add("close-explain-empty", CloseExplainPage([comparisons[0]]), "/abschluss", tasks)
        add(
            "close-explain",
            CloseExplainPage(
                comparisons, suspicions: suspicions,
                errors: ["grund-60012346-girocard": "Wählen Sie einen Grund."]),
            "/abschluss", tasks)
        add("close-approve", approve(), "/abschluss", tasks)
        add(
            "close-approve-refused",
            approve(errors: ["geprueft": "Bestätigen Sie, dass Sie geprüft haben."]),
            "/abschluss", tasks)
        add(
            "close-approve-news",
            approve(errors: ["neu": "Seit der Zählung kam etwas dazu."]), "/abschluss", tasks)
        add(
            "close-news",
            ClosePage(
                number: 143, day: day,
                states: [.prepare: .incomplete, .count: .done, .compare: .done],
                news: Panel(
                    .warning, "Seit der Zählung kam etwas dazu", "Terminal t1 hat noch Belege.",
                    link: PageLink("Offene Punkte ansehen", "/abschluss/vorbereiten"))),
            "/abschluss", nil)
        add(
            "close-approve-waiting",
            approve(waitingFor: "Sie haben gezählt; freigeben muss eine andere Person."),
            "/abschluss", tasks)
        let row = CloseRow(
            number: 142, day: day, records: 215, turnover: Cents(1_540_327),
            difference: Cents(-2_317), people: "A. Beispiel, C. Muster",
            seal: SealWords.badge(.witnessed), export: .acknowledged)
        add(
            "closes",
            ClosesPage(
                rows: [row], missing: [],
                next: PageLink("Weitere Abschlüsse", "/abschluesse?ab=1200")), "/abschluesse", nil)
        add(
            "close-sent-back",
            ClosePage(
                number: 143, day: day, states: [.prepare: .notStarted, .count: .notStarted],
                sentBack: Panel(.warning, "Zurückgegeben von C. Muster", "Gerät 2 fehlt.")),
            "/abschluss", nil)
        add(
            "close-approve-sent-back",
            approve(errors: ["grund": "Schreiben Sie in einem Satz, was zu prüfen ist."]),
            "/abschluss", tasks)
        let interim = CloseSheet(
            interim: "Zwischenbericht (X)", of: close.totals, before: Cents(183_400_000), at: noon,
            subtitle: "Musterstadt, Wertstoffhof Nord",
            facts: [CloseSheet.Fact("Stand", "20.11.2026, 12:00:00 Uhr")])
        add(
            "sheet",
            SheetPage(
                interim,
                snapshots: [
                    PageLink("Nr. 1, Unvermutete Prüfung", "/abschluss/zwischenpruefungen/1")
                ], reason: Field("anlass", "Anlass")), "/abschluss", tasks)
        add("closes-gap", ClosesPage(rows: [row], missing: [140, 141]), "/abschluesse", nil)
        add("closes-empty", ClosesPage(rows: [], missing: []), "/abschluesse", nil)
        add(
            "close-sheet",
            CloseSheetPage(
                close, yard: "Wertstoffhof Nord", countedBy: "A. Beispiel",
                countedAt: "20.11.2026, 18:20 Uhr", approvedBy: "C. Muster",
                approvedAt: "20.11.2026, 18:31 Uhr",
                proof: [Fact("Zeitstempel", "20.11.2026, 18:32 Uhr, gültig")],
                downloads: [PageLink("Abschluss als JWS", "/abschluesse/142/umschlag")]),
            "/abschluesse", PageLink("Abschlüsse", "/abschluesse"))
        add(
            "close-sheet-empty",
            CloseSheetPage(
                emptyClose, yard: "Wertstoffhof Nord", countedBy: "A. Beispiel",
                countedAt: "20.11.2026, 18:20 Uhr", approvedBy: "C. Muster",
                approvedAt: "20.11.2026, 18:31 Uhr", proof: [], downloads: []), "/abschluesse",
            PageLink("Abschlüsse", "/abschluesse"))
    }

    /// Of a day without sales.
    private static let emptyClose = DayClose(
        number: 143, yard: named("nord"), day: day, from: 1_216, to: 1_216, totals: CloseTotals(),
        comparisons: [], grandTotalBefore: Cents(184_940_327), countedBy: named("beispiel"),
        countedAt: noon, approvedBy: named("muster"), approvedAt: noon,
        accountPlan: "musterstadt-2026", accountPlanDigest: String(repeating: "a", count: 64))

    static func approve(waitingFor: String? = nil, errors: [String: String] = [:])
        -> CloseApprovePage
    {
        CloseApprovePage(
            number: 143, turnover: Cents(1_540_327), records: 215, comparisons: comparisons,
            facts: [Fact("Gezählt von", "A. Beispiel, 18:20 Uhr")], carried: points,
            mark: "0123456789abcdef",
            news: errors["neu"] == nil ? ([], "") : (points, "0123456789abcdef"),
            prepare: PageLink("Offene Punkte ansehen", "/abschluss/vorbereiten"),
            waitingFor: waitingFor, errors: errors)
    }

    static let unknown = CardComparison(
        key: CardKey(cardTerminal: "60012346", scheme: .girocard),
        expected: Tally(count: 41, amount: Cents(1_234_567)), counted: nil)

    /// A card terminal without a cut, and numbers of another that do not follow.
    static let unknownPage = CloseComparePage(
        [comparisons[0], unknown], cuts: Array(cuts.prefix(1)),
        findings: [
            .gap(cardTerminal: "60012345", after: "0017", number: "0020", missing: 2),
            .repeated(cardTerminal: "60012345", number: "0011", close: 140),
        ])

    static let cuts = [
        BatchCut(
            cardTerminal: "60012345", number: "0017", printedAt: "2026-11-20 13:00",
            totals: [.girocard: Tally(count: 20, amount: Cents(100_000))]),
        BatchCut(
            cardTerminal: "60012345", number: "0018", source: .uploaded,
            totals: [.girocard: Tally(count: 32, amount: Cents(184_310))]),
    ]

    static var suspicions: [CardKey: [Suspicion]] {
        guard let terminal = TerminalID("t1"), let open = comparisons.first(where: { !$0.agrees })
        else { return [:] }
        let sale = SaleReference(terminal: terminal, sequence: 913)
        return [
            open.key: [
                Suspicion(kind: .equalAmount, sales: [sale], reason: .missingInTerminal)
            ]
        ]
    }

    static func addOperation(_ add: Add) {
        addExports(add)
        addTariffs(add)
        addReports(add)
        let terminals = TerminalState.allCases.enumerated().map { index, state in
            TerminalRow(
                id: "t\(index)", name: "Einfahrt \(index)", state: state,
                last: index == 0 ? nil : 974, seen: "vor 2 Minuten", queue: index == 2 ? nil : 3,
                note: index == 2 ? "Letzte Verbindung vor 3 Tagen." : nil, mayRelease: true,
                mayRevoke: true)
        }
        let pending = [
            PendingTerminal(
                request: 9, id: "t9", name: "Waage", requested: "20.11.2026, 09:00 Uhr, B. Ott"),
            PendingTerminal(
                request: 8, id: "t8", name: "Kiosk",
                requested: "20.11.2026, 09:05 Uhr, A. Beispiel",
                waitingFor: "Sie haben angemeldet; freigeben muss jemand anderes."),
        ]
        add(
            "terminals",
            TerminalsPage(rows: terminals, pending: pending, keys: Self.keys, mayEnrol: true),
            "/terminals", nil)
        addKeys(add)
        add(
            "terminals-empty",
            TerminalsPage(
                rows: [], pending: [], mayEnrol: true, values: ["kennung": "T 1"],
                errors: ["kennung": "Nur Kleinbuchstaben und Ziffern, zum Beispiel t3."]),
            "/terminals", nil)
        add(
            "terminal-release",
            TerminalReleasePage(
                id: "t2", facts: [Fact("Belegnummer", "t2-000252", path: "/verkaeufe/t2/252")]),
            "/terminals", nil)
        add(
            "enrolment-code",
            EnrolmentCodePage(
                id: "t3", code: "K7PM-2QXD", validUntil: "zehn Minuten lang ab der Freigabe",
                server: "https://hof.musterstadt.example"), "/terminals", nil)
        add("audit", audit, "/pruefung", nil)
    }

    /// A month by material, nothing at all, and days that make no period.
    private static func addReports(_ add: Add) {
        guard let day = BusinessDay(iso: "2026-11-20"),
            let period = ReportPeriod(from: day, to: day)
        else { return }
        let table = ReportTable(
            title: "Umsatz nach Abfallart", headings: ["Abfallart", "Umsatz"],
            rows: [[.text("Bauschutt"), .number("22,50 €")]],
            total: [.text("Summe"), .number("22,50 €")])
        let chart = ReportChart(
            heading: "Umsatz nach Abfallart, darunter das Vorjahr",
            rows: [
                ReportChart.Row(
                    label: "Bauschutt", bar: .init(value: 2_250, text: "22,50 €"),
                    before: .init(value: 2_000, text: "20,00 €")),
                ReportChart.Row(
                    label: "Altholz", bar: .init(value: -500, text: "\u{2212}5,00 €"), before: nil),
            ])
        let answer = ReportAnswer(table: table, chart: chart)
        let problem = FormProblem(field: "bis", message: "Der letzte Tag liegt vor dem ersten.")
        let question = ReportQuestion(
            subject: .sales(.fraction, withYearBefore: false), period: period, isAllYards: false,
            measure: .turnover, problems: [problem])
        add(
            "report", ReportPage(question, answer, problems: question.problems), "/auswertung",
            nil)
    }

    private static func addTariffs(_ add: Add) {
        let digest = String(repeating: "9f86d081", count: 8)
        let rows = TariffState.allCases.map { state in
            TariffVersionRow(
                id: "satzung-\(state.rawValue.lowercased())",
                title: "Satzung über die Gebühren des Wertstoffhofs vom 12.12.2025",
                days: "05.01.2024 bis 31.12.2026", state: state,
                proposed: "20.11.2026, 14:03 Uhr, A. Beispiel",
                decided: "21.11.2026, 08:30 Uhr, B. Ott", digest: digest)
        }
        func waiting(_ id: String, _ reason: String?, mayApprove: Bool) -> PendingTariff {
            PendingTariff(
                id: id, title: "Satzung 2027", days: "01.01.2027 bis auf Weiteres",
                proposed: "20.11.2026, 14:03 Uhr, A. Beispiel", digest: digest,
                consequence: "Mit der Freigabe endet satzung-2026 am 31.12.2026.",
                waitingFor: reason, mayApprove: mayApprove, mayWithdraw: true)
        }
        add(
            "tariffs",
            TariffsPage(
                rows: rows,
                pending: [
                    waiting("satzung-2027", nil, mayApprove: true),
                    waiting("satzung-2028", "Freigeben muss jemand anderes.", mayApprove: false),
                ],
                notice: Panel(.warning, "Der letzte Tarif endet am 31.12.2027", "Danach nichts."),
                mayPropose: true), "/tarife", nil)
        add("tariffs-empty", TariffsPage(rows: [], pending: [], mayPropose: false), "/tarife", nil)
    }

    static let audit = AuditPage(
        verdicts: [
            Panel(.success, "Abschlüsse ohne Lücke", "Nr. 1 bis 142."),
            Panel(.danger, "Eine Belegnummer fehlt", "Terminal t2: 000252."),
        ],
        terminals: [
            AuditPage.Row(terminal: "t1", first: 1, last: 974, count: 974, missing: []),
            AuditPage.Row(terminal: "t2", first: 1, last: 291, count: 290, missing: [252]),
        ],
        checkpoint: [
            Fact("Einträge", "1.216"), Fact("Wurzel", String(repeating: "9f86d081", count: 8)),
        ],
        flags: [
            AuditPage.Flag(
                index: "1.207", path: "/pruefung/1207", time: "20.11.2026, 14:03 Uhr",
                text: "Preis weicht um 0,50 € ab")
        ],
        people: [
            AuditPage.Change(
                time: "20.11.2026, 14:03 Uhr", who: "betrieb", whom: "kasse",
                text: "Rollen: Kasse → Kasse, Freigabe (zweite Person)")
        ],
        log: "musterstadt.example/log/nord",
        downloads: [PageLink("Prüfpunkt", "/log/nord/checkpoint")])
}
