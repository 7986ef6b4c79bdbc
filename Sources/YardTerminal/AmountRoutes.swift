import HTTPTypes
import Hummingbird
import Pages
import Tariffs
import TerminalOperations
import TerminalStorage
import Text
import Units

extension TerminalPages {
    func addAmountRoutes(to router: Router<Context>) {
        let delivery = router.group("/anlieferung/:id")
        delivery.get("position") { request, context in
            let fraction = request.uri.queryParameters["abfall"].map(String.init) ?? ""
            return try await show(try await amountPage(try context.delivery(), fraction))
        }
        delivery.post("position") { request, context in
            let number = try context.delivery()
            let values = try await form(request)
            switch AmountEntry.item(values, of: try await session.tariff(of: number)) {
            case .success(let item):
                try await session.addItem(item, to: number)
                return lead(to: number.path)
            case .failure(let errors):
                return try await show(
                    try await amountPage(
                        number, values["abfall"], values: values.values, errors: errors.byField),
                    status: .unprocessableContent)
            }
        }
        delivery.get("preis") { request, context in
            let values = FormValues(request.uri.query ?? "")
            return try await price(try context.delivery(), values)
        }
    }

    private func amountPage(
        _ number: DeliveryNumber, _ id: String, values: [String: String] = [:],
        errors: [String: String] = [:]
    ) async throws -> AmountPage {
        let tariff = try await session.tariff(of: number)
        guard let fraction = tariff.fractions.first(where: { $0.id.text == id }) else {
            throw HTTPError(.notFound)
        }
        return AmountPage(
            id: number.value, fraction: fraction.id, name: fraction.name,
            units: AmountEntry.options(fraction), hasFill: AmountEntry.hasFill(fraction),
            hasTime: AmountEntry.hasTime(fraction), mayWeigh: AmountEntry.mayWeigh(fraction),
            facts: ItemFactsForm(tariff, fraction.id).fields(values, errors), values: values,
            errors: errors)
    }

    /// What the amount being typed would cost; empty while it is no amount.
    private func price(_ number: DeliveryNumber, _ values: FormValues) async throws -> Response {
        var (amount, reason) = ("", "")
        let tariff = try await session.tariff(of: number)
        if case .success(let item) = AmountEntry.item(values, of: tariff) {
            switch try await session.price(adding: item, to: number) {
            case .adds(let more, let reasons):
                amount = GermanFormat.euros(more)
                reason = reasons.map(\.german).joined(separator: " ")
            case .refused(let refusals):
                reason = refusals.map(\.reason.german).joined(separator: " ")
            }
        }
        let json = JSONValue.fields(["amount": .string(amount), "reason": .string(reason)])
        return Response(
            status: .ok,
            headers: [.contentType: "application/json", .cacheControl: pageCacheControl],
            body: .init(byteBuffer: ByteBuffer(bytes: json.bytes)))
    }
}
