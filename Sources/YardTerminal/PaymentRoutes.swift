import CardTerminals
import HTTPTypes
import Hummingbird
import Pages
import Receipts
import Sales
import Tariffs
import TerminalOperations
import TerminalStorage
import Units

extension TerminalPages {
    func addPaymentRoutes(to router: Router<Context>) {
        let delivery = router.group("/anlieferung/:id")
        delivery.post("zahlung/beginnen") { request, context in
            let number = try context.delivery()
            let amount = Cents(Int64(try await form(request)["betrag"]) ?? -1)
            // Not tied to the request: a browser that goes away must not cut off a payment.
            let payment = Task { try await session.beginPayment(number, amount: amount) }
            return follow(number, try await payment.value)
        }
        delivery.get("zahlung") { _, context in
            try await showPayment(try context.delivery())
        }
        delivery.post("zahlung") { request, context in
            let number = try context.delivery()
            let values = try await form(request)
            switch SlipForm.outcome(values) {
            case .success(let outcome):
                return follow(number, try await session.recordOutcome(number, outcome))
            case .failure(let errors):
                return try await showPayment(number, values: values.values, errors: errors.byField)
            }
        }
        delivery.post("kostenfrei") { _, context in
            let sequence = try await session.settleFree(try context.delivery())
            sendSoon()
            return lead(to: "/beleg/\(sequence)")
        }
        delivery.get("forderung") { _, context in
            let number = try context.delivery()
            return try await show(
                ClaimPage(id: number.value, amount: try await total(of: number)))
        }
        delivery.post("forderung") { request, context in
            try await claim(try context.delivery(), try await form(request))
        }
    }

    /// Leads on after a step of payment.
    func follow(_ number: DeliveryNumber, _ progress: PaymentProgress) -> Response {
        switch progress {
        case .awaitsSlip: return lead(to: number.path + "/zahlung")
        case .unknown: return lead(to: "/ungeklaert/\(number.value)")
        case .failed: return lead(to: number.path)
        case .sold(let sequence):
            sendSoon()
            return lead(to: "/beleg/\(sequence)")
        }
    }

    private func showPayment(
        _ number: DeliveryNumber, values: [String: String] = [:], errors: [String: String] = [:]
    ) async throws -> Response {
        let view = try await session.delivery(number)
        guard view.state == .paying, let attempt = view.attempts.last else {
            return lead(to: number.path)
        }
        if try await session.isAsking(for: number) {
            return try await show(
                PaymentPage(
                    id: number.value, amount: attempt.amount,
                    waiting: "Bitte den Anweisungen des Kartengeräts folgen."))
        }
        return try await show(
            PaymentPage(
                id: number.value, amount: attempt.amount,
                values: values.withNumber(of: attempt.device), errors: errors),
            status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    private func claim(_ number: DeliveryNumber, _ values: FormValues) async throws -> Response {
        let debtor = values["schuldner"]
        do {
            let sequence = try await session.claim(
                number, amount: Cents(Int64(values["betrag"]) ?? -1), debtor: debtor.onOneLine)
            sendSoon()
            return lead(to: "/beleg/\(sequence)")
        } catch let error as TerminalError where error.isAboutText {
            return try await show(
                ClaimPage(
                    id: number.value, amount: try await total(of: number), value: debtor,
                    error: error.what), status: .unprocessableContent)
        }
    }

    private func total(of number: DeliveryNumber) async throws -> Cents {
        guard case .priced(let quote) = try await session.quote(number) else { return .zero }
        return quote.total
    }
}

/// What the forms about a card terminal's slip say.
enum SlipForm {
    static func outcome(_ values: FormValues) -> Result<CardOutcome, FormErrors> {
        switch values["ergebnis"] {
        case "approved":
            guard let slip = SlipFields.slip(values.values) else {
                return .failure(FormErrors(byField: errors(values)))
            }
            return .success(.approved(slip))
        case "declined": return .success(.declined)
        case "aborted": return .success(.aborted)
        case "not-started": return .success(.notStarted)
        case "unknown": return .success(.unknown)
        default:
            return .failure(FormErrors(byField: ["ergebnis": "Wählen Sie, was das Gerät zeigt."]))
        }
    }

    /// What is wrong with a slip that ``Receipts/SlipFields/slip(_:)`` refuses.
    static func errors(_ values: FormValues) -> [String: String] {
        var errors: [String: String] = [:]
        if !CardSlip.isCode(values["tid"]) {
            errors["tid"] =
                "Schreiben Sie die Terminal-ID vom Beleg ab: höchstens 16 Ziffern und "
                + "Großbuchstaben."
        }
        if CardScheme(rawValue: values["marke"]) == nil {
            errors["marke"] = "Wählen Sie die Kartenmarke."
        }
        for (field, label) in [("belegnummer", "Beleg-Nr."), ("tracenummer", "Trace-Nr.")]
        where !isNumber(values[field], 1...9) {
            errors[field] = "Schreiben Sie die \(label) vom Beleg ab: 1 bis 9 Ziffern."
        }
        if !values["letzte4"].isEmpty, !isNumber(values["letzte4"], 4...4) {
            errors["letzte4"] = "Schreiben Sie nur die letzten vier Ziffern der Karte, oder nichts."
        }
        if errors.isEmpty {
            errors["genehmigung"] =
                "Schreiben Sie die Genehmigungs-Nr. mit Ziffern und Großbuchstaben, oder nichts."
        }
        return errors
    }

    private static func isNumber(_ text: String, _ digits: ClosedRange<Int>) -> Bool {
        digits.contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}

extension [String: String] {
    /// With the card terminal's number filled in, where it is known and nothing was typed.
    func withNumber(of device: CardTerminalIdentity) -> [String: String] {
        guard self["tid"] == nil, let number = device.number else { return self }
        var values = self
        values["tid"] = number
        return values
    }
}
