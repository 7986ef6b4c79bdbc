package import Text
package import Units

/// The rules of a tariff that look at a delivery as a whole, in the order of the file.
package struct DeliveryRules: Hashable, Sendable {
    package let acceptance: [AcceptanceRule]
    package let oncePerVisit: [OncePerVisit]
    package let mixture: MixtureRule?
    package let scaleFailure: ScaleFailureRule?
    package let surcharges: [Surcharge]
    package let minimum: DeliveryMinimum?
    package let maximum: DeliveryMaximum?
    package let deposit: Deposit?

    package static let none = DeliveryRules(
        acceptance: [], oncePerVisit: [], mixture: nil, scaleFailure: nil, surcharges: [],
        minimum: nil, maximum: nil, deposit: nil)
}

/// What is not taken, or only under a condition (Annahmeregel).
package struct AcceptanceRule: Hashable, Sendable {
    package enum Demand: Hashable, Sendable {
        /// Never taken.
        case refused
        /// Taken only with all of these features.
        case requires(Set<FeatureID>)
        /// Taken up to a limit, all fractions of the rule together.
        case atMost(Limit)
    }

    package let number: String
    package let paragraph: String
    package let condition: Condition
    /// Nil: every fraction.
    package let fractions: Set<FractionID>?
    package let demand: Demand
    package let reason: Explanation
    /// Where it stands in the file.
    package let place: SourcePosition
}

/// Positions of which only the dearest is charged in one delivery.
package struct OncePerVisit: Hashable, Sendable {
    package let name: String
    package let paragraph: String
    /// Numbers of positions.
    package let positions: Set<String>
}

/// A mixed load costs what its dearest fraction would cost.
package struct MixtureRule: Hashable, Sendable {
    package let paragraph: String
}

/// While the scale is broken, an estimated volume stands for the weight.
package struct ScaleFailureRule: Hashable, Sendable {
    package let paragraph: String
}

/// An amount on top, as a line of its own (Zuschlag).
package struct Surcharge: Hashable, Sendable {
    package enum Charge: Hashable, Sendable {
        /// Once per delivery.
        case amount(Cents)
        /// Of the lines it applies to, in hundredths of a percent.
        case percent(Int64)
        /// What the factor adds beyond the lines, in ten-thousandths: 20,000 adds them once more.
        case factor(Int64)
    }

    package let name: String
    package let englishName: String
    package let paragraph: String
    package let condition: Condition
    /// Numbers of positions; nil for all.
    package let positions: Set<String>?
    package let charge: Charge
    package let legalForm: GroupedFact<LegalForm>
    package let vat: GroupedFact<VATTreatment>
    /// Where it stands in the file.
    package let place: SourcePosition
}

/// The least that a delivery costs which costs anything (Mindestbetrag).
package struct DeliveryMinimum: Hashable, Sendable {
    package let amount: Cents
    package let paragraph: String
    package let legalForm: GroupedFact<LegalForm>
    package let vat: GroupedFact<VATTreatment>
}

/// The most that a delivery costs (Höchstbetrag).
package struct DeliveryMaximum: Hashable, Sendable {
    package let amount: Cents
    package let paragraph: String
}

/// An amount to reserve on the card at entry, not a price (Vorautorisierung).
package struct Deposit: Hashable, Sendable {
    package let amount: Cents
    package let paragraph: String
    package let condition: Condition
}

/// A scale of the yard (Waage).
package struct ScaleProfile: Hashable, Sendable {
    package let id: String
    package let name: String
    /// The verification interval e (Eichwert), which its readings are multiples of.
    package let interval: Grams
    /// Below it no weight may price (MessEV section 23).
    package let minimumLoad: Grams
    /// Accuracy class as printed, such as `III`.
    package let accuracyClass: String
    /// The last day of its verification; nil if the file does not say.
    package let verifiedUntil: BusinessDay?
    /// What may be weighed on it; nil for everything.
    package let fractions: Set<FractionID>?
}
