import DayClosing
import Pages
import Receipts
import Sales
import Storage
import Units

@testable import Console

extension ConsoleFixtures {
    static func addGeneral(_ add: Add) {
        add("sign-in", SignInPage(), "", nil)
        add("public-receipt", receiptPage, "", nil)
        add("password", PasswordPage(), "/passwort", nil)
        add(
            "password-refused", PasswordPage(errors: ["neu": "Nehmen Sie ein längeres."]),
            "/passwort", nil)
        add("receipt-code", ReceiptCodePage(path: "/b/t1/42"), "", nil)
        add(
            "receipt-code-refused",
            ReceiptCodePage(path: "/b/t1/42", code: "abc", error: "Dazu gibt es keinen Beleg."),
            "", nil)
        add(
            "sign-in-refused",
            SignInPage(
                name: "beispiel", target: "/verkaeufe",
                problem: "Anmeldename oder Passwort stimmt nicht.",
                panel: Panel(.info, "Sitzung beendet", "Bitte melden Sie sich neu an.")), "", nil)
        add(
            "check",
            CheckPage(
                title: "22,50 € erstatten?", lead: "Prüfen Sie den Antrag.",
                facts: [
                    Fact("Verkauf", "t1-000042", path: "/verkaeufe/t1/42"),
                    Fact("Betrag", "22,50 €"), Fact("Grund", "Falsche Menge"),
                ],
                consequences: ["Eine zweite Person wird um Freigabe gebeten."],
                hidden: [HiddenField("art", "refund"), HiddenField("betrag-0", "22,50")],
                action: "/verkaeufe/t1/42/erstattung", confirm: "Erstattung beantragen"),
            "/verkaeufe", nil)
        add(
            "confirmation",
            ConfirmationPage(
                title: "Abschluss freigegeben", referenceLabel: "Nummer des Abschlusses",
                reference: "142",
                next: ["Der Abschluss ist endgültig.", "Ein Export kann erstellt werden."],
                links: [PageLink("Abschluss ansehen und drucken", "/abschluesse/142")]),
            "/abschluss", nil)
        add(
            "error",
            ErrorPage(
                title: "Das hat nicht geklappt", what: "Die Datenbank antwortet nicht.",
                saved: "Ihre Eingabe wurde nicht gespeichert.",
                todo: ["Warten Sie eine Minute und laden Sie die Seite neu."],
                code: "storage-unavailable 7f3a", links: [PageLink("Zur Startseite", "/")]), "",
            nil)
        add(
            "forbidden",
            ForbiddenPage(
                act: "Abschluss Nr. 142 freigeben", roles: ["Freigabe (zweite Person)"],
                reason: "Sie haben gezählt; freigeben muss jemand anderes.",
                people: "Zurzeit darf das: C. Muster. Fragen Sie dort.",
                contact: "Rollen vergibt die Betriebsleitung."), "", nil)
    }

    static func addSales(_ add: Add) {
        let states: [SaleState] = [.paid, .free, .onAccount, .unknown, .reversed, .notSold]
        let rows = states.enumerated().map { index, state in
            SaleRow(
                number: "t1-00004\(index)", path: "/verkaeufe/t1/4\(index)", time: "14:0\(index)",
                what: index == 0 ? "Bauschutt, Altreifen mit Felge" : "Grünschnitt",
                payment: index == 0 ? "girocard" : "–", state: state,
                amount: Cents(Int64(index) * 123_456))
        }
        let next = PageLink("Weitere Verkäufe", "/verkaeufe?tag=2026-11-20&ab=1200")
        let form = SalesForm(
            ["tag": day.iso, "terminal": "t1"], terminals: ["t1", "t2"], newest: day)
        add(
            "sales",
            SalesPage(
                form, rows: rows, sum: RecordSum(count: 1_215, total: Cents(1_540_327)),
                next: next), "/verkaeufe", nil)
        add(
            "sales-empty",
            SalesPage(form, rows: [], sum: RecordSum(count: 0, total: .zero), next: nil),
            "/verkaeufe", nil)
        let wrong = SalesForm(["betrag": "viel"], terminals: ["t1"], newest: day)
        add("sales-error", SalesPage(wrong, rows: [], sum: nil, next: nil), "/verkaeufe", nil)
        add("plate", PlatePage(FormValues(), rows: nil, error: nil), "/verkaeufe", nil)
        add("plate-found", PlatePage(FormValues(), rows: rows, error: nil), "/verkaeufe", nil)
        add("sale", sale, "/verkaeufe", PageLink("Verkäufe", "/verkaeufe"))
    }

    static let sale = SalePage(
        number: "t1-000042", state: SaleState.paid.badge, total: Cents(3_440),
        facts: [
            Fact("Zeit", "20.11.2026, 14:03 Uhr"), Fact("Terminal", "t1", path: "/terminals"),
            Fact("Anlieferergruppe", "privat"), Fact("Tarif", "Abfallgebührensatzung 2026"),
            Fact("Abschluss", "Nr. 142", path: "/abschluesse/142"),
        ],
        lines: [
            SaleLineRow(
                position: "4.2", name: "Bauschutt", paragraph: "§ 5 Abs. 1 Abfallgebührensatzung",
                explanation: "1,5 m³ Bauschutt zu 15,00 € je m³ ergeben 22,50 €.",
                figures: "Menge: 1.500 l", vat: "nicht steuerbar", amount: "22,50 €"),
            SaleLineRow(
                position: "P 3", name: "Altreifen mit Felge", paragraph: "Entgeltordnung, Zeile 3",
                explanation: "2 Stück zu 5,95 € je Stück ergeben 11,90 €.",
                figures: "Menge: 2 Stück", vat: "19 %", amount: "11,90 €"),
        ],
        payment: [Fact("Karte", "girocard, **** 1234"), Fact("Terminal-ID", "60012345")],
        attempts: ["14:02 Uhr: abgelehnt"], personal: [Fact("Kennzeichen", "MU-X 123")],
        timeline: [
            TimelineEvent(
                time: "20.11.2026, 14:03 Uhr", iso: "2026-11-20T13:03:00.000Z",
                text: "Verkauf verzeichnet", who: "C. Muster"),
            TimelineEvent(
                time: "20.11.2026, 18:10 Uhr", iso: "2026-11-20T17:10:00.000Z",
                text: "In Abschluss Nr. 142 aufgenommen", who: nil),
        ],
        flags: [
            Panel(.warning, "Preis weicht ab", "Der Server rechnet 22,00 € statt 22,50 €.")
        ],
        proof: ProofBlock(
            index: 1_207, leafHash: String(repeating: "9f86d081", count: 8),
            checkpoint: "1.216 Einträge, unterschrieben 20.11.2026, 14:03 Uhr",
            keyID: "t1-2026", downloadBase: "/verkaeufe/t1/42", logKey: "hof+0123abcd+key"),
        actions: [
            PageLink("Erstattung beantragen", "/verkaeufe/t1/42/erstattung"),
            PageLink("Beleg ansehen", "/b/t1/42"),
        ])

    static func addReversals(_ add: Add) {
        let remainder = [("4.2 Bauschutt", Cents(2_250)), ("P 3 Altreifen", Cents(1_190))]
        add(
            "reversal-form",
            ReversalFormPage(
                number: "t1-000042", salePath: "/verkaeufe/t1/42",
                remainder: remainder.map { (name: $0.0, left: $0.1) }), "/verkaeufe", nil)
        add(
            "reversal-form-refused",
            ReversalFormPage(
                number: "t1-000042", salePath: "/verkaeufe/t1/42",
                remainder: remainder.map { (name: $0.0, left: $0.1) },
                values: ["betrag-0": "99", "art": "refund"],
                errors: [
                    "betrag-0": "Höchstens 22,50 € sind noch zu erstatten.",
                    "weg": "Wählen Sie, wie das Geld zurückkommt.",
                    "empfaenger": "Nennen Sie den Empfänger.",
                    "iban": "**** **** **** **** **20 52: Die Prüfziffern passen nicht.",
                    "grund": "Nennen Sie einen Grund.",
                ]), "/verkaeufe", nil)
        let rows = RequestState.allCases.enumerated().map { index, state in
            ReversalRow(
                request: Int64(index + 7), saleNumber: "t1-000042", salePath: "/verkaeufe/t1/42",
                kind: index == 0 ? .void : .refund, requested: "20.11.2026, 15:10 Uhr, A. Beispiel",
                reason: "Falsche Menge eingegeben", state: state, amount: Cents(2_250))
        }
        add(
            "debtor",
            DebtorPage(
                number: "t1-000042", salePath: "/verkaeufe/t1/42",
                facts: [Fact("Betrag", "22,50 €")], isNamed: false,
                errors: ["schuldner": "Nennen Sie Name und Anschrift."]), "/verkaeufe", nil)
        add("reversals", ReversalsPage(rows: rows, waiting: 1), "/erstattungen", nil)
        add("reversals-empty", ReversalsPage(rows: [], waiting: 0), "/erstattungen", nil)
        let facts = [
            Fact("Verkauf", "t1-000042", path: "/verkaeufe/t1/42"), Fact("Betrag", "22,50 €"),
        ]
        let timeline = [
            TimelineEvent(
                time: "20.11.2026, 15:10 Uhr", iso: "2026-11-20T14:10:00.000Z",
                text: "Erstattung beantragt", who: "A. Beispiel")
        ]
        let back = PageLink("Erstattungen", "/erstattungen")
        add(
            "reversal-approve",
            ReversalPage(
                request: 7, state: .requested, amount: Cents(2_250), facts: facts,
                timeline: timeline, mayApprove: true),
            "/erstattungen", back)
        add(
            "reversal-payee",
            ReversalPage(
                request: 7, state: .requested, amount: Cents(2_250),
                facts: facts + [Fact("IBAN des Empfängers", "**** **** **** **** **20 51")],
                timeline: timeline, mayApprove: true,
                purpose: .purpose("Wofür?", FormValues(), isMissing: true)),
            "/erstattungen", back)
        add(
            "reversal-complete",
            ReversalPage(
                request: 7, state: .approved, amount: Cents(2_250), facts: facts,
                timeline: timeline, completion: .card), "/erstattungen", back)
        add(
            "reversal-waiting",
            ReversalPage(
                request: 7, state: .requested, amount: Cents(2_250), facts: facts,
                timeline: timeline,
                waitingFor: "Sie haben beantragt; freigeben muss jemand anderes."),
            "/erstattungen", back)
        let payment = PaymentRow(
            number: "t1-000913", path: "/zahlungen/t1/913", time: "20.11.2026, 16:41 Uhr",
            age: "seit 2 Tagen", cardTerminal: "60012345", amount: Cents(4_500))
        let tasks = [
            Panel(
                .danger, "Terminal in Quarantäne", "Zu prüfen: t2.",
                link: PageLink("Zu den Terminals", "/terminals")),
            Panel(
                .warning, "Tag ohne Abschluss",
                "Seit dem 20.11.2026 ist etwas verzeichnet, das kein Abschluss hält.",
                link: PageLink("Zum Abschluss", "/abschluss")),
        ]
        let seal = Panel(
            .warning, "Noch nicht bezeugt", "Verkäufe seit der letzten Bezeugung: 12.")
        add("start", StartPage(day: day, tasks: tasks, states: [seal]), "/heute", nil)
        add("start-done", StartPage(day: day, tasks: [], states: [seal]), "/heute", nil)
        add("payments", PaymentsPage(rows: [payment], sum: Cents(4_500)), "/zahlungen", nil)
        add("payments-empty", PaymentsPage(rows: [], sum: .zero), "/zahlungen", nil)
        let reported = Panel(
            .warning, "Terminal t2: Zahlung ungeklärt", "Am Gerät, noch nicht gesendet: 1.")
        add(
            "payments-reported", PaymentsPage(rows: [], sum: .zero, reported: [reported]),
            "/zahlungen", nil)
        add(
            "payment-resolve",
            PaymentResolvePage(
                number: "t1-000913", path: "/zahlungen/t1/913", facts: facts,
                values: ["befund": "charged"],
                errors: [
                    "beweis": "Wählen Sie, woher Sie es wissen.", "tid": "Terminal-ID fehlt.",
                ]),
            "/zahlungen", PageLink("Ungeklärte Zahlungen", "/zahlungen"))
    }
}
