import CardTerminals
package import Sales
import TerminalStorage
import Units

extension YardTerminalSession {
    /// Sends one command to the card terminal and passes its outcome on; an error of the way to it
    /// leaves the outcome unknown.
    func ask(
        _ attempt: StoredAttempt,
        _ command: (any CardTerminal, String) async throws -> CardStep,
        then settle: (CardOutcome) throws -> PaymentProgress
    ) async throws -> PaymentProgress {
        asking.insert(attempt.number)
        let step: CardStep
        do {
            step = try await command(cardTerminal, attempt.reference)
        } catch {
            step = .finished(.unknown)
        }
        asking.remove(attempt.number)
        switch step {
        case .awaitsSlip: return .awaitsSlip
        case .finished(let outcome): return try settle(outcome)
        }
    }

    /// What the card terminal of `attempt` says became of it.
    func answer(about attempt: StoredAttempt?) async throws -> CardOutcome {
        if let attempt, attempt.device == cardTerminal.identity,
            let outcome = try await cardTerminal.enquire(reference: attempt.reference),
            outcome != .unknown
        {
            return outcome
        }
        throw TerminalError(
            .enquiryWithoutAnswer,
            "Das Kartenterminal kann nicht sagen, ob die Karte belastet wurde.", .entered,
            "Lassen Sie am Kartenterminal eine Belegkopie drucken und tragen Sie ein, was darauf "
                + "steht.")
    }

    /// Refuses a slip that no payment could end with, before one is begun.
    ///
    /// - Throws: ``TerminalError`` `slip-used`.
    package func requireFresh(_ slip: CardSlip) throws {
        try store.read { try requireFresh(slip, in: $0, saved: .unchanged) }
    }

    /// Refuses a slip that already stands for another payment or reversal.
    ///
    /// Only the last 90 days count: a card terminal that was exchanged or set up anew counts from
    /// one again.
    func requireFresh(
        _ slip: CardSlip, in access: TerminalAccess, saved: TerminalError.Saved = .entered
    ) throws {
        let earliest = world.now().adding(milliseconds: -Self.slipMilliseconds)
        guard let used = try access.bearer(of: slip, since: earliest) else { return }
        let owner = try words(for: used.purpose, in: access)
        throw TerminalError(
            .slipUsed,
            "Beleg-Nr. \(slip.receiptNumber) mit Trace-Nr. \(slip.traceNumber) gehört schon "
                + "\(owner).", saved,
            "Prüfen Sie die Nummern auf dem Beleg des Kartenterminals. Druckt es bei der "
                + "Wiederholung diesen Beleg, wurde die Karte jetzt nicht belastet.")
    }

    /// What an attempt was for, in the dative.
    private func words(
        for purpose: StoredAttempt.Purpose, in access: TerminalAccess
    ) throws -> String {
        func number(_ sequence: Int64) -> String {
            SaleReference(terminal: identity.terminal, sequence: sequence).receiptNumber
        }
        switch purpose {
        case .payment(let delivery):
            let sequence = try access.delivery(delivery)?.sequence
            return sequence.map { "zu Beleg \(number($0))" } ?? "zu einer anderen Zahlung"
        case .reversal(let sequence): return "zum Storno von Beleg \(number(sequence))"
        }
    }

    /// 90 days.
    private static let slipMilliseconds: Int64 = 90 * 86_400_000
}
