import HTTPTypes
import Hummingbird
import Journal
import Pages
import Sales
import Tariffs
import TerminalOperations
import TerminalStorage
import Text
import Units

extension TerminalPages {
    func addDeliveryRoutes(to router: Router<Context>) {
        let delivery = router.group("/anlieferung/:id")
        delivery.get { _, context in try await showDelivery(try context.delivery()) }
        delivery.post("gruppe") { request, context in
            let number = try context.delivery()
            if let group = CustomerGroup(rawValue: try await form(request)["gruppe"]) {
                try await session.setGroup(group, of: number)
            }
            return lead(to: number.path)
        }
        delivery.get("kennzeichen") { _, context in
            try await show(try await platePage(try context.delivery()))
        }
        delivery.post("kennzeichen") { request, context in
            let number = try context.delivery()
            let plate = try await form(request)["kennzeichen"]
            if let error = PlateEntry.problem(plate) {
                return try await show(
                    try await platePage(number, value: plate, error: error),
                    status: .unprocessableContent)
            }
            do {
                try await session.setPlate(plate, of: number)
            } catch let error as TerminalError where error.isAboutText {
                return try await show(
                    try await platePage(number, value: plate, error: error.what),
                    status: .unprocessableContent)
            }
            return lead(to: number.path)
        }
        delivery.post("position/:index/entfernen") { _, context in
            let number = try context.delivery()
            try await session.removeItem(at: Int(try context.number("index")), from: number)
            return lead(to: number.path)
        }
        delivery.post("parken") { _, context in
            try await session.park(try context.delivery())
            return lead(to: "/")
        }
        addEndRoutes(to: delivery)
    }

    private func addEndRoutes(to delivery: RouterGroup<Context>) {
        delivery.get("beenden") { _, context in
            try await show(DeliveryEndPage(id: try context.delivery().value))
        }
        for path in ["beenden", "abbruch"] {
            delivery.post(RouterPath(path)) { request, context in
                try await end(try context.delivery(), try await form(request))
            }
        }
    }

    private func end(_ number: DeliveryNumber, _ values: FormValues) async throws -> Response {
        var errors: [String: String] = [:]
        do {
            switch values["art"] {
            case "abandon": _ = try await session.abandon(number, reason: values["grund"].onOneLine)
            case "refuse": _ = try await session.refuse(number, reason: values["grund"].onOneLine)
            default: errors["art"] = "Wählen Sie, was geschehen ist."
            }
        } catch let error as TerminalError where error.isAboutText {
            errors["grund"] = error.what
        }
        guard errors.isEmpty else {
            return try await show(
                DeliveryEndPage(id: number.value, values: values.values, errors: errors),
                status: .unprocessableContent)
        }
        sendSoon()
        return lead(to: "/")
    }

    /// The page where a delivery stands.
    private func showDelivery(_ number: DeliveryNumber) async throws -> Response {
        let view = try await session.delivery(number)
        switch view.state {
        case .paying: return lead(to: number.path + "/zahlung")
        case .unknown: return lead(to: "/ungeklaert/\(number.value)")
        case .done, .abandoned:
            return lead(to: view.stored.sequence.map { "/beleg/\($0)" } ?? "/")
        case .parked:
            // Opening a parked delivery takes it up again: nothing else can be done with it.
            try await session.resume(number)
            return try await showOpen(view)
        case .open: return try await showOpen(view)
        }
    }

    private func showOpen(_ view: DeliveryView) async throws -> Response {
        let tariff = try await session.tariff(of: view.number)
        var (lines, quote, refusals): ([DeliveryLine], Quote?, [Notice]) = ([], nil, [])
        if !view.draft.items.isEmpty {
            switch try await session.quote(view.number) {
            case .priced(let found):
                quote = found
                lines = Self.lines(of: found, in: view, tariff)
            case .refused(let found):
                refusals = found.map { Self.notice($0, of: view.number) }
                lines = view.draft.items.enumerated().map { index, item in
                    DeliveryLine(
                        delivery: view.number.value, index: index,
                        name: tariff.name(of: item.fraction),
                        // No price says it here, and one of several may be the mistake.
                        reason: item.amount.german(item.amount.number), gross: nil,
                        note: FactsForm.note(item, of: tariff))
                }
            }
        }
        let weighing = view.draft.weighIn.map { load in
            let gross = GermanFormat.decimal(load.gross.value, scale: Grams.perKilogram)
            return "\(tariff.name(of: load.fraction)): \(gross) kg eingewogen"
        }
        return try await show(
            DeliveryPage(
                id: view.number.value, group: view.draft.group, lines: lines,
                total: quote?.total ?? .zero, deposit: quote?.deposit ?? .zero,
                refusals: refusals, problem: Self.lastAttempt(of: view), weighing: weighing,
                facts: FactsForm.summary(view.draft.facts, of: tariff),
                asksFacts: Self.asksFacts(view, tariff), tiles: Self.tiles(tariff)))
    }

    private static func lines(
        of quote: Quote, in view: DeliveryView, _ tariff: Tariff
    ) -> [DeliveryLine] {
        quote.lines.enumerated().map { index, line in
            let isItem = index < view.draft.items.count
            return DeliveryLine(
                delivery: view.number.value, index: isItem ? index : nil, name: line.name,
                reason: line.explanation.german, gross: line.gross,
                note: isItem ? FactsForm.ticked(view.draft.items[index], of: tariff) : "")
        }
    }

    private static func asksFacts(_ view: DeliveryView, _ tariff: Tariff) -> Bool {
        !tariff.questions.isEmpty
            || view.draft.items.contains { !tariff.itemFeatures(of: $0.fractions).isEmpty }
    }

    /// Why an item is refused; where something was not said, with the way to say it.
    private static func notice(_ refusal: Refusal, of number: DeliveryNumber) -> Notice {
        let isUnsaid = ["requirement-missing", "holder-missing"].contains(refusal.code)
        return Notice(
            "warning", isUnsaid ? "Es fehlt eine Angabe" : "Nicht angenommen",
            refusal.reason.german,
            link: isUnsaid ? PageLink("Angaben ergänzen", number.path + "/angaben") : nil)
    }

    private static func lastAttempt(of view: DeliveryView) -> Notice? {
        switch view.attempts.last?.failed?.outcome {
        case .declined:
            Notice(
                "warning", "Karte abgelehnt",
                "Es wurde nichts abgebucht. Versuchen Sie eine andere Karte oder nehmen Sie den "
                    + "Betrag auf Rechnung.")
        case .aborted: Notice("warning", "Zahlung abgebrochen", "Es wurde nichts abgebucht.")
        case .notStarted:
            Notice(
                "warning", "Zahlung nicht begonnen",
                "Es wurde nichts abgebucht. Prüfen Sie das Kartengerät.")
        case nil: nil
        }
    }

    private func platePage(
        _ number: DeliveryNumber, value: String? = nil, error: String? = nil
    ) async throws -> FormPage {
        let stored = try await session.delivery(number).draft.personal[.plate]
        return FormPage(
            title: "Kennzeichen", lead: "Nur wenn es gebraucht wird. Leer lassen löscht es.",
            action: number.path + "/kennzeichen", cancel: number.path,
            fields: [
                Field(
                    "kennzeichen", "Kennzeichen", value: value ?? stored ?? "", error: error,
                    autocomplete: "off")
            ], submit: "Übernehmen")
    }
}

/// A plate as somebody types it.
enum PlateEntry {
    /// No plate has more, its spaces counted.
    static let charactersMax = 20

    /// What is wrong with it, in the words at its field; nil if nothing is, and for an empty text.
    /// Letters are those of any alphabet: there are foreign plates.
    static func problem(_ text: String) -> String? {
        let scalars = text.composed.unicodeScalars
        guard scalars.contains(where: { !$0.properties.isWhitespace }) else { return nil }
        guard scalars.count <= charactersMax, scalars.contains(where: isSign),
            scalars.allSatisfy({ isSign($0) || $0 == "-" || $0.properties.isWhitespace })
        else {
            return "Schreiben Sie das Kennzeichen mit Buchstaben, Ziffern, Bindestrich und "
                + "Leerzeichen, höchstens \(charactersMax) Zeichen."
        }
        return nil
    }

    private static func isSign(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType == .decimal
    }
}

extension DeliveryNumber {
    /// The path of its page.
    var path: String { "/anlieferung/\(value)" }
}

extension TerminalError {
    /// Whether it is about one text that was typed.
    var isAboutText: Bool { code == .textMissing || code == .textInvalid }
}
