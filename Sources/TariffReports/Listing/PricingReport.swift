package import Tariffs
import Units

/// What a tariff makes of a delivery, with every reason and figure.
package struct PricingReport: Hashable, Sendable {
    package let decision: PricingDecision
    let tariff: Tariff

    package init(_ decision: PricingDecision, of tariff: Tariff) {
        self.decision = decision
        self.tariff = tariff
    }

    /// Amount and sentence of each line, then the total; or the reasons of a refusal.
    package var brief: String {
        switch decision {
        case .priced(let quote):
            let lines = quote.lines.map { "\(money($0.gross))  \($0.explanation.german)" }
            let sum = "\(money(quote.total))  Summe, \(tariff.reference.title)"
            return (lines + [sum]).text
        case .refused(let refusals):
            return refusals.map { "abgelehnt (\($0.code)): \($0.reason.german)" }.text
        }
    }

    func money(_ cents: Cents) -> String { GermanText.money(cents, tariff.currency) }
}

extension Ratio {
    /// The exact value of a price in cents as an amount of the currency with all its decimals:
    /// `2,4172`; where they never end, twelve of them and `…`.
    var exactAmount: String {
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
