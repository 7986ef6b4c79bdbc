import Units

/// One item of a delivery in words.
struct ItemPhrase {
    private let phrase: Substring
    private let vocabulary: DeliveryVocabulary
    private var catalogue: Catalogue { vocabulary.catalogue }

    /// The most words that a name may have, and places where a part may begin.
    private static let wordsMax = 20

    init(_ phrase: Substring, _ vocabulary: DeliveryVocabulary) {
        self.phrase = phrase
        self.vocabulary = vocabulary
    }

    func item() throws(DeliveryPhraseError) -> DeliveryItem {
        if phrase.contains(":") { return try vehicleLoad() }
        var scanner = PhraseScanner(phrase)
        guard let number = scanner.takeNumber() else {
            throw problem(beginsWithDigit ? .amountOutOfRange : .itemNotUnderstood)
        }
        if let item = try contained(number, scanner.rest) { return item }
        if scanner.take("Anlieferung") {
            guard number.scaled(by: 1) == 1 else { throw problem(.amountOutOfRange) }
            return try load(scanner.rest).item(.delivery, .counted)
        }
        guard let unit = ValuePhrase.unit(&scanner) else { throw problem(.measureUnknown) }
        guard let value = number.scaled(by: unit.size), (1...Amount.numberMax).contains(value)
        else { throw problem(.amountOutOfRange) }
        switch unit.measure {
        case .weight: return try weighed(Grams(value), &scanner)
        case .area where scanner.take("und"):
            return try stored(SquareCentimetres(value), &scanner)
        case .volume, .area, .areaTime, .cubicInches:
            return try load(scanner.rest).item(Amount(value, in: unit), .estimated)
        case .pieces, .duration, .pounds, .containers, .vehicle, .delivery:
            return try load(scanner.rest).item(Amount(value, in: unit), .counted)
        }
    }

    /// Whether a number stands in front, below zero or too long to be taken.
    private var beginsWithDigit: Bool {
        let unsigned = phrase.drop { "-\u{2212} ".contains($0) }
        return unsigned.first.map { ("0"..."9").contains($0) } ?? false
    }

    /// `gewogen w1 sperrmüll`, `von Hand sperrmüll`, or `sperrmüll` on a suitable scale.
    private func weighed(
        _ weight: Grams, _ scanner: inout PhraseScanner
    ) throws(DeliveryPhraseError) -> DeliveryItem {
        if scanner.take("von Hand") {
            return try load(scanner.rest)
                .item(.weight(weight), .manual(reason: "Angabe ohne Wägung"))
        }
        let scale = scanner.take("gewogen") ? String(scanner.takeText(before: " ")) : nil
        let load = try load(scanner.rest)
        guard
            let weighing = Weighing(
                scale: scale ?? vocabulary.scale(for: load.fraction), ticket: "Beispiel",
                gross: weight, tare: Grams(0))
        else { throw problem(.amountOutOfRange) }
        return load.item(.weight(weight), .weighed(weighing))
    }

    /// `und 9 Tage lagerung` behind an area.
    private func stored(
        _ area: SquareCentimetres, _ scanner: inout PhraseScanner
    ) throws(DeliveryPhraseError) -> DeliveryItem {
        guard let number = scanner.takeNumber(), let unit = ValuePhrase.unit(&scanner),
            unit.measure == .duration
        else { throw problem(.measureUnknown) }
        guard let minutes = number.scaled(by: unit.size),
            (1...Amount.numberMax).contains(minutes)
        else { throw problem(.amountOutOfRange) }
        return try load(scanner.rest).item(.areaTime(area, Minutes(minutes)), .estimated)
    }

    /// `2 Säcke restabfall, halb voll`: the container has the longest name that fits; nil if
    /// none does.
    private func contained(
        _ number: WrittenNumber, _ rest: Substring
    ) throws(DeliveryPhraseError) -> DeliveryItem? {
        let words = rest.split(separator: " ")
        for length in stride(from: min(words.count, Self.wordsMax), through: 1, by: -1) {
            let name = words.prefix(length).joined(separator: " ")
            guard let container = catalogue.container(called: name) else { continue }
            let text = words.dropFirst(length).joined(separator: " ")
            let (load, fill) = try filledLoad(text[...])
            guard let count = number.scaled(by: 1), (1...Amount.numberMax).contains(count) else {
                throw problem(.amountOutOfRange)
            }
            return load.item(
                .containers(count: count, kind: container.id, fillPercent: fill), .counted)
        }
        return nil
    }

    private func filledLoad(
        _ text: Substring
    ) throws(DeliveryPhraseError) -> (load: ItemLoad, fill: Int64) {
        if let (rest, fill) = FillPhrase.taken(from: text, full: "voll") {
            return (try load(rest[...]), fill)
        }
        do throws(DeliveryPhraseError) {
            return (try load(text), 100)
        } catch {
            let words = text.prefix { $0 != "," }.split(whereSeparator: \.isWhitespace)
            guard text.contains(","), fraction(words[...]) != nil else { throw error }
            throw problem(.fillNotUnderstood)
        }
    }

    /// `Anhänger bis 750 kg, zu 51 % beladen: haushaltsabfall`.
    private func vehicleLoad() throws(DeliveryPhraseError) -> DeliveryItem {
        let head = phrase.prefix { $0 != ":" }
        var (name, fill) = (String(head), Int64(100))
        if catalogue.vehicleClass(called: head) == nil,
            let taken = FillPhrase.taken(from: head, full: "beladen")
        {
            (name, fill) = taken
        }
        guard let vehicle = catalogue.vehicleClass(called: name) else {
            let isVehicle = head.lastIndex(of: ",").map {
                catalogue.vehicleClass(called: head[..<$0]) != nil
            }
            throw isVehicle == true
                ? problem(.fillNotUnderstood) : DeliveryPhraseError(.vehicleUnknown, name)
        }
        return try load(phrase.dropFirst(head.count + 1))
            .item(.vehicle(class: vehicle.id, fillPercent: fill), .estimated)
    }

    /// `boden gemischt mit bauholz mit staubdicht-verpackt`: the names themselves may hold "mit".
    private func load(_ text: Substring) throws(DeliveryPhraseError) -> ItemLoad {
        let words = text.split(whereSeparator: \.isWhitespace)
        if let load = try mixture(words[...]) { return load }
        let places = words.indices.filter { words[$0] == "mit" }.suffix(Self.wordsMax)
        for place in places.reversed() {
            guard let load = try mixture(words[..<place]) else { continue }
            let names = words[(place + 1)...].joined(separator: " ")
            guard let features = NameList.read(names, { catalogue.feature(called: $0) }) else {
                throw DeliveryPhraseError(.featureUnknown, names)
            }
            guard features.allSatisfy({ $0.scope == .item }) else {
                throw DeliveryPhraseError(.featureElsewhere, names)
            }
            return ItemLoad(
                fraction: load.fraction, mixedWith: load.mixedWith,
                features: Set(features.map(\.id)))
        }
        throw DeliveryPhraseError(.fractionUnknown, text)
    }

    /// A fraction, or several that cannot be parted; nil if the words begin with none.
    private func mixture(
        _ words: ArraySlice<Substring>
    ) throws(DeliveryPhraseError) -> ItemLoad? {
        if let fraction = fraction(words) { return ItemLoad(fraction: fraction) }
        let places = words.indices.dropLast().filter {
            words[$0] == "gemischt" && words[$0 + 1] == "mit"
        }
        for place in places.prefix(Self.wordsMax) {
            guard let fraction = fraction(words[..<place]) else { continue }
            let names = words[(place + 2)...].joined(separator: " ")
            let others = NameList.read(names) { catalogue.fraction(called: $0)?.id }
            guard let others else { continue }
            guard Set(others + [fraction]).count == others.count + 1 else {
                throw DeliveryPhraseError(.mixtureNotUnderstood, names)
            }
            return ItemLoad(fraction: fraction, mixedWith: others)
        }
        return nil
    }

    private func fraction(_ words: ArraySlice<Substring>) -> FractionID? {
        guard words.count <= Self.wordsMax else { return nil }
        let text = words.joined(separator: " ")
        return catalogue.fraction(called: text.hasSuffix(",") ? text.dropLast() : text[...])?.id
    }

    private func problem(_ kind: DeliveryPhraseError.Kind) -> DeliveryPhraseError {
        DeliveryPhraseError(kind, phrase)
    }
}

/// What an item is made of.
private struct ItemLoad {
    let fraction: FractionID
    var mixedWith: [FractionID] = []
    var features: Set<FeatureID> = []

    func item(_ amount: Amount, _ source: AmountSource) -> DeliveryItem {
        DeliveryItem(
            fraction: fraction, amount: amount, source: source, features: features,
            mixedWith: mixedWith)
    }
}

/// How full something is, between commas: `halb voll`, `zu 51 % beladen`.
private enum FillPhrase {
    /// The text without its fill, and the fill in percent; nil if it names none.
    static func taken(from text: Substring, full word: String) -> (rest: String, percent: Int64)? {
        var parts = text.split(separator: ",", omittingEmptySubsequences: false)
        for place in parts.indices.dropFirst() {
            guard let percent = percent(parts[place], full: word) else { continue }
            parts.remove(at: place)
            return (parts.joined(separator: ","), percent)
        }
        return nil
    }

    private static func percent(_ text: Substring, full word: String) -> Int64? {
        var scanner = PhraseScanner(text)
        if scanner.take(word) { return scanner.isAtEnd ? 100 : nil }
        if scanner.take("halb") { return scanner.take(word) && scanner.isAtEnd ? 50 : nil }
        guard scanner.take("zu"), let percent = scanner.takeNumber()?.scaled(by: 1),
            (1...100).contains(percent), scanner.take("%"), scanner.take(word), scanner.isAtEnd
        else { return nil }
        return percent
    }
}
