/// The columns of a DATEV booking batch, format version 13: by position, headings as DATEV's own
/// sample prints them.
enum DATEVColumn: Int {
    case amount = 1
    case side = 2
    case account = 7
    case contra = 8
    case documentDate = 10
    case documentField1 = 11
    case text = 14
    case costCentre = 37
    case lock = 114
    case generalReversal = 118
    case settlementReference = 121

    static let count = 125

    /// The heading without its position, for messages.
    var heading: String { Self.headings[rawValue - 1] }

    static let headings: [String] =
        [
            "Umsatz (ohne Soll/Haben-Kz)", "Soll/Haben-Kennzeichen", "WKZ Umsatz", "Kurs",
            "Basis-Umsatz", "WKZ Basis-Umsatz", "Konto", "Gegenkonto (ohne BU-Schlüssel)",
            "BU-Schlüssel", "Belegdatum", "Belegfeld 1", "Belegfeld 2", "Skonto", "Buchungstext",
            "Postensperre", "Diverse Adressnummer", "Geschäftspartnerbank", "Sachverhalt",
            "Zinssperre", "Beleglink",
        ]
        + (1...8).flatMap { ["Beleginfo - Art \($0)", "Beleginfo - Inhalt \($0)"] }
        + [
            "KOST1 - Kostenstelle", "KOST2 - Kostenstelle", "Kost-Menge",
            "EU-Land u. UStID (Bestimmung)", "EU-Steuersatz (Bestimmung)",
            "Abw. Versteuerungsart", "Sachverhalt L+L", "Funktionsergänzung L+L",
            "BU 49 Hauptfunktionstyp", "BU 49 Hauptfunktionsnummer", "BU 49 Funktionsergänzung",
        ]
        + (1...20).flatMap { ["Zusatzinformation - Art \($0)", "Zusatzinformation- Inhalt \($0)"] }
        + [
            "Stück", "Gewicht", "Zahlweise", "Forderungsart", "Veranlagungsjahr",
            "Zugeordnete Fälligkeit", "Skontotyp", "Auftragsnummer", "Buchungstyp",
            "USt-Schlüssel (Anzahlungen)", "EU-Land (Anzahlungen)",
            "Sachverhalt L+L (Anzahlungen)", "EU-Steuersatz (Anzahlungen)",
            "Erlöskonto (Anzahlungen)", "Herkunft-Kz", "Buchungs GUID", "KOST-Datum",
            "SEPA-Mandatsreferenz", "Skontosperre", "Gesellschaftername", "Beteiligtennummer",
            "Identifikationsnummer", "Zeichnernummer", "Postensperre bis",
            "Bezeichnung SoBil-Sachverhalt", "Kennzeichen SoBil-Buchung", "Festschreibung",
            "Leistungsdatum", "Datum Zuord. Steuerperiode", "Fälligkeit", "Generalumkehr (GU)",
            "Steuersatz", "Land", "Abrechnungsreferenz", "BVV-Position",
            "EU-Land u. UStID (Ursprung)", "EU-Steuersatz (Ursprung)", "Abw. Skontokonto",
        ]

    /// The columns of type text, which stand in quotes even when empty.
    static let texts: Set<Int> = Set([2, 3, 6, 9, 11, 12, 14, 16, 37, 38, 40, 42])
        .union(20...36).union(48...87)
        .union([91, 95, 96, 98, 102, 103, 105, 107, 109, 110, 112, 118, 120, 121, 123])
}
