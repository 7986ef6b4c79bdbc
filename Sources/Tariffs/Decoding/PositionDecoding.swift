import Text
import Units

/// What the head of a file says for all its positions.
struct PositionDefaults {
    let legalForm: DatedFact<LegalForm>?
    let vat: DatedFact<VATTreatment>?
    let basis: PriceBasis
    let catalogue: Catalogue
}

extension SourceReader {
    static let positionKeys = [
        "nr", "fundstelle", "abfallarten", "wer", "zeitraum", "ausnahme von", "rechtsform",
        "umsatzsteuer", "preis", "mindestens", "höchstmenge", "grund", "grund englisch", "annahme",
    ]

    /// A position; nil, and reported, where anything in it is wrong.
    mutating func position(_ node: SourceNode, _ defaults: PositionDefaults) -> Position? {
        let required = ["nr", "fundstelle", "abfallarten", "wer", "preis"]
        guard let block = block(node, keys: Self.positionKeys, required: required) else {
            return nil
        }
        let number = word(block, "nr")?.text
        let paragraph = word(block, "fundstelle")?.text
        let fractions = words(block, "abfallarten").compactMap {
            fraction($0, defaults.catalogue)
        }
        let groups = groups(word(block, "wer"))
        let windows = words(block, "zeitraum").compactMap { word in
            read(word) { text throws(PhraseProblem) in try ValuePhrase.window(text) }
        }
        let method = block["preis"].flatMap { self.method($0, defaults.catalogue) }
        let legalForm = legalForm(block) ?? defaults.legalForm
        let vat = vat(block, basis: defaults.basis) ?? defaults.vat
        let limit = limit(block, method, defaults.catalogue)
        let minimum = read(word(block, "mindestens"), ValuePhrase.cents)
        let assumption = word(block, "annahme")?.text
        let reason = reason(block)
        let absent = [legalForm == nil ? "rechtsform" : nil, vat == nil ? "umsatzsteuer" : nil]
        for key in absent.compactMap(\.self) where block[key] == nil {
            report(
                .missingKey, at: node.position,
                "Hier und im Kopf der Datei fehlt die Angabe „\(key)“. Ergänzen Sie sie.")
        }
        guard let number, let paragraph, let groups, let method, let legalForm, let vat,
            checked(method, reason, fractions, at: node)
        else { return nil }
        return Position(
            number: number, paragraph: paragraph, fractions: fractions, groups: groups,
            windows: windows, exceptionTo: words(block, "ausnahme von").map(\.text),
            legalForm: legalForm, vat: vat, method: limited(method, by: limit),
            modifiers: [minimum.map(Modifier.lineMinimum), limit.map(Modifier.limit)]
                .compactMap(\.self),
            reason: reason, assumption: assumption, place: node.position)
    }

    private mutating func fraction(_ word: Word, _ catalogue: Catalogue) -> FractionID? {
        read(word) { text throws(PhraseProblem) in
            if let fraction = catalogue.fraction(called: text) { return fraction.id }
            throw PhraseProblem(
                .nameNotKnown,
                "„\(text)“ steht nicht unter abfallarten. Tragen Sie die Abfallart dort ein.")
        }
    }

    private mutating func groups(_ word: Word?) -> Set<CustomerGroup>? {
        choice(
            word,
            [
                "privat": [.household], "gewerblich": [.commercial],
                "alle": Set(CustomerGroup.allCases),
            ])
    }

    private mutating func reason(_ block: Block) -> Explanation? {
        let german = word(block, "grund")?.text
        let english = word(block, "grund englisch")?.text
        return german.map { Explanation(german: $0, english: english ?? $0) }
    }

    private mutating func checked(
        _ method: PricingMethod, _ reason: Explanation?, _ fractions: [FractionID],
        at node: SourceNode
    ) -> Bool {
        if method == .refused, reason == nil {
            report(
                .missingKey, at: node.position,
                "Hier fehlt die Angabe „grund“: warum abgelehnt wird und wohin es stattdessen geht."
            )
        }
        return !fractions.isEmpty
    }

    /// A free position with a limit is free in the limit's measure only.
    private func limited(_ method: PricingMethod, by limit: Limit?) -> PricingMethod {
        if case .free(nil) = method, let limit { .free(limit.measure) } else { method }
    }

    private mutating func limit(
        _ block: Block, _ method: PricingMethod?, _ catalogue: Catalogue
    ) -> Limit? {
        let limit = read(word(block, "höchstmenge")) { text throws(PhraseProblem) in
            let limit = try Limit(text, catalogue)
            if let method, !method.prices(limit.measure) {
                throw PhraseProblem(
                    .stepsDisagree,
                    "„\(text)“ hat ein anderes Maß als der Preis. Nehmen Sie dasselbe."
                )
            }
            return limit
        }
        return limit
    }

    mutating func legalForm(_ block: Block) -> DatedFact<LegalForm>? {
        dated(block, "rechtsform") { text throws(PhraseProblem) in
            switch text {
            case "Gebühr": return .fee
            case "Entgelt": return .charge
            default:
                throw PhraseProblem(
                    .wordNotKnown, "„\(text)“ ist hier kein Wort. Möglich sind „Gebühr“, „Entgelt“."
                )
            }
        }
    }

    mutating func vat(_ block: Block, basis: PriceBasis) -> DatedFact<VATTreatment>? {
        dated(block, "umsatzsteuer") { text throws(PhraseProblem) in
            try VATTreatment(phrase: text, basis: basis)
        }
    }

    /// A fact, or a list of facts with the day each begins.
    private mutating func dated<Value: Hashable & Sendable>(
        _ block: Block, _ key: String,
        _ value: (String) throws(PhraseProblem) -> Value
    ) -> DatedFact<Value>? {
        guard let node = block[key], case .sequence(let elements) = node.content else {
            guard let start = BusinessDay(year: 1900, month: 1, day: 1) else { return nil }
            return read(word(block, key), value).flatMap {
                DatedFact([DatedFact.Entry(from: start, value: $0)])
            }
        }
        var entries: [DatedFact<Value>.Entry] = []
        for element in elements {
            guard let entry = self.block(element, keys: ["ab", "gilt"], required: ["ab", "gilt"]),
                let from = read(
                    word(entry, "ab"),
                    { text throws(PhraseProblem) in
                        try ValuePhrase.day(text)
                    }),
                let value = read(word(entry, "gilt"), value)
            else { continue }
            entries.append(DatedFact.Entry(from: from, value: value))
        }
        guard let fact = DatedFact(entries) else {
            report(
                .dateNotUnderstood, at: node.position,
                "Die Tage unter „\(key)“ müssen aufsteigen. Ordnen Sie die Einträge.")
            return nil
        }
        return fact
    }
}

extension Limit {
    /// `4 Stück`, `1 m³`, `2 Säcke`.
    fileprivate init(_ text: String, _ catalogue: Catalogue) throws(PhraseProblem) {
        var scanner = PhraseScanner(text)
        if let count = scanner.takeNumber()?.scaled(by: 1), count > 0,
            let container = catalogue.container(called: scanner.rest)
        {
            self.init(measure: .containers(container.id), most: count, unit: nil)
        } else {
            let quantity = try ValuePhrase.quantity(text)
            self.init(measure: quantity.measure, most: quantity.value, unit: quantity.unit)
        }
    }
}

extension VATTreatment {
    /// `nicht steuerbar`, `steuerfrei`, `19 % enthalten` on gross lists, `19 % zuzüglich` on net
    /// ones.
    init(phrase text: String, basis: PriceBasis) throws(PhraseProblem) {
        if text == "nicht steuerbar" {
            self = .outsideScope
        } else if text == "steuerfrei" {
            self = .exempt
        } else {
            var scanner = PhraseScanner(text)
            guard let points = scanner.takeNumber()?.scaled(by: 100), (1...10_000).contains(points),
                scanner.take("%"), let word = scanner.take(anyOf: ["enthalten", "zuzüglich"]),
                scanner.isAtEnd
            else {
                throw PhraseProblem(
                    .wordNotKnown,
                    "„\(text)“ ist keine Angabe zur Umsatzsteuer. Möglich sind „nicht steuerbar“, "
                        + "„steuerfrei“, „19 % enthalten“ und „19 % zuzüglich“.")
            }
            guard basis == (word == "enthalten" ? .gross : .net) else {
                throw PhraseProblem(
                    .taxAgainstBasis,
                    "„\(text)“ passt nicht zur Preisbasis „\(basis.rawValue)“: „enthalten“ gehört "
                        + "zu brutto, „zuzüglich“ zu netto.")
            }
            self = .taxable(VATRate(basisPoints: points))
        }
    }
}
