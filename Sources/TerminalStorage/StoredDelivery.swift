package import Text
package import Units

/// The number of a delivery inside one terminal; never printed, never sent.
package struct DeliveryNumber: Hashable, Comparable, Sendable {
    package let value: Int64
    package init(_ value: Int64) { self.value = value }
    package static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

/// Where a delivery stands. Only ``open`` can be changed.
package enum DeliveryState: String, Hashable, Sendable, CaseIterable {
    case open
    /// Put aside, for instance while the load is tipped.
    case parked
    /// A card terminal was asked and has not answered.
    case paying
    /// The card terminal fell silent, or the program ended while it was asked.
    case unknown
    /// Sold: its record is signed.
    case done
    /// Ended without a sale: its record is signed.
    case abandoned
}

/// A delivery as stored.
package struct StoredDelivery: Hashable, Sendable {
    package let number: DeliveryNumber
    package let state: DeliveryState
    package let draft: JSONValue
    /// Digest of the tariff file that priced it, fixed when a payment starts.
    package let tariff: String?
    /// The record that ended it; nil while it has not ended.
    package let sequence: Int64?
    package let started: Timestamp
    package let changed: Timestamp
}
