package import Units

/// What a delivery costs line by line, without sentences; for pricing very many.
package enum AmountsDecision: Hashable, Sendable {
    /// The lines of ``Quote/lines``, and the quotas that priced them.
    case priced([AmountLine], quota: [QuotaUse])
    /// Why it is refused; not empty, in the order of ``PricingDecision/refused(_:)``.
    case refused([RefusalCode])
}

/// A priced line in figures.
package struct AmountLine: Hashable, Sendable {
    /// Number of the position; `Zuschlag` or `Mindestbetrag` for lines of the whole delivery.
    package let position: String
    /// Nil for lines of the whole delivery.
    package let fraction: FractionID?
    package let gross: Cents
}

extension Tariff {
    /// The figures of ``price(_:quota:)``: same lines, same order, same refusals.
    ///
    /// - Parameter quota: what was used before; a quota that is not named was not used.
    package func amountLines(
        of delivery: Delivery, quota: [QuotaUse] = []
    ) -> AmountsDecision {
        switch calculate(delivery, quota: quota) {
        case .refused(let refusals): return .refused(refusals.map(\.code))
        case .calculated(let calculation):
            let lines = calculation.lines.map {
                AmountLine(
                    position: positions[$0.position].number, fraction: $0.fraction,
                    gross: $0.gross)
            }
            let extras = calculation.extras.map {
                AmountLine(position: $0.position, fraction: nil, gross: $0.gross)
            }
            return .priced(lines + extras, quota: calculation.quota)
        }
    }

    /// Whether a price or refusal can depend on deliveries before it.
    package var countsQuotas: Bool { !grantedQuotas.isEmpty }
}
