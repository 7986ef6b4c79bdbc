import Text
import Units

/// A position as far as it was read before the others were known.
struct PositionDraft {
    let block: Block
    let number: Word?
    let method: PricingMethod?
}

extension SourceReader {
    /// All positions; those in which anything is wrong are reported and left out.
    mutating func positions(_ nodes: [SourceNode], _ defaults: TariffDefaults) -> [Position] {
        let drafts = nodes.compactMap { draft($0, defaults.catalogue) }
        var methods: [String: PricingMethod] = [:]
        for draft in drafts {
            guard let number = draft.number?.text, methods[number] == nil else { continue }
            methods[number] = draft.method
        }
        let numbers = Set(drafts.compactMap(\.number?.text))
        var positions: [Position] = []
        for draft in drafts {
            let method = resolved(draft, among: methods, numbers)
            if let position = position(draft, method, defaults) { positions.append(position) }
        }
        return positions
    }

    private mutating func draft(_ node: SourceNode, _ catalogue: Catalogue) -> PositionDraft? {
        guard let block = block(node, .position) else { return nil }
        return PositionDraft(
            block: block, number: word(block, "nr"),
            method: block["preis"].flatMap { method($0, catalogue) })
    }

    /// The method of a position, a derived one with what it rests on.
    private mutating func resolved(
        _ draft: PositionDraft, among methods: [String: PricingMethod], _ numbers: Set<String>
    ) -> PricingMethod? {
        guard case .derived(let derived) = draft.method else { return draft.method }
        // A base whose own price is wrong is reported already.
        let isBaseWrong = methods[derived.base] == nil && numbers.contains(derived.base)
        guard !isBaseWrong, let number = draft.number?.text, let node = draft.block["preis"]
        else { return nil }
        return read(word(node)) { _ throws(PhraseProblem) in
            .derived(try derived.resolved(among: methods, past: [number]))
        }
    }

    /// What is wrong besides a missing price is reported too.
    private mutating func position(
        _ draft: PositionDraft, _ method: PricingMethod?, _ defaults: TariffDefaults
    ) -> Position? {
        let block = draft.block
        let catalogue = defaults.catalogue
        let paragraph = paragraph(block, of: defaults.kind)
        let fractions = fractions(block, catalogue)
        let condition = condition(block, catalogue)
        let modifiers = modifiers(block, catalogue)
        let facts = facts(
            block, for: condition?.groups ?? Set(CustomerGroup.allCases), defaults)
        let requires = features(block, "verlangt", catalogue)
        let reason = reason(block, isRequired: method == .refused)
        let method = method.map { limited($0, by: modifiers) }
        if let method { checkMeasures(of: modifiers, against: method, block) }
        let wording = word(block, "wortlaut")?.text
        let exceptions = filledWords(block, "ausnahme von").map(\.text)
        let note = word(block, "hinweis")?.text
        let staffNote = word(block, "hinweis personal")?.text
        let assumption = word(block, "annahme")?.text
        guard let number = draft.number?.text, let paragraph, !fractions.isEmpty, let condition,
            let method, let facts
        else { return nil }
        return Position(
            number: number, paragraph: paragraph, wording: wording, fractions: fractions,
            condition: condition, exceptionTo: exceptions, legalForm: facts.legalForm,
            vat: facts.vat, method: method, modifiers: modifiers, requires: requires,
            reason: reason, note: note, staffNote: staffNote, assumption: assumption,
            place: block.position)
    }

    /// The fractions or the goods of a position.
    private mutating func fractions(_ block: Block, _ catalogue: Catalogue) -> [FractionID] {
        switch (block["abfallarten"] != nil, block["waren"] != nil) {
        case (true, false): return fractions(block, "abfallarten", areGoods: false, catalogue)
        case (false, true): return fractions(block, "waren", areGoods: true, catalogue)
        case (false, false):
            report(
                .missingKey, at: block.position,
                "Hier fehlt die Angabe „abfallarten“ oder „waren“. Ergänzen Sie sie.")
        case (true, true):
            report(
                .contradiction, at: block["waren"]?.position,
                "„abfallarten“ und „waren“ stehen nicht in einer Position. Machen Sie zwei daraus.")
        }
        return []
    }

    private static let paragraphSigns = ["§", "Nr.", "Ziffer", "Ziff.", "Tarifstelle", "Art."]

    /// Where the price stands: a paragraph or number in a statute, the line in a price list.
    private mutating func paragraph(_ block: Block, of kind: TariffKind?) -> String? {
        guard let word = word(block, "fundstelle") else { return nil }
        if kind == .statute, !Self.paragraphSigns.contains(where: { word.text.contains($0) }) {
            let known = Self.paragraphSigns.map { "„\($0)“" }.joined(separator: ", ")
            report(
                .paragraphForm, at: word.position,
                "„\(word.text)“ ist keine Fundstelle einer Satzung. Nennen Sie darin \(known), "
                    + "zum Beispiel „§ 5 Abs. 1 Nr. 9“.")
        }
        return word.text
    }

    mutating func reason(_ block: Block, isRequired: Bool) -> Explanation? {
        let german = word(block, "grund")?.text
        let english = word(block, "grund englisch")?.text
        if isRequired, block["grund"] == nil {
            report(
                .missingKey, at: block.position,
                "Hier fehlt die Angabe „grund“: warum abgelehnt wird und wohin es stattdessen geht."
            )
        }
        return german.map { Explanation(german: $0, english: english ?? $0) }
    }
}
