package import Sales
package import Units

/// One payment or card refund of the journal, as a card terminal should have counted it.
package struct CardMovement: Hashable, Sendable {
    /// The sale that it is about.
    package let reference: SaleReference
    package let key: CardKey
    /// Negative for what was given back.
    package let amount: Cents
    package let at: Timestamp

    package init(reference: SaleReference, key: CardKey, amount: Cents, at: Timestamp) {
        self.reference = reference
        self.key = key
        self.amount = amount
        self.at = at
    }
}

/// What the search for a difference looks at: card movements in the order of the log, and sales
/// where no card movement is known.
package struct CardMovements: Hashable, Sendable {
    package private(set) var all: [CardMovement] = []
    /// Unknown payments and sales on account: the card may have been charged all the same.
    package private(set) var without: [WithoutCard] = []

    /// A sale without a card movement of ours.
    package struct WithoutCard: Hashable, Sendable {
        package let reference: SaleReference
        package let amount: Cents
        package let isUnknown: Bool
    }

    package init() {}

    package mutating func add(_ record: ClosedRecord) {
        switch record.fact {
        case .sale(let reference, let sale): add(sale, reference, at: record.at)
        case .reversal(let reversal, of: _):
            if case .card(let slip) = reversal.settlement {
                add(slip, -reversal.amount, reversal.original, at: record.at)
            }
        case .resolution(let resolution, of: let sale):
            without.removeAll { $0.reference == resolution.original }
            if case .charged(let slip) = resolution.finding {
                add(slip, sale.total, resolution.original, at: record.at)
            }
        case .noSale, .withheld, .unmatched, .settlement: break
        }
    }

    /// A payment that an earlier close carried over as unknown.
    package mutating func add(unknown reference: SaleReference, _ amount: Cents) {
        without.append(WithoutCard(reference: reference, amount: amount, isUnknown: true))
    }

    private mutating func add(_ sale: Sale, _ reference: SaleReference, at: Timestamp) {
        switch sale.settlement {
        case .card(let slip): add(slip, sale.total, reference, at: at)
        case .unknown, .onAccount:
            let isUnknown = sale.settlement != .onAccount
            without.append(
                WithoutCard(reference: reference, amount: sale.total, isUnknown: isUnknown))
        case .free: break
        }
    }

    private mutating func add(
        _ slip: CardSlip, _ amount: Cents, _ reference: SaleReference, at: Timestamp
    ) {
        all.append(
            CardMovement(
                reference: reference,
                key: CardKey(cardTerminal: slip.cardTerminal, scheme: slip.scheme),
                amount: amount, at: at))
    }
}
