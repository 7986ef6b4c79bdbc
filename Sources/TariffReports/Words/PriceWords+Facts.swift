package import Tariffs
import Units

/// A property in words under its label, such as `Freimenge: 1 m³ je Tag und Haushalt`.
package struct LabelledFact: Hashable, Sendable {
    package let label: String
    package let words: String

    init(_ label: String, _ words: String) {
        self.label = label
        self.words = words
    }

    package var phrase: String { label.isEmpty ? words : "\(label): \(words)" }
}

extension PriceWords {
    /// What a position grants, limits, adds and asks for besides its price, in fixed order.
    package func modifiers(of position: Position) -> [LabelledFact] {
        let facts = [
            fact("Freimenge", position.freeQuantity.map { words(for: $0) }),
            fact("Freigrenze", position.exemption.map { words(for: $0) }),
            fact("Höchstmenge", position.limit.map { words(for: $0) }),
            fact("Mindestpreis", amount(position.lineMinimum)),
            fact("Höchstpreis", position.lineMaximum.map { money($0) }),
            fact("Aufschlag oder Nachlass", list(position.adjustments.map { words(for: $0) })),
            fact("Nur mit", position.requires.isEmpty ? nil : names(of: position.requires)),
            fact("Bei der Einfahrt auf der Karte reserviert", amount(position.deposit)),
        ]
        return facts.compactMap(\.self)
    }

    /// What is said about a position: the reason of a refusal and the note for the notice board.
    package func remarks(on position: Position) -> [LabelledFact] {
        [
            fact("Grund", position.reason?.german), fact("Hinweis", position.note),
        ].compactMap(\.self)
    }

    func fact(_ label: String, _ words: String?) -> LabelledFact? {
        words.map { LabelledFact(label, $0) }
    }

    private func amount(_ cents: Cents) -> String? { cents > .zero ? money(cents) : nil }

    private func list(_ words: [String]) -> String? {
        words.isEmpty ? nil : words.joined(separator: "; ")
    }

    private func words(for exemption: Exemption) -> String {
        let limit = amount(of: exemption.limit)
        return exemption.includesThreshold
            ? "bis \(limit) kostenlos, darüber wird alles berechnet"
            : "unter \(limit) kostenlos, ab \(limit) wird alles berechnet"
    }

    private func words(for adjustment: Adjustment) -> String {
        let cause = adjustment.features.isEmpty ? "" : "mit \(names(of: adjustment.features)) "
        return switch adjustment.change {
        case .factor(let factor): "\(cause)das \(GermanText.times(factor)) des Preises"
        case .discountPercent(let points): "\(cause)\(GermanText.percent(points)) weniger"
        case .discount(let amount): "\(cause)\(money(amount)) weniger"
        }
    }

    /// Gebühr or Entgelt, for each group and day where they differ.
    package func legalForm(_ fact: GroupedFact<LegalForm>) -> String {
        words(for: fact) { form in
            switch form {
            case .fee: "Gebühr"
            case .charge: "Entgelt"
            }
        }
    }

    /// The VAT treatment, for each group and day where they differ.
    ///
    /// - Parameter basis: whether the amount contains the tax; nil for that of the tariff.
    package func vat(_ fact: GroupedFact<VATTreatment>, on basis: PriceBasis? = nil) -> String {
        words(for: fact) { words(for: $0, on: basis ?? tariff.priceBasis) }
    }

    /// `19 % Umsatzsteuer enthalten`, `zuzüglich 19 % Umsatzsteuer`, `nicht steuerbar`.
    func words(for vat: VATTreatment, on basis: PriceBasis) -> String {
        switch vat {
        case .outsideScope: "nicht steuerbar"
        case .exempt: "steuerfrei"
        case .taxable(let rate) where basis == .net:
            "zuzüglich \(GermanText.percent(rate)) Umsatzsteuer"
        case .taxable(let rate): "\(GermanText.percent(rate)) Umsatzsteuer enthalten"
        }
    }

    private func words<Value>(
        for fact: GroupedFact<Value>, _ word: (Value) -> String
    ) -> String {
        let (household, commercial) = (
            words(for: fact.household, word), words(for: fact.commercial, word)
        )
        guard household != commercial else { return household }
        return "privat \(household), gewerblich \(commercial)"
    }

    private func words<Value>(for fact: DatedFact<Value>, _ word: (Value) -> String) -> String {
        dated(fact.entries, word)
    }

    /// The first value, then each further one with the day on which it begins.
    func dated<Value>(
        _ entries: [DatedFact<Value>.Entry], _ word: (Value) -> String
    ) -> String {
        let phrases = entries.enumerated().map { place, entry in
            place == 0
                ? word(entry.value) : "ab \(GermanFormat.day(entry.from)) \(word(entry.value))"
        }
        return phrases.joined(separator: ", ")
    }
}
