import Journal
package import Sales
import Tariffs
package import TerminalStorage
import Text
package import Units

extension YardTerminalSession {
    /// Sells a delivery that costs nothing.
    ///
    /// - Returns: the sequence number of the sale.
    /// - Throws: ``TerminalError`` as ``beginPayment(_:amount:)``, and `something-to-pay`.
    package func settleFree(_ number: DeliveryNumber) throws -> Int64 {
        try store.write { access in
            let draft = try openDraft(number, in: access)
            return try sell(number, draft, .free, tariff: nil, in: access)
        }
    }

    /// Sells a delivery on account: a claim against a named debtor, for a card that was declined
    /// after unloading and for business customers.
    ///
    /// - Parameters:
    ///   - amount: what the customer has been shown.
    ///   - debtor: name and address; travels as personal data beside the record.
    /// - Returns: the sequence number of the sale.
    /// - Throws: ``TerminalError`` `text-missing`, `text-invalid`, else as
    ///   ``beginPayment(_:amount:)``.
    package func claim(
        _ number: DeliveryNumber, amount: Cents, debtor: String
    ) throws -> Int64 {
        let debtor = try FreeText.checked(debtor, field: "der Name des Schuldners")
        return try store.write { access in
            var draft = try openDraft(number, in: access)
            try require(amount, of: try acceptedQuote(draft, digest: nil, in: access))
            draft.personal[.debtor] = debtor
            try access.update(number, draft: draft.json, at: world.now())
            return try sell(number, draft, .onAccount, tariff: nil, in: access)
        }
    }

    /// The draft of a delivery that can be sold now.
    private func openDraft(
        _ number: DeliveryNumber, in access: TerminalAccess
    ) throws -> DeliveryDraft {
        _ = try attendant(in: access)
        try requireActive(in: access, saved: .entered)
        return try delivery(number, in: [.open], access).draft
    }

    /// Ends a delivery without a sale, for instance when the customer leaves after a declined card
    /// with the load.
    ///
    /// - Returns: the sequence number of the record that says so; nil if nothing was entered and
    ///   there is nothing to record.
    /// - Throws: ``TerminalError`` `text-missing`, `text-invalid`, `attendant-missing`,
    ///   `delivery-unknown`, `wrong-state`.
    package func abandon(_ number: DeliveryNumber, reason: String) throws -> Int64? {
        let isEmpty = try store.write { access in
            let (_, draft) = try delivery(number, in: [.open, .parked], access)
            guard draft.items.isEmpty else { return false }
            let rest = DeliveryDraft(day: draft.day, group: draft.group)
            try access.drop(number, draft: rest.json, at: world.now())
            return true
        }
        guard !isEmpty else { return nil }
        return try end(number, reason: reason) { attempts in
            attempts.last?.outcome == .declined ? .declined : .aborted
        }
    }

    /// Records that a delivery is not accepted.
    ///
    /// - Parameter reason: what the attendant told; nil for the sentences of the tariff.
    /// - Returns: the sequence number of the record that says so.
    /// - Throws: ``TerminalError`` `nothing-entered`, else as ``abandon(_:reason:)``.
    package func refuse(_ number: DeliveryNumber, reason: String? = nil) throws -> Int64 {
        var said = reason ?? ""
        if reason == nil, case .refused(let refusals) = try price(of: number) {
            said = refusals.map(\.reason.german).joined(separator: " ").clipped
        }
        return try end(number, reason: said) { _ in .refused }
    }

    private func end(
        _ number: DeliveryNumber, reason: String, cause: ([FailedAttempt]) -> NoSale.Cause
    ) throws -> Int64 {
        let reason = try FreeText.checked(reason, field: "der Grund")
        return try store.write { access in
            let (_, draft) = try delivery(number, in: [.open, .parked], access)
            guard !draft.items.isEmpty else { throw TerminalError.nothingEntered }
            let attempts = try access.attempts(of: number).compactMap(\.failed)
            let ending = NoSale(
                cause: cause(attempts), delivery: draft.delivery, reason: reason,
                attempts: attempts)
            let record = try signer.sign(
                .noSale(ending), personal: draft.personal, by: try attendant(in: access),
                in: access)
            try access.end(
                number, as: .abandoned, tariff: nil, sequence: record.sequence, at: world.now())
            return record.sequence
        }
    }

    /// Settles a sale that was signed as unknown, with a record of its own.
    ///
    /// - Parameters:
    ///   - evidence: how it was found out.
    ///   - debtor: needed for ``Sales/PaymentResolution/Finding/notChargedClaim`` and only there.
    /// - Returns: the sequence number of the resolution.
    /// - Throws: ``TerminalError`` `text-missing`, `text-invalid`, `attendant-missing`,
    ///   `record-unknown`, `not-unknown`, `slip-used`.
    package func resolve(
        _ sequence: Int64, _ finding: PaymentResolution.Finding,
        evidence: PaymentResolution.Evidence, note: String, debtor: String? = nil
    ) throws -> Int64 {
        let note = try FreeText.checked(note, field: "die Begründung")
        var personal: [PersonalField: String] = [:]
        if finding == .notChargedClaim {
            personal[.debtor] = try FreeText.checked(
                debtor ?? "", field: "der Name des Schuldners")
        }
        return try store.write { access in
            let sale = try self.sale(sequence, in: access)
            guard case .unknown = sale.sale.settlement,
                try access.unresolvedSales().contains(sequence)
            else {
                throw TerminalError(
                    .notUnknown, "Die Zahlung zu diesem Beleg ist nicht ungeklärt.", .unchanged,
                    "Prüfen Sie die Belegnummer.")
            }
            if case .charged(let slip) = finding { try requireFresh(slip, in: access) }
            let resolution = PaymentResolution(
                original: sale.reference, finding: finding, evidence: evidence, note: note)
            let record = try signer.sign(
                .resolution(resolution), personal: personal, by: try attendant(in: access),
                in: access)
            try finishUnknown(sequence, finding, in: access)
            return record.sequence
        }
    }

    /// The attempt behind a resolved sale is no longer unknown either, so that its slip counts as
    /// used.
    private func finishUnknown(
        _ sequence: Int64, _ finding: PaymentResolution.Finding, in access: TerminalAccess
    ) throws {
        guard let attempt = try access.unknownAttempt(behind: sequence) else { return }
        let outcome: CardOutcome =
            switch finding {
            case .charged(let slip): .approved(slip)
            case .notChargedClaim, .notChargedVoid: .declined
            }
        try access.finish(attempt, outcome, at: world.now())
    }
}

extension String {
    /// The text as a short one: all of it, or as much as fits with an ellipsis.
    fileprivate var clipped: String {
        guard isTooLong else { return self }
        var kept = ""
        for character in self {
            let more = kept + String(character)
            guard !more.isLonger(than: ShortText.charactersMax - 1) else { break }
            kept = more
        }
        return kept + "…"
    }
}
