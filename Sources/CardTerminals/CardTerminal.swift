package import Sales
package import Units

/// A card terminal beside the yard terminal: one interface for the ways to pay.
///
/// No call is ever repeated by software: a payment command that is sent twice can charge twice.
/// Whoever calls writes down durably what it is about to ask before it asks.
package protocol CardTerminal: Sendable {
    /// What it is and which number it carries.
    var identity: CardTerminalIdentity { get }

    /// Starts a payment of `amount`, which is positive.
    ///
    /// - Parameter reference: names the attempt, so that an enquiry can find it again.
    func pay(_ amount: Cents, reference: String) async throws -> CardStep

    /// Takes back the payment of `slip` before the terminal's day end.
    func reverse(_ slip: CardSlip, amount: Cents, reference: String) async throws -> CardStep

    /// What became of the attempt `reference`; nil if the terminal cannot tell. Moves no money.
    func enquire(reference: String) async throws -> CardOutcome?

    /// The sums since the last day end; nil if they stand only on the terminal's paper.
    func totals() async throws -> [SchemeTotal]?
}

/// Which card terminal an attempt was made on.
package struct CardTerminalIdentity: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Not connected; the attendant types what its slip says.
        case standAlone = "stand-alone"
        /// A stand-in for demonstrations and tests.
        case simulated
    }

    package let kind: Kind
    /// Terminal-ID (TID); nil where it is only known from the slip.
    package let number: String?

    package init(kind: Kind, number: String?) {
        self.kind = kind
        self.number = number
    }
}

/// How a card terminal answers a command.
package enum CardStep: Hashable, Sendable {
    /// The outcome stands on the terminal's display and slip; the attendant types it.
    case awaitsSlip
    /// The terminal said, or failed to say, how it ended.
    case finished(CardOutcome)
}

/// Sum and count of one scheme since the last day end of a card terminal.
package struct SchemeTotal: Hashable, Sendable {
    package let scheme: CardScheme
    /// Payments and reversals, each counted once.
    package let count: Int
    /// Payments less reversals.
    package let amount: Cents

    package init(scheme: CardScheme, count: Int, amount: Cents) {
        self.scheme = scheme
        self.count = count
        self.amount = amount
    }
}

/// A card terminal without a connection: the way that works in every yard.
///
/// The attendant types the amount into it and the outcome from its slip, so every command awaits
/// the slip, and only a person can say what became of an attempt.
package struct StandAloneCardTerminal: CardTerminal {
    package let identity: CardTerminalIdentity

    /// - Parameter number: its TID, if known; offered as the default when a slip is typed.
    package init(number: String? = nil) {
        identity = CardTerminalIdentity(kind: .standAlone, number: number)
    }

    package func pay(_ amount: Cents, reference: String) async throws -> CardStep { .awaitsSlip }

    package func reverse(
        _ slip: CardSlip, amount: Cents, reference: String
    ) async throws -> CardStep { .awaitsSlip }

    package func enquire(reference: String) async throws -> CardOutcome? { nil }

    package func totals() async throws -> [SchemeTotal]? { nil }
}
