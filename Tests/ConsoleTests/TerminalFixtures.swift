import Pages
import Receipts
import Tariffs
import Units

@testable import YardTerminal

/// Every page of the yard terminal in its usual states, for an invented town.
enum TerminalFixtures {
    static func frame(_ current: String = "") -> PageFrame {
        PageFrame(
            town: "Stadt Musterstadt", yard: "Wertstoffhof Nord, Gerät t1", kind: .terminal,
            navigation: [
                PageLink("Start", "/", isCurrent: current == "/"),
                PageLink("Heute", "/heute", isCurrent: current == "/heute"),
            ],
            person: SignedInPerson(name: "C. Muster", role: "Annahme", signOutPath: "/abmelden"),
            csrf: "token-1")
    }

    static func fraction(_ text: String) -> FractionID {
        guard let id = FractionID(text) else { fatalError("no fraction: \(text)") }
        return id
    }

    static let tiles: [Tile] = [
        Tile(
            fraction: fraction("bauschutt"), name: "Bauschutt", note: "15,00 € je m³",
            isFavourite: true),
        Tile(
            fraction: fraction("gruenschnitt"), name: "Grünschnitt", note: "privat kostenfrei",
            isFavourite: true),
        Tile(fraction: fraction("altholz-4"), name: "Altholz A IV", note: "156,00 € je t"),
        Tile(fraction: fraction("altreifen"), name: "Altreifen mit Felge", note: "5,95 € je Stück"),
        Tile(fraction: fraction("sperrmuell"), name: "Sperrmüll"),
        Tile(fraction: fraction("gips"), name: "Gipskartonplatten und Gasbetonsteine"),
    ]

    static let lines: [DeliveryLine] = [
        DeliveryLine(
            delivery: 7, index: 0, name: "Bauschutt",
            reason: "1,5 m³ Bauschutt zu 15,00 € je m³ ergeben 22,50 €.", gross: Cents(2_250)),
        DeliveryLine(
            delivery: 7, index: 1, name: "Altreifen mit Felge",
            reason: "2 Stück zu 5,95 € je Stück ergeben 11,90 €.", gross: Cents(1_190)),
    ]

    static let units: [Field.Option] = [
        Field.Option("m3", "m³"), Field.Option("l", "Liter"), Field.Option("kg", "kg"),
        Field.Option("t", "t"), Field.Option("stueck", "Stück"),
        Field.Option("behaelter:sack-70l", "Sack 70 l"), Field.Option("fahrzeug:kombi", "Kombi"),
    ]

    static let all: [RenderedPage] = {
        var pages: [RenderedPage] = []
        func add(_ name: String, _ page: any Page, _ current: String) {
            pages.append(
                RenderedPage(
                    name: "terminal-\(name)",
                    html: PageTemplates.embedded.render(page, in: frame(current))))
        }
        Self.add(add)
        return pages
    }()

    static func add(_ add: Add) {
        addDeliveries(add)
        addFacts(add)
        addPayments(add)
        addRecords(add)
    }

    typealias Add = (String, any Page, String) -> Void

    private static func addFacts(_ add: Add) {
        let questions = DeliveryQuestions(
            asksOrigin: true, features: [], holders: Holder.allCases, asksScale: true)
        let wrong = ["inhaber.household": "Geben Sie eine Nummer oder einen Namen ein."]
        for (name, errors) in [("facts", [:]), ("facts-wrong", wrong)] {
            add(
                name,
                FactsPage(
                    id: 7, questions: questions, residentArea: "Musterstadt",
                    items: [
                        FactsPage.ItemFeatures(
                            index: 1, name: "Asbest",
                            features: [
                                CheckField(
                                    "merkmal.1.dicht", "dicht verpackt", isChecked: false)
                            ])
                    ],
                    values: ["herkunft": "non-resident", "inhaber.household": "--"],
                    errors: errors), "")
        }
        let facts = ItemFactsFields(
            features: [
                CheckField(
                    "merkmal.dicht", "Ist alles dicht verpackt?", isChecked: true,
                    hint: "dicht verpackt"), CheckField("merkmal.nass", "nass", isChecked: false),
            ], mixture: [CheckField("gemischt.boden", "Boden", isChecked: true)], declarable: [],
            values: [:], errors: [:])
        add("item", ItemFactsPage(id: 7, index: 0, name: "Asbest", facts: facts), "")
        add(
            "delivery-facts",
            DeliveryPage(
                id: 7, group: .household,
                lines: [
                    DeliveryLine(
                        delivery: 7, index: 0, name: "Asbest", reason: "260 kg ergeben 78,00 €.",
                        gross: Cents(7_800), note: "dicht verpackt; gemischt mit Boden")
                ], total: Cents(7_800), deposit: Cents(5_000),
                facts: [DeliveryFact(label: "Herkunft", value: "auswärtig")], asksFacts: true,
                tiles: tiles), "")
        add(
            "amount-facts",
            AmountPage(
                id: 7, fraction: fraction("bauschutt"), name: "Bauschutt", units: units,
                hasFill: true, hasTime: true, mayWeigh: true, facts: facts), "")
    }

    private static func addDeliveries(_ add: Add) {
        let status = [
            StatusItem(text: "Verbunden", tone: "success"),
            StatusItem(text: "3 Belege noch nicht gesendet", tone: "warning"),
        ]
        let waiting = [
            DeliveryLink(path: "/anlieferung/5", what: "Altholz A IV", note: "13:40 Uhr, 96,72 €")
        ]
        add("start", StartPage(status: status, tiles: tiles, parked: waiting, unknown: []), "/")
        add(
            "start-unknown",
            StartPage(
                status: status,
                problem: Notice("danger", "Gerät gesperrt", "Bitte das Büro anrufen."),
                tiles: [], parked: [],
                unknown: [
                    DeliveryLink(path: "/ungeklaert/6", what: "Bauschutt", note: "45,00 €")
                ]), "/")
        add(
            "attendant",
            AttendantPage(people: [AttendantPage.Person(id: "muster", name: "C. Muster")]), "")
        add(
            "delivery",
            DeliveryPage(
                id: 7, group: .household, lines: lines, total: Cents(3_440), tiles: tiles), "")
        add(
            "delivery-refused",
            DeliveryPage(
                id: 7, group: .commercial, lines: lines, total: Cents(3_440),
                refusals: [
                    Notice("danger", "Nicht angenommen", "Asbest nimmt nur der Hof Süd an.")
                ], tiles: tiles), "")
        add(
            "delivery-weighing",
            DeliveryPage(
                id: 7, group: .household, lines: [], total: .zero,
                weighing: "Altholz A IV: 2.860 kg eingewogen um 13:40 Uhr", tiles: tiles), "")
        add(
            "amount",
            AmountPage(
                id: 7, fraction: fraction("bauschutt"), name: "Bauschutt", units: units,
                hasFill: true, mayWeigh: true), "")
        add(
            "amount-refused",
            AmountPage(
                id: 7, fraction: fraction("bauschutt"), name: "Bauschutt", units: units,
                hasFill: false, mayWeigh: false, values: ["menge": "viel"],
                errors: ["menge": "Geben Sie eine Zahl ein, zum Beispiel 1,5."]), "")
        add("end", DeliveryEndPage(id: 7), "")
    }

    private static func addPayments(_ add: Add) {
        add("payment", PaymentPage(id: 7, amount: Cents(3_440)), "")
        add(
            "payment-refused",
            PaymentPage(
                id: 7, amount: Cents(3_440), values: ["ergebnis": "approved"],
                errors: [
                    "belegnummer": "Beleg-Nr. fehlt.", "marke": "Wählen Sie die Kartenmarke.",
                ]),
            "")
        add(
            "payment-waiting",
            PaymentPage(
                id: 7, amount: Cents(3_440), waiting: "Bitte Karte einstecken oder auflegen"),
            "")
        add(
            "claim",
            ClaimPage(id: 7, amount: Cents(3_440), error: "Name und Anschrift fehlen."), "")
        add(
            "unknown",
            UnknownPaymentPage(
                id: 7, amount: Cents(3_440),
                notice: Notice("warning", "Keine Antwort", "Das Kartengerät weiß nichts davon."),
                mayEnquire: true), "")
    }

    private static func addRecords(_ add: Add) {
        let slip = """
                 Stadt Musterstadt, Eigenbetrieb
                        Wertstoffhof Nord
            ==========================================
            4.2 Bauschutt                      22,50 €
            ==========================================
            Gesamtbetrag                       22,50 €
            """
        let check = ConsoleFixtures.check
        add(
            "slip",
            SlipPage(
                number: "t1-000042", notice: Notice("success", "Bezahlt", "Beleg bitte mitgeben."),
                slip: slip, check: check,
                actions: [PageLink("Beleg stornieren", "/beleg/42/storno")]), "")
        let row = TodayRow(
            sequence: 42, number: "t1-000042", time: "14:03", what: "Bauschutt",
            state: StatusItem(text: "Bezahlt", tone: "success"), sent: "wartet",
            amount: Cents(2_250), action: PageLink("Stornieren", "/beleg/42/storno"))
        let free = TodayRow(
            sequence: 41, number: "t1-000041", time: "13:58", what: "Grünschnitt",
            state: StatusItem(text: "Kostenfrei", tone: "neutral"), sent: "gesendet", amount: .zero)
        add("today", TodayPage(rows: [row, free], count: 2, sum: Cents(2_250)), "/heute")
        add("today-empty", TodayPage(rows: [], count: 0, sum: .zero), "/heute")
        add(
            "void",
            VoidPage(sequence: 42, number: "t1-000042", amount: Cents(2_250), needsSlip: true), "")
        add(
            "void-simple",
            VoidPage(
                sequence: 41, number: "t1-000041", amount: .zero, needsSlip: false,
                errors: ["grund": "Nennen Sie einen Grund."]), "")
        add("resolve", ResolvePage(sequence: 42, number: "t1-000042", amount: Cents(2_250)), "")
        add(
            "problem",
            TerminalProblemPage(
                title: "Das Kartengerät arbeitet noch", what: "Es ist noch kein Ergebnis da.",
                saved: "Die Anlieferung ist gespeichert.", todo: "Warten Sie, bis es fertig ist.",
                code: "card-terminal-busy", links: [PageLink("Zum Start", "/")]), "")
    }
}
