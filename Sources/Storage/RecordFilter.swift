package import Units

/// Which records of a yard a search lets through; nil lets everything through. Its ``criteria`` are
/// read as if they were its own.
@dynamicMemberLookup
package struct RecordFilter: Hashable, Sendable {
    /// The terminal's number in this installation.
    package var terminal: Int64?
    package var sequence: Int64?
    package var criteria = RecordCriteria()
    /// The keyed digest of a plate.
    package var plate: [UInt8]?

    package init() {}

    package subscript<Value>(dynamicMember member: WritableKeyPath<RecordCriteria, Value>) -> Value
    {
        get { criteria[keyPath: member] }
        set { criteria[keyPath: member] = newValue }
    }
}

/// What people and the search tables name in the same words; nil lets everything through.
package struct RecordCriteria: Hashable, Sendable {
    /// Business days, both inclusive.
    package var dayFrom: BusinessDay?
    package var dayTo: BusinessDay?
    /// Instants of the terminal's clock, the second exclusive.
    package var since: Timestamp?
    package var before: Timestamp?
    /// Gross totals, both inclusive.
    package var totalFrom: Cents?
    package var totalTo: Cents?
    package var lastFour: String?
    /// As recorded (``RecordRow/state``).
    package var state: String?
    package var standing: SaleStanding?
    /// Part of the name of something brought, or its fraction.
    package var text: String?

    package init() {}
}

/// How a record stands today: as recorded, and after what later records did to it.
package enum SaleStanding: String, Hashable, Sendable, CaseIterable {
    case paid, free
    case onAccount = "on-account"
    case unknown, reversed
    case partlyReversed = "partly-reversed"
    case notSold = "not-sold"

    /// The standing of a record that no later one refers to.
    package init(state: String) {
        self =
            switch state {
            case "card": .paid
            case "free": .free
            case "on-account": .onAccount
            case "unknown": .unknown
            case "void": .reversed
            default: .notSold
            }
    }
}

/// A record that a search found, with how it stands.
package struct FoundRecord: Hashable, Sendable {
    package let row: RecordRow
    package let standing: SaleStanding
}

/// The name of a line as sold, for searches by what was brought.
package struct LineName: Hashable, Sendable {
    package let fraction: String
    package let name: String

    package init(fraction: String, name: String) {
        self.fraction = fraction
        self.name = name
    }

    /// The form that a search compares.
    var folded: String { name.lowercased() }
}

/// How many records a search lets through, and what they come to.
package struct RecordSum: Hashable, Sendable {
    package let count: Int64
    /// Gross; voids count negative.
    package let total: Cents

    package init(count: Int64, total: Cents) {
        self.count = count
        self.total = total
    }
}
