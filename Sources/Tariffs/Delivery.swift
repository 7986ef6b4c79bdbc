package import Units

package enum FractionKind {}
/// A kind of waste (Abfallart) of the catalogue of a tariff, such as `bauschutt`.
package typealias FractionID = Identifier<FractionKind>

package enum ContainerKind {}
/// A kind of container of a tariff, such as `sack-70l`.
package typealias ContainerID = Identifier<ContainerKind>

package enum VehicleClassKind {}
/// A vehicle class of a tariff, such as `kombi`.
package typealias VehicleClassID = Identifier<VehicleClassKind>

/// Who delivers (Anlieferergruppe).
package enum CustomerGroup: String, Hashable, Sendable, CaseIterable {
    /// Private household (privat).
    case household
    /// Any other origin (gewerblich).
    case commercial
}

/// How much of a fraction was delivered, in the measure it was measured with.
///
/// All numbers are positive except the fill percentages, which lie in 1 to 100.
package enum Amount: Hashable, Sendable {
    case pieces(Int64)
    /// `count` containers of one kind, each filled to `fillPercent`.
    case containers(count: Int64, kind: ContainerID, fillPercent: Int64)
    case volume(Millilitres)
    case weight(Grams)
    case area(SquareCentimetres)
    /// One vehicle load of a class, filled to `fillPercent`.
    case vehicle(class: VehicleClassID, fillPercent: Int64)
    /// The delivery as such.
    case delivery
}

/// Where an amount comes from; printed on the receipt (MessEG section 33).
package enum AmountSource: Hashable, Sendable {
    case counted
    /// Estimated by staff.
    case estimated
    case weighed(Weighing)
    /// Typed in by hand instead of weighed, with the reason.
    case manual(reason: String)
}

/// Two readings of a scale: gross with the load, tare without it.
///
/// Invariant: gross is greater than tare, tare is not negative.
package struct Weighing: Hashable, Sendable {
    package let scale: String
    /// The number of the weighing in the scale's alibi memory.
    package let ticket: String
    package let gross: Grams
    package let tare: Grams
    package var net: Grams { Grams(gross.value - tare.value) }

    package init?(scale: String, ticket: String, gross: Grams, tare: Grams) {
        guard tare.value >= 0, gross > tare else { return nil }
        self.scale = scale
        self.ticket = ticket
        self.gross = gross
        self.tare = tare
    }
}

/// One fraction of a delivery.
package struct DeliveryItem: Hashable, Sendable {
    package let fraction: FractionID
    package let amount: Amount
    package let source: AmountSource

    package init(fraction: FractionID, amount: Amount, source: AmountSource) {
        self.fraction = fraction
        self.amount = amount
        self.source = source
    }
}

/// What somebody brings to the yard (Anlieferung): everything the price depends on.
package struct Delivery: Hashable, Sendable {
    /// The local date of the delivery; it decides the tariff version.
    package let day: BusinessDay
    package let group: CustomerGroup
    /// In the order of entry; not empty for a delivery that can be priced.
    package let items: [DeliveryItem]

    package init(day: BusinessDay, group: CustomerGroup, items: [DeliveryItem]) {
        self.day = day
        self.group = group
        self.items = items
    }
}
