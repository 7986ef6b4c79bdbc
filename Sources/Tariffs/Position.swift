package import Text
package import Units

/// A priced position of a tariff (Gebührentarifstelle), numbered as the sheet numbers it.
package struct Position: Hashable, Sendable {
    package let number: String
    /// Where the price stands: paragraph and sentence, or "Preisliste, Zeile 3".
    package let paragraph: String
    /// The official words, if the file quotes them.
    package let wording: String?
    /// Kinds of waste, or goods; not empty.
    package let fractions: [FractionID]
    package let condition: Condition
    /// Numbers of the general positions that this one is an exception to.
    package let exceptionTo: [String]
    package let legalForm: GroupedFact<LegalForm>
    package let vat: GroupedFact<VATTreatment>
    package let method: PricingMethod
    package let modifiers: [Modifier]
    /// Features without which the item is refused.
    package let requires: Set<FeatureID>
    /// Why more is not taken, and where to go; nil if the file gives no reason.
    package let reason: Explanation?
    /// A note for the notice board.
    package let note: String?
    /// A note for the attendant.
    package let staffNote: String?
    /// What the sheet leaves open and this file decided; nil if nothing.
    package let assumption: String?
    /// Where it stands in the file.
    package let place: SourcePosition

    package var lineMinimum: Cents {
        for case .lineMinimum(let minimum) in modifiers { return minimum }
        return .zero
    }

    package var lineMaximum: Cents? {
        for case .lineMaximum(let maximum) in modifiers { return maximum }
        return nil
    }

    package var limit: Limit? {
        for case .limit(let limit) in modifiers { return limit }
        return nil
    }

    package var freeQuantity: Limit? {
        for case .free(let limit) in modifiers { return limit }
        return nil
    }

    package var exemption: Exemption? {
        for case .exempt(let exemption) in modifiers { return exemption }
        return nil
    }

    /// Whether the position prices amounts of this measure: a flat with a limit only the limit's,
    /// so that no other measure passes it by.
    package func prices(_ measure: Measure) -> Bool {
        method.prices(measure) && flatMeasure.map { $0 == measure } ?? true
    }

    /// The measures that the position names, in its order; empty where it prices any or none.
    var namedMeasures: [Measure] { flatMeasure.map { [$0] } ?? method.namedMeasures }

    private var flatMeasure: Measure? {
        guard case .flat = method.root, let limited = (limit ?? freeQuantity)?.measure else {
            return nil
        }
        return limited == .delivery ? nil : limited
    }

    package var adjustments: [Adjustment] {
        modifiers.compactMap {
            if case .adjustment(let adjustment) = $0 { adjustment } else { nil }
        }
    }

    package var deposit: Cents {
        for case .deposit(let amount) in modifiers { return amount }
        return .zero
    }
}

/// Whether the printed prices contain value added tax (Preisbasis).
package enum PriceBasis: String, Hashable, Sendable, CaseIterable {
    case gross = "brutto"
    case net = "netto"
    case withoutTax = "ohne Umsatzsteuer"
}

/// The currency of a tariff (ISO 4217).
package enum Currency: String, Hashable, Sendable, CaseIterable {
    case euro = "EUR"
    case franc = "CHF"
    case pound = "GBP"
    case dollar = "USD"

    /// The sign behind an amount.
    package var sign: String {
        switch self {
        case .euro: "€"
        case .franc: "CHF"
        case .pound: "£"
        case .dollar: "$"
        }
    }
}

/// How exact amounts become printed ones: where, which way, and to what.
package struct RoundingProfile: Hashable, Sendable {
    package enum Scope: Hashable, Sendable {
        /// Each line once.
        case line
        /// The sum alone; a line shows the growth of the rounded sum.
        case total
    }

    package let scope: Scope
    package let mode: Rounding
    /// Amounts become multiples of it; 1, 5, 10, 50 or 100 cents.
    package let increment: Cents

    package static let commercial = RoundingProfile(
        scope: .line, mode: .halfUp, increment: Cents(1))

    /// The multiple of the increment that an exact number of cents becomes.
    func rounded(_ exact: Ratio) -> Cents {
        let steps = Ratio(exact.numerator, over: exact.denominator * Int128(increment.value))
        return Cents(steps.rounded(mode) * increment.value)
    }

    /// What a line shows: rounded by the rule; to the cent where only the sum is rounded.
    func roundedLine(_ exact: Ratio) -> Cents {
        scope == .line ? rounded(exact) : Cents(exact.rounded(.halfUp))
    }
}
