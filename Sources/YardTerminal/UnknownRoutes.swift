import CardTerminals
import HTTPTypes
import Hummingbird
import Pages
import Sales
import TerminalOperations
import TerminalStorage
import Units

extension TerminalPages {
    func addUnknownRoutes(to router: Router<Context>) {
        let unknown = router.group("/ungeklaert/:id")
        unknown.get { _, context in try await showUnknown(try context.delivery()) }
        unknown.post { request, context in
            let number = try context.delivery()
            let values = try await form(request)
            switch SlipForm.outcome(values) {
            case .success(let outcome):
                do {
                    return follow(number, try await session.recordOutcome(number, outcome))
                } catch let error as TerminalError where error.code == .slipUsed {
                    return try await showUnknown(
                        number,
                        notice: Notice(
                            "warning", "Das ist der Beleg einer anderen Zahlung",
                            "\(error.what) \(error.advice)"), values: values.values)
                }
            case .failure(let errors):
                return try await showUnknown(number, values: values.values, errors: errors.byField)
            }
        }
        unknown.post("abfragen") { _, context in
            let number = try context.delivery()
            do {
                return follow(number, try await session.enquire(number))
            } catch let error as TerminalError where error.code == .enquiryWithoutAnswer {
                return try await showUnknown(
                    number, notice: Notice("warning", "Keine Auskunft", error.what))
            }
        }
        unknown.post("unterschreiben") { _, context in
            let sequence = try await session.signUnknown(try context.delivery())
            sendSoon()
            return lead(to: "/beleg/\(sequence)")
        }
    }

    private func showUnknown(
        _ number: DeliveryNumber, notice: Notice? = nil, values: [String: String] = [:],
        errors: [String: String] = [:]
    ) async throws -> Response {
        let view = try await session.delivery(number)
        guard view.state == .unknown, let attempt = view.attempts.last else {
            return lead(to: number.path)
        }
        return try await show(
            UnknownPaymentPage(
                id: number.value, amount: attempt.amount, notice: notice,
                mayEnquire: session.cardTerminal.identity.kind == .simulated,
                values: values.withNumber(of: attempt.device), errors: errors),
            status: errors.isEmpty ? .ok : .unprocessableContent)
    }
}
