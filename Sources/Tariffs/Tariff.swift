package import Units

/// One version of a price list: what a yard charges between two dates (design decision 9).
///
/// A tariff that exists is complete and free of contradiction: each fraction of its catalogue has
/// exactly one position for every group, day and measure that it prices.
package struct Tariff: Hashable, Sendable {
    package let reference: TariffReference
    package let validity: DateRange
    package let heading: TariffHeading
    package let priceBasis: PriceBasis
    /// Applied once per line.
    package let rounding: Rounding
    /// What the published sheet leaves open and the file decided.
    package let assumptions: [String]
    package let positions: [Position]
    package let minimum: DeliveryMinimum?
    package let examples: [WorkedExample]
    let catalogue: Catalogue
    let index: PositionIndex

    package var fractions: [Fraction] { catalogue.fractions }
    package var containers: [Container] { catalogue.containers }
    package var vehicleClasses: [VehicleClass] { catalogue.vehicleClasses }
}

/// The words above a price list.
package struct TariffHeading: Hashable, Sendable {
    package let town: String
    package let yard: String
    package let legalBasis: String
    /// Where the prices were published, and when.
    package let source: String
    /// What a reader must know about the file, such as that it is test material; may be empty.
    package let note: String
}

/// Finds the position of an item without looking at the others.
struct PositionIndex: Hashable, Sendable {
    private let positions: [Position]
    private var places: [FractionID: [Int]] = [:]

    init(_ positions: [Position]) {
        self.positions = positions
        for (place, position) in positions.enumerated() {
            for fraction in position.fractions { places[fraction, default: []].append(place) }
        }
    }

    /// Places of the positions that name the fraction.
    func places(of fraction: FractionID) -> [Int] { places[fraction] ?? [] }

    /// Places of the positions that match; exceptions have displaced the rules that they name.
    ///
    /// A tariff that loaded never gives more than one.
    func matches(
        _ fraction: FractionID, by group: CustomerGroup, on day: BusinessDay, in measure: Measure
    ) -> [Int] {
        let candidates = places(of: fraction).filter {
            positions[$0].applies(to: group, on: day, in: measure)
        }
        guard candidates.count > 1 else { return candidates }
        return candidates.filter { general in
            !candidates.contains {
                positions[$0].exceptionTo.contains(positions[general].number)
            }
        }
    }
}
