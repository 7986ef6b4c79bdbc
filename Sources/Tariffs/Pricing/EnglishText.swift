import Units

/// Phrases of English sentences about amounts and prices: decimal point, comma between groups of
/// three, the currency sign before the number.
enum EnglishText {
    static func euros(_ cents: Cents) -> String {
        "€" + swapped(GermanFormat.amount(cents))
    }

    static func count(_ number: Int64) -> String { swapped(GermanFormat.grouped(number)) }

    static func quantity(_ value: Int64, _ unit: MeasureUnit) -> String {
        let number = swapped(GermanFormat.decimal(value, scale: unit.size))
        return unit == .piece ? number : "\(number)\u{A0}\(unit.rawValue)"
    }

    /// What follows "per": `500 l`, or `m³` alone for one of them.
    static func per(_ quantity: Quantity) -> String {
        guard quantity.value == quantity.unit.size else {
            return self.quantity(quantity.value, quantity.unit)
        }
        return quantity.unit == .piece ? "piece" : quantity.unit.rawValue
    }

    static func unitPrice(_ price: UnitPrice) -> String {
        let (cents, rest) = price.tenThousandths.quotientAndRemainder(dividingBy: 100)
        guard rest != 0 else { return euros(Cents(cents)) }
        return "€" + swapped(GermanFormat.decimal(price.tenThousandths, scale: 10_000))
    }

    static func percent(_ rate: VATRate) -> String {
        swapped(GermanFormat.decimal(rate.basisPoints, scale: 100)) + "%"
    }

    static func fill(_ percent: Int64, count: Int64) -> String {
        guard percent < 100 else { return "" }
        let each = count == 1 ? "" : "each "
        return percent == 50 ? ", \(each)half full" : ", \(each)\(percent)% full"
    }

    static func alternatives(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }

    /// Exchanges full stop and comma.
    private static func swapped(_ number: String) -> String {
        let (comma, point) = (UInt8(ascii: ","), UInt8(ascii: "."))
        let bytes = number.utf8.map { $0 == comma ? point : $0 == point ? comma : $0 }
        return String(decoding: bytes, as: UTF8.self)
    }
}
