/// The names of export formats as the console shows them.
struct FormatWords: Sendable {
    /// Titles of profiles by id.
    let titles: [String: String]

    /// A profile's title with its id, which commands and files call it by; the id alone where no
    /// profile of this name is there any more.
    func name(_ format: String) -> String {
        switch format {
        case "datev": "DATEV-Buchungsstapel"
        case "hledger": "hledger-Journal"
        case "ledger": "ledger-Journal"
        case "beancount": "beancount-Journal"
        case "gobd": "Prüferpaket (GoBD)"
        case "json": "Abschluss als JSON mit Nachweis"
        default: titles[format].map { "\($0), Profil \(format)" } ?? "Profil \(format)"
        }
    }
}
