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
    /// The slip's members as JSON after an approval.
    var slipText: String? {
        if case .approved(let slip) = self { JSONValue.object(slip.members).text } else { nil }
    }

    /// The outcome with this name; the slip is there exactly for an approval.
    static func read(name: String, slipText: String?) throws -> CardOutcome? {
        switch (name, slipText) {
        case ("approved", let text?):
            var reader = try ObjectReader(try StrictJSON.parse(Array(text.utf8)), path: "slip")
            let slip = try CardSlip(from: &reader)
            try reader.finish()
            return .approved(slip)
        case ("declined", nil): return .declined
        case ("aborted", nil): return .aborted
        case ("not-started", nil): return .notStarted
        case ("unknown", nil): return .unknown
        default: return nil
        }
    }
}
