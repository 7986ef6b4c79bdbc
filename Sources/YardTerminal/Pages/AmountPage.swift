import Pages
import Tariffs
import Units

/// `GET /anlieferung/{id}/position?abfall=`, `POST /anlieferung/{id}/position`: fields `abfall`,
/// `einheit` (the value given), `menge` (German number), `dauer` and `zeiteinheit` for an area and
/// a time, `fuellung` (`25` `50` `75` `100`), `herkunft` (`gezaehlt`, `geschaetzt`, `hand`),
/// `handgrund`, and those of ``ItemFactsForm``; `POST …/einwiegen` (`abfall`).
/// The live price is `GET …/preis` with the same fields, as JSON `{"amount", "reason"}`.
struct AmountPage: Page {
    static let template = "terminal-amount"
    let title: String
    let problems: [FormProblem]
    let path: String
    let fraction: String
    let unit: ChoiceField
    let amount: Field
    /// For how long, where an area and a time are priced together.
    let time: [Field]
    let hasTime: Bool
    let fill: ChoiceField?
    let source: ChoiceField
    let manualReason: Field
    let facts: ItemFactsFields
    let mayWeigh: Bool

    /// - Parameters:
    ///   - units: value and label of each measure, such as `m3` "m³", `behaelter:sack` "Sack",
    ///     `fahrzeug:kombi` "Kombi"; the first one is chosen at first.
    ///   - hasFill: whether containers or vehicles are among them.
    init(
        id: Int64, fraction: FractionID, name: String, units: [Field.Option], hasFill: Bool,
        hasTime: Bool = false, mayWeigh: Bool, facts: ItemFactsFields = .none,
        values: [String: String] = [:], errors: [String: String] = [:]
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
        time = hasTime ? Self.time(values: values, errors: errors) : []
        self.hasTime = hasTime
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
        self.facts = facts
        self.mayWeigh = mayWeigh
        let own = [unit.problem, amount.problem] + time.map(\.problem)
        problems =
            (own + [fill?.problem, source.problem, manualReason.problem]).compactMap { $0 }
            + facts.problems
    }

    private static func time(values: [String: String], errors: [String: String]) -> [Field] {
        [
            Field(
                "dauer", "Wie lange?", .amount, value: values["dauer"] ?? "",
                error: errors["dauer"], autocomplete: "off"),
            Field(
                "zeiteinheit", "Gezählt in", .select(EntryUnit.times.map(\.option)),
                value: values["zeiteinheit"] ?? "tag"),
        ]
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
