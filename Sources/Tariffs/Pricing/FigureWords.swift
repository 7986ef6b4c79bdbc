package import Units

extension Amount {
    /// A number of this measure's smallest units in the unit that people say: `1,35 m³`,
    /// `2 Stück`. Containers and vehicles have no names here: only their tariff knows them.
    package func german(_ number: Int64) -> String {
        switch self {
        case .containers: "\(GermanFormat.grouped(number))\u{A0}Behälter"
        case .vehicle: "1\u{A0}Ladung"
        case .delivery: "\(number)\u{A0}Anlieferung"
        case .pieces: GermanText.quantity(number, .piece)
        case .volume: GermanText.quantity(number, .litre)
        case .weight: GermanText.quantity(number, .kilogram)
        case .area, .areaTime: GermanText.quantity(number, .squareMetre)
        case .duration: GermanText.quantity(number, .minute)
        case .pounds: GermanText.quantity(number, .pound)
        case .cubicInches: GermanText.quantity(number, .cubicYard)
        }
    }
}

extension Ratio {
    /// The exact value of a price in cents as an amount of the currency with all its decimals:
    /// `2,4172`; where they never end, twelve of them and `…`.
    package var exactAmount: String {
        let (sign, size) = (numerator < 0 ? "\u{2212}" : "", numerator < 0 ? -numerator : numerator)
        let divisor = denominator * 100
        let (whole, rest) = size.quotientAndRemainder(dividingBy: divisor)
        var (digits, left) = ("", rest)
        while left > 0, digits.utf8.count < Self.digitsMax {
            let (digit, remainder) = (left * 10).quotientAndRemainder(dividingBy: divisor)
            digits += String(digit)
            left = remainder
        }
        while digits.utf8.count < 2 { digits += "0" }
        return "\(sign)\(GermanFormat.grouped(Int64(whole))),\(digits)\(left > 0 ? "…" : "")"
    }

    private static let digitsMax = 12
}
