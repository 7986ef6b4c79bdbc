import Text
import Units

extension SourceReader {
    /// Steps whose prices may be rates: `berechnung`, then `bis …` or `unter …`, then `darüber`.
    mutating func tiers(
        _ entries: [SourceNode.Entry], at place: SourcePosition, _ catalogue: Catalogue
    ) -> PricingMethod? {
        let scope = choice(
            entries.first { $0.key == "berechnung" }.flatMap { word($0.value) },
            ["ganze Menge": Tiers.Scope.whole, "je Stufe": .slice])
        let steps = entries.filter { $0.key != "berechnung" }
        guard let last = steps.last, last.key == "darüber", steps.count > 1 else {
            report(
                .stepsDisagree, at: place,
                "Nach „berechnung“ folgen Stufen „bis …“ oder „unter …“, am Ende „darüber:“. "
                    + "Schreiben Sie dazu, was darüber gilt, zum Beispiel „darüber: abgelehnt“.")
            return nil
        }
        let limits = steps.dropLast().map { tierLimit($0) }
        let prices = steps.map { tierPrice($0, scope, isLast: $0.key == "darüber", catalogue) }
        guard let scope, let beyond = prices.last?.flatMap(\.self) else { return nil }
        let tiers = zip(limits, prices).compactMap { limit, price in
            limit.flatMap { limit in
                price.map {
                    Tiers.Tier(limit: limit.quantity, includesLimit: limit.isIncluded, price: $0)
                }
            }
        }
        guard tiers.count == limits.count, let unit = tiers.first?.limit.unit else { return nil }
        let measures = Set(
            tiers.map(\.limit.measure) + (tiers.map(\.price) + [beyond]).compactMap(\.measure))
        let ascends = zip(tiers, tiers.dropFirst()).allSatisfy { $0.limit.value < $1.limit.value }
        guard ascends, measures.count == 1 else {
            report(
                .stepsDisagree, at: place,
                "Die Stufen müssen aufsteigen und mit ihren Preisen dasselbe Maß haben. Ordnen "
                    + "Sie sie.")
            return nil
        }
        return .tiers(Tiers(scope: scope, tiers: tiers, beyond: beyond, unit: unit))
    }

    /// `bis 3 m³`, or `unter 10 yd³` where the limit itself belongs to the next step.
    private mutating func tierLimit(
        _ entry: SourceNode.Entry
    ) -> (quantity: Quantity, isIncluded: Bool)? {
        read(Word(text: entry.key, position: entry.keyPosition)) { text throws(PhraseProblem) in
            var scanner = PhraseScanner(text)
            guard let word = scanner.take(anyOf: ["bis", "unter"]) else {
                throw PhraseProblem(
                    .stepsDisagree,
                    "„\(text)“: eine Stufe beginnt mit „bis“ oder „unter“, zum Beispiel "
                        + "„bis 2 m³“.")
            }
            return (try ValuePhrase.quantity(scanner.rest), word == "bis")
        }
    }

    /// The price of a step: free, an amount, a rate, and at the end also `abgelehnt`.
    private mutating func tierPrice(
        _ entry: SourceNode.Entry, _ scope: Tiers.Scope?, isLast: Bool, _ catalogue: Catalogue
    ) -> Tiers.TierPrice? {
        let currency = currency
        return read(word(entry.value)) { text throws(PhraseProblem) in
            let price = try Tiers.TierPrice(phrase: text, in: currency, catalogue)
            switch price {
            case .refused where !isLast:
                throw PhraseProblem(
                    .stepsDisagree,
                    "„\(text)“ kann nur bei „darüber“ stehen. Nennen Sie einen Preis.")
            case .amount(let amount) where scope == .slice && amount > .zero:
                throw PhraseProblem(
                    .stepsDisagree,
                    "„\(text)“: mit „berechnung: je Stufe“ ist eine Stufe kostenlos oder hat "
                        + "einen Preis je Einheit. Schreiben Sie „\(text) je angefangene …“.")
            case .amount, .rate, .refused: return price
            }
        }
    }

    /// A price below a scale's minimum load and one from it on.
    mutating func scaleSwitch(
        _ entries: [SourceNode.Entry], at place: SourcePosition, _ catalogue: Catalogue
    ) -> PricingMethod? {
        guard entries.count == 2, entries[0].key.hasPrefix("unter "),
            entries[1].key.hasPrefix("ab ")
        else {
            report(
                .stepsDisagree, at: place,
                "Ein Preis nach Waage hat zwei Zeilen: „unter 200 kg:“ und „ab 200 kg:“. "
                    + "Schreiben Sie genau diese.")
            return nil
        }
        let thresholds = entries.map { scaleThreshold($0) }
        let below = scaleBelow(entries[0].value)
        let rate = scaleRate(entries[1].value, catalogue)
        guard let threshold = thresholds[0], let from = thresholds[1], let below, let rate else {
            return nil
        }
        guard below != .unpublished || rate != .unpublished else {
            report(
                .stepsDisagree, at: place,
                "Ist beides nicht veröffentlicht, dann schreiben Sie „preis: nicht "
                    + "veröffentlicht“.")
            return nil
        }
        guard threshold.value == from.value else {
            report(
                .stepsDisagree, at: entries[1].keyPosition,
                "„unter“ und „ab“ müssen dasselbe Gewicht nennen. Gleichen Sie sie an.")
            return nil
        }
        return .scaleSwitch(
            ScaleSwitch(threshold: threshold, below: below, rate: rate.published))
    }

    private mutating func scaleThreshold(_ entry: SourceNode.Entry) -> Quantity? {
        read(Word(text: entry.key, position: entry.keyPosition)) { text throws(PhraseProblem) in
            let quantity = try ValuePhrase.quantity(text.drop { $0 != " " })
            guard quantity.measure == .weight else {
                throw PhraseProblem(
                    .stepsDisagree,
                    "„\(text)“: die Mindestlast einer Waage ist ein Gewicht in kg oder t. "
                        + "Schreiben Sie zum Beispiel „unter 200 kg“.")
            }
            return quantity
        }
    }

    /// `28,00 € pauschal`, `nach Volumen` or `nicht veröffentlicht`.
    private mutating func scaleBelow(_ node: SourceNode) -> ScaleSwitch.Below? {
        let currency = currency
        return read(word(node)) { text throws(PhraseProblem) in
            if text == "nach Volumen" { return .byVolume }
            if text == "nicht veröffentlicht" { return .unpublished }
            guard text.hasSuffix(" pauschal") else {
                throw PhraseProblem(
                    .priceNotUnderstood,
                    "„\(text)“: unter der Mindestlast darf das Gewicht nicht entscheiden. Möglich "
                        + "sind „28,00 \(currency.sign) pauschal“, „nach Volumen“ und „nicht "
                        + "veröffentlicht“.")
            }
            return .flat(try ValuePhrase.cents(text.dropLast(" pauschal".count), in: currency))
        }
    }

    /// What holds from the minimum load on.
    private enum ScaleRate: Equatable {
        case rate(UnitRate)
        case unpublished

        var published: UnitRate? {
            if case .rate(let rate) = self { rate } else { nil }
        }
    }

    private mutating func scaleRate(_ node: SourceNode, _ catalogue: Catalogue) -> ScaleRate? {
        let currency = currency
        return read(word(node)) { text throws(PhraseProblem) in
            if text == "nicht veröffentlicht" { return .unpublished }
            let method = try PricePhrase.method(text, catalogue: catalogue, currency: currency)
            guard case .unit(let rate) = method, rate.per.measure == .weight else {
                throw PhraseProblem(
                    .stepsDisagree,
                    "„\(text)“: ab der Mindestlast gilt ein Preis nach Gewicht, zum Beispiel "
                        + "„241,72 \(currency.sign) je t, anteilig“.")
            }
            return .rate(rate)
        }
    }
}

extension Tiers.TierPrice {
    fileprivate init(
        phrase text: String, in currency: Currency, _ catalogue: Catalogue
    ) throws(PhraseProblem) {
        switch text {
        case "kostenlos": self = .amount(.zero)
        case "abgelehnt": self = .refused
        case _ where text.contains(" je "):
            let method = try PricePhrase.method(text, catalogue: catalogue, currency: currency)
            guard case .unit(let rate) = method else {
                throw PhraseProblem(
                    .priceNotUnderstood,
                    "„\(text)“: eine Stufe hat einen Preis je Menge, zum Beispiel "
                        + "„38,00 \(currency.sign) je angefangene 1 m³“.")
            }
            self = .rate(rate)
        default: self = .amount(try ValuePhrase.cents(text, in: currency))
        }
    }

    /// What a rate measures; nil for amounts.
    fileprivate var measure: Measure? {
        if case .rate(let rate) = self { rate.per.measure } else { nil }
    }
}
