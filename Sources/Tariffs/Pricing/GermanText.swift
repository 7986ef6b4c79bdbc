import Units

/// Phrases of German sentences about amounts and prices.
enum GermanText {
    /// `1,6 m³`, with a no-break space.
    static func quantity(_ value: Int64, _ unit: MeasureUnit) -> String {
        "\(GermanFormat.decimal(value, scale: unit.size))\u{A0}\(unit.rawValue)"
    }

    /// What follows "je": `500 l`, or `m³` alone for one of them.
    static func per(_ quantity: Quantity) -> String {
        quantity.value == quantity.unit.size
            ? quantity.unit.rawValue : self.quantity(quantity.value, quantity.unit)
    }

    /// `angefangener m³`, `angefangene 500 l`.
    static func started(_ quantity: Quantity) -> String {
        guard quantity.value == quantity.unit.size else { return "angefangene \(per(quantity))" }
        let ending =
            switch quantity.unit {
            case .litre, .cubicMetre, .squareMetre: "angefangener"
            case .kilogram, .piece: "angefangenes"
            case .tonne: "angefangene"
            }
        return "\(ending) \(per(quantity))"
    }

    /// `5,40 €`; as many decimals as the price has, at least two.
    static func unitPrice(_ price: UnitPrice) -> String {
        let (cents, rest) = price.tenThousandths.quotientAndRemainder(dividingBy: 100)
        guard rest != 0 else { return GermanFormat.euros(Cents(cents)) }
        return "\(GermanFormat.decimal(price.tenThousandths, scale: 10_000))\u{A0}€"
    }

    /// `19 %`.
    static func percent(_ rate: VATRate) -> String {
        "\(GermanFormat.decimal(rate.basisPoints, scale: 100))\u{A0}%"
    }

    /// `, halb voll`; empty for a full container.
    static func fill(_ percent: Int64, count: Int64) -> String {
        guard percent < 100 else { return "" }
        let each = count == 1 ? "" : "je "
        return percent == 50 ? ", \(each)halb voll" : ", \(each)zu \(percent)\u{A0}% voll"
    }

    /// `m³, Sack oder Stück`.
    static func alternatives(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " oder " + last
    }
}

extension GermanText {
    /// `angefangenen m³`, `angefangene 500 l`: as it stands behind "je".
    static func startedAfterPer(_ quantity: Quantity) -> String {
        let started = started(quantity)
        guard started.hasPrefix("angefangener ") else { return started }
        return "angefangenen " + started.dropFirst("angefangener ".count)
    }
}
