import CardTerminals
import Sales
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

    /// Refuses a slip that already stands for another payment.
    func requireFresh(_ slip: CardSlip, in access: TerminalAccess) throws {
        guard try !access.isKnown(slip) else {
            throw TerminalError(
                .slipUsed,
                "Beleg-Nr. \(slip.receiptNumber) mit Trace-Nr. \(slip.traceNumber) ist schon "
                    + "erfasst.", .entered,
                "Prüfen Sie die Nummern auf dem Beleg des Kartenterminals.")
        }
    }
}
