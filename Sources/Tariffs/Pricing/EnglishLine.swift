import Units

/// The English sentence of a line.
struct EnglishLine {
    let facts: LineFacts

    init(_ facts: LineFacts) { self.facts = facts }

    var sentence: String {
        "\(origin)\(together)\(core)\(adjustments)\(bound)\(tax)\(sum)\(remainder)\(reduction)"
            + " (no. \(facts.position.number))."
    }

    var name: String { facts.fraction.englishName }
    var price: String { money(facts.printed) }

    func money(_ cents: Cents) -> String { EnglishText.money(cents, facts.currency) }

    func unitPrice(_ price: UnitPrice) -> String { EnglishText.unitPrice(price, facts.currency) }

    /// What makes the line another one than it seems.
    private var origin: String {
        var text = ""
        if let declared = facts.declared, let change = facts.item.reclassification {
            text += "Announced as \(declared.englishName), classed as \(name) (\(change.reason)): "
        }
        if !facts.mixture.isEmpty {
            text +=
                "In the mixed load (\(EnglishText.all(facts.mixture.map(\.englishName)))) "
                + "the dearest kind of waste decides: "
        }
        if facts.amount.measure != facts.item.amount.measure {
            let volume = EnglishText.quantity(facts.item.amount.number, .cubicMetre)
            text +=
                "The scale is out of order, an estimated \(volume) counts as "
                + "\(EnglishText.quantity(facts.amount.number, .kilogram)): "
        }
        return text
    }

    private var together: String {
        facts.line.earlier > 0 ? "Together with the amount above: " : ""
    }

    private var core: String {
        let allowance = facts.line.allowance
        if allowance.isExempt, let exemption = facts.position.exemption {
            let limit = EnglishText.amount(of: exemption.limit, facts.container)
            let word = exemption.includesThreshold ? "up to" : "below"
            return "There is nothing to pay for \(brought), because \(word) \(limit) nothing is "
                + "charged"
        }
        guard let free = facts.position.freeQuantity, allowance.used != nil else { return method }
        let words = EnglishText.limit(free, facts.container)
        guard facts.charged > 0 else {
            return free.measure == .delivery
                ? "There is nothing to pay for \(brought), because \(words) "
                    + "\(free.most == 1 ? "is" : "are") free"
                : "There is nothing to pay for \(brought) (\(words) free\(usedWords))"
        }
        guard allowance.free > 0 else { return "The free \(words) is used up; \(method)" }
        return "Of \(brought), \(quantity(allowance.free)) "
            + "\(facts.unit == .piece && allowance.free != 1 ? "are" : "is") free "
            + "(\(words) free\(usedWords)); \(method)"
    }

    private var usedWords: String {
        guard let used = facts.line.allowance.used, used > 0, facts.unit != nil else { return "" }
        return ", \(quantity(used)) of it used before"
    }

    private var adjustments: String {
        guard facts.printed > .zero, !facts.adjustments.isEmpty else { return "" }
        return facts.adjustments.map { change, reasons in
            let names = EnglishText.all(reasons.map(\.englishName))
            let cause = names.isEmpty ? "" : " (\(names))"
            return switch change {
            case .factor(let factor): "; \(EnglishText.times(factor)) that applies\(cause)"
            case .discountPercent(let points): "; less \(EnglishText.percent(points))\(cause)"
            case .discount(let amount): "; less \(money(amount))\(cause)"
            }
        }.joined() + ", that is \(money(facts.adjusted))"
    }

    private var bound: String {
        switch facts.line.bound {
        case .minimum(let amount): "; the minimum price of \(money(amount)) is charged"
        case .maximum(let amount): "; no more than \(money(amount)) is charged"
        case nil: ""
        }
    }

    private var tax: String {
        guard facts.addsTax, facts.charged > 0 else { return "" }
        return "; with \(EnglishText.percent(facts.rate)) value added tax "
            + money(facts.line.cumulated)
    }

    private var sum: String {
        facts.isRounded ? "; rounded to \(money(facts.line.cumulated))" : ""
    }

    private var remainder: String {
        guard facts.line.earlier > 0 else { return "" }
        let left = facts.line.cumulated - facts.line.alreadyCharged
        guard !left.isNegative else {
            return "; that is \(money(left.magnitude)) less than for the amount above alone and "
                + "taken off there, \(money(.zero)) remains"
        }
        return "; \(money(facts.line.alreadyCharged)) of it stands above already, "
            + "\(money(left)) remains"
    }

    private var reduction: String {
        switch facts.line.reduction {
        case .oncePerVisit:
            "; only the highest price counts in one delivery, and it stands at "
                + "no. \(facts.paidWith ?? "")"
        case .lowerTier:
            "; with the amount below a lower price applies, \(money(facts.line.gross)) counts here"
        case .deliveryMaximum: EnglishText.maximumReached(money(facts.line.gross))
        case .roundedTotal: EnglishText.totalRounded(money(facts.line.gross))
        case nil: ""
        }
    }
}

extension EnglishLine {
    /// The whole amount with the name of the fraction.
    var brought: String {
        switch facts.amount {
        case .pieces: "\(quantity(facts.told)) × \(name)"
        case .volume, .weight, .area, .duration, .pounds, .cubicInches:
            "\(quantity(facts.told)) of \(name)"
        case .areaTime(_, let time):
            "\(name): \(quantity(facts.amount.number)) for "
                + EnglishText.quantity(time.value, time.unit)
        case .containers(let count, _, let fill):
            "\(quantity(count)) of \(name)\(EnglishText.fill(fill, count: count))"
        case .vehicle: "one load of \(name)"
        case .delivery: name
        }
    }

    /// What the method prices: the whole amount, or what is left of it after the free part.
    var load: String {
        guard facts.line.allowance.free > 0 else { return brought }
        return facts.unit == .piece ? "the other \(quantity(facts.number))" : quantity(facts.number)
    }

    func quantity(_ number: Int64) -> String {
        if let unit = facts.unit { return EnglishText.quantity(number, unit) }
        let word = number == 1 ? facts.container?.englishName : facts.container?.englishPlural
        return "\(EnglishText.count(number))\u{A0}\(word ?? "")"
    }

    /// A quantity of anything is one thing in English; only pieces are counted.
    private var isPlural: Bool {
        if case .pieces = facts.amount { facts.number != 1 } else { false }
    }
    var cost: String { isPlural ? "cost" : "costs" }
    var counts: String { isPlural ? "count" : "counts" }
}
