import Tariffs
package import Units

/// One property before and after.
package struct FactChange: Hashable, Sendable {
    /// What it is; for a price what it is charged for, such as `je angefangene 500 l`; may be
    /// empty.
    package let label: String
    /// Nil where it is new.
    package let old: String?
    /// Nil where it is gone.
    package let new: String?
    /// By how much a price changed; nil where no two prices stand against each other.
    package let difference: PriceDifference?
    /// Whether it is an amount with what it is for, and no labelled property.
    let isPrice: Bool

    init(
        _ label: String, _ old: String?, _ new: String?, difference: PriceDifference? = nil,
        isPrice: Bool = false
    ) {
        self.label = label
        self.old = old
        self.new = new
        self.difference = difference
        self.isPrice = isPrice
    }

    /// `je angefangene 500 l 22,00 € → 24,00 € (+2,00 €, +9,1 %)`, `Freimenge: neu 1 m³`.
    package var words: String {
        let change =
            switch (old, new) {
            case (let old?, let new?): "\(old) → \(new)"
            case (nil, let new?): isPrice ? new : "neu \(new)"
            case (let old?, nil): isPrice ? old : "entfällt (bisher \(old))"
            case (nil, nil): ""
            }
        let amount = difference.map { " (\($0.words))" } ?? ""
        guard !label.isEmpty else { return change + amount }
        return "\(label)\(isPrice ? " " : ": ")\(change)\(amount)"
    }
}

/// How much a price rose or fell.
package struct PriceDifference: Hashable, Sendable {
    package let old: UnitPrice
    package let new: UnitPrice
    let currency: Currency

    /// `+2,00 €, +9,1 %`; without a share where the old price was nothing.
    package var words: String {
        let difference = new.tenThousandths - old.tenThousandths
        let size = UnitPrice(tenThousandths: abs(difference))
        let sign = difference < 0 ? "\u{2212}" : "+"
        let amount = "\(sign)\(GermanText.unitPrice(size, currency))"
        guard let tenths = percentTenths else { return amount }
        let share = GermanFormat.decimal(abs(tenths), scale: 10)
        return "\(amount), \(sign)\(share)\u{A0}%"
    }

    /// Tenths of a percent, rounded half up; nil where the old price was nothing.
    package var percentTenths: Int64? {
        guard old.tenThousandths > 0 else { return nil }
        let difference = Int128(new.tenThousandths) - Int128(old.tenThousandths)
        return Ratio(difference * 1_000, over: Int128(old.tenThousandths)).rounded(.halfUp)
    }
}

extension FactChange {
    /// What differs between two versions of a thing.
    static func between(_ old: Subject, _ new: Subject) -> [FactChange] {
        prices(old.price, new.price) + lists(old.lists, new.lists) + facts(old.facts, new.facts)
    }

    private static func prices(_ old: PricePhrase?, _ new: PricePhrase?) -> [FactChange] {
        guard let old, let new, old != new else { return [] }
        let isAlike =
            old.note == new.note && old.steps.count == new.steps.count
            && zip(old.steps, new.steps).allSatisfy { $0.scope == $1.scope && $0.isAlike($1) }
        guard isAlike else { return [FactChange("Preis", old.words, new.words)] }
        return zip(old.steps, new.steps).filter { $0 != $1 }.map { $0.change(to: $1) }
    }

    private static func lists(_ old: [LabelledList], _ new: [LabelledList]) -> [FactChange] {
        let gone = zip(old, new).flatMap { before, after in
            before.values.filter { !after.values.contains($0) }
                .map { FactChange(before.label, $0, nil) }
        }
        let added = zip(old, new).flatMap { before, after in
            after.values.filter { !before.values.contains($0) }
                .map { FactChange(after.label, nil, $0) }
        }
        return gone + added
    }

    private static func facts(_ old: [LabelledFact], _ new: [LabelledFact]) -> [FactChange] {
        let changed = new.compactMap { fact -> FactChange? in
            let before = old.first { $0.label == fact.label }?.words
            return before == fact.words ? nil : FactChange(fact.label, before, fact.words)
        }
        let gone = old.filter { fact in !new.contains { $0.label == fact.label } }
        return changed + gone.map { FactChange($0.label, $0.words, nil) }
    }
}

extension PriceStep {
    /// Whether two steps charge for the same, so that their amounts can be compared.
    fileprivate func isAlike(_ other: PriceStep) -> Bool {
        guard let price, let otherPrice = other.price else { return self == other }
        return currency == other.currency
            && (per == other.per || price.tenThousandths == 0 || otherPrice.tenThousandths == 0)
    }

    fileprivate func change(to new: PriceStep) -> FactChange {
        guard let price, let newPrice = new.price, per == new.per else {
            return FactChange(scope.words ?? "", words, new.words, isPrice: true)
        }
        let label = [scope.words, per.isEmpty ? nil : per].compactMap(\.self)
        return FactChange(
            label.joined(separator: " "), amount, new.amount,
            difference: PriceDifference(old: price, new: newPrice, currency: currency),
            isPrice: true)
    }

    private var amount: String {
        guard let price, price.tenThousandths > 0 else { return "kostenlos" }
        return GermanText.unitPrice(price, currency)
    }
}

extension Subject {
    /// What a new or dropped thing says, as it would be told in full.
    var statements: [String] {
        (price.map { [$0.words] } ?? [])
            + lists.filter { !$0.values.isEmpty && !Self.inTitle.contains($0.label) }
            .map { "\($0.label): \($0.values.joined(separator: ", "))" }
            + facts.filter { !Self.inTitle.contains($0.label) }.map(\.phrase)
    }

    /// What the title says already.
    private static let inTitle: Set = [
        "Name", "Englischer Name", "Englische Mehrzahl", "Nummer", "Abfallarten", "Für wen",
    ]
}
