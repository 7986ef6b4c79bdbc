import Text
import Units

extension SourceReader {
    /// The price of a position: a phrase, a staircase (`bis 2 m³: …`), steps with rates
    /// (`berechnung: …`), a scale switch (`unter 200 kg: …`) or a table by vehicle.
    mutating func method(_ node: SourceNode, _ catalogue: Catalogue) -> PricingMethod? {
        guard case .mapping(let entries) = node.content else { return phrase(node, catalogue) }
        let keys = entries.map(\.key)
        if !keys.isEmpty, keys.allSatisfy({ catalogue.vehicleClass(called: $0) != nil }) {
            return table(entries, at: node.position, catalogue)
        }
        if keys.contains("berechnung") { return tiers(entries, at: node.position, catalogue) }
        if keys.contains(where: { $0.hasPrefix("ab ") }) {
            return scaleSwitch(entries, at: node.position, catalogue)
        }
        let isStaircase = keys.contains {
            $0 == "darüber" || $0.hasPrefix("bis ") || $0.hasPrefix("unter ")
        }
        return isStaircase
            ? staircase(entries, at: node.position) : table(entries, at: node.position, catalogue)
    }

    /// A price in one phrase.
    mutating func phrase(_ node: SourceNode, _ catalogue: Catalogue) -> PricingMethod? {
        let currency = currency
        return read(word(node)) { text throws(PhraseProblem) in
            try PricePhrase.method(text, catalogue: catalogue, currency: currency)
        }
    }

    private mutating func staircase(
        _ entries: [SourceNode.Entry], at place: SourcePosition
    ) -> PricingMethod? {
        guard let last = entries.last, last.key == "darüber", entries.count > 1 else {
            report(
                .stepsDisagree, at: place,
                "Eine Staffel braucht Stufen „bis …“ und endet mit „darüber:“. Schreiben Sie dazu, "
                    + "was darüber gilt, zum Beispiel „darüber: abgelehnt“.")
            return nil
        }
        let tiers = entries.dropLast().compactMap { tier($0) }
        let currency = currency
        let beyond = read(word(last.value)) { text throws(PhraseProblem) in
            try Staircase.Beyond(phrase: text, in: currency)
        }
        guard tiers.count == entries.count - 1, let unit = tiers.first?.limit.unit, let beyond
        else { return nil }
        let ascends = zip(tiers, tiers.dropFirst()).allSatisfy { $0.limit.value < $1.limit.value }
        let measures = Set(tiers.map(\.limit.measure) + (beyond.step.map { [$0.measure] } ?? []))
        guard ascends, measures.count == 1 else {
            report(
                .stepsDisagree, at: place,
                "Die Stufen müssen aufsteigen und dasselbe Maß haben. Ordnen Sie sie.")
            return nil
        }
        return .staircase(Staircase(tiers: tiers, beyond: beyond, unit: unit))
    }

    private mutating func tier(_ entry: SourceNode.Entry) -> Staircase.Tier? {
        let limit = read(Word(text: entry.key, position: entry.keyPosition)) {
            text throws(PhraseProblem) in
            guard text.hasPrefix("bis ") else {
                throw PhraseProblem(
                    .stepsDisagree,
                    "„\(text)“: eine Stufe beginnt mit „bis“, zum Beispiel „bis 2 m³“. Für „unter“ "
                        + "schreiben Sie „berechnung: ganze Menge“ dazu, oder bei der Mindestlast "
                        + "einer Waage „ab“ statt „darüber“.")
            }
            return try ValuePhrase.quantity(text.dropFirst(4))
        }
        let currency = currency
        let price = read(word(entry.value)) { text throws(PhraseProblem) in
            guard text != "kostenlos" else { return Cents.zero }
            guard !text.contains(" je ") else {
                throw PhraseProblem(
                    .priceNotUnderstood,
                    "„\(text)“: eine Staffel nennt je Stufe einen Betrag. Für Preise je Einheit "
                        + "schreiben Sie „berechnung: ganze Menge“ oder „berechnung: je Stufe“ "
                        + "dazu.")
            }
            return try ValuePhrase.cents(text, in: currency)
        }
        guard let limit, let price else { return nil }
        return Staircase.Tier(limit: limit, price: price)
    }
}

extension Staircase.Beyond {
    /// `abgelehnt` or `8,00 € je weitere angefangene 0,5 m³`.
    fileprivate init(phrase text: String, in currency: Currency) throws(PhraseProblem) {
        if text == "abgelehnt" {
            self = .refused
            return
        }
        var scanner = PhraseScanner(text)
        let price = try ValuePhrase.unitPrice(&scanner, in: currency)
        guard scanner.take("je weitere angefangene"), price.tenThousandths % 100 == 0 else {
            throw PhraseProblem(
                .priceNotUnderstood,
                "„\(text)“: über der letzten Stufe kann „abgelehnt“ stehen oder "
                    + "„8,00 \(currency.sign) je weitere angefangene 0,5 m³“, mit „berechnung:“ "
                    + "auch ein Preis je Einheit.")
        }
        self = .further(
            price: Cents(price.tenThousandths / 100), step: try ValuePhrase.quantity(scanner.rest))
    }

    fileprivate var step: Quantity? {
        if case .further(_, let step) = self { step } else { nil }
    }
}
