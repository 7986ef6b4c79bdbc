import Pages

@testable import Console

extension ConsoleFixtures {
    static func addSettlements(_ add: Add) {
        add("settlement-board", board, "/abgleich", nil)
        add("settlement-board-empty", emptyBoard, "/abgleich", nil)
        let facts = [
            Fact("Posten", "Bankumsatz vom 23.11.2026, Auszug S1 Nr. 1, Umsatz 1"),
            Fact("Betrag", "11,88 €"), Fact("Alter", "2 Tage"),
        ]
        let decisions = [
            Field.Option("match", "Gehört zu einem Gegenposten", hint: "Sonst der Unterschied."),
            Field.Option("fee", "Entgelt von Bank oder Dienstleister"),
        ]
        let counterparts = [Field.Option("hof-1-000001:51234567", "12,00 €, 20.11.2026")]
        let back = PageLink("Abgleich mit der Bank", "/abgleich")
        add(
            "settlement-item",
            SettlementItemPage(
                code: "b-3f9a2c11d0", heading: "11,88 € vom 23.11.2026", facts: facts,
                decisions: decisions,
                counterparts: counterparts, values: [:], errors: [:]), "/abgleich", back)
        add(
            "settlement-item-refused",
            SettlementItemPage(
                code: "b-3f9a2c11d0", heading: "11,88 € vom 23.11.2026", facts: facts,
                decisions: decisions,
                counterparts: counterparts, values: ["entscheidung": "match"],
                errors: [
                    "unterschied": "Es kamen 11,88 € für 12,00 €.",
                    "grund": "Schreiben Sie einen Satz dazu.",
                ]), "/abgleich", back)
        add(
            "settlement",
            SettlementPage(
                id: "hof-1/42", facts: facts, mayUndo: true, values: [:],
                errors: ["grund": "Schreiben Sie einen Satz dazu."]), "/abgleich", back)
        add(
            "settlement-read-only",
            SettlementPage(id: "hof-1/42", facts: facts, mayUndo: false, values: [:], errors: [:]),
            "/abgleich", back)
    }

    static func addBankFiles(_ add: Add) {
        let board = PageLink("Abgleich mit der Bank", "/abgleich")
        let acquirers = [Field.Option("posten", "Von einem Dienstleister: Auszahlung")]
        add("bank-upload", BankUploadPage(acquirers: acquirers), "/abgleich", board)
        add(
            "bank-upload-refused",
            BankUploadPage(
                acquirers: acquirers, values: ["art": "posten"],
                errors: [
                    "art": "Wählen Sie, von wem die Datei ist.",
                    "datei": "B-E07 (Zeile 12): Die Angabe fehlt. Holen Sie die Datei neu ab.",
                ]), "/abgleich", board)
        let upload = PageLink("Bankdatei einlesen", "/abgleich/einlesen")
        let facts = [Fact("Datei", "auszug-2026-11-23.xml"), Fact("Auszüge", "2")]
        let rows = [
            BankFilePage.Row(
                name: "S1 Nr. 1", kind: "Kontoauszug", account: "DE02120300000000202051",
                days: "23.11.2026", lines: "1", total: "12,00 €", closing: "12,00 €",
                state: Badge("Schon da")),
            BankFilePage.Row(
                name: "Auszahlung", kind: "Abrechnung eines Dienstleisters", account: "posten",
                days: "20.11.2026 bis 24.11.2026", lines: "2", total: "6,95 €", closing: "–",
                state: Badge("neu", .info)),
        ]
        add(
            "bank-file",
            BankFilePage(
                title: "Bankdatei ansehen",
                verdict: Panel(.info, "Noch ist nichts übernommen", "Prüfen Sie Konto und Tage."),
                facts: facts, rows: rows,
                findings: [Panel(.warning, "Auszug S4 Nr. 4", "Nach Nr. 1 fehlen 2 Auszüge.")],
                action: "/abgleich/einlesen/9f86d0819f86d081"), "/abgleich", upload)
        add(
            "bank-file-done",
            BankFilePage(
                title: "Bankdatei eingelesen",
                verdict: Panel(.success, "Ein Auszug neu", "Eine Zuordnung ist gebucht."),
                facts: facts, rows: rows, findings: []), "/abgleich", upload)
        add(
            "bank-file-unmatched",
            BankFilePage(
                title: "Bankdatei eingelesen",
                verdict: Panel(
                    .warning, "Ein Auszug neu, aber noch nicht abgeglichen",
                    "Die Datei ist gespeichert; lesen Sie sie nicht noch einmal ein."),
                facts: facts, rows: rows, findings: [], mayMatchAgain: true), "/abgleich", upload)
        add(
            "bank-file-empty",
            BankFilePage(
                title: "Bankdatei ansehen",
                verdict: Panel(.warning, "Die Datei enthält keinen Auszug", "Es gibt nichts."),
                facts: facts, rows: [], findings: []), "/abgleich", upload)
    }

    private static let emptyBoard = SettlementBoardPage(
        figures: [Fact("Kassenschnitte", "0")], findings: [], open: [], board: [], range: "alle",
        clearing: [], claims: [], waitingCount: 0, mayBook: true, isWithoutBank: true,
        upload: PageLink("Bankdatei einlesen", "/abgleich/einlesen"))

    private static let board = SettlementBoardPage(
        figures: [
            Fact("Kassenschnitte", "1.240"), Fact("Bankumsätze", "913"),
            Fact("Zuordnungen", "880"), Fact("Offen", "2"),
        ],
        findings: [
            Panel(
                .warning, "Auszug S4 Nr. 4",
                "Nach Nr. 1 fehlen 2 Auszüge. Konto DE02120300000000202051.")
        ],
        open: [
            .init(
                code: "b-3f9a2c11d0", path: "/abgleich/posten/b-3f9a2c11d0",
                what: "Bankumsatz vom 23.11.2026, Auszug S1 Nr. 1, Umsatz 1",
                text: "KARTENUMSATZ TID 65010001", day: "23.11.2026", age: "2 Tage",
                amount: "11,88 €", reason: "Es fehlt etwa ein Entgelt: vermutlich netto. Prüfen.",
                proposals: "Kassenschnitt zu hof-1-000001, Gerät 51234567"),
            .init(
                code: "hof-1-000002:51234567", path: nil,
                what: "Kassenschnitt zu hof-1-000002, Gerät 51234567", text: "", day: "24.11.2026",
                age: "1 Tag", amount: "1.284,00 €", reason: "Noch in der üblichen Frist.",
                proposals: ""),
        ],
        board: [
            .init(
                close: PageLink("hof-1-000001", "/abschluesse/1"), day: "20.11.2026",
                cut: "Kassenschnitt zu hof-1-000001, Gerät 51234567", amount: "12,00 €",
                credits: "Bankumsatz vom 23.11.2026, Auszug S1 Nr. 1, Umsatz 1",
                state: Badge("Gebucht", .success),
                rule: PageLink("Von Hand entschieden.", "/abgleich/zuordnung/hof-1/42")),
            .init(
                close: PageLink("hof-1-000002", "/abschluesse/2"), day: "24.11.2026",
                cut: "Kassenschnitt zu hof-1-000002, Gerät 51234567", amount: "1.284,00 €",
                credits: "Seit 1 Tag: Noch in der üblichen Frist.",
                state: Badge("Wartet", .warning),
                rule: nil),
        ], range: "alle",
        clearing: [
            .init(
                scheme: "girocard", cause: "Bestand", item: "", day: "", amount: "1.284,00 €"),
            .init(
                scheme: "girocard", cause: "Kassenschnitt ohne Gutschrift",
                item: "Kassenschnitt zu hof-1-000002, Gerät 51234567", day: "24.11.2026",
                amount: "1.284,00 €"),
        ],
        claims: [
            .init(
                receipt: PageLink("t1-000051", "/verkaeufe/t1/51"),
                debtorless: PageLink("Schuldner fehlt", "/verkaeufe/t1/51/schuldner"),
                day: "01.10.2026",
                age: "55 Tage", amount: "48,00 €", paid: "20,00 €", rest: "28,00 €")
        ], waitingCount: 3, mayBook: true)
}
