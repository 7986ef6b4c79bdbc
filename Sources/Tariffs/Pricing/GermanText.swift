package import Units

/// Phrases of German sentences about amounts and prices.
package enum GermanText {
    /// `1,6 m³`, `2 Wochen`, with a no-break space.
    package static func quantity(_ value: Int64, _ unit: MeasureUnit) -> String {
        let isOne = value == unit.size
        return "\(number(value, over: unit.size))\u{A0}\(isOne ? unit.rawValue : plural(unit))"
    }

    /// `value / size` with as many decimals as it takes, at most four.
    package static func number(_ value: Int64, over size: Int64) -> String {
        for scale: Int64 in [1, 10, 100, 1_000] {
            let (shifted, isTooFar) = value.multipliedReportingOverflow(by: scale)
            guard !isTooFar, shifted % size == 0 else { continue }
            return GermanFormat.decimal(shifted / size, scale: scale)
        }
        let exact = Ratio(Int128(value) * 10_000, over: Int128(size))
        return GermanFormat.decimal(exact.rounded(.halfUp), scale: 10_000)
    }

    private static func plural(_ unit: MeasureUnit) -> String {
        switch unit {
        case .minute, .hour, .week: "\(unit.rawValue)n"
        case .day: "\(unit.rawValue)e"
        case .piece, .litre, .cubicMetre, .kilogram, .tonne, .squareMetre, .pound, .shortTon,
            .cubicYard, .gallon:
            unit.rawValue
        }
    }

    /// What follows "je": `500 l`, or `m³` alone for one of them.
    package static func per(_ quantity: Quantity) -> String {
        quantity.value == quantity.unit.size
            ? quantity.unit.rawValue : self.quantity(quantity.value, quantity.unit)
    }

    /// `angefangener m³`, `angefangene 500 l`.
    package static func started(_ quantity: Quantity) -> String {
        guard quantity.value == quantity.unit.size else { return "angefangene \(per(quantity))" }
        let ending =
            switch quantity.unit {
            case .litre, .cubicMetre, .squareMetre, .day: "angefangener"
            case .kilogram, .piece, .pound, .cubicYard: "angefangenes"
            case .tonne, .minute, .hour, .week, .shortTon, .gallon: "angefangene"
            }
        return "\(ending) \(per(quantity))"
    }

    /// `3 angefangene 100 l`, `2 angefangene Wochen`, `1 angefangene 10 m²`, `ein angefangener m³`.
    package static func started(_ count: Int64, of quantity: Quantity) -> String {
        let isUnit = quantity.value == quantity.unit.size
        guard count > 1 || !isUnit else {
            return "ein \(started(quantity))".replacingOne(quantity.unit)
        }
        let each = isUnit ? plural(quantity.unit) : per(quantity)
        return "\(GermanFormat.grouped(count)) angefangene \(each)"
    }

    /// `11,00 €`, `11,00 CHF`.
    package static func money(_ cents: Cents, _ currency: Currency) -> String {
        "\(GermanFormat.amount(cents))\u{A0}\(currency.sign)"
    }

    /// `5,40 €`; as many decimals as the price has, at least two.
    package static func unitPrice(_ price: UnitPrice, _ currency: Currency) -> String {
        let (cents, rest) = price.tenThousandths.quotientAndRemainder(dividingBy: 100)
        guard rest != 0 else { return money(Cents(cents), currency) }
        let number = GermanFormat.decimal(price.tenThousandths, scale: 10_000)
        return "\(number)\u{A0}\(currency.sign)"
    }

    /// `19 %`.
    package static func percent(_ rate: VATRate) -> String { percent(rate.basisPoints) }

    /// Hundredths of a percent as `2,5 %`.
    package static func percent(_ points: Int64) -> String {
        "\(GermanFormat.decimal(points, scale: 100))\u{A0}%"
    }

    /// `2-fache` of 20,000 ten-thousandths.
    package static func times(_ factor: Int64) -> String {
        "\(GermanFormat.decimal(factor, scale: 10_000))-fache"
    }

    /// `, halb voll`; empty for a full container.
    package static func fill(_ percent: Int64, count: Int64) -> String {
        guard percent < 100 else { return "" }
        let each = count == 1 ? "" : "je "
        return percent == 50 ? ", \(each)halb voll" : ", \(each)zu \(percent)\u{A0}% voll"
    }

    /// Ends the sentence of a line that the maximum of the delivery cuts, with what is left.
    static func maximumReached(_ left: String) -> String {
        "; der Höchstbetrag der Anlieferung ist erreicht, hier zählen noch \(left)"
    }

    /// Ends the sentence of a line that shows the growth of a rounded total.
    static func totalRounded(_ growth: String) -> String {
        "; die Summe wird gerundet, hier zählen \(growth)"
    }

    /// `m³, Sack oder Stück`.
    package static func alternatives(_ words: [String]) -> String { list(words, last: "oder") }

    /// `Boden, Holz und Schrott`.
    package static func all(_ words: [String]) -> String { list(words, last: "und") }

    private static func list(_ words: [String], last word: String) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " \(word) " + last
    }
}

extension GermanText {
    /// `angefangenen m³`, `angefangene 500 l`: as it stands behind "je".
    package static func startedAfterPer(_ quantity: Quantity) -> String {
        let started = started(quantity)
        guard started.hasPrefix("angefangener ") else { return started }
        return "angefangenen " + started.dropFirst("angefangener ".count)
    }

    /// `weiteren angefangenen m³`, `weitere angefangene 0,5 m³`, `weiteres angefangenes kg`: as it
    /// stands behind "je".
    package static func furtherAfterPer(_ quantity: Quantity) -> String {
        let started = startedAfterPer(quantity)
        let word = started.prefix { $0 != " " }
        return "weitere\(word.dropFirst("angefangene".count)) \(started)"
    }

    /// ` je Tag und Haushalt`.
    package static func scope(_ scope: QuotaScope) -> String {
        let period =
            switch scope.period {
            case .visit: "Anlieferung"
            case .day: "Tag"
            case .weeks(1): "Woche"
            case .weeks(let count): "\(count)\u{A0}Wochen"
            case .halfYear: "Halbjahr"
            case .year: "Jahr"
            }
        return " je \(period)" + (scope.holder.map { " und \($0.german)" } ?? "")
    }

    /// `1 m³ je Tag und Haushalt`, `2 Säcke je Anlieferung`, `1 Anlieferung je Jahr und Haushalt`.
    ///
    /// - Parameter container: the kind that the limit counts, if it counts one.
    package static func limit(_ limit: Limit, _ container: Container?) -> String {
        amount(of: limit, container) + scope(limit.scope)
    }

    /// `1 m³`, `2 Säcke`.
    package static func amount(of limit: Limit, _ container: Container?) -> String {
        limit.unit.map { quantity(limit.most, $0) }
            ?? "\(GermanFormat.grouped(limit.most))\u{A0}\(word(of: limit, container))"
    }

    private static func word(of limit: Limit, _ container: Container?) -> String {
        let isOne = limit.most == 1
        guard let container, limit.measure == .containers(container.id) else {
            return isOne ? "Anlieferung" : "Anlieferungen"
        }
        return isOne ? container.name : container.plural
    }
}

extension String {
    /// `eine angefangene Woche` where the unit is feminine.
    fileprivate func replacingOne(_ unit: MeasureUnit) -> String {
        switch unit {
        case .tonne, .minute, .hour, .week, .shortTon, .gallon: "eine" + dropFirst("ein".count)
        case .litre, .cubicMetre, .squareMetre, .day, .kilogram, .piece, .pound, .cubicYard: self
        }
    }
}
