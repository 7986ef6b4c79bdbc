import Pages
import Tariffs
import TerminalOperations
import Units

/// What can be said of an item besides its amount: fields `merkmal.{feature}` and
/// `gemischt.{fraction}` (check boxes), `angemeldet` (fraction), `umstufung` (why it was put into
/// another), `beleg` (number of a picture).
struct ItemFactsForm {
    private let fraction: FractionID
    private let features: [Feature]
    /// What it may be mixed with.
    private let partners: [Fraction]
    /// As what it may have been announced.
    private let declarable: [Fraction]

    /// - Parameter mixedWith: what the item is known to be mixed with.
    init(_ tariff: Tariff, _ fraction: FractionID, mixedWith: [FractionID] = []) {
        self.fraction = fraction
        features = tariff.itemFeatures(of: [fraction] + mixedWith)
        let isGoods = tariff.fractions.first { $0.id == fraction }?.isGoods ?? true
        let others = isGoods ? [] : tariff.fractions.filter { !$0.isGoods && $0.id != fraction }
        partners = tariff.pricesMixtures ? others : []
        declarable = others
    }

    /// What the fields say; what is wrong is noted by field.
    func facts(_ values: FormValues, _ errors: inout [String: String]) -> ItemFacts {
        ItemFacts(
            features: Set(
                features.map(\.id).filter { values.isTicked("merkmal.\($0.text)") }),
            mixedWith: partners.map(\.id).filter { values.isTicked("gemischt.\($0.text)") },
            reclassification: reclassification(values, &errors))
    }

    private func reclassification(
        _ values: FormValues, _ errors: inout [String: String]
    ) -> Reclassification? {
        let (reason, evidence) = (values["umstufung"], values["beleg"])
        let hasReason = !reason.allSatisfy(\.isWhitespace)
        guard let declared = declarable.first(where: { $0.id.text == values["angemeldet"] }) else {
            if hasReason { errors["angemeldet"] = "Wählen Sie, wie die Ladung angemeldet war." }
            return nil
        }
        guard hasReason else {
            errors["umstufung"] = "Schreiben Sie, warum anders eingestuft wird."
            return nil
        }
        return Reclassification(
            declared: declared.id, reason: reason,
            evidence: evidence.allSatisfy(\.isWhitespace) ? nil : evidence)
    }

    func fields(
        _ values: [String: String], _ errors: [String: String] = [:]
    ) -> ItemFactsFields {
        ItemFactsFields(
            features: features.map { feature in
                CheckField(feature, name: "merkmal.\(feature.id.text)", values)
            },
            mixture: partners.map { other in
                let name = "gemischt.\(other.id.text)"
                return CheckField(name, other.name, isChecked: values[name] == CheckField.ticked)
            }, declarable: declarable, values: values, errors: errors)
    }

    /// The fields as they say what is known of an item.
    static func values(of facts: ItemFacts) -> [String: String] {
        var values: [String: String] = [:]
        for feature in facts.features { values["merkmal.\(feature.text)"] = CheckField.ticked }
        for other in facts.mixedWith { values["gemischt.\(other.text)"] = CheckField.ticked }
        values["angemeldet"] = facts.reclassification?.declared.text
        values["umstufung"] = facts.reclassification?.reason
        values["beleg"] = facts.reclassification?.evidence
        return values
    }
}

extension CheckField {
    /// A feature: its question if it has one, else its name.
    init(_ feature: Feature, name: String, _ values: [String: String]) {
        self.init(
            name, feature.question ?? feature.name, isChecked: values[name] == Self.ticked,
            hint: feature.question == nil ? nil : feature.name)
    }
}
