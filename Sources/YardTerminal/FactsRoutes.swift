import HTTPTypes
import Hummingbird
import Pages
import Tariffs
import TerminalOperations
import TerminalStorage
import Units

/// What is known of a delivery and of its items besides their amounts.
extension TerminalPages {
    func addFactsRoutes(to router: Router<Context>) {
        let delivery = router.group("/anlieferung/:id")
        delivery.get("angaben") { _, context in
            let number = try context.delivery()
            return try await show(
                try await factsPage(number, values: FactsForm.values(try await draft(number))))
        }
        delivery.post("angaben") { request, context in
            try await setFacts(try context.delivery(), try await form(request))
        }
        delivery.get("position/:index") { _, context in
            let number = try context.delivery()
            let (index, item) = try await item(number, context)
            return try await show(
                try await itemPage(
                    number, index, item, ItemFactsForm.values(of: ItemFacts(of: item))))
        }
        delivery.post("position/:index") { request, context in
            let number = try context.delivery()
            let (index, item) = try await item(number, context)
            return try await setFacts(ofItem: index, item, in: number, try await form(request))
        }
    }

    private func draft(_ number: DeliveryNumber) async throws -> DeliveryDraft {
        try await session.delivery(number).draft
    }

    private func item(
        _ number: DeliveryNumber, _ context: Context
    ) async throws -> (Int, DeliveryItem) {
        let (index, items) = (try context.number("index"), try await draft(number).items)
        guard let place = Int(exactly: index), items.indices.contains(place) else {
            throw HTTPError(.notFound)
        }
        return (place, items[place])
    }

    private func factsPage(
        _ number: DeliveryNumber, values: [String: String], errors: [String: String] = [:]
    ) async throws -> FactsPage {
        let tariff = try await session.tariff(of: number)
        let items = try await draft(number).items.enumerated().map { index, item in
            FactsPage.ItemFeatures(
                index: index, name: tariff.name(of: item.fraction),
                features: tariff.itemFeatures(of: item.fractions).map {
                    CheckField($0, name: "merkmal.\(index).\($0.id.text)", values)
                })
        }
        return FactsPage(
            id: number.value, questions: tariff.questions,
            residentArea: tariff.heading.residentArea,
            items: items.filter { !$0.features.isEmpty }, values: values, errors: errors)
    }

    private func setFacts(_ number: DeliveryNumber, _ values: FormValues) async throws -> Response {
        let (tariff, draft) = (try await session.tariff(of: number), try await draft(number))
        var errors: [String: String] = [:]
        let facts = FactsForm.facts(values, tariff.questions) { text, holder in
            do throws(TerminalError) {
                return try session.holder(text, for: holder)
            } catch {
                errors["inhaber.\(holder.rawValue)"] = error.what + " " + error.advice
                return nil
            }
        }
        guard errors.isEmpty else {
            return try await show(
                try await factsPage(number, values: values.values, errors: errors),
                status: .unprocessableContent)
        }
        let features = draft.items.enumerated().map { index, item in
            FactsForm.features(values, tariff.itemFeatures(of: item.fractions), of: index)
        }
        try await session.setFacts(facts, itemFeatures: features, of: number)
        return lead(to: number.path)
    }

    private func itemPage(
        _ number: DeliveryNumber, _ index: Int, _ item: DeliveryItem, _ values: [String: String],
        _ errors: [String: String] = [:]
    ) async throws -> ItemFactsPage {
        let tariff = try await session.tariff(of: number)
        return ItemFactsPage(
            id: number.value, index: index, name: tariff.name(of: item.fraction),
            facts: ItemFactsForm(tariff, item.fraction, mixedWith: item.mixedWith)
                .fields(values, errors))
    }

    private func setFacts(
        ofItem index: Int, _ item: DeliveryItem, in number: DeliveryNumber, _ values: FormValues
    ) async throws -> Response {
        var errors: [String: String] = [:]
        let tariff = try await session.tariff(of: number)
        let facts = ItemFactsForm(tariff, item.fraction, mixedWith: item.mixedWith)
            .facts(values, &errors)
        if errors.isEmpty {
            do {
                try await session.setFacts(facts, ofItem: index, in: number)
                return lead(to: number.path)
            } catch let error as TerminalError where error.isAboutText {
                errors["umstufung"] = error.what
            }
        }
        return try await show(
            try await itemPage(number, index, item, values.values, errors),
            status: .unprocessableContent)
    }
}
