import Text
import Units

extension SourceReader {
    /// The rules of the delivery; what is wrong in them is reported and left out.
    ///
    /// - Parameter numbers: those of the positions.
    mutating func rules(
        _ root: Block, numbers: Set<String>, _ defaults: TariffDefaults
    ) -> DeliveryRules {
        let rules = DeliveryRules(
            acceptance: acceptanceRules(root, numbers: numbers, defaults.catalogue),
            oncePerVisit: list(root, "einmal je anlieferung").compactMap {
                oncePerVisit($0, numbers: numbers)
            },
            mixture: named(
                root, "gemischte ladung", .mixture, rule: "teuerste Abfallart"
            ).map { MixtureRule(paragraph: $0) },
            scaleFailure: named(
                root, "waagenausfall", .scaleFailure, rule: "geschätztes Volumen"
            ).map { ScaleFailureRule(paragraph: $0) },
            surcharges: list(root, "zuschläge").compactMap {
                surcharge($0, numbers: numbers, defaults)
            },
            minimum: root["mindestbetrag"].flatMap { minimum($0, defaults) },
            maximum: root["höchstbetrag"].flatMap { maximum($0) },
            deposit: root["vorautorisierung"].flatMap { deposit($0, defaults.catalogue) })
        checkAmounts(of: rules, root, defaults)
        return rules
    }

    /// Quotas go by the number of what grants them, so no rule shares one with a position.
    private mutating func acceptanceRules(
        _ root: Block, numbers: Set<String>, _ catalogue: Catalogue
    ) -> [AcceptanceRule] {
        var taken = numbers
        var rules: [AcceptanceRule] = []
        for node in list(root, "annahmeregeln") {
            guard let rule = acceptanceRule(node, catalogue) else { continue }
            rules.append(rule)
            guard !taken.insert(rule.number).inserted else { continue }
            report(
                .duplicateName, at: node.position,
                "Nr. \(rule.number) steht schon bei einer Position oder Regel. Ändern Sie eine "
                    + "Nummer.")
        }
        return rules
    }

    private mutating func acceptanceRule(
        _ node: SourceNode, _ catalogue: Catalogue
    ) -> AcceptanceRule? {
        guard let block = block(node, .acceptanceRule) else { return nil }
        let number = word(block, "nr")?.text
        let paragraph = word(block, "fundstelle")?.text
        let condition = condition(block, catalogue)
        let fractions = ruleFractions(block, catalogue)
        let demand = demand(block, catalogue)
        let reason = reason(block, isRequired: false)
        guard let number, let paragraph, let condition, let demand, let reason else { return nil }
        return AcceptanceRule(
            number: number, paragraph: paragraph, condition: condition, fractions: fractions,
            demand: demand, reason: reason, place: block.position)
    }

    /// The fractions of a rule; nil for all.
    private mutating func ruleFractions(
        _ block: Block, _ catalogue: Catalogue
    ) -> Set<FractionID>? {
        guard block["abfallarten"] != nil else { return nil }
        return Set(fractions(block, "abfallarten", areGoods: false, catalogue))
    }

    private mutating func demand(_ block: Block, _ catalogue: Catalogue) -> AcceptanceRule.Demand? {
        switch (block["verlangt"], block["höchstmenge"]) {
        case (nil, nil): return .refused
        case (nil, _): return limit(block, "höchstmenge", catalogue).map { .atMost($0) }
        case (_, nil):
            let features = features(block, "verlangt", catalogue)
            return features.isEmpty ? nil : .requires(features)
        case (_, let node?):
            report(
                .contradiction, at: node.position,
                "„verlangt“ und „höchstmenge“ stehen nicht in einer Regel. Machen Sie zwei daraus.")
            return nil
        }
    }

    private mutating func oncePerVisit(
        _ node: SourceNode, numbers: Set<String>
    ) -> OncePerVisit? {
        guard let block = block(node, .oncePerVisit) else { return nil }
        let name = word(block, "name")?.text
        let paragraph = word(block, "fundstelle")?.text
        let positions = positionNumbers(block, numbers)
        guard let name, let paragraph, let positions, !positions.isEmpty else { return nil }
        return OncePerVisit(name: name, paragraph: paragraph, positions: positions)
    }

    /// Numbers of positions that exist; nil for a block that names none.
    mutating func positionNumbers(_ block: Block, _ numbers: Set<String>) -> Set<String>? {
        guard block["positionen"] != nil else { return nil }
        let known = filledWords(block, "positionen").compactMap { word in
            read(word) { text throws(PhraseProblem) in
                guard numbers.contains(text) else {
                    throw PhraseProblem(
                        .nameNotKnown,
                        "Nr. \(text) gibt es nicht. Nennen Sie Nummern von Positionen.")
                }
                return text
            }
        }
        return Set(known)
    }

    /// The paragraph of a rule that says always the same.
    private mutating func named(
        _ root: Block, _ key: String, _ form: BlockForm, rule: String
    ) -> String? {
        guard let node = root[key], let block = block(node, form) else { return nil }
        let paragraph = word(block, "fundstelle")?.text
        let isKnown = choice(word(block, "regel"), [rule: true])
        return isKnown == true ? paragraph : nil
    }
}
