import Text
import Units

/// A fact as far as a part of the file says it: for both groups, for one or for none.
struct PartialFact<Value: Hashable & Sendable>: Hashable {
    let entries: [CustomerGroup: DatedFact<Value>]

    static var unsaid: Self { PartialFact(entries: [:]) }

    /// This fact, with the other one where this says nothing.
    func completed(by other: Self) -> Self {
        PartialFact(entries: entries.merging(other.entries) { own, _ in own })
    }

    /// Those of `groups` that nothing is said for.
    func missing(of groups: Set<CustomerGroup>) -> [CustomerGroup] {
        CustomerGroup.allCases.filter { groups.contains($0) && entries[$0] == nil }
    }

    /// The fact for both groups; one that nothing is said for gets what the other has. Nil if
    /// nothing is said at all.
    var whole: GroupedFact<Value>? {
        let (household, commercial) = (entries[.household], entries[.commercial])
        guard let either = household ?? commercial else { return nil }
        return GroupedFact(household: household ?? either, commercial: commercial ?? either)
    }
}

/// What the head of a file says for all its positions.
struct TariffDefaults {
    let kind: TariffKind?
    /// The first day of the validity.
    let start: BusinessDay?
    /// Nil if it is there but wrong, like the next.
    let legalForm: PartialFact<LegalForm>?
    let vat: PartialFact<VATTreatment>?
    let basis: PriceBasis
    let catalogue: Catalogue
}

/// Whether a line is a fee, and its tax.
struct LegalFacts {
    let legalForm: GroupedFact<LegalForm>
    let vat: GroupedFact<VATTreatment>
}

extension SourceReader {
    /// Both facts of a block for the groups that it speaks of; nil, and reported, where one is
    /// missing.
    mutating func facts(
        _ block: Block, for groups: Set<CustomerGroup>, _ defaults: TariffDefaults
    ) -> LegalFacts? {
        let ownForm = legalForm(block)
        let ownVAT = vat(block, basis: defaults.basis)
        let legalForm = whole("rechtsform", ownForm, defaults.legalForm, for: groups, in: block)
        let vat = whole("umsatzsteuer", ownVAT, defaults.vat, for: groups, in: block)
        guard let legalForm, let vat else { return nil }
        let starts = groups.flatMap { [legalForm[$0].start, vat[$0].start] }.compactMap(\.self)
        if let first = defaults.start, starts.contains(where: { $0 > first }) {
            report(
                .dateNotUnderstood, at: block.position,
                "Rechtsform und Umsatzsteuer müssen schon ab \(GermanFormat.day(first)) "
                    + "feststehen. Ergänzen Sie den Eintrag davor.")
        }
        return LegalFacts(legalForm: legalForm, vat: vat)
    }

    private mutating func whole<Value: Hashable & Sendable>(
        _ key: String, _ own: PartialFact<Value>?, _ head: PartialFact<Value>?,
        for groups: Set<CustomerGroup>, in block: Block
    ) -> GroupedFact<Value>? {
        guard let own, let head else { return nil }
        let fact = own.completed(by: head)
        let missing = fact.missing(of: groups)
        guard missing.isEmpty else {
            let words = missing.map(\.german).joined(separator: ", ")
            report(
                .missingKey, at: block.position,
                "Hier und im Kopf der Datei fehlt die Angabe „\(key)“ (\(words)). Ergänzen Sie "
                    + "sie.")
            return nil
        }
        return fact.whole
    }

    mutating func legalForm(_ block: Block) -> PartialFact<LegalForm>? {
        fact(block, "rechtsform") { text throws(PhraseProblem) in
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

    mutating func vat(_ block: Block, basis: PriceBasis) -> PartialFact<VATTreatment>? {
        fact(block, "umsatzsteuer") { text throws(PhraseProblem) in
            try VATTreatment(phrase: text, basis: basis)
        }
    }

    /// A fact, or a list of facts with the group and the day from which each holds; nil, and
    /// reported, where one is wrong.
    private mutating func fact<Value: Hashable & Sendable>(
        _ block: Block, _ key: String, _ value: (String) throws(PhraseProblem) -> Value
    ) -> PartialFact<Value>? {
        guard let node = block[key] else { return .unsaid }
        guard case .sequence(let elements) = node.content else {
            guard let ever = BusinessDay.earliest, let value = read(word(node), value),
                let fact = DatedFact([DatedFact.Entry(from: ever, value: value)])
            else { return nil }
            return PartialFact(entries: [.household: fact, .commercial: fact])
        }
        let entries = elements.compactMap { entry($0, value) }
        guard entries.count == elements.count else { return nil }
        var facts: [CustomerGroup: DatedFact<Value>] = [:]
        for group in CustomerGroup.allCases {
            let own = entries.filter { $0.groups.contains(group) }.map(\.entry)
            guard !own.isEmpty else { continue }
            guard let fact = DatedFact(own) else {
                report(
                    .dateNotUnderstood, at: node.position,
                    "Die Tage unter „\(key)“ müssen aufsteigen. Ordnen Sie die Einträge.")
                return nil
            }
            facts[group] = fact
        }
        return PartialFact(entries: facts)
    }

    /// `{wer: gewerblich, ab: 01.01.2027, gilt: …}`.
    private mutating func entry<Value: Hashable & Sendable>(
        _ node: SourceNode, _ value: (String) throws(PhraseProblem) -> Value
    ) -> (groups: Set<CustomerGroup>, entry: DatedFact<Value>.Entry)? {
        guard let block = block(node, .datedFact) else { return nil }
        let groups = groups(block)
        let from = block["ab"] == nil ? BusinessDay.earliest : day(word(block, "ab"))
        let value = read(word(block, "gilt"), value)
        guard let groups, let from, let value else { return nil }
        return (groups, DatedFact.Entry(from: from, value: value))
    }
}

extension DatedFact {
    /// The first day that something is said for.
    fileprivate var start: BusinessDay? { entries.first?.from }
}

extension BusinessDay {
    fileprivate static var earliest: BusinessDay? { BusinessDay(year: 1900, month: 1, day: 1) }
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
            guard let points = scanner.takePercent(), points <= 10_000,
                let word = scanner.take(anyOf: ["enthalten", "zuzüglich"]), scanner.isAtEnd
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
