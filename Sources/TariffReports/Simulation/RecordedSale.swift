package import Tariffs
package import Units

/// What was brought and charged once, to be priced again under a draft.
package struct RecordedSale: Hashable, Sendable {
    /// Its receipt number, or another name that finds it again.
    package let name: String
    package let delivery: Delivery
    /// Nil where it was refused.
    package let lines: [ChargedLine]?

    package init(name: String, delivery: Delivery, lines: [ChargedLine]?) {
        self.name = name
        self.delivery = delivery
        self.lines = lines
    }

    /// What was charged; zero where it was refused.
    package var total: Cents { (lines ?? []).map(\.gross).sum() }
}

/// A line that was charged.
package struct ChargedLine: Hashable, Sendable {
    /// Number of the position as the tariff of that day had it.
    package let position: String
    package let gross: Cents

    package init(position: String, gross: Cents) {
        self.position = position
        self.gross = gross
    }
}
