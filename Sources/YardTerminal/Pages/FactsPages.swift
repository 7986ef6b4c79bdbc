import Pages
import Receipts
import Tariffs
import TerminalOperations
import Units

/// `GET/POST /anlieferung/{id}/angaben`: what holds for the delivery as a whole, and what is ticked
/// for its items. Fields `herkunft` (`resident`, `non-resident`), `merkmal.{feature}`,
/// `merkmal.{index}.{feature}`, `inhaber.{holder}` (text) and `waage` (check box).
struct FactsPage: Page {
    static let template = "terminal-facts"
    let title = "Angaben zur Anlieferung"
    let problems: [FormProblem]
    let path: String
    let isEmpty: Bool
    /// Nil where the tariff treats everybody alike.
    let origin: ChoiceField?
    let features: [CheckField]
    let hasFeatures: Bool
    let items: [ItemFeatures]
    let holders: [Field]
    let hasHolders: Bool
    let scale: CheckField?

    /// The features of one item.
    struct ItemFeatures: Sendable {
        let legend: String
        let features: [CheckField]

        /// - Parameter index: place of the item, from 0.
        init(index: Int, name: String, features: [CheckField]) {
            legend = "Position \(index + 1): \(name)"
            self.features = features
        }
    }

    /// - Parameters:
    ///   - residentArea: who counts as resident, in the words of the tariff.
    ///   - items: those that something can be ticked for, in order.
    init(
        id: Int64, questions: DeliveryQuestions, residentArea: String?,
        items: [ItemFeatures], values: [String: String], errors: [String: String] = [:]
    ) {
        path = "/anlieferung/\(id)"
        origin =
            questions.asksOrigin ? Self.origin(residentArea, values["herkunft"] ?? "") : nil
        features = questions.features.map {
            CheckField($0, name: "merkmal.\($0.id.text)", values)
        }
        hasFeatures = !features.isEmpty
        self.items = items
        holders = questions.holders.map { holder in
            let name = "inhaber.\(holder.rawValue)"
            return Field(
                name, holder.label, value: values[name] ?? "", hint: holder.entryHint,
                error: errors[name], autocomplete: "off")
        }
        hasHolders = !holders.isEmpty
        scale =
            questions.asksScale
            ? CheckField(
                "waage", "Die Waage ist ausgefallen", isChecked: values["waage"] == "ja",
                hint: "Dann zählt, was die Preisliste für diesen Fall vorsieht.") : nil
        problems = holders.compactMap(\.problem)
        isEmpty = questions.isEmpty && items.isEmpty
    }

    private static func origin(_ residentArea: String?, _ chosen: String) -> ChoiceField {
        ChoiceField(
            "herkunft", "Woher kommt der Abfall?",
            options: Origin.allCases.map { Field.Option($0.rawValue, $0.label) }, chosen: chosen,
            hint: residentArea.map { "Einheimisch: \($0)" }, sideBySide: true)
    }
}

extension Holder {
    /// What to type.
    fileprivate var entryHint: String {
        switch self {
        case .household: "Nummer vom Bescheid, oder Straße und Hausnummer."
        case .person: "Vor- und Nachname, Geburtsdatum."
        case .parcel: "Nummer vom Bescheid, oder Straße und Hausnummer."
        case .card: "Nummer der Karte oder Buchung."
        }
    }
}

/// `GET/POST /anlieferung/{id}/position/{index}`: what is known of one item besides its amount.
/// Fields as in ``ItemFactsForm``.
struct ItemFactsPage: Page {
    static let template = "terminal-item"
    let title: String
    let problems: [FormProblem]
    let path: String
    let action: String
    let facts: ItemFactsFields

    init(id: Int64, index: Int, name: String, facts: ItemFactsFields) {
        title = "Angaben zu: \(name)"
        path = "/anlieferung/\(id)"
        action = "/anlieferung/\(id)/position/\(index)"
        self.facts = facts
        problems = facts.problems
    }
}
