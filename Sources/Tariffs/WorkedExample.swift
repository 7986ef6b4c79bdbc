package import Text
package import Units

/// A delivery with the outcome that a person worked out for it (Beispiel).
package struct WorkedExample: Hashable, Sendable {
    package let number: String
    package let delivery: Delivery
    /// Deliveries of the same holder before it, oldest first.
    package let earlier: [Delivery]
    /// The delivery as the file words it.
    package let phrases: [String]
    package let expected: Expectation
    /// Who checked it; nil if the file names nobody.
    package let checkedBy: String?
    package let place: SourcePosition

    /// What pricing must give.
    package enum Expectation: Hashable, Sendable {
        /// The total, and where given the position and price of each line in order.
        case total(Cents, lines: [ExpectedLine])
        case refused(RefusalCode)
    }

    /// A line that pricing must give.
    package struct ExpectedLine: Hashable, Sendable {
        package let position: String
        package let gross: Cents
    }
}

/// Why a delivery is refused; `rawValue` is the stable code of ``Refusal``.
package enum RefusalCode: String, Hashable, Sendable, CaseIterable {
    /// The day lies outside the tariff's validity.
    case outsideValidity = "outside-validity"
    /// Nothing was entered.
    case emptyDelivery = "empty-delivery"
    /// A number or fill out of range.
    case invalidAmount = "invalid-amount"
    /// The catalogue does not know the fraction.
    case unknownFraction = "unknown-fraction"
    /// No position speaks about this group on this day.
    case noPosition = "no-position"
    /// The fraction is priced, but not in this measure.
    case wrongMeasure = "wrong-measure"
    case notAccepted = "not-accepted"
    case tooMuch = "too-much"
    case noPricePublished = "no-price-published"
    /// The delivery would cost more than one payment may (10,000.00).
    case amountTooLarge = "amount-too-large"
    /// A feature is missing without which it is not taken.
    case requirementMissing = "requirement-missing"
    /// A quota counts by holder and the delivery names none.
    case holderMissing = "holder-missing"
    /// Too light for the scale: the weight may not price.
    case belowMinimumLoad = "below-minimum-load"
    /// The scale is not listed, not for this fraction, or its verification has run out.
    case scaleNotPermitted = "scale-not-permitted"
    /// The weight was typed in or estimated, and the tariff does not allow that.
    case weightNotMeasured = "weight-not-measured"
    /// A mixed load, and the tariff has no rule for it.
    case mixedLoad = "mixed-load"
    /// The scale is broken, and the tariff has no rule or weight per volume for it.
    case scaleFailed = "scale-failed"

    /// The word for it in tariff files.
    package var german: String {
        switch self {
        case .outsideValidity: "außerhalb der Gültigkeit"
        case .emptyDelivery: "leere Anlieferung"
        case .invalidAmount: "ungültige Menge"
        case .unknownFraction: "unbekannte Abfallart"
        case .noPosition: "kein Preis vorgesehen"
        case .wrongMeasure: "anderes Maß"
        case .notAccepted: "nicht angenommen"
        case .tooMuch: "zu viel"
        case .noPricePublished: "kein Preis veröffentlicht"
        case .amountTooLarge: "Betrag zu hoch"
        case .requirementMissing: "Nachweis fehlt"
        case .holderMissing: "Angabe zum Kontingent fehlt"
        case .belowMinimumLoad: "unter der Mindestlast"
        case .scaleNotPermitted: "Waage nicht zugelassen"
        case .weightNotMeasured: "Gewicht nicht gewogen"
        case .mixedLoad: "gemischte Ladung"
        case .scaleFailed: "Waage ausgefallen"
        }
    }
}
