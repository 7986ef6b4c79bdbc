package import Units

package enum FractionKind {}
/// A kind of waste (Abfallart) or of goods (Ware) in a tariff's catalogue, such as `bauschutt`.
package typealias FractionID = Identifier<FractionKind>

package enum ContainerKind {}
/// A kind of container of a tariff, such as `sack-70l`.
package typealias ContainerID = Identifier<ContainerKind>

package enum VehicleClassKind {}
/// A vehicle class of a tariff, such as `kombi`.
package typealias VehicleClassID = Identifier<VehicleClassKind>

package enum FeatureKind {}
/// A fact that a tariff lets the attendant tick (Merkmal), such as `staubdicht-verpackt`.
package typealias FeatureID = Identifier<FeatureKind>

package enum HolderKeyKind {}
/// Whose quota is used: an opaque key, never a name.
package typealias HolderKey = Identifier<HolderKeyKind>

/// Who delivers (Anlieferergruppe).
package enum CustomerGroup: String, Hashable, Sendable, CaseIterable {
    /// Private household (privat).
    case household
    /// Any other origin (gewerblich).
    case commercial
}

/// Where the waste comes from (Herkunft).
package enum Origin: String, Hashable, Sendable, CaseIterable {
    /// From the area that the yard serves (einheimisch).
    case resident
    /// From elsewhere (auswärtig).
    case nonResident = "non-resident"
}

/// To whom a quota belongs (Kontingentinhaber).
package enum Holder: String, Hashable, Sendable, CaseIterable {
    case household, person, parcel
    /// A card or booking that grants the quota (Berechtigung); never a means of payment.
    case card
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
    case duration(Minutes)
    /// An area for a time, such as storage.
    case areaTime(SquareCentimetres, Minutes)
    /// On foreign sheets; a measure of its own beside the metric weight.
    case pounds(DeciPounds)
    /// On foreign sheets; a measure of its own beside the metric volume.
    case cubicInches(CentiCubicInches)
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
    package let tareSource: TareSource
    package var net: Grams { Grams(gross.value - tare.value) }

    /// Where the tare comes from; a tare that was not weighed must never be too low (MessEV
    /// section 26).
    package enum TareSource: String, Hashable, Sendable, CaseIterable {
        case weighed
        /// Kept from an earlier weighing of the vehicle.
        case stored
        /// Set by hand.
        case preset
    }

    package init?(
        scale: String, ticket: String, gross: Grams, tare: Grams, tareSource: TareSource = .weighed
    ) {
        guard tare.value >= 0, gross > tare else { return nil }
        self.scale = scale
        self.ticket = ticket
        self.gross = gross
        self.tare = tare
        self.tareSource = tareSource
    }
}

/// What a load was announced as, where staff put it into another fraction (Umdeklaration).
package struct Reclassification: Hashable, Sendable {
    package let declared: FractionID
    package let reason: String
    /// The number of a picture or other evidence.
    package let evidence: String?

    package init(declared: FractionID, reason: String, evidence: String? = nil) {
        self.declared = declared
        self.reason = reason
        self.evidence = evidence
    }
}

/// One fraction of a delivery.
package struct DeliveryItem: Hashable, Sendable {
    package let fraction: FractionID
    package let amount: Amount
    package let source: AmountSource
    /// What is ticked for this item alone.
    package let features: Set<FeatureID>
    /// Other fractions that the load is mixed with and cannot be parted from.
    package let mixedWith: [FractionID]
    package let reclassification: Reclassification?
    /// Its fraction and those that it is mixed with.
    package var fractions: [FractionID] { [fraction] + mixedWith }

    package init(
        fraction: FractionID, amount: Amount, source: AmountSource, features: Set<FeatureID> = [],
        mixedWith: [FractionID] = [], reclassification: Reclassification? = nil
    ) {
        self.fraction = fraction
        self.amount = amount
        self.source = source
        self.features = features
        self.mixedWith = mixedWith
        self.reclassification = reclassification
    }
}

/// What somebody brings to the yard (Anlieferung): everything the price depends on besides the
/// tariff and the quotas used before.
package struct Delivery: Hashable, Sendable {
    /// The local date of the delivery; it decides the tariff version.
    package let day: BusinessDay
    package let group: CustomerGroup
    package let origin: Origin
    /// What is ticked for the whole delivery.
    package let features: Set<FeatureID>
    /// Whose quotas may be used.
    package let holders: [Holder: HolderKey]
    /// Whether the yard's scale was out of order.
    package let isScaleBroken: Bool
    /// In the order of entry; not empty for a delivery that can be priced.
    package let items: [DeliveryItem]

    package init(
        day: BusinessDay, group: CustomerGroup, origin: Origin = .resident,
        features: Set<FeatureID> = [], holders: [Holder: HolderKey] = [:],
        isScaleBroken: Bool = false, items: [DeliveryItem]
    ) {
        self.day = day
        self.group = group
        self.origin = origin
        self.features = features
        self.holders = holders
        self.isScaleBroken = isScaleBroken
        self.items = items
    }
}
