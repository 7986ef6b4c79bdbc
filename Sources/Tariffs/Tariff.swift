import Units

/// One version of a price list: what a yard charges between two dates (design decision 9).
///
/// A tariff that exists is complete and free of contradiction: each fraction of its catalogue has
/// exactly one position for every group, day and measure that it prices.
///
/// A class, since nothing of it changes: as a structure its many references would be counted up and
/// down with each sale that is priced, by all cores at once.
package final class Tariff: Sendable {
    package let reference: TariffReference
    package let kind: TariffKind
    package let validity: DateRange
    package let heading: TariffHeading
    package let currency: Currency
    package let priceBasis: PriceBasis
    package let rounding: RoundingProfile
    /// What the published sheet leaves open and the file decided.
    package let assumptions: [String]
    package let scales: [ScaleProfile]
    /// Whether a typed-in weight may price.
    package let allowsManualWeights: Bool
    package let positions: [Position]
    package let rules: DeliveryRules
    package let examples: [WorkedExample]
    let catalogue: Catalogue
    let index: PositionIndex

    init(
        reference: TariffReference, kind: TariffKind, validity: DateRange, heading: TariffHeading,
        currency: Currency, priceBasis: PriceBasis, rounding: RoundingProfile,
        assumptions: [String], scales: [ScaleProfile], allowsManualWeights: Bool,
        positions: [Position], rules: DeliveryRules, examples: [WorkedExample],
        catalogue: Catalogue, index: PositionIndex
    ) {
        self.reference = reference
        self.kind = kind
        self.validity = validity
        self.heading = heading
        self.currency = currency
        self.priceBasis = priceBasis
        self.rounding = rounding
        self.assumptions = assumptions
        self.scales = scales
        self.allowsManualWeights = allowsManualWeights
        self.positions = positions
        self.rules = rules
        self.examples = examples
        self.catalogue = catalogue
        self.index = index
    }

    package var fractions: [Fraction] { catalogue.fractions }
    package var containers: [Container] { catalogue.containers }
    package var vehicleClasses: [VehicleClass] { catalogue.vehicleClasses }
    package var features: [Feature] { catalogue.features }
}

/// What a tariff is in law (Art).
package enum TariffKind: String, Hashable, Sendable, CaseIterable {
    case statute = "Satzung"
    case priceList = "Preisliste"
}

/// The words above a price list.
package struct TariffHeading: Hashable, Sendable {
    package let town: String
    package let yard: String
    package let legalBasis: String
    /// Date of the decision and gazette; nil if the file does not say.
    package let decision: String?
    /// The id of the tariff that this one replaces.
    package let replaces: String?
    /// Who counts as resident, in words.
    package let residentArea: String?
    /// Where the prices were published, and when.
    package let source: String
    /// What a reader must know about the file, such as that it is test material; may be empty.
    package let note: String
}
