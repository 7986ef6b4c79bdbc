import Pages
import Receipts
import Tariffs
import TerminalOperations
import Units

/// What the fields of ``FactsPage`` say.
enum FactsForm {
    /// - Parameter entry: whose quota a text names; nil for nobody.
    static func facts(
        _ values: FormValues, _ questions: DeliveryQuestions,
        entry: (String, Holder) -> HolderEntry?
    ) -> DeliveryFacts {
        var facts = DeliveryFacts()
        if questions.asksOrigin {
            facts.origin = Origin(rawValue: values["herkunft"]) ?? .resident
        }
        facts.features = Set(
            questions.features.map(\.id).filter { values.isTicked("merkmal.\($0.text)") })
        for holder in questions.holders {
            facts.holders[holder] = entry(values["inhaber.\(holder.rawValue)"].onOneLine, holder)
        }
        facts.isScaleBroken = questions.asksScale && values.isTicked("waage")
        return facts
    }

    /// What is ticked for the item at `index`.
    static func features(
        _ values: FormValues, _ features: [Feature], of index: Int
    ) -> Set<FeatureID> {
        Set(features.map(\.id).filter { values.isTicked("merkmal.\(index).\($0.text)") })
    }

    /// The fields as they say what is known.
    static func values(_ draft: DeliveryDraft) -> [String: String] {
        var values = ["herkunft": draft.facts.origin.rawValue]
        for feature in draft.facts.features {
            values["merkmal.\(feature.text)"] = CheckField.ticked
        }
        for (index, item) in draft.items.enumerated() {
            for feature in item.features {
                values["merkmal.\(index).\(feature.text)"] = CheckField.ticked
            }
        }
        for (holder, entry) in draft.facts.holders {
            values["inhaber.\(holder.rawValue)"] = entry.text
        }
        if draft.facts.isScaleBroken { values["waage"] = CheckField.ticked }
        return values
    }

    /// What is known of a delivery, for reading.
    static func summary(_ facts: DeliveryFacts, of tariff: Tariff) -> [DeliveryFact] {
        var known: [DeliveryFact] = []
        if facts.origin != .resident {
            known.append(DeliveryFact(label: "Herkunft", value: facts.origin.label))
        }
        let features = tariff.features.filter { facts.features.contains($0.id) }.map(\.name)
        if !features.isEmpty {
            known.append(DeliveryFact(label: "Merkmale", value: features.joined(separator: ", ")))
        }
        for holder in Holder.allCases {
            guard let entry = facts.holders[holder] else { continue }
            known.append(DeliveryFact(label: holder.label, value: entry.text))
        }
        if facts.isScaleBroken {
            known.append(DeliveryFact(label: "Waage", value: "ausgefallen"))
        }
        return known
    }

    /// What is ticked for an item; empty for nothing. The rest stands in the reason of its price.
    static func ticked(_ item: DeliveryItem, of tariff: Tariff) -> String {
        tariff.features.filter { item.features.contains($0.id) }.map(\.name)
            .joined(separator: ", ")
    }

    /// What is known of an item besides its amount; empty for nothing.
    static func note(_ item: DeliveryItem, of tariff: Tariff) -> String {
        var parts = [ticked(item, of: tariff)].filter { !$0.isEmpty }
        if !item.mixedWith.isEmpty {
            parts.append(
                "gemischt mit " + item.mixedWith.map(tariff.name(of:)).joined(separator: ", "))
        }
        if let other = item.reclassification {
            parts.append("angemeldet als \(tariff.name(of: other.declared)): \(other.reason)")
        }
        return parts.joined(separator: "; ")
    }
}

extension Tariff {
    /// The citizen's name of a fraction; its id if the tariff does not know it.
    func name(of fraction: FractionID) -> String {
        fractions.first { $0.id == fraction }?.name ?? fraction.text
    }
}
