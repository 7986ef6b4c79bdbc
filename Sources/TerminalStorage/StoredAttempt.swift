package import CardTerminals
package import Sales
import Text
package import Units

/// A command to a card terminal, written down before the terminal is asked.
package struct StoredAttempt: Hashable, Sendable {
    /// What the money is for.
    package enum Purpose: Hashable, Sendable {
        case payment(DeliveryNumber)
        /// The void of the sale with this sequence number.
        case reversal(of: Int64)
    }

    package let number: Int64
    package let purpose: Purpose
    /// Positive.
    package let amount: Cents
    package let device: CardTerminalIdentity
    package let attendant: PersonID
    /// Why a sale is voided; empty for a payment.
    package let reason: String
    package let started: Timestamp
    /// Nil until the terminal answered or was found silent.
    package let outcome: CardOutcome?
    package let finished: Timestamp?

    /// The name by which the card terminal knows the attempt: unlike that of any other attempt,
    /// also after the terminal was set up anew.
    package var reference: String { "\(number)-\(started.milliseconds)" }

    /// What a sale says of this attempt; nil unless it brought neither approval nor doubt.
    package var failed: FailedAttempt? {
        let outcome: FailedAttempt.Outcome
        switch self.outcome {
        case .declined: outcome = .declined
        case .aborted: outcome = .aborted
        case .notStarted: outcome = .notStarted
        case .approved, .unknown, nil: return nil
        }
        return FailedAttempt(
            outcome: outcome, cardTerminal: device.number, at: finished ?? started)
    }
}

extension CardOutcome {
    /// `{"kind":…}` with the slip's members after an approval.
    var json: JSONValue {
        var members: [JSONValue.Member] = [.init("kind", .string(name))]
        if case .approved(let slip) = self { members += slip.members }
        return .object(members)
    }

    init(json: JSONValue) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: "outcome")
        switch try reader.string("kind") {
        case "approved": self = .approved(try CardSlip(from: &reader))
        case "declined": self = .declined
        case "aborted": self = .aborted
        case "not-started": self = .notStarted
        case "unknown": self = .unknown
        default: throw reader.problem("kind", wanted: "the name of an outcome")
        }
        try reader.finish()
    }
}
