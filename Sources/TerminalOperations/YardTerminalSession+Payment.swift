import CardTerminals
import Journal
package import Sales
import Tariffs
package import TerminalStorage
package import Units

/// Where a delivery stands after a step of payment.
package enum PaymentProgress: Hashable, Sendable {
    /// The attendant uses the card terminal and then types what its slip says.
    case awaitsSlip
    /// Sold, with this sequence number.
    case sold(sequence: Int64)
    /// No money moved; the delivery is open again.
    case failed(FailedAttempt.Outcome)
    /// Nobody knows whether the card was charged.
    case unknown
}

extension YardTerminalSession {
    /// Whether a connected card terminal is at work for the delivery.
    package func isAsking(for number: DeliveryNumber) throws -> Bool {
        try delivery(number).attempts.contains { asking.contains($0.number) }
    }

    /// Asks the card terminal for `amount`, which the customer has been shown.
    ///
    /// That it is asked is durable before it is asked. It is asked once.
    /// - Throws: ``TerminalError`` `attendant-missing`, `blocked`, `delivery-unknown`,
    ///   `wrong-state`, `weighing-open`, `nothing-entered`, `refused-by-tariff`, `price-changed`,
    ///   `nothing-to-pay`, `amount-too-large`, `too-large`.
    package func beginPayment(
        _ number: DeliveryNumber, amount: Cents
    ) async throws -> PaymentProgress {
        let attempt = try store.write { access in
            let attendant = try attendant(in: access)
            try requireActive(in: access, saved: .entered)
            var (_, draft) = try delivery(number, in: [.open], access)
            let quote = try acceptedQuote(draft, digest: nil, in: access)
            try require(amount, of: quote)
            guard amount > .zero else { throw TerminalError.nothingToPay }
            try checkFits(quote, draft, try access.attempts(of: number))
            draft.fixedQuota = quote.quota
            try access.update(number, draft: draft.json, at: world.now())
            let attempt = try access.addAttempt(
                for: .payment(number), amount: amount, device: cardTerminal.identity,
                attendant: attendant, reason: "", at: world.now())
            try access.move(number, to: .paying, tariff: quote.tariff.digest, at: world.now())
            return attempt
        }
        return try await ask(attempt) {
            try await $0.pay(amount, reference: $1)
        } then: { outcome in
            try self.settle(number, outcome)
        }
    }

    /// Tells what the slip of a stand-alone card terminal says, or how an unknown payment turned
    /// out.
    ///
    /// An approval becomes a signed sale in the same transaction that stores it.
    /// - Throws: ``TerminalError`` `attendant-missing`, `delivery-unknown`, `wrong-state`,
    ///   `card-terminal-busy`, `slip-used`.
    package func recordOutcome(
        _ number: DeliveryNumber, _ outcome: CardOutcome
    ) throws -> PaymentProgress {
        try settle(number, outcome)
    }

    /// Asks the card terminal what became of the last attempt. Moves no money.
    ///
    /// - Throws: ``TerminalError`` `wrong-state`, `enquiry-without-answer`.
    package func enquire(_ number: DeliveryNumber) async throws -> PaymentProgress {
        let attempt = try store.read { access in
            _ = try delivery(number, in: [.unknown], access)
            return try access.attempts(of: number).last
        }
        return try settle(number, try await answer(about: attempt))
    }

    /// Signs the sale of an unknown payment as such, when the customer has gone or the day ends.
    ///
    /// - Returns: its sequence number; ``resolve(_:_:evidence:note:debtor:)`` settles it later.
    package func signUnknown(_ number: DeliveryNumber) throws -> Int64 {
        try store.write { access in
            let (stored, draft) = try delivery(number, in: [.unknown], access)
            let device = try access.attempts(of: number).last?.device.number
            return try sell(
                number, draft, .unknown(cardTerminal: device), tariff: stored.tariff, in: access)
        }
    }

    /// Stores an outcome of the last attempt and what follows from it, in one transaction.
    private func settle(
        _ number: DeliveryNumber, _ outcome: CardOutcome
    ) throws -> PaymentProgress {
        try store.write { access in
            var (stored, draft) = try delivery(number, in: [.paying, .unknown], access)
            guard let attempt = try access.attempts(of: number).last else {
                throw TerminalStoreError.damaged(table: "delivery", row: number.value)
            }
            guard !asking.contains(attempt.number) else { throw TerminalError.cardTerminalBusy }
            switch outcome {
            case .approved(let slip):
                try requireFresh(slip, in: access)
                try access.finish(attempt.number, outcome, at: world.now())
                return .sold(
                    sequence: try sell(
                        number, draft, .card(slip), tariff: stored.tariff, in: access))
            case .unknown:
                if stored.state == .paying {
                    try access.finish(attempt.number, outcome, at: world.now())
                    try access.move(number, to: .unknown, at: world.now())
                }
                return .unknown
            case .declined, .aborted, .notStarted:
                try access.finish(attempt.number, outcome, at: world.now())
                draft.fixedQuota = nil
                try access.update(number, draft: draft.json, at: world.now())
                try access.reopen(number, at: world.now())
                return .failed(outcome.failure)
            }
        }
    }
}

extension CardOutcome {
    /// - Precondition: this is one of the outcomes without money.
    fileprivate var failure: FailedAttempt.Outcome {
        switch self {
        case .declined: .declined
        case .aborted: .aborted
        case .notStarted: .notStarted
        case .approved, .unknown: preconditionFailure("the caller has dealt with these")
        }
    }
}
