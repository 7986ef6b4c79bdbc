package import Units

/// A day of the week (ISO 8601).
package enum Weekday: Int, Hashable, Sendable, CaseIterable {
    case monday = 1
    case tuesday, wednesday, thursday, friday, saturday, sunday
}

/// To which deliveries a position, rule or surcharge applies; all parts must hold.
package struct Condition: Hashable, Sendable {
    /// Not empty.
    package let groups: Set<CustomerGroup>
    /// Not empty.
    package let origins: Set<Origin>
    /// Empty: the whole validity of the tariff; else any of these windows.
    package let windows: [DateWindow]
    /// Empty: every day.
    package let weekdays: Set<Weekday>
    /// Features that the delivery or the item must have.
    package let with: Set<FeatureID>
    /// Features that neither may have.
    package let without: Set<FeatureID>

    /// Holds for everything.
    package static let always = Condition(
        groups: Set(CustomerGroup.allCases), origins: Set(Origin.allCases), windows: [],
        weekdays: [], with: [], without: [])

    /// Whether it holds for an item with these features, the delivery's included.
    package func holds(
        for group: CustomerGroup, from origin: Origin, on day: BusinessDay,
        features: Set<FeatureID>
    ) -> Bool {
        (groups.count == CustomerGroup.allCases.count || groups.contains(group))
            && (origins.count == Origin.allCases.count || origins.contains(origin))
            && (weekdays.isEmpty || weekdays.contains { $0.rawValue == day.weekday })
            && (windows.isEmpty || windows.contains { $0.contains(day) })
            && (with.isEmpty || with.isSubset(of: features))
            && (without.isEmpty || without.isDisjoint(with: features))
    }

    /// Whether it holds for a delivery as a whole.
    package func holds(for delivery: Delivery) -> Bool {
        holds(
            for: delivery.group, from: delivery.origin, on: delivery.day,
            features: delivery.features)
    }
}
