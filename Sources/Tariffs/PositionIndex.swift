import Units

/// Finds the position of an item without looking at the others.
struct PositionIndex: Sendable {
    private let entries: [PricedPosition]
    private var places: [FractionID: [Int]] = [:]

    init(_ positions: [Position]) {
        entries = positions.map { PricedPosition($0) }
        for (place, position) in positions.enumerated() {
            for fraction in Set(position.fractions) { places[fraction, default: []].append(place) }
        }
    }

    subscript(place: Int) -> PricedPosition { entries[place] }

    /// Places of the positions that name the fraction.
    func places(of fraction: FractionID) -> [Int] { places[fraction] ?? [] }

    /// Places of the positions that match; exceptions have displaced the rules that they name.
    ///
    /// A tariff that loaded never gives more than one.
    func matches(_ fraction: FractionID, of circumstances: Circumstances, in measure: Measure)
        -> [Int]
    {
        guard let all = places[fraction] else { return [] }
        if all.count == 1 {
            return entries[all[0]].applies(to: circumstances, in: measure) ? all : []
        }
        let candidates = all.filter { entries[$0].applies(to: circumstances, in: measure) }
        guard candidates.count > 1 else { return candidates }
        return candidates.filter { general in
            !candidates.contains {
                entries[$0].position.exceptionTo.contains(entries[general].position.number)
            }
        }
    }
}

extension PositionIndex: Hashable {
    static func == (left: Self, right: Self) -> Bool {
        left.entries.map(\.position) == right.entries.map(\.position)
    }

    func hash(into hasher: inout Hasher) { hasher.combine(entries.count) }
}

/// A position with what pricing asks of it at hand.
///
/// A class, so that passing it on copies one reference instead of every part of the position.
final class PricedPosition: Sendable {
    let position: Position
    let method: PricingMethod
    let condition: Condition
    let limit: Limit?
    let freeQuantity: Limit?
    let exemption: Exemption?
    let adjustments: [Adjustment]
    let lineMinimum: Cents
    let lineMaximum: Cents?
    let deposit: Cents
    let countsTogether: Bool
    let dependsOnWeight: Bool

    init(_ position: Position) {
        self.position = position
        method = position.method
        condition = position.condition
        limit = position.limit
        freeQuantity = position.freeQuantity
        exemption = position.exemption
        adjustments = position.adjustments
        lineMinimum = position.lineMinimum
        lineMaximum = position.lineMaximum
        deposit = position.deposit
        countsTogether = position.method.countsTogether
        dependsOnWeight = position.dependsOnWeight
    }

    /// Whether the position speaks about deliveries of this kind at all; exceptions come later.
    func applies(to circumstances: Circumstances, in measure: Measure) -> Bool {
        position.prices(measure) && condition.holds(for: circumstances)
    }
}

/// What of a delivery decides which positions apply to an item.
struct Circumstances: Hashable, Sendable {
    let group: CustomerGroup
    let origin: Origin
    let day: BusinessDay
    /// Of the item, the delivery's included.
    let features: Set<FeatureID>

    init(group: CustomerGroup, origin: Origin, day: BusinessDay, features: Set<FeatureID>) {
        self.group = group
        self.origin = origin
        self.day = day
        self.features = features
    }

    init(of delivery: Delivery, _ item: DeliveryItem) {
        self.init(
            group: delivery.group, origin: delivery.origin, day: delivery.day,
            features: item.features.isEmpty
                ? delivery.features : delivery.features.union(item.features))
    }
}

extension Condition {
    func holds(for circumstances: Circumstances) -> Bool {
        holds(
            for: circumstances.group, from: circumstances.origin, on: circumstances.day,
            features: circumstances.features)
    }
}
