package import Tariffs
import Units

/// Says in German what a tariff charges and under which conditions.
///
/// Every method, modifier, condition and rule of the model has words here, so that price list,
/// comparison and table for the council speak alike.
package struct PriceWords: Sendable {
    package let tariff: Tariff
    private let fractions: [FractionID: Fraction]
    private let containers: [ContainerID: Container]
    private let vehicles: [VehicleClassID: VehicleClass]
    private let features: [FeatureID: Feature]

    package init(_ tariff: Tariff) { self.init(tariff, named: tariff) }

    /// - Parameter other: a version of the same tariff whose names are used where it has them.
    init(_ tariff: Tariff, named other: Tariff) {
        self.tariff = tariff
        fractions = Self.places(other.fractions + tariff.fractions, \.id)
        containers = Self.places(other.containers + tariff.containers, \.id)
        vehicles = Self.places(other.vehicleClasses + tariff.vehicleClasses, \.id)
        features = Self.places(other.features + tariff.features, \.id)
    }

    private static func places<ID, Thing>(_ things: [Thing], _ id: (Thing) -> ID) -> [ID: Thing] {
        Dictionary(things.map { (id($0), $0) }) { first, _ in first }
    }

    /// The citizen's name of a fraction; its id if the catalogue does not know it.
    package func name(of fraction: FractionID) -> String {
        fractions[fraction]?.name ?? fraction.text
    }

    /// The names of fractions, such as `Bauschutt und Boden`.
    package func names(of fractions: [FractionID]) -> String {
        GermanText.all(fractions.map { name(of: $0) })
    }

    /// The names of features in the order of the catalogue, each in quotation marks.
    package func names(of ids: Set<FeatureID>) -> String {
        let known = tariff.features.map(\.id).filter { ids.contains($0) }
            .compactMap { features[$0]?.name }
        let unknown = ids.filter { features[$0] == nil }.map(\.text).sorted()
        return GermanText.all((known + unknown).map { "„\($0)“" })
    }

    /// `Sack`; the id if the catalogue does not know it.
    package func name(of container: ContainerID) -> String {
        containers[container]?.name ?? container.text
    }

    /// `Pkw, Kofferraum`; the id if the catalogue does not know it.
    package func name(of vehicle: VehicleClassID) -> String {
        vehicles[vehicle]?.name ?? vehicle.text
    }

    /// `1 m³ je Tag und Haushalt`.
    package func words(for limit: Limit) -> String {
        GermanText.limit(limit, container(of: limit))
    }

    /// `1 m³`.
    func amount(of limit: Limit) -> String { GermanText.amount(of: limit, container(of: limit)) }

    private func container(of limit: Limit) -> Container? {
        guard case .containers(let kind) = limit.measure else { return nil }
        return containers[kind]
    }

    func money(_ cents: Cents) -> String { GermanText.money(cents, tariff.currency) }

    func step(_ price: UnitPrice?, _ per: String, for scope: PriceStep.Scope = .everything)
        -> PriceStep
    {
        PriceStep(price, per, tariff.currency, for: scope)
    }

    func step(_ price: Cents, _ per: String = "", for scope: PriceStep.Scope = .everything)
        -> PriceStep
    {
        step(UnitPrice(price), per, for: scope)
    }
}
