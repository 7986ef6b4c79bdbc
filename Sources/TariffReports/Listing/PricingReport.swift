package import Tariffs
import Units

/// What a tariff makes of a delivery, with every reason and figure.
package struct PricingReport: Sendable {
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
