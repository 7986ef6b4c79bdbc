import CardTerminals
import Journal
package import Sales
package import TerminalStorage
import Units

/// A sale of this terminal as it was signed.
package struct SignedSale: Hashable, Sendable {
    package let stored: StoredRecord
    package let reference: SaleReference
    package let sale: Sale
}

extension YardTerminalSession {
    /// How long after a sale its attendant may void it (design decision 15).
    package static let voidMilliseconds = TerminalRecord.voidMilliseconds

    /// Voids a sale of this terminal within two minutes; a card payment is taken back on the card
    /// terminal first.
    ///
    /// - Returns: ``PaymentProgress/sold(sequence:)`` with the number of the void,
    ///   ``PaymentProgress/awaitsSlip`` or ``PaymentProgress/unknown``.
    /// - Throws: ``TerminalError`` `text-missing`, `text-invalid`, `attendant-missing`,
    ///   `record-unknown`, `not-a-sale`, `already-voided`, `too-late-for-void`,
    ///   `payment-unknown`, `reversal-unknown`, `reversal-failed`.
    package func beginVoid(_ sequence: Int64, reason: String) async throws -> PaymentProgress {
        let reason = try FreeText.checked(reason, field: "der Grund")
        let begun = try store.write { access -> (StoredAttempt, CardSlip)? in
            let attendant = try attendant(in: access)
            let original = try sale(sequence, in: access)
            try requireVoidable(original, in: access)
            guard case .card(let slip) = original.sale.settlement else { return nil }
            let attempt = try access.addAttempt(
                for: .reversal(of: sequence), amount: original.sale.total,
                device: cardTerminal.identity, attendant: attendant, reason: reason,
                at: world.now())
            return (attempt, slip)
        }
        guard let (attempt, slip) = begun else {
            return .sold(sequence: try signVoid(sequence, .noMoney, reason: reason))
        }
        return try await ask(attempt) { terminal, reference in
            try await terminal.reverse(slip, amount: attempt.amount, reference: reference)
        } then: { outcome in
            try self.recordVoidOutcome(sequence, outcome)
        }
    }

    /// Tells how a reversal on the card terminal ended; an approval becomes a signed void in the
    /// same transaction.
    ///
    /// - Throws: ``TerminalError`` `record-unknown`, `wrong-state` if no reversal was begun,
    ///   `card-terminal-busy`, `slip-used`, `reversal-failed` if no money moved.
    package func recordVoidOutcome(
        _ sequence: Int64, _ outcome: CardOutcome
    ) throws -> PaymentProgress {
        let progress = try store.write { access -> PaymentProgress in
            let original = try sale(sequence, in: access)
            guard let attempt = try access.reversalAttempts(of: sequence).last,
                attempt.outcome == nil || attempt.outcome == .unknown
            else {
                throw TerminalError(
                    .wrongState, "Für diesen Beleg läuft kein Storno.", .unchanged,
                    "Starten Sie das Storno in der Tagesliste.")
            }
            guard !asking.contains(attempt.number) else { throw TerminalError.cardTerminalBusy }
            switch outcome {
            case .approved(let slip):
                try requireFresh(slip, in: access)
                try access.finish(attempt.number, outcome, at: world.now())
                let record = try signVoid(
                    original, .card(slip), reason: attempt.reason, in: access)
                return .sold(sequence: record)
            case .unknown:
                if attempt.outcome == nil {
                    try access.finish(attempt.number, outcome, at: world.now())
                }
                return .unknown
            case .declined, .aborted, .notStarted:
                try access.finish(attempt.number, outcome, at: world.now())
                return .failed(.declined)
            }
        }
        guard case .failed = progress else { return progress }
        throw TerminalError(
            .reversalFailed, "Das Kartenterminal hat das Storno nicht ausgeführt.", .unchanged,
            "Der Verkauf bleibt gültig. Die Kasse kann den Betrag erstatten.")
    }

    /// The reversal of a sale's payment that was begun and has no known outcome.
    package func openReversal(of sequence: Int64) throws -> StoredAttempt? {
        try store.read { try $0.reversalAttempts(of: sequence) }
            .last { $0.outcome == nil || $0.outcome == .unknown }
    }

    /// Asks the card terminal what became of a reversal. Moves no money.
    ///
    /// - Throws: ``TerminalError`` `enquiry-without-answer`, and as
    ///   ``recordVoidOutcome(_:_:)``.
    package func enquireVoid(_ sequence: Int64) async throws -> PaymentProgress {
        let attempt = try store.read { try $0.reversalAttempts(of: sequence).last }
        return try recordVoidOutcome(sequence, try await answer(about: attempt))
    }

    /// The record with this sequence number.
    ///
    /// - Throws: ``TerminalError`` `record-unknown`.
    func storedRecord(_ sequence: Int64, in access: TerminalAccess) throws -> StoredRecord {
        guard let stored = try access.record(sequence) else { throw TerminalError.recordUnknown }
        return stored
    }

    /// The signed sale with this sequence number.
    ///
    /// - Throws: ``TerminalError`` `record-unknown`, `not-a-sale`.
    func sale(_ sequence: Int64, in access: TerminalAccess) throws -> SignedSale {
        let stored = try storedRecord(sequence, in: access)
        let record = try stored.decoded()
        guard case .sale(let sale) = record.fact else {
            throw TerminalError(
                .notASale, "Beleg \(record.head.reference.receiptNumber) ist kein Verkauf.",
                .unchanged, "Prüfen Sie die Belegnummer.")
        }
        return SignedSale(stored: stored, reference: record.head.reference, sale: sale)
    }

    /// Whether ``beginVoid(_:reason:)`` could start now.
    func requireVoidable(_ original: SignedSale, in access: TerminalAccess) throws {
        let sequence = original.stored.sequence
        guard try !access.records(about: sequence).contains(where: { $0.kind == .void }) else {
            throw TerminalError(
                .alreadyVoided, "Dieser Beleg ist schon storniert.", .unchanged,
                "Es ist nichts weiter zu tun.")
        }
        let age = world.now().milliseconds - original.stored.at.milliseconds
        guard (0...Self.voidMilliseconds).contains(age) else {
            throw TerminalError(
                .tooLateForVoid, "Der Verkauf liegt länger als zwei Minuten zurück.", .unchanged,
                "Eine zweite Person muss das Storno in der Kasse freigeben.")
        }
        if case .unknown = original.sale.settlement {
            throw TerminalError(
                .paymentUnknown, "Die Zahlung zu diesem Beleg ist ungeklärt.", .unchanged,
                "Klären Sie zuerst, ob die Karte belastet wurde.")
        }
        let attempts = try access.reversalAttempts(of: sequence)
        guard attempts.allSatisfy({ $0.outcome != nil && $0.outcome != .unknown }) else {
            throw TerminalError(
                .reversalUnknown, "Für diesen Beleg ist schon ein Storno ungeklärt.", .unchanged,
                "Klären Sie zuerst, ob das Kartenterminal es ausgeführt hat.")
        }
    }

    private func signVoid(
        _ sequence: Int64, _ settlement: ReversalSettlement, reason: String
    ) throws -> Int64 {
        try store.write { access in
            let original = try sale(sequence, in: access)
            try requireVoidable(original, in: access)
            return try signVoid(original, settlement, reason: reason, in: access)
        }
    }

    private func signVoid(
        _ original: SignedSale, _ settlement: ReversalSettlement, reason: String,
        in access: TerminalAccess
    ) throws -> Int64 {
        let reversal = try Reversal.make(
            .void, of: original.sale, reference: original.reference, earlier: [], amounts: nil,
            reason: reason, settlement: settlement)
        return try signer.sign(
            .void(reversal), personal: [:], by: try attendant(in: access), in: access
        ).sequence
    }
}

extension TerminalError {
    static let recordUnknown = TerminalError(
        .recordUnknown, "Diesen Beleg gibt es auf diesem Gerät nicht.", .unchanged,
        "Prüfen Sie die Belegnummer.")
}
