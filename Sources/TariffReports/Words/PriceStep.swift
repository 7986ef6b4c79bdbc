import Tariffs
package import Units

/// One price of a position as a notice board shows it.
package struct PriceStep: Hashable, Sendable {
    /// What of a load the price is for.
    package enum Scope: Hashable, Sendable {
        case everything
        /// A size, such as `bis 0,5 m³`.
        case range(String)
        /// A vehicle class with its load, such as `Anhänger, bis 50 % beladen`.
        case load(String)

        /// The words; nil for everything.
        package var words: String? {
            switch self {
            case .everything: nil
            case .range(let words), .load(let words): words
            }
        }
    }

    package let scope: Scope
    /// Zero where nothing is charged; nil where there is no price.
    package let price: UnitPrice?
    /// What the price is for, such as `je angefangene 500 l`; without a price, what holds instead.
    package let per: String
    let currency: Currency

    init(_ price: UnitPrice?, _ per: String, _ currency: Currency, for scope: Scope = .everything) {
        self.scope = scope
        self.price = price
        self.per = per
        self.currency = currency
    }

    /// `11,00 € je angefangene 500 l`, `kostenlos`.
    package var words: String {
        guard let price else { return per }
        guard price.tenThousandths > 0 else { return "kostenlos" }
        let amount = GermanText.unitPrice(price, currency)
        return per.isEmpty ? amount : "\(amount) \(per)"
    }

    /// ``words`` behind what they are for: `bis 2 m³ kostenlos`, `Pkw: 6,00 €`.
    package var phrase: String {
        switch scope {
        case .everything: words
        case .range(let range): "\(range) \(words)"
        case .load(let load): "\(load): \(words)"
        }
    }

    /// The step at a multiple of the price, in ten-thousandths; nil where it is not exact.
    func times(_ factor: Int64) -> PriceStep? {
        guard let price else { return self }
        let (product, isTooFar) = price.tenThousandths.multipliedReportingOverflow(by: factor)
        guard !isTooFar, product % 10_000 == 0 else { return nil }
        return PriceStep(
            UnitPrice(tenThousandths: product / 10_000), per, currency, for: scope)
    }

    /// The step with what it is for replaced.
    func scoped(_ scope: Scope) -> PriceStep { PriceStep(price, per, currency, for: scope) }
}

/// The price of a position in citizens' words.
package struct PricePhrase: Hashable, Sendable {
    /// Not empty.
    package let steps: [PriceStep]
    /// What has to be known beside the steps; nil if nothing.
    package let note: String?

    init(_ steps: [PriceStep], note: String? = nil) {
        self.steps = steps
        self.note = note
    }

    /// Everything in one line.
    package var words: String {
        let phrases = steps.map(\.phrase)
        let isPlain = !phrases.dropLast().contains { $0.contains(",\u{20}") }
        let list = phrases.joined(separator: isPlain ? ", " : "; ")
        return note.map { "\(list) (\($0))" } ?? list
    }
}
