import Journal
import Sales
import Tariffs
import TerminalStorage
import Units

extension YardTerminalSession {
    /// The price, from the tariff with `digest` or the one of the delivery's day, with the quotas
    /// fixed by a payment or else as they stand.
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
        let quota =
            if let fixed = draft.fixedQuota {
                fixed
            } else {
                try quotaUses(before: draft.delivery, by: tariff, in: access)
            }
        return tariff.price(draft.delivery, quota: quota)
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

    /// Refuses when the customer has been shown another amount than the price is now.
    func require(_ amount: Cents, of quote: Quote) throws {
        guard quote.total == amount else {
            throw TerminalError(
                .priceChanged,
                "Der Preis ist jetzt \(GermanFormat.euros(quote.total)), nicht "
                    + "\(GermanFormat.euros(amount)).", .entered,
                "Nennen Sie den neuen Preis und beginnen Sie noch einmal.")
        }
    }

    /// Makes sure that every way this payment can end fits into a record.
    func checkFits(
        _ quote: Quote, _ draft: DeliveryDraft, _ attempts: [StoredAttempt]
    ) throws {
        let failures =
            attempts.compactMap(\.failed) + [
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
