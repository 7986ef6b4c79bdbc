import HTTPTypes
import Hummingbird
import Pages
import Tariffs
import TerminalOperations
import TerminalStorage
import Units

extension TerminalPages {
    func addWeighingRoutes(to router: Router<Context>) {
        let delivery = router.group("/anlieferung/:id")
        delivery.get("einwiegen") { request, context in
            let fraction = request.uri.queryParameters["abfall"].map(String.init) ?? ""
            return try await show(try await weighInPage(try context.delivery(), fraction))
        }
        delivery.post("einwiegen") { request, context in
            try await weighIn(try context.delivery(), try await form(request))
        }
        delivery.get("auswiegen") { _, context in
            try await show(weighOutPage(try context.delivery()))
        }
        delivery.post("auswiegen") { request, context in
            try await weighOut(try context.delivery(), try await form(request))
        }
        delivery.post("waegung-verwerfen") { _, context in
            let number = try context.delivery()
            try await session.cancelWeighing(number)
            return lead(to: number.path)
        }
    }

    private func weighIn(_ number: DeliveryNumber, _ values: FormValues) async throws -> Response {
        guard let fraction = FractionID(values["abfall"]) else { throw HTTPError(.notFound) }
        // The button beside the amount names only the fraction; the reading comes from the form.
        guard values.values["gewicht"] != nil else {
            return lead(to: "\(number.path)/einwiegen?abfall=\(fraction.text)")
        }
        let errors = Self.errors(in: values, fields: ["waage", "wiegenummer"])
        guard errors.isEmpty, let gross = Self.grams(values) else {
            return try await show(
                try await weighInPage(
                    number, fraction.text, values: values.values, errors: errors),
                status: .unprocessableContent)
        }
        try await session.weighIn(
            number, fraction: fraction, scale: values["waage"], ticket: values["wiegenummer"],
            gross: gross)
        return lead(to: number.path)
    }

    private func weighOut(
        _ number: DeliveryNumber, _ values: FormValues
    ) async throws -> Response {
        guard values.values["gewicht"] != nil else {
            return lead(to: number.path + "/auswiegen")
        }
        let source = Weighing.TareSource(rawValue: values["tara"]) ?? .weighed
        let errors = Self.errors(
            in: values, fields: source == .weighed ? ["wiegenummer"] : [])
        guard errors.isEmpty, let tare = Self.grams(values) else {
            return try await show(
                weighOutPage(number, values: values.values, errors: errors),
                status: .unprocessableContent)
        }
        try await session.weighOut(
            number, ticket: values["wiegenummer"], tare: tare, tareSource: source)
        return lead(to: number.path)
    }

    private static func grams(_ values: FormValues) -> Grams? {
        GermanNumber.parse(values["gewicht"], scale: Grams.perKilogram).map { Grams($0) }
    }

    private static func errors(in values: FormValues, fields: [String]) -> [String: String] {
        var errors: [String: String] = [:]
        for field in fields where values[field].allSatisfy(\.isWhitespace) {
            errors[field] = "Bitte ausfüllen."
        }
        if grams(values) == nil { errors["gewicht"] = "Geben Sie Kilogramm ein, etwa 2.860." }
        return errors
    }

    private func weighInPage(
        _ number: DeliveryNumber, _ id: String, values: [String: String] = [:],
        errors: [String: String] = [:]
    ) async throws -> FormPage {
        let tariff = try await session.tariff(of: number)
        guard let fraction = tariff.fractions.first(where: { $0.id.text == id }) else {
            throw HTTPError(.notFound)
        }
        return FormPage(
            title: "\(fraction.name) einwiegen",
            lead: "Das beladene Fahrzeug steht auf der Waage.",
            action: number.path + "/einwiegen", cancel: number.path, hidden: fraction.id.text,
            fields: [
                Self.scaleField(tariff, fraction.id, values, errors),
                Self.ticketField(values, errors), Self.weightField(values, errors),
            ], submit: "Gewicht übernehmen")
    }

    private func weighOutPage(
        _ number: DeliveryNumber, values: [String: String] = [:], errors: [String: String] = [:]
    ) -> FormPage {
        FormPage(
            title: "Leeres Fahrzeug auswiegen", lead: "Das leere Fahrzeug steht auf der Waage.",
            action: number.path + "/auswiegen", cancel: number.path,
            fields: [
                Self.tareField(values), Self.ticketField(values, errors),
                Self.weightField(values, errors),
            ],
            submit: "Gewicht übernehmen")
    }

    /// A choice where the tariff lists the yard's scales; only these may price.
    private static func scaleField(
        _ tariff: Tariff, _ fraction: FractionID, _ values: [String: String],
        _ errors: [String: String]
    ) -> Field {
        let scales = tariff.scales.filter { $0.fractions?.contains(fraction) ?? true }
        let control: Field.Control =
            scales.isEmpty
            ? .text : .select(scales.map { Field.Option($0.id, "\($0.name) (\($0.id))") })
        return Field(
            "waage", "Waage", control, value: values["waage"] ?? "",
            hint: "Steht am Wiegeterminal.", error: errors["waage"])
    }

    private static func tareField(_ values: [String: String]) -> Field {
        Field(
            "tara", "Woher kommt das Leergewicht?",
            .select([
                Field.Option(Weighing.TareSource.weighed.rawValue, "jetzt gewogen"),
                Field.Option(
                    Weighing.TareSource.stored.rawValue, "aus einer früheren Wägung gespeichert"),
                Field.Option(Weighing.TareSource.preset.rawValue, "von Hand vorgegeben"),
            ]), value: values["tara"] ?? Weighing.TareSource.weighed.rawValue,
            hint: "Nur gewogen braucht es eine neue Wägenummer.")
    }

    private static func ticketField(
        _ values: [String: String], _ errors: [String: String]
    ) -> Field {
        Field(
            "wiegenummer", "Nummer der Wägung", value: values["wiegenummer"] ?? "",
            hint: "Aus dem Alibispeicher oder vom Wiegeschein.", error: errors["wiegenummer"])
    }

    private static func weightField(
        _ values: [String: String], _ errors: [String: String]
    ) -> Field {
        Field(
            "gewicht", "Gewicht in kg", .amount, value: values["gewicht"] ?? "",
            error: errors["gewicht"], autocomplete: "off")
    }
}
