package import Tariffs
package import Units

/// A notice board: what a tariff charges, by kind of waste, in citizens' words.
package struct PriceList: Hashable, Sendable {
    package let heading: ReportHeading
    /// The day whose prices are shown; nil for every price of the whole validity.
    package let day: BusinessDay?
    /// Kinds of waste, then goods, each in the order of the file.
    package let sections: [Section]
    package let rules: [RuleWords]
    let currency: Currency

    /// A kind of waste with its prices.
    package struct Section: Hashable, Sendable {
        package let fraction: Fraction
        /// In the order of the file.
        package let entries: [Entry]
    }

    /// What one position says about one kind of waste.
    package struct Entry: Hashable, Sendable {
        package let number: String
        package let paragraph: String
        /// For whom, when and with what, such as `privat, einheimisch`, `alle`, `sonst`.
        package let scope: String
        package let price: PricePhrase
        /// Free quantity, limits, minimum, tax and notes.
        package let details: [LabelledFact]
    }

    /// - Parameter day: leaves out what its windows exclude on that day; weekdays stay, so that
    ///   the list can hang for as long as its prices hold. Nil shows every window.
    package init(of tariff: Tariff, on day: BusinessDay? = nil) {
        let words = PriceWords(tariff)
        heading = ReportHeading(of: tariff)
        self.day = day
        currency = tariff.currency
        let shown = tariff.positions.filter { $0.condition.isOpen(on: day) }
        let fractions = tariff.fractions.filter { !$0.isGoods } + tariff.fractions.filter(\.isGoods)
        sections = fractions.map { fraction in
            let matching = shown.filter { $0.fractions.contains(fraction.id) }
            let reachable = matching.filter { general in
                day == nil || !matching.contains { $0.displaces(general) }
            }
            return Section(
                fraction: fraction,
                entries: reachable.map { position in
                    let hasException = reachable.contains {
                        $0.exceptionTo.contains(position.number)
                    }
                    return Entry(position, words, on: day, isRemainder: hasException)
                })
        }
        rules = words.rules.map { rule in
            let tax = rule.taxation.flatMap { words.tax($0, on: day) }
            return tax.map { rule.adding("\($0.capitalizedFirst).") } ?? rule
        }
    }
}

extension PriceList.Entry {
    fileprivate init(
        _ position: Position, _ words: PriceWords, on day: BusinessDay?, isRemainder: Bool
    ) {
        number = position.number
        paragraph = position.paragraph
        let condition = words.words(for: position.condition)
        scope = isRemainder ? (condition == "alle" ? "sonst" : "sonst \(condition)") : condition
        price = words.price(of: position)
        let taxation = Taxation(
            vat: position.vat, groups: position.condition.groups, basis: words.tariff.priceBasis)
        let tax = position.method.isPriced ? words.tax(taxation, on: day) : nil
        details =
            words.modifiers(of: position)
            + [words.fact("Steuer", tax)].compactMap(\.self) + words.remarks(on: position)
    }
}

extension Condition {
    /// Whether one of its windows contains the day.
    fileprivate func isOpen(on day: BusinessDay?) -> Bool {
        guard let day, !windows.isEmpty else { return true }
        return windows.contains { $0.contains(day) }
    }

    /// Whether it holds wherever `other` does, windows aside.
    fileprivate func includes(_ other: Condition) -> Bool {
        groups.isSuperset(of: other.groups) && origins.isSuperset(of: other.origins)
            && (weekdays.isEmpty
                || !other.weekdays.isEmpty && weekdays.isSuperset(of: other.weekdays))
            && with.isSubset(of: other.with) && without.isSubset(of: other.without)
    }
}

extension Position {
    /// Whether it is an exception that leaves nothing of a general position, windows aside.
    fileprivate func displaces(_ general: Position) -> Bool {
        guard exceptionTo.contains(general.number), condition.includes(general.condition) else {
            return false
        }
        switch method {
        case .free(nil), .flat, .refused, .unpublished: return true
        case .free, .unit, .areaTime, .container, .table, .staircase, .tiers, .scaleSwitch,
            .derived:
            return method.measureKinds.map { kinds in
                general.method.measureKinds.map { kinds.isSuperset(of: $0) } ?? false
            } ?? true
        }
    }
}
