import Operations
import Reconciliation
import Text
import Units

// What is typed or asked for and does not fit, and what is refused about keys.
extension GermanWords {
    /// How long somebody has to wait, the beginning of a sentence.
    static func wait(_ seconds: Int64) -> String {
        "Warten Sie \(seconds == 1 ? "eine Sekunde" : "\(seconds) Sekunden")"
    }

    /// For what the console's pages do not lead to. Never the words for programs, which are
    /// English.
    static let unnamed: Words = (
        "Das ist so nicht möglich", "Das Hofbuch hat diesen Schritt abgelehnt.",
        ["Nennen Sie der Betriebsleitung den Fehlercode."]
    )

    static func input(_ error: OperationsError) -> Words? {
        switch error {
        case .cardNumber:
            (
                "Im Text steht eine Kartennummer", FormValues.cardNumber,
                ["Gehen Sie zurück, und schreiben Sie nur die letzten vier Ziffern."]
            )
        case .input(field: "text", _):
            (
                "Ein Text lässt sich so nicht verzeichnen",
                "Er muss in eine Zeile passen und darf keine Steuerzeichen enthalten.",
                ["Gehen Sie zurück, und schreiben Sie ihn noch einmal."]
            )
        case .input:
            (
                "Eine Angabe passt nicht", "Mindestens eine hat nicht die verlangte Form.",
                ["Gehen Sie zurück, und prüfen Sie Ihre Angaben."]
            )
        case .cursorInvalid:
            (
                "Diese Stelle der Liste gibt es nicht mehr",
                "Die Adresse gehört zu einer anderen Liste oder ist verändert.",
                ["Beginnen Sie am Anfang der Liste."]
            )
        case .notPublished(let index):
            (
                "Diesen Eintrag gibt es nicht",
                "Nr. \(index.german) steht nicht im Protokoll, oder noch nicht lange genug.",
                [
                    "Prüfen Sie die Nummer.",
                    "Ist sie gerade erst vergeben, versuchen Sie es in einigen Sekunden wieder.",
                ]
            )
        case .settlementRefused(let refusal):
            (
                "So lässt sich das nicht zuordnen", words(for: refusal),
                ["Sehen Sie im Abgleich nach, was offen ist."]
            )
        case .pointsNew:
            (
                "Seit der Zählung kam etwas dazu", "Es steht auf der Seite der Freigabe.",
                ["Sehen Sie nach, und geben Sie dann frei oder zurück."]
            )
        case .closeNotWitnessed(let number):
            (
                "Der Abschluss ist noch nicht bezeugt",
                "Abschluss Nr. \(number.german) haben noch nicht genug Zeugen unterschrieben; so "
                    + "lange wartet der Export.",
                [
                    "Versuchen Sie es später noch einmal.",
                    "Bleibt es dabei, fragt die IT bei den Zeugen nach.",
                ]
            )
        case .planInvalid:
            (
                "Der Kontenplan ist fehlerhaft",
                "Die Datei finance/kontenplan.yaml lässt sich so nicht verwenden.",
                ["Die IT berichtigt die Datei und startet den Server danach neu."]
            )
        case .passwordUnchanged:
            (
                "Das Passwort ist das alte", "Es wurde nichts geändert.",
                ["Wählen Sie ein anderes."]
            )
        case .passwordTooShort:
            (
                "Das Passwort ist zu kurz", "Es braucht mindestens zehn Zeichen.",
                ["Wählen Sie ein längeres."]
            )
        default: nil
        }
    }

    private static func words(for refusal: SettlementShares.Refusal) -> String {
        switch refusal {
        case .unknown(let item):
            "\(item.code) ist schon zugeordnet, oder es gibt ihn nicht."
        case .differs(let expected, let received):
            "Erwartet sind \(expected.german), gekommen sind \(received.german)."
        case .noDifference: "Beide Seiten sind gleich; es gibt keinen Unterschied zu nennen."
        case .accountUnknown(let account):
            "Konto \(account) steht nicht in finance/abgleich.yaml."
        case .twice(let item): "\(item.code) ist zweimal genannt. Jeder Posten zählt einmal."
        case .empty: "Es ist kein Posten genannt."
        }
    }

    static func key(_ error: OperationsError) -> Words? {
        switch error {
        case .terminalRevoked(let id):
            (
                "Die Schlüssel des Terminals sind gesperrt", "\(id) bleibt gesperrt.",
                ["Melden Sie das Gerät unter einer anderen Kennung neu an."]
            )
        case .keyRequestOpen(let id):
            (
                "Ein Antrag wartet schon", "Antrag Nr. \(id.german) ist noch nicht entschieden.",
                ["Geben Sie ihn frei, oder lehnen Sie ihn ab."]
            )
        case .keyRefused:
            (
                "Der angekündigte Schlüssel passt nicht",
                "Er folgt nicht auf den Schlüssel, der gilt.",
                ["Lehnen Sie den Antrag ab; das Gerät kündigt den Schlüssel neu an."]
            )
        case .keyMissing:
            (
                "Ein Schlüssel des Servers fehlt", "Ohne ihn lässt sich nichts verzeichnen.",
                ["Die IT holt ihn aus der Sicherung der Schlüssel zurück."]
            )
        case .keyInForce, .keyUnknown:
            (
                "Zu diesem Schlüssel geht das nicht", "Er gilt noch, oder es gibt ihn nicht.",
                ["Sehen Sie in der Liste der Terminals nach."]
            )
        case .notWithheld(let receipt):
            (
                "Über diesen Beleg ist nichts zu entscheiden",
                "\(receipt) kam nicht unter einem gesperrten Schlüssel; er zählt.",
                ["Prüfen Sie die Belegnummer."]
            )
        case .decidedBefore(let receipt):
            (
                "Darüber ist schon entschieden", "Zu \(receipt) liegt eine Entscheidung vor.",
                ["Laden Sie die Seite neu."]
            )
        case .withheld(let receipt):
            (
                "Der Beleg zählt noch nicht",
                "\(receipt) kam unter einem gesperrten Schlüssel, und niemand hat entschieden.",
                ["Eine zweite Person entscheidet zuerst, ob er zählt."]
            )
        default: nil
        }
    }
}
