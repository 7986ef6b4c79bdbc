import Units

/// What deliveries, one after the other, have used of quotas.
package struct UsedQuotas: Hashable, Sendable {
    private var used: [QuotaKey: Int64] = [:]

    package init() {}

    /// Adds what a delivery took.
    package mutating func add(_ uses: [QuotaUse]) {
        for use in uses where use.taken > 0 { used[use.key, default: 0] += use.taken }
    }

    /// Adds what other deliveries used.
    package mutating func merge(_ other: UsedQuotas) {
        used.merge(other.used, uniquingKeysWith: +)
    }

    /// The quota state before a delivery; a quota that was not used is left out.
    package func state(before delivery: Delivery, under tariff: Tariff) -> [QuotaUse] {
        guard !used.isEmpty, !delivery.holders.isEmpty else { return [] }
        return tariff.quotas(touchedBy: delivery).compactMap { key in
            used[key].map { QuotaUse(key: key, used: $0, taken: 0) }
        }
    }
}
