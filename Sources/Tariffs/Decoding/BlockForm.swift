/// The blocks of a tariff file, each with its keys (docs/formats/tariff.md).
///
/// The raw value names the same block in docs/formats/tariff.schema.json.
enum BlockForm: String, CaseIterable {
    /// The file as a whole.
    case tariff = "tarif"
    case fraction = "abfallart"
    case ware
    case container = "behaelter"
    case vehicle = "fahrzeug"
    case feature = "merkmal"
    case scale = "waage"
    case acceptanceRule = "annahmeregel"
    case position
    /// One entry of a legal form or VAT treatment that changes.
    case datedFact = "angabe"
    case oncePerVisit = "einmal"
    case mixture = "mischung"
    case scaleFailure = "waagenausfall"
    case surcharge = "zuschlag"
    case minimum = "mindestbetrag"
    case maximum = "hoechstbetrag"
    case deposit = "vorautorisierung"
    case example = "beispiel"

    /// All keys that the block may have, those it must have first.
    var keys: [String] { required + optional }

    /// The keys that the block must have.
    var required: [String] {
        switch self {
        case .tariff:
            [
                "tarif", "art", "titel", "ort", "hof", "rechtsgrundlage", "quelle", "gültig ab",
                "währung", "preisbasis", "rundung", "abfallarten", "positionen", "beispiele",
            ]
        case .fraction, .ware, .vehicle, .feature: ["kennung", "name"]
        case .container: ["kennung", "name", "mehrzahl"]
        case .scale: ["kennung", "name", "eichwert", "mindestlast", "klasse"]
        case .acceptanceRule: ["nr", "fundstelle", "grund"]
        case .position: ["nr", "fundstelle", "wer", "preis"]
        case .datedFact: ["gilt"]
        case .oncePerVisit: ["name", "fundstelle", "positionen"]
        case .mixture, .scaleFailure: ["fundstelle", "regel"]
        case .surcharge: ["name", "fundstelle"]
        case .minimum, .maximum, .deposit: ["betrag", "fundstelle"]
        case .example: ["nr", "datum", "wer", "anlieferung"]
        }
    }

    /// The keys that the block may have besides.
    var optional: [String] {
        switch self {
        case .tariff:
            [
                "beschluss", "hinweis", "ersetzt", "gültig bis", "annahmen", "einzugsgebiet",
            ] + Self.factKeys + ["waren", "behälter", "fahrzeuge", "merkmale"] + Self.ruleKeys
                + ["waagen", "handeingabe"]
        case .fraction:
            [
                "englisch", "auch", "avv", "gehört dazu", "gehört nicht dazu", "kg je m³",
                "kg je stück",
            ]
        case .ware: ["englisch", "auch"]
        case .container: ["englisch", "englische mehrzahl", "inhalt"]
        case .vehicle: ["englisch"]
        case .feature: ["englisch", "frage", "gilt für", "berechtigung"]
        case .scale: ["geeicht bis", "abfallarten"]
        case .acceptanceRule:
            ["abfallarten", "verlangt", "höchstmenge", "grund englisch"] + Self.conditionKeys
        case .position:
            [
                "abfallarten", "waren", "wortlaut", "ausnahme von", "verlangt", "grund",
                "grund englisch", "hinweis", "hinweis personal", "annahme",
            ] + Self.conditionKeys.filter { $0 != "wer" } + Self.factKeys + Self.modifierKeys
        case .datedFact: ["wer", "ab"]
        case .oncePerVisit, .mixture, .scaleFailure, .maximum: []
        case .surcharge:
            ["englisch", "positionen", "betrag", "prozent", "faktor"] + Self.conditionKeys
                + Self.factKeys
        case .minimum: Self.factKeys
        case .deposit: Self.conditionKeys
        case .example:
            [
                "herkunft", "merkmale", "haushalt", "person", "grundstück", "karte", "waage",
                "vorher", "zeilen", "summe", "abgelehnt", "geprüft von",
            ]
        }
    }

    private static let conditionKeys = [
        "wer", "herkunft", "zeitraum", "wochentage", "nur mit", "nicht mit",
    ]
    private static let factKeys = ["rechtsform", "umsatzsteuer"]
    private static let modifierKeys = [
        "freimenge", "freigrenze", "mindestens", "höchstens", "höchstmenge", "faktor", "nachlass",
        "vorautorisierung",
    ]
    private static let ruleKeys = [
        "annahmeregeln", "einmal je anlieferung", "gemischte ladung", "waagenausfall", "zuschläge",
        "mindestbetrag", "höchstbetrag", "vorautorisierung",
    ]
}
