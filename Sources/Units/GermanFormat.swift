/// German number style for pages, receipts and sentences (DIN 5008): decimal comma, full stop
/// between groups of three, a no-break space before the unit.
package enum GermanFormat {
    /// `1.234,56 €`; negative amounts carry a true minus sign.
    package static func euros(_ cents: Cents) -> String {
        "\(amount(cents))\u{A0}€"
    }

    /// `1.234,56` without the currency.
    package static func amount(_ cents: Cents) -> String {
        let magnitude = cents.magnitude.value
        let sign = cents.isNegative ? "\u{2212}" : ""
        return sign + grouped(magnitude / 100) + "," + padded(magnitude % 100, 2)
    }

    /// `1.234`.
    package static func grouped(_ number: Int64) -> String {
        let digits = Array(String(number.magnitude))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(".") }
            text.append(digit)
        }
        return (number < 0 ? "\u{2212}" : "") + text
    }

    /// A decimal number of `value / scale` without trailing zeros: `1,75`; `scale` is a power of
    /// ten.
    package static func decimal(_ value: Int64, scale: Int64) -> String {
        let (whole, fraction) = value.magnitude.quotientAndRemainder(dividingBy: scale.magnitude)
        var digits = padded(fraction, String(scale).utf8.count - 1)
        while digits.hasSuffix("0") { digits.removeLast() }
        if scale == 1 { digits = "" }
        return (value < 0 ? "\u{2212}" : "") + grouped(Int64(whole))
            + (digits.isEmpty ? "" : "," + digits)
    }

    /// `22.11.2026`.
    package static func day(_ day: BusinessDay) -> String {
        "\(padded(day.day, 2)).\(padded(day.month, 2)).\(day.year)"
    }
}
