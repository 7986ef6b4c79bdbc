import Operations
import Text

// What reading files of bank and acquirers, and settling their lines, refuses.
extension GermanWords {
    static func bank(_ error: OperationsError) -> Words? {
        switch error {
        case .statement(let error):
            (
                "Die Datei lässt sich nicht einlesen", "\(error)",
                ["Von dieser Datei wird nichts übernommen."]
            )
        case .statementConflict(let account, let name):
            (
                "Der Auszug ist mit anderem Inhalt schon da",
                "Auszug \(name) von Konto \(account) wurde mit anderem Inhalt eingelesen.",
                ["Fragen Sie die Bank, welcher richtig ist; übernommen wird nichts."]
            )
        case .bankAccountUnknown(let account):
            (
                "Dieses Konto ist nicht eingetragen",
                "Konto \(account) steht nicht in finance/abgleich.yaml.",
                ["Ist es eines von Ihren, trägt die IT es dort mit seinem Hof ein."]
            )
        case .accountYardUnknown(let account, let yard, let known):
            (
                "Dieses Konto gehört zu keinem Hof von hier",
                "finance/abgleich.yaml nennt für \(account) den Hof \(yard). Hier gibt es "
                    + "\(known.joined(separator: ", ")).",
                ["Die IT trägt dort den richtigen Hof ein."]
            )
        case .profileUnknown(let name, _):
            (
                "Dieses Profil gibt es nicht",
                "Für \(name) gibt es keine Datei finance/abrechnung-….yaml.",
                ["Wählen Sie, von wem die Datei ist."]
            )
        case .settlementFileMissing:
            (
                "Der Abgleich ist nicht eingerichtet",
                "Die Datei finance/abgleich.yaml fehlt: Sie sagt, auf welches Konto das Geld "
                    + "welches Kartengeräts kommt.",
                ["Die IT legt sie nach den Angaben der Finanzbuchhaltung an."]
            )
        case .settlementFileInvalid(_, let problems):
            (
                "Der Abgleich ist falsch eingerichtet",
                "finance/abgleich.yaml: " + problems.map(\.line).listed(5, separator: "; "),
                ["Die IT berichtigt die Datei; sie gilt dann sofort."]
            )
        case .itemUnknown(let code), .settledBefore(let code, _):
            (
                "Dieser Posten ist nicht mehr offen",
                "\(code) ist schon zugeordnet, oder es gibt ihn nicht.",
                ["Sehen Sie im Abgleich nach, was offen ist."]
            )
        case .settlementUnknown(let id):
            (
                "Diese Zuordnung gibt es nicht",
                "\(id) ist nicht verzeichnet oder schon aufgehoben.",
                ["Sehen Sie im Abgleich nach, was gilt."]
            )
        default: nil
        }
    }
}
