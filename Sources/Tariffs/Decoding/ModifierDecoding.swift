import Text
import Units

extension SourceReader {
    /// The modifiers of a position, in the order of their keys in ``BlockForm``.
    mutating func modifiers(_ block: Block, _ catalogue: Catalogue) -> [Modifier] {
        let free = limit(block, "freimenge", catalogue)
        let exemption = read(word(block, "freigrenze")) { text throws(PhraseProblem) in
            try Exemption(text, catalogue)
        }
        let minimum = cents(word(block, "mindestens"))
        let maximum = cents(word(block, "höchstens"))
        let most = limit(block, "höchstmenge", catalogue)
        let adjustments = adjustments(block, catalogue)
        let deposit = cents(word(block, "vorautorisierung"))
        if let minimum, let maximum, maximum < minimum {
            report(
                .contradiction, at: block["höchstens"]?.position,
                "„höchstens“ liegt unter „mindestens“. Ändern Sie einen der Beträge.")
        }
        let bounds = [
            free.map(Modifier.free), exemption.map(Modifier.exempt),
            minimum.map(Modifier.lineMinimum), maximum.map(Modifier.lineMaximum),
            most.map(Modifier.limit),
        ]
        return bounds.compactMap(\.self) + adjustments.map(Modifier.adjustment)
            + [deposit.map(Modifier.deposit)].compactMap(\.self)
    }

    mutating func limit(_ block: Block, _ key: String, _ catalogue: Catalogue) -> Limit? {
        read(word(block, key)) { text throws(PhraseProblem) in try Limit(text, catalogue) }
    }

    private mutating func adjustments(_ block: Block, _ catalogue: Catalogue) -> [Adjustment] {
        let currency = currency
        let factors = filledWords(block, "faktor").compactMap { word in
            read(word) { text throws(PhraseProblem) in
                try Adjustment(factor: text, catalogue)
            }
        }
        let discounts = filledWords(block, "nachlass").compactMap { word in
            read(word) { text throws(PhraseProblem) in
                try Adjustment(discount: text, in: currency, catalogue)
            }
        }
        return factors + discounts
    }

    /// A free position with a quantity is free in the measure of that quantity only.
    func limited(_ method: PricingMethod, by modifiers: [Modifier]) -> PricingMethod {
        if case .derived(let derived) = method {
            return .derived(
                Derived(
                    base: derived.base, change: derived.change,
                    method: limited(derived.method, by: modifiers)))
        }
        guard case .free(nil) = method else { return method }
        let measures = modifiers.compactMap(\.quantity?.measure).filter { $0 != .delivery }
        return measures.first.map { .free($0) } ?? method
    }

    /// Reports quantities in a measure that the method does not price, and a free quantity where
    /// the price is another below the scale's minimum load: what it leaves of a load lies lower
    /// than what was weighed. Visits can be counted whatever they bring.
    mutating func checkMeasures(
        of modifiers: [Modifier], against method: PricingMethod, _ block: Block
    ) {
        for modifier in modifiers {
            guard let (key, measure) = modifier.quantity, measure != .delivery else { continue }
            if !method.prices(measure) {
                report(
                    .stepsDisagree, at: block[key]?.position,
                    "„\(key)“ hat ein anderes Maß als der Preis. Nehmen Sie dasselbe.")
            } else if case .free = modifier, case .scaleSwitch = method.root {
                report(
                    .contradiction, at: block[key]?.position,
                    "„\(key)“ steht nicht bei einem Preis, der unter der Mindestlast anders ist: "
                        + "Der Rest läge darunter, obwohl mehr gewogen ist. Streichen Sie eines.")
            }
        }
    }
}

extension Modifier {
    /// The key and measure of a modifier that names a quantity.
    fileprivate var quantity: (key: String, measure: Measure)? {
        switch self {
        case .free(let limit): ("freimenge", limit.measure)
        case .limit(let limit): ("höchstmenge", limit.measure)
        case .exempt(let exemption): ("freigrenze", exemption.limit.measure)
        case .lineMinimum, .lineMaximum, .adjustment, .deposit: nil
        }
    }
}
