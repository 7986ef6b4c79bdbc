import Units

/// Why a delivery in words is not understood.
package struct DeliveryPhraseError: Error, Hashable, Sendable {
    /// What is wrong; the raw value is a stable code.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case groupMissing = "group-missing"
        case empty = "empty"
        case itemNotUnderstood = "item-not-understood"
        case amountOutOfRange = "amount-out-of-range"
        case measureUnknown = "measure-unknown"
        case fractionUnknown = "fraction-unknown"
        case vehicleUnknown = "vehicle-unknown"
        case fillNotUnderstood = "fill-not-understood"
        case headNotUnderstood = "head-not-understood"
        case featureUnknown = "feature-unknown"
        /// A feature of the delivery at an item, or the other way round.
        case featureElsewhere = "feature-elsewhere"
        case mixtureNotUnderstood = "mixture-not-understood"
    }

    package let kind: Kind
    /// The words that are not understood.
    package let phrase: String

    init(_ kind: Kind, _ phrase: some StringProtocol) {
        self.kind = kind
        self.phrase = PhraseScanner(phrase).rest.description
    }

    package var code: String { kind.rawValue }

    /// What was found and what is wanted, in German as the files are.
    package var message: String {
        switch kind {
        case .groupMissing:
            "Es fehlt, wer anliefert. Schreiben Sie „privat:“ oder „gewerblich:“ davor."
        case .empty: "Es fehlt, was angeliefert wird, zum Beispiel „700 l grünabfall“."
        case .itemNotUnderstood:
            "„\(phrase)“ beginnt nicht mit einer Zahl. Schreiben Sie zum Beispiel "
                + "„700 l grünabfall“ oder „Kombi: sperrmüll“."
        case .amountOutOfRange:
            "„\(phrase)“: die Menge muss größer als null sein, ganze Milliliter, Gramm oder Stück "
                + "ergeben und darf 1.000 m³ oder 1.000 t nicht übersteigen."
        case .measureUnknown:
            "„\(phrase)“: hinter der Zahl steht weder eine Einheit "
                + "(\(MeasureUnit.allCases.map(\.rawValue).joined(separator: ", "))) noch ein "
                + "Behälter dieser Preisliste."
        case .fractionUnknown: "„\(phrase)“ ist keine Abfallart dieser Preisliste."
        case .vehicleUnknown: "„\(phrase)“ ist kein Fahrzeug dieser Preisliste."
        case .fillNotUnderstood:
            "„\(phrase)“: die Füllung muss „halb voll“ oder „zu 51 % voll“ heißen, bei Fahrzeugen "
                + "„zu 51 % beladen“."
        case .headNotUnderstood:
            "„\(phrase)“: vor dem Doppelpunkt stehen „privat“ oder „gewerblich“ und mit Komma "
                + "dahinter „einheimisch“ oder „auswärtig“, „Haushalt A“ (auch Person, "
                + "Grundstück, Karte), „Waage ausgefallen“ und Merkmale der Anlieferung, jedes "
                + "einmal."
        case .featureUnknown: "„\(phrase)“ ist kein Merkmal dieser Preisliste."
        case .featureElsewhere:
            "„\(phrase)“: ein Merkmal der Anlieferung steht bei der Anlieferung, ein Merkmal einer "
                + "Abfallart hinter „mit“ bei der Abfallart."
        case .mixtureNotUnderstood:
            "„\(phrase)“: hinter „gemischt mit“ stehen andere Abfallarten, jede einmal."
        }
    }
}
