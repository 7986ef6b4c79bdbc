import CardTerminals
import Journal
package import Sales
package import Tariffs
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
    /// The price of a delivery, or why it is not accepted.
    ///
    /// - Throws: ``TerminalError`` `delivery-unknown`, `tariff-missing`, `tariff-unreadable`,
    ///   `nothing-entered`.
    package func quote(_ number: DeliveryNumber) throws -> PricingDecision {
        try store.read { access in
            let (stored, draft) = try delivery(number, in: Set(DeliveryState.allCases), access)
            return try price(draft, digest: stored.tariff, in: access)
        }
    }

    /// The price that a single item would have in the delivery, for showing while it is entered.
    package func price(of item: DeliveryItem, in number: DeliveryNumber) throws -> PricingDecision {
        let draft = try delivery(number).draft
        return try tariff(of: number).price(
            Delivery(day: draft.day, group: draft.group, items: [item]))
    }

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
            let (_, draft) = try delivery(number, in: [.open], access)
            let quote = try acceptedQuote(draft, digest: nil, in: access)
            guard quote.total == amount else {
                throw TerminalError(
                    .priceChanged,
                    "Der Preis ist jetzt \(GermanFormat.euros(quote.total)), nicht "
                        + "\(GermanFormat.euros(amount)).", .entered,
                    "Nennen Sie den neuen Preis und starten Sie die Zahlung noch einmal.")
            }
            guard amount > .zero else { throw TerminalError.nothingToPay }
            try checkFits(quote, draft, try access.attempts(of: number))
            let attempt = try access.addAttempt(
                for: .payment(number), amount: amount, device: cardTerminal.identity,
                attendant: attendant, reason: "", at: world.now())
            try access.move(number, to: .paying, tariff: quote.tariff.digest, at: world.now())
            return attempt
        }
        return try await ask(attempt) { try await $0.pay(amount, reference: $1) } then: { outcome in
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
            let (stored, draft) = try delivery(number, in: [.paying, .unknown], access)
            guard let attempt = try access.attempts(of: number).last else {
                throw TerminalStoreError.damaged(table: "delivery", row: number.value)
            }
            guard !asking.contains(attempt.number) else { throw TerminalError.cardTerminalBusy }
            switch outcome {
            case .approved(let slip):
                try requireFresh(slip, in: access)
                try access.finish(attempt.number, outcome, at: world.now())
                return .sold(sequence: try sell(
                    number, draft, .card(slip), tariff: stored.tariff, in: access))
            case .unknown:
                if stored.state == .paying {
                    try access.finish(attempt.number, outcome, at: world.now())
                    try access.move(number, to: .unknown, at: world.now())
                }
                return .unknown
            case .declined, .aborted, .notStarted:
                try access.finish(attempt.number, outcome, at: world.now())
                try access.move(number, to: .open, at: world.now())
                return .failed(outcome.failure)
            }
        }
    }
}

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

    /// The price, from the tariff with `digest` or the one of the delivery's day.
    func price(
        _ draft: DeliveryDraft, digest: String?, in access: TerminalAccess
    ) throws -> PricingDecision {
        guard !draft.items.isEmpty else {
            throw TerminalError.nothingEntered
        }
        let tariff =
            if let digest {
                try tariff(digest: digest, in: access)
            } else {
                try tariff(on: draft.day, in: access)
            }
        return tariff.price(draft.delivery)
    }

    /// The quote of a delivery that can be paid.
    func acceptedQuote(
        _ draft: DeliveryDraft, digest: String?, in access: TerminalAccess
    ) throws -> Quote {
        guard draft.weighIn == nil else {
            throw TerminalError(
                .weighingOpen, "Eine eingewogene Ladung ist noch nicht ausgewogen.", .entered,
                "Wiegen Sie das leere Fahrzeug oder verwerfen Sie die Wägung.")
        }
        switch try price(draft, digest: digest, in: access) {
        case .priced(let quote): return quote
        case .refused(let refusals):
            throw TerminalError(
                .refusedByTariff, refusals.map(\.reason.german).joined(separator: " "), .entered,
                "Entfernen Sie die Position oder beenden Sie die Anlieferung als abgewiesen.")
        }
    }

    /// Makes sure that every way this payment can end fits into a record.
    func checkFits(
        _ quote: Quote, _ draft: DeliveryDraft, _ attempts: [StoredAttempt]
    ) throws {
        let failures = attempts.compactMap(\.failed) + [
            FailedAttempt(
                outcome: .notStarted, cardTerminal: String(repeating: "9", count: 16),
                at: world.now())
        ]
        let settlement: Settlement = quote.total == .zero ? .free : .card(try .longest())
        let personal = Set(draft.personal.keys).union([.debtor])
        try signer.check(
            .sale(try saleOf(quote, settlement, failures)), personal: personal)
    }

    /// Signs the sale of a delivery and ends it.
    ///
    /// - Parameter tariff: digest of the file that priced a payment; nil for the one of the day.
    func sell(
        _ number: DeliveryNumber, _ draft: DeliveryDraft, _ settlement: Settlement,
        tariff: String?, in access: TerminalAccess
    ) throws -> Int64 {
        let quote = try acceptedQuote(draft, digest: tariff, in: access)
        let failures = try access.attempts(of: number).compactMap(\.failed)
        let record = try signer.sign(
            .sale(try saleOf(quote, settlement, failures)), personal: draft.personal,
            by: try attendant(in: access), in: access)
        try access.end(
            number, as: .done, tariff: quote.tariff.digest, sequence: record.sequence,
            at: world.now())
        return record.sequence
    }

    private func saleOf(
        _ quote: Quote, _ settlement: Settlement, _ attempts: [FailedAttempt]
    ) throws -> Sale {
        do {
            return try Sale(quote: quote, settlement: settlement, attempts: attempts)
        } catch .totalOutOfRange {
            throw TerminalError(
                .amountTooLarge,
                "\(GermanFormat.euros(quote.total)) ist mehr, als ein Beleg aufnehmen darf.",
                .entered, "Teilen Sie die Anlieferung auf mehrere Belege auf.")
        } catch .settlementDoesNotFit(let total) {
            throw total == .zero ? TerminalError.nothingToPay : TerminalError.somethingToPay
        }
    }
}

extension CardSlip {
    /// A slip as long as a slip can be.
    fileprivate static func longest() throws -> CardSlip {
        let slip = CardSlip(
            cardTerminal: String(repeating: "9", count: 16), scheme: .mastercardDebit,
            receiptNumber: String(repeating: "9", count: 9),
            traceNumber: String(repeating: "9", count: 9),
            authorisation: String(repeating: "9", count: 16), lastFour: "9999")
        guard let slip else { preconditionFailure("the longest fields make a slip") }
        return slip
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

extension TerminalError {
    static let nothingEntered = TerminalError(
        .nothingEntered, "Es ist noch nichts erfasst.", .entered,
        "Erfassen Sie mindestens eine Position.")
    static let nothingToPay = TerminalError(
        .nothingToPay, "Es ist nichts zu zahlen.", .entered,
        "Schließen Sie die Anlieferung ohne Zahlung ab.")
    static let somethingToPay = TerminalError(
        .somethingToPay, "Es ist noch etwas zu zahlen.", .entered,
        "Nehmen Sie die Kartenzahlung oder eine Forderung auf.")
    static let cardTerminalBusy = TerminalError(
        .cardTerminalBusy, "Das Kartenterminal arbeitet noch.", .entered,
        "Warten Sie, bis es fertig ist.")
}
