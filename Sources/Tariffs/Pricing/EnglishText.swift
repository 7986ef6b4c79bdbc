import Units

/// Phrases of English sentences about amounts and prices: decimal point, comma between groups of
/// three, the currency sign before the number.
enum EnglishText {
    static func money(_ cents: Cents, _ currency: Currency) -> String {
        sign(currency) + swapped(GermanFormat.amount(cents))
    }

    private static func sign(_ currency: Currency) -> String {
        switch currency {
        case .euro, .pound, .dollar: currency.sign
        case .franc: "CHF\u{A0}"
        }
    }

    static func count(_ number: Int64) -> String { swapped(GermanFormat.grouped(number)) }

    static func quantity(_ value: Int64, _ unit: MeasureUnit) -> String {
        let number = swapped(GermanText.number(value, over: unit.size))
        guard unit != .piece else { return number }
        return "\(number)\u{A0}\(word(unit, isOne: value == unit.size))"
    }

    private static func word(_ unit: MeasureUnit, isOne: Bool) -> String {
        let name =
            switch unit {
            case .minute: "minute"
            case .hour: "hour"
            case .day: "day"
            case .week: "week"
            case .piece: "piece"
            case .shortTon: "ton"
            case .litre, .cubicMetre, .kilogram, .tonne, .squareMetre, .pound, .cubicYard, .gallon:
                ""
            }
        guard !name.isEmpty else { return unit.rawValue }
        return isOne ? name : name + "s"
    }

    /// What follows "per": `500 l`, or `m³` alone for one of them.
    static func per(_ quantity: Quantity) -> String {
        quantity.value == quantity.unit.size
            ? word(quantity.unit, isOne: true) : self.quantity(quantity.value, quantity.unit)
    }

    static func unitPrice(_ price: UnitPrice, _ currency: Currency) -> String {
        let (cents, rest) = price.tenThousandths.quotientAndRemainder(dividingBy: 100)
        guard rest != 0 else { return money(Cents(cents), currency) }
        return sign(currency) + swapped(GermanFormat.decimal(price.tenThousandths, scale: 10_000))
    }

    static func percent(_ rate: VATRate) -> String { percent(rate.basisPoints) }

    /// Hundredths of a percent as `2.5%`.
    static func percent(_ points: Int64) -> String {
        swapped(GermanFormat.decimal(points, scale: 100)) + "%"
    }

    /// `2 times` of 20,000 ten-thousandths.
    static func times(_ factor: Int64) -> String {
        swapped(GermanFormat.decimal(factor, scale: 10_000)) + " times"
    }

    static func maximumReached(_ left: String) -> String {
        "; the maximum for a delivery is reached, \(left) counts here"
    }

    static func totalRounded(_ growth: String) -> String {
        "; the total is rounded, \(growth) counts here"
    }

    static func fill(_ percent: Int64, count: Int64) -> String {
        guard percent < 100 else { return "" }
        let each = count == 1 ? "" : "each "
        return percent == 50 ? ", \(each)half full" : ", \(each)\(percent)% full"
    }

    static func alternatives(_ words: [String]) -> String { list(words, last: "or") }

    static func all(_ words: [String]) -> String { list(words, last: "and") }

    private static func list(_ words: [String], last word: String) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " \(word) " + last
    }

    /// ` per day and household`.
    static func scope(_ scope: QuotaScope) -> String {
        let period =
            switch scope.period {
            case .visit: "delivery"
            case .day: "day"
            case .weeks(1): "week"
            case .weeks(let count): "\(count)\u{A0}weeks"
            case .halfYear: "half-year"
            case .year: "year"
            }
        return " per \(period)" + (scope.holder.map { " and \($0.rawValue)" } ?? "")
    }

    /// `1 m³ per day and household`.
    ///
    /// - Parameter container: the kind that the limit counts, if it counts one.
    static func limit(_ limit: Limit, _ container: Container?) -> String {
        amount(of: limit, container) + scope(limit.scope)
    }

    static func amount(of limit: Limit, _ container: Container?) -> String {
        let isOne = limit.most == 1
        if let unit = limit.unit {
            let each = unit == .piece ? "\u{A0}\(isOne ? "piece" : "pieces")" : ""
            return quantity(limit.most, unit) + each
        }
        guard let container, limit.measure == .containers(container.id) else {
            return "\(count(limit.most))\u{A0}\(isOne ? "delivery" : "deliveries")"
        }
        return "\(count(limit.most))\u{A0}"
            + (isOne ? container.englishName : container.englishPlural)
    }

    /// Exchanges full stop and comma.
    private static func swapped(_ number: String) -> String {
        let (comma, point) = (UInt8(ascii: ","), UInt8(ascii: "."))
        let bytes = number.utf8.map { $0 == comma ? point : $0 == point ? comma : $0 }
        return String(decoding: bytes, as: UTF8.self)
    }
}
