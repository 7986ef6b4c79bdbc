import Operations
import Text

extension GermanWords {
    /// What speaks against the file of a proposed tariff itself.
    static func proposal(_ error: OperationsError) -> Words? {
        switch error {
        case .tariffInvalid(let problems):
            (
                "Die Tarifdatei hat Fehler", problems.map(\.line).listed(5, separator: "; "),
                ["Ziehen Sie den Vorschlag zurück, und legen Sie eine berichtigte Datei vor."]
            )
        case .accountsMissing(let uses):
            (
                "Im Kontenplan fehlen Konten", uses.listed(5, separator: "; "),
                ["Ergänzen Sie finance/kontenplan.yaml; die IT startet den Server danach neu."]
            )
        case .tariffIdTaken(let id):
            (
                "Diese Kennung hat schon ein anderer Tarif",
                "Unter \(id) ist eine andere Datei in Kraft getreten.",
                ["Geben Sie dieser Fassung bei „tarif“ eine eigene Kennung."]
            )
        case .tariffReplacesOther(let named, let follows):
            (
                "Der Tarif nennt einen anderen Vorgänger",
                "Er sagt „ersetzt: \(named)“, folgt hier aber auf \(follows).",
                ["Nennen Sie diesen, oder lassen Sie die Zeile weg."]
            )
        default: nil
        }
    }
}
