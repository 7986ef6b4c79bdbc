import HTTPTypes
import Journal
import Operations
import People
import Receipts
import Sales
import Units

/// The German words for what the use cases refuse, as the console's pages say them.
enum GermanWords {
    typealias Words = (title: String, what: String, todo: [String])

    static func words(for error: OperationsError) -> ProblemWords {
        let found =
            reversal(error) ?? close(error) ?? terminal(error) ?? tariff(error) ?? bank(error)
            ?? general(error)
        return ProblemWords(
            .init(code: error.status), error.code, found.title, found.what, found.todo)
    }

    private static func reversal(_ error: OperationsError) -> Words? {
        switch error {
        case .saleUnknown(let reference):
            (
                "Diesen Beleg gibt es nicht", "\(reference) ist an diesem Hof nicht verzeichnet.",
                ["Prüfen Sie die Belegnummer und den gewählten Hof."]
            )
        case .notUnknown(let reference):
            (
                "Diese Zahlung ist schon geklärt",
                "Zu \(reference) liegt bereits ein Ergebnis vor.",
                ["Sehen Sie sich den Verkauf an."]
            )
        case .notReversible(let why):
            (
                "So lässt sich der Verkauf nicht zurücknehmen", notReversible(why),
                ["Wählen Sie den Weg, auf dem gezahlt wurde, oder eine Überweisung."]
            )
        case .sale(let error): sale(error)
        case .notAClaim(let receipt):
            (
                "Dieser Verkauf ist keine Forderung",
                "\(receipt) ist bezahlt oder kostete nichts; niemand schuldet etwas.",
                ["Prüfen Sie die Belegnummer."]
            )
        case .slipUsed(let slip, let sale):
            (
                "Dieser Beleg ist schon verzeichnet",
                "Beleg-Nr. \(slip.receiptNumber) mit Trace-Nr. \(slip.traceNumber) von Gerät "
                    + "\(slip.cardTerminal) gehört zu \(sale.receiptNumber).",
                ["Gehen Sie zurück, und vergleichen Sie die Nummern mit dem Beleg."]
            )
        case .payee(.missing):
            (
                "So lässt sich nicht überweisen", payee(.missing).words,
                [
                    "Gehen Sie zurück, und nennen Sie beides.",
                    "Ist es ein älterer Antrag, lehnen Sie ihn ab; die Kasse stellt ihn neu.",
                ]
            )
        case .payee(let problem):
            (
                "So lässt sich nicht überweisen", payee(problem).words,
                ["Gehen Sie zurück, und berichtigen Sie Empfänger oder IBAN."]
            )
        case .requestUnknown(let id):
            (
                "Diesen Antrag gibt es nicht", "E-\(id) ist an diesem Hof nicht verzeichnet.",
                ["Sehen Sie in der Liste der Anträge nach."]
            )
        case .requestState(let id, let found, _):
            (
                "Der Antrag ist schon weiter",
                "E-\(id) ist inzwischen: \(RequestState(rawValue: found)?.badge.text ?? found).",
                ["Laden Sie die Seite des Antrags neu."]
            )
        case .reasonMissing:
            (
                "Eine Begründung fehlt oder ist zu lang",
                "Dieser Schritt braucht ein paar Worte dazu, höchstens 200 Zeichen.",
                ["Gehen Sie zurück, und ergänzen Sie sie."]
            )
        default: nil
        }
    }

    /// In words that also stand at the form's field.
    static func notReversible(_ why: String) -> String {
        switch why {
        case "it was paid by card":
            "Der Verkauf wurde mit Karte bezahlt: Das Geld geht auf die Karte oder ein Konto."
        case "no money was paid": "Es wurde nichts gezahlt: Also fließt auch nichts zurück."
        case "payment is still unknown": "Zuerst muss die ungeklärte Zahlung geklärt werden."
        default: "Die Zahlung gilt schon als hinfällig."
        }
    }

    private static func sale(_ error: SaleError) -> Words {
        switch error {
        case .aboveRemainder(let wanted, let left):
            (
                "Der Betrag ist zu hoch",
                "Verlangt sind \(wanted.german), übrig sind nur noch \(left.german).",
                ["Gehen Sie zurück, und senken Sie den Betrag."]
            )
        case .nothingToReverse:
            (
                "Es ist nichts zurückzunehmen", "Von diesem Verkauf ist nichts mehr übrig.",
                ["Sehen Sie sich den Verkauf an."]
            )
        case .reasonMissing:
            (
                "Eine Begründung fehlt", "Dieser Schritt braucht ein paar Worte dazu.",
                ["Gehen Sie zurück, und ergänzen Sie sie."]
            )
        case .noLines, .lineUnknown, .negativeLine, .totalOutOfRange, .settlementDoesNotFit:
            (
                "Der Verkauf lässt das nicht zu", "Zeilen, Summe und Zahlung passen nicht.",
                ["Nennen Sie der Betriebsleitung den Fehlercode."]
            )
        }
    }

    private static func close(_ error: OperationsError) -> Words? {
        switch error {
        case .notCounted:
            (
                "Es ist noch nicht gezählt", "Niemand hat die Summen der Kartengeräte erfasst.",
                ["Beginnen Sie mit dem Zählen."]
            )
        case .unknownPayments(let sales):
            (
                "Zahlungen sind ungeklärt",
                sales.map(\.receiptNumber).listed(50),
                ["Klären Sie die Zahlungen, oder bestätigen Sie beim Zählen den Vortrag."]
            )
        case .cutCounted(let terminal, let number, let close):
            (
                "Dieser Kassenschnitt ist schon abgeschlossen",
                "Kassenschnitt \(number) von Gerät \(terminal) steht mit gleichen Summen in "
                    + "Abschluss Nr. \(close.german).",
                ["Lassen Sie ihn weg, oder berichtigen Sie seine Nummer."]
            )
        case .closeChanged:
            (
                "Inzwischen hat sich etwas geändert",
                "Nach Ihrem Blick auf den Abschluss wurde noch einmal gezählt oder erklärt.",
                ["Sehen Sie sich die neuen Zahlen an, und entscheiden Sie dann."]
            )
        case .countFirst:
            (
                "Erst zählen, dann sehen",
                "An diesem Hof wird blind gezählt: Summen, die noch in keiner Zählung sind, zeigt "
                    + "das Hofbuch der Kasse erst danach.",
                [
                    "Zählen Sie zuerst die Kartengeräte.",
                    "Oder wählen Sie Tage, die schon gezählt sind.",
                ]
            )
        case .sheetProgram(let path):
            (
                "Die Archivdatei lässt sich gerade nicht erstellen",
                "Das Programm dafür fehlt: \(path).",
                [
                    "Drucken Sie diese Seite, oder laden Sie die Textfassung.",
                    "Bitten Sie die IT, scripts/sheets.sh auszuführen.",
                ]
            )
        case .sheetFailed(let message):
            (
                "Die Archivdatei wurde nicht fertig", message,
                ["Versuchen Sie es noch einmal; Seite und Textfassung gibt es in jedem Fall."]
            )
        case .unexplained(let terminal, let scheme):
            (
                "Eine Abweichung ist nicht erklärt",
                "Kartengerät \(terminal), \(CardScheme(rawValue: scheme)?.label ?? scheme).",
                ["Nennen Sie zuerst den Grund."]
            )
        case .snapshotUnknown(let number):
            (
                "Diese Zwischenprüfung gibt es nicht", "Nr. \(number) ist nicht verzeichnet.",
                ["Sehen Sie im Zwischenbericht nach."]
            )
        case .closeUnknown(let number):
            (
                "Diesen Abschluss gibt es nicht", "Nr. \(number) ist nicht verzeichnet.",
                ["Sehen Sie in der Liste der Abschlüsse nach."]
            )
        case .closeNotApproved(let number):
            (
                "Der Abschluss ist nicht freigegeben", "Nr. \(number) wartet auf eine Freigabe.",
                ["Eine zweite Person gibt ihn zuerst frei."]
            )
        case .exportUnknown(let name):
            (
                "Diesen Export gibt es nicht", "\(name) ist nicht verzeichnet.",
                ["Sehen Sie in der Liste der Exporte nach."]
            )
        case .exportTwice(let close, let export):
            (
                "Der Abschluss ist schon ausgegeben",
                "Export X-\(export) enthält Abschluss Nr. \(close) in diesem Format.",
                [
                    "Laden Sie diesen Export herunter.",
                    "Kann die Finanzabteilung ihn nicht verwenden, weist sie ihn zuerst zurück.",
                ]
            )
        case .exportState(let number, _):
            (
                "Der Export ist nicht in diesem Zustand",
                "Export X-\(number) ist noch nicht übergeben oder schon beantwortet.",
                ["Sehen Sie sich den Export an."]
            )
        case .exportTooLarge(let number, let byteCount):
            (
                "Das Archiv würde zu groß",
                "Die Dateien von Export X-\(number) ergäben \(byteCount.german) Byte; ein "
                    + "ZIP-Archiv fasst 4 GiB.",
                ["Laden Sie die Dateien einzeln herunter."]
            )
        case .exportFileTooLarge(let name, let byteCount):
            (
                "Die Datei würde zu groß",
                "Die Datei \(name) hätte mehr als \(byteCount.german) Byte. Es wurde nichts "
                    + "eingetragen.",
                ["Geben Sie weniger Abschlüsse auf einmal aus."]
            )
        case .exportRecordTooLarge(let closes, let byteCount): tooMany(closes, byteCount)
        case .targetUnknown(let name):
            (
                "Dieses Ziel gibt es nicht", "\(name) steht nicht in finance/uebergabe.yaml.",
                ["Die IT ergänzt das Ziel."]
            )
        case .handoverFailed(let target, let what):
            (
                "Die Übergabe an \(target) ist gescheitert", "\(what).",
                ["Es ist nichts verzeichnet: Übergeben Sie den Export noch einmal."]
            )
        default: nil
        }
    }

    private static func tooMany(_ closes: [Int64], _ byteCount: Int64) -> Words {
        let first = (closes.first ?? 0).german
        let isOne = closes.count < 2
        let named = isOne ? "Nr. \(first)" : "Nr. \(first) bis \((closes.last ?? 0).german)"
        return (
            isOne ? "Der Export wird zu umfangreich" : "Das sind zu viele Abschlüsse auf einmal",
            "Der Eintrag im Protokoll für den Export von Abschluss \(named) hätte "
                + "\(byteCount.german) Byte; er fasst \(Int64(LogEntry.bytesMax).german). Es wurde "
                + "nichts eingetragen.",
            [
                isOne
                    ? "Geben Sie den Abschluss in einem anderen Format aus."
                    : "Geben Sie weniger Abschlüsse auf einmal aus, zuerst zum Beispiel die bis "
                        + "Nr. \(closes[(closes.count - 1) / 2].german)."
            ]
        )
    }

    private static func terminal(_ error: OperationsError) -> Words? {
        switch error {
        case .terminalUnknown(let id):
            (
                "Dieses Terminal gibt es nicht", "\(id) ist an diesem Hof nicht angemeldet.",
                ["Prüfen Sie Kennung und Hof."]
            )
        case .terminalExists(let id):
            (
                "Diese Kennung ist vergeben", "\(id) ist an diesem Hof schon angemeldet.",
                ["Wählen Sie eine andere Kennung."]
            )
        case .notQuarantined(let id):
            (
                "Das Terminal ist nicht gesperrt", "\(id) arbeitet schon wieder.",
                ["Sehen Sie in der Liste der Terminals nach."]
            )
        case .codeUnknown, .codeNotApproved, .codeExpired, .codeUsed, .proofOfPossession:
            (
                "Der Code gilt nicht",
                "Er ist unbekannt, verbraucht, abgelaufen oder noch nicht "
                    + "freigegeben.", ["Erzeugen Sie einen neuen."]
            )
        default: nil
        }
    }

    private static func tariff(_ error: OperationsError) -> Words? {
        switch error {
        case .tariffUnknown(let day):
            (
                "Kein Tarif in Kraft", "Für \(day) gilt an diesem Hof kein Tarif.",
                ["Die Betriebsleitung bringt einen Tarif in Kraft."]
            )
        case .tariffFileUnknown(let digest):
            (
                "Diese Datei fehlt",
                "Die Tarifdatei mit SHA-256 \(digest) ist nicht oder verändert gespeichert.",
                ["Lassen Sie das Protokoll nachrechnen, und holen Sie sie aus der Sicherung."]
            )
        case .tariffState(_, let found):
            (
                "Über den Vorschlag ist schon entschieden",
                found == "withdrawn"
                    ? "Er ist zurückgezogen." : "Der Tarif ist bereits freigegeben.",
                ["Sehen Sie in der Liste der Tarife nach."]
            )
        case .tariffOverlaps(let id, let from, _):
            (
                "Für einige Tage gälten zwei Tarife",
                "Er reicht in die Tage von \(id), der ab \(GermanFormat.day(from)) gilt.",
                ["Lassen Sie ihn vorher enden, oder am selben Tag beginnen, um jenen zu ersetzen."]
            )
        case .tariffGap(let from, let to):
            (
                "Für einige Tage gälte kein Tarif",
                "Vom \(GermanFormat.day(from)) bis \(GermanFormat.day(to)) fehlte er.",
                ["Ändern Sie den ersten oder letzten Tag, oder füllen Sie die Tage vorher."]
            )
        case .tariffBackdated(let from, let sold):
            (
                "Der Tarif beginnt zu früh",
                "Er begänne am \(GermanFormat.day(from)), aber bis \(GermanFormat.day(sold)) ist "
                    + "schon nach dem geltenden verkauft; dabei bleibt es.",
                ["Wählen Sie einen späteren ersten Tag."]
            )
        default: proposal(error)
        }
    }

    private static func general(_ error: OperationsError) -> Words {
        switch error {
        case .stopping:
            (
                "Der Server wird gerade angehalten", "Er nimmt nichts mehr an.",
                ["Versuchen Sie es in einer Minute noch einmal."]
            )
        case .overloaded:
            (
                "Der Server ist überlastet", "Zu vieles wartet auf das Speichern.",
                ["Versuchen Sie es in einigen Sekunden noch einmal."]
            )
        case .databaseDamaged:
            (
                "Die Datenbank ist beschädigt",
                "Ein Teil davon lässt sich nicht lesen. Geschrieben wird nichts mehr, Terminals "
                    + "heben ihre Belege auf.",
                ["Die IT muss die Festplatte prüfen und die neueste Sicherung zurückbringen."]
            )
        case .rollback, .headsMissing, .headsDamaged, .journalDamaged:
            (
                "Es wird zurzeit nichts geschrieben",
                "Die Datenbank ist womöglich nicht die neueste. Lesen geht weiter, Terminals "
                    + "heben ihre Belege auf.",
                [
                    "Die IT muss die neueste Kopie zurückbringen. Gibt es keine, können zwei "
                        + "Personen den Verlust hinnehmen; die Anleitung sagt, wie."
                ]
            )
        case .databaseBusy:
            (
                "Die Datenbank ist gerade belegt", "Es wurde nichts gespeichert.",
                ["Versuchen Sie es in einigen Sekunden noch einmal."]
            )
        case .diskFull, .spaceShort:
            (
                "Der Platz auf dem Server reicht nicht", "Es wurde nichts gespeichert.",
                ["Die IT muss Platz schaffen; danach geht es von selbst weiter."]
            )
        case .yardUnknown(let id):
            ("Diesen Hof gibt es nicht", "\(id) ist nicht angelegt.", ["Wählen Sie einen anderen."])
        case .personUnknown(let id):
            ("Diese Person gibt es nicht", "\(id) ist nicht angelegt.", ["Prüfen Sie den Namen."])
        case .signInFailed:
            (
                "Die Anmeldung ist gescheitert", "Anmeldename oder Passwort stimmt nicht.",
                ["Prüfen Sie beides."]
            )
        case .tooManyAttempts(let seconds):
            (
                "Zu viele Fehlversuche", "Die Anmeldung ist kurz gesperrt.",
                ["\(wait(seconds))."]
            )
        default: key(error) ?? input(error) ?? unnamed
        }
    }
}

extension [String] {
    /// The first `count` of them with commas between, and how many more there are.
    ///
    /// - Parameter separator: another one for words that hold commas themselves.
    func listed(_ count: Int, separator: String = ", ") -> String {
        let rest = self.count - count
        return prefix(count).joined(separator: separator) + (rest > 0 ? " und \(rest) weitere" : "")
    }
}
