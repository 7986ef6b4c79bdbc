package import Units

/// A delivery in words, as worked examples and the command line write it.
///
/// Items are separated by semicolons: `700 l grünabfall`, `2 Stück reifen-mit-felge`,
/// `1 Sack restabfall, halb voll`, `Anhänger bis 750 kg, zu 51 % beladen: haushaltsabfall`,
/// `1 Anlieferung papier`. Fractions, containers and vehicle classes go by id or name, fractions
/// also by their other names; case, umlauts written out and spacing make no difference.
///
/// Nothing is weighed in a phrase: weights count as entered by hand, volumes as estimated.
package enum DeliveryPhrase {
    /// Reads a phrase such as `privat: 700 l grünabfall; 2 Stück reifen-mit-felge`.
    ///
    /// - Parameter group: who delivers, if the phrase does not say it before a colon.
    /// - Throws: first the group, then the first item that is not understood.
    package static func parse(
        _ text: String, day: BusinessDay, group: CustomerGroup? = nil, tariff: Tariff
    ) throws(DeliveryPhraseError) -> Delivery {
        try parse(text, day: day, group: group, catalogue: tariff.catalogue)
    }

    static func parse(
        _ text: String, day: BusinessDay, group: CustomerGroup?, catalogue: Catalogue
    ) throws(DeliveryPhraseError) -> Delivery {
        var text = text[...]
        var named: CustomerGroup?
        for (word, candidate) in groups {
            let head = text.prefix { $0 != ":" }
            guard head.count < text.count, SpokenName(head) == SpokenName(word) else { continue }
            named = candidate
            text = text.dropFirst(head.count + 1)
        }
        guard let group = named ?? group else { throw DeliveryPhraseError(.groupMissing, text) }
        let phrases = text.split(separator: ";").filter { $0.contains { !$0.isWhitespace } }
        guard !phrases.isEmpty else { throw DeliveryPhraseError(.empty, text) }
        var items: [DeliveryItem] = []
        for phrase in phrases { items.append(try item(phrase, catalogue)) }
        return Delivery(day: day, group: group, items: items)
    }

    private static let groups: KeyValuePairs<String, CustomerGroup> = [
        "privat": .household, "gewerblich": .commercial,
    ]

    private static func item(
        _ phrase: Substring, _ catalogue: Catalogue
    ) throws(DeliveryPhraseError) -> DeliveryItem {
        if let load = vehicleLoad(phrase, catalogue) { return try load.get() }
        var scanner = PhraseScanner(phrase)
        guard let number = scanner.takeNumber() else {
            throw DeliveryPhraseError(.itemNotUnderstood, phrase)
        }
        if let unit = ValuePhrase.unit(&scanner) {
            let fraction = try fraction(scanner.rest, catalogue)
            guard let value = number.scaled(by: unit.size), (1...Amount.numberMax).contains(value)
            else { throw DeliveryPhraseError(.amountOutOfRange, phrase) }
            return measured(fraction, value, unit.measure)
        }
        if scanner.take("Anlieferung") {
            let fraction = try fraction(scanner.rest, catalogue)
            return DeliveryItem(fraction: fraction, amount: .delivery, source: .counted)
        }
        return try contained(number, scanner.rest, phrase, catalogue)
    }

    private static func measured(
        _ fraction: FractionID, _ value: Int64, _ measure: Measure
    ) -> DeliveryItem {
        let (amount, source): (Amount, AmountSource) =
            switch measure {
            case .volume: (.volume(Millilitres(value)), .estimated)
            case .weight: (.weight(Grams(value)), .manual(reason: "Angabe ohne Wägung"))
            case .area: (.area(SquareCentimetres(value)), .estimated)
            case .pieces, .containers, .vehicle, .delivery: (.pieces(value), .counted)
            }
        return DeliveryItem(fraction: fraction, amount: amount, source: source)
    }

    /// `2 Säcke restabfall, halb voll`: the container has the longest name that fits.
    private static func contained(
        _ number: WrittenNumber, _ rest: Substring, _ phrase: Substring, _ catalogue: Catalogue
    ) throws(DeliveryPhraseError) -> DeliveryItem {
        let words = rest.split(separator: " ")
        for length in (0..<max(words.count, 1)).reversed() where length > 0 {
            let name = words.prefix(length).joined(separator: " ")
            guard let container = catalogue.container(called: name) else { continue }
            let load = words.dropFirst(length).joined(separator: " ")
            let (text, fill) = try fillLevel(of: load[...], full: "voll", phrase) {
                catalogue.fraction(called: $0) != nil
            }
            let fraction = try fraction(text, catalogue)
            guard let count = number.scaled(by: 1), (1...Amount.numberMax).contains(count) else {
                throw DeliveryPhraseError(.amountOutOfRange, phrase)
            }
            return DeliveryItem(
                fraction: fraction,
                amount: .containers(count: count, kind: container.id, fillPercent: fill),
                source: .counted)
        }
        throw DeliveryPhraseError(.measureUnknown, phrase)
    }

    /// `Anhänger bis 750 kg, zu 51 % beladen: haushaltsabfall`; nil without a colon.
    private static func vehicleLoad(
        _ phrase: Substring, _ catalogue: Catalogue
    ) -> Result<DeliveryItem, DeliveryPhraseError>? {
        let head = phrase.prefix { $0 != ":" }
        guard head.count < phrase.count else { return nil }
        do throws(DeliveryPhraseError) {
            let (name, fill) = try fillLevel(of: head, full: "beladen", phrase) {
                catalogue.vehicleClass(called: $0) != nil
            }
            guard let vehicle = catalogue.vehicleClass(called: name) else {
                throw DeliveryPhraseError(.vehicleUnknown, name)
            }
            let fraction = try fraction(phrase.dropFirst(head.count + 1), catalogue)
            return .success(
                DeliveryItem(
                    fraction: fraction, amount: .vehicle(class: vehicle.id, fillPercent: fill),
                    source: .estimated))
        } catch {
            return .failure(error)
        }
    }

    /// Splits `…, zu 51 % beladen` or `…, halb voll` at the last comma, unless all is a name.
    private static func fillLevel(
        of text: Substring, full word: String, _ phrase: Substring, isName: (Substring) -> Bool
    ) throws(DeliveryPhraseError) -> (text: Substring, percent: Int64) {
        guard !isName(text), let comma = text.lastIndex(of: ",") else { return (text, 100) }
        var scanner = PhraseScanner(text[text.index(after: comma)...])
        if scanner.take(word), scanner.isAtEnd { return (text[..<comma], 100) }
        if scanner.take("halb"), scanner.take(word), scanner.isAtEnd { return (text[..<comma], 50) }
        guard scanner.take("zu"), let percent = scanner.takeNumber()?.scaled(by: 1),
            (1...100).contains(percent), scanner.take("%"), scanner.take(word), scanner.isAtEnd
        else { throw DeliveryPhraseError(.fillNotUnderstood, phrase) }
        return (text[..<comma], percent)
    }

    private static func fraction(
        _ word: Substring, _ catalogue: Catalogue
    ) throws(DeliveryPhraseError) -> FractionID {
        guard let fraction = catalogue.fraction(called: word) else {
            throw DeliveryPhraseError(.fractionUnknown, word)
        }
        return fraction.id
    }
}

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
            "„\(phrase)“: hinter der Zahl steht weder eine Einheit (Stück, l, m³, kg, t, m²) noch "
                + "ein Behälter dieser Preisliste."
        case .fractionUnknown: "„\(phrase)“ ist keine Abfallart dieser Preisliste."
        case .vehicleUnknown: "„\(phrase)“ ist kein Fahrzeug dieser Preisliste."
        case .fillNotUnderstood:
            "„\(phrase)“: die Füllung muss „halb voll“ oder „zu 51 % voll“ heißen, bei Fahrzeugen "
                + "„zu 51 % beladen“."
        }
    }
}
