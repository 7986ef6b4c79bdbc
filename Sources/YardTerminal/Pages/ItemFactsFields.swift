import Pages
import Tariffs
import Units

/// The fields of ``ItemFactsForm``; template `item-facts`.
struct ItemFactsFields: Sendable {
    let features: [CheckField]
    let hasFeatures: Bool
    let mixture: [CheckField]
    let hasMixture: Bool
    /// Empty or the three fields about another classification.
    let declared: [Field]
    let hasMore: Bool
    let moreLabel: String
    /// Whether something was said of what is folded away.
    let isOpen: Bool
    let problems: [FormProblem]

    static let none = ItemFactsFields(
        features: [], mixture: [], declarable: [], values: [:], errors: [:])

    init(
        features: [CheckField], mixture: [CheckField], declarable: [Fraction],
        values: [String: String], errors: [String: String]
    ) {
        self.features = features
        hasFeatures = !features.isEmpty
        self.mixture = mixture
        hasMixture = !mixture.isEmpty
        declared = declarable.isEmpty ? [] : Self.declared(declarable, values, errors)
        hasMore = hasMixture || !declared.isEmpty
        moreLabel = hasMixture ? "Gemischt oder anders angemeldet" : "Anders angemeldet"
        problems = declared.compactMap(\.problem)
        let isSaid = ["angemeldet", "umstufung", "beleg"].contains { values[$0]?.isEmpty == false }
        isOpen = isSaid || !problems.isEmpty || mixture.contains(where: \.isChecked)
    }

    private static func declared(
        _ declarable: [Fraction], _ values: [String: String], _ errors: [String: String]
    ) -> [Field] {
        let none = Field.Option("", "wie erfasst")
        return [
            Field(
                "angemeldet", "Angemeldet war",
                .select([none] + declarable.map { Field.Option($0.id.text, $0.name) }),
                value: values["angemeldet"] ?? "", error: errors["angemeldet"]),
            Field(
                "umstufung", "Warum anders eingestuft?", value: values["umstufung"] ?? "",
                hint: "Ohne Namen und Kennzeichen.", error: errors["umstufung"],
                autocomplete: "off"),
            Field(
                "beleg", "Nummer des Fotos", value: values["beleg"] ?? "",
                hint: "Kann leer bleiben.", error: errors["beleg"], autocomplete: "off"),
        ]
    }
}
