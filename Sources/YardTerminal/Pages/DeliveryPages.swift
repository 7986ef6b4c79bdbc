import Pages
import Tariffs
import Units

/// `GET /anlieferung/{id}`. Forms below it: `POST …/gruppe` (`gruppe`),
/// `POST …/position/{index}/entfernen`, `POST …/zahlung/beginnen` (`betrag` in cents as shown),
/// `POST …/kostenfrei`, `POST …/parken`, `POST …/auswiegen`, `POST …/waegung-verwerfen`;
/// links to `…/position?abfall=`, `…/forderung`, `…/beenden`.
struct DeliveryPage: Page {
    static let template = "terminal-delivery"
    let title = "Anlieferung"
    let path: String
    let group: ChoiceField
    let lines: [DeliveryLine]
    let isEmpty: Bool
    let refusals: [Notice]
    let problem: Notice?
    let total: String
    let amount: String
    let payLabel: String
    let mayPay: Bool
    let isFree: Bool
    let weighing: String?
    let tiles: [Tile]

    /// - Parameters:
    ///   - refusals: why the tariff does not accept it; then nothing can be paid.
    ///   - weighing: the open weighing in words, such as "Altholz: 2.860 kg eingewogen"; nil if
    ///     there is none. While it is open nothing can be paid.
    init(
        id: Int64, group: CustomerGroup, lines: [DeliveryLine], total: Cents,
        refusals: [Notice] = [], problem: Notice? = nil, weighing: String? = nil, tiles: [Tile]
    ) {
        path = "/anlieferung/\(id)"
        self.group = GroupChoice.field(chosen: group)
        self.lines = lines
        isEmpty = lines.isEmpty
        self.refusals = refusals
        self.problem = problem
        self.total = GermanFormat.euros(total)
        amount = String(total.value)
        payLabel = "\(GermanFormat.euros(total)) mit Karte bezahlen"
        let isComplete = !lines.isEmpty && refusals.isEmpty && weighing == nil
        mayPay = isComplete && total > .zero
        isFree = isComplete && total == .zero
        self.weighing = weighing
        self.tiles = tiles
    }
}

/// A line of the delivery as priced so far.
struct DeliveryLine: Sendable {
    let name: String
    let reason: String
    let amount: String
    /// Nil for lines of the delivery as a whole, which cannot be removed.
    let removePath: String?

    /// - Parameter index: place among the items, from 0; nil for lines that are no item.
    init(delivery: Int64, index: Int?, name: String, reason: String, gross: Cents?) {
        self.name = name
        self.reason = reason
        amount = gross.map(GermanFormat.euros) ?? "–"
        removePath = index.map { "/anlieferung/\(delivery)/position/\($0)/entfernen" }
    }
}

/// `GET /anlieferung/{id}/position?abfall=`, `POST /anlieferung/{id}/position`: fields `abfall`,
/// `einheit` (the value given), `menge` (German number), `fuellung` (`25` `50` `75` `100`),
/// `herkunft` (`gezaehlt`, `geschaetzt`, `hand`), `handgrund`; `POST …/einwiegen` (`abfall`).
/// The live price is `GET …/preis` with the same fields, as JSON `{"amount", "reason"}`.
struct AmountPage: Page {
    static let template = "terminal-amount"
    let title: String
    let problems: [FormProblem]
    let path: String
    let fraction: String
    let unit: ChoiceField
    let amount: Field
    let fill: ChoiceField?
    let source: ChoiceField
    let manualReason: Field
    let mayWeigh: Bool

    /// - Parameters:
    ///   - units: value and label of each measure, such as `m3` "m³", `behaelter:sack` "Sack",
    ///     `fahrzeug:kombi` "Kombi"; the first one is chosen at first.
    ///   - hasFill: whether containers or vehicles are among them.
    init(
        id: Int64, fraction: FractionID, name: String, units: [Field.Option], hasFill: Bool,
        mayWeigh: Bool, values: [String: String] = [:], errors: [String: String] = [:]
    ) {
        title = name
        path = "/anlieferung/\(id)"
        self.fraction = fraction.text
        unit = ChoiceField(
            "einheit", "Gemessen in", options: units,
            chosen: values["einheit"] ?? units.first?.value ?? "", error: errors["einheit"],
            sideBySide: true)
        amount = Field(
            "menge", "Menge", .amount, value: values["menge"] ?? "", error: errors["menge"],
            autocomplete: "off")
        fill = hasFill ? Self.fill(values: values, errors: errors) : nil
        source = ChoiceField(
            "herkunft", "Die Menge ist",
            options: [
                Field.Option("gezaehlt", "gezählt oder gemessen"),
                Field.Option("geschaetzt", "geschätzt"),
                Field.Option("hand", "von Hand statt gewogen"),
            ], chosen: values["herkunft"] ?? "gezaehlt", error: errors["herkunft"],
            sideBySide: true)
        manualReason = Field(
            "handgrund", "Warum nicht gewogen?", value: values["handgrund"] ?? "",
            hint: "Steht auf dem Beleg.",
            error: errors["handgrund"])
        self.mayWeigh = mayWeigh
        problems = [
            unit.problem, amount.problem, fill?.problem, source.problem, manualReason.problem,
        ].compactMap { $0 }
    }

    private static func fill(values: [String: String], errors: [String: String]) -> ChoiceField {
        ChoiceField(
            "fuellung", "Wie voll?",
            options: [
                Field.Option("25", "ein Viertel"), Field.Option("50", "halb"),
                Field.Option("75", "drei Viertel"), Field.Option("100", "voll"),
            ], chosen: values["fuellung"] ?? "100", error: errors["fuellung"], sideBySide: true)
    }
}

/// `GET/POST /anlieferung/{id}/beenden`: without a sale; fields `art` (`abandon`, `refuse`),
/// `grund`.
struct DeliveryEndPage: Page {
    static let template = "terminal-delivery-end"
    let title = "Ohne Verkauf beenden"
    let problems: [FormProblem]
    let path: String
    let kind: ChoiceField
    let reason: Field

    init(id: Int64, values: [String: String] = [:], errors: [String: String] = [:]) {
        path = "/anlieferung/\(id)"
        kind = ChoiceField(
            "art", "Was ist geschehen?",
            options: [
                Field.Option("abandon", "Der Abfall geht wieder mit"),
                Field.Option("refuse", "Wir nehmen den Abfall nicht an"),
            ], chosen: values["art"] ?? "", error: errors["art"])
        reason = Field(
            "grund", "Grund", .textArea, value: values["grund"] ?? "",
            hint: "Keine Namen und keine Kennzeichen.", error: errors["grund"])
        problems = [kind.problem, reason.problem].compactMap { $0 }
    }
}
