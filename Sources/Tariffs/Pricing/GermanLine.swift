import Units

/// The German sentence of a line.
struct GermanLine {
    let facts: LineFacts

    init(_ facts: LineFacts) { self.facts = facts }

    var sentence: String {
        "\(origin)\(together)\(core)\(adjustments)\(bound)\(tax)\(sum)\(remainder)\(reduction)"
            + " (Nr. \(facts.position.number))."
    }

    var name: String { facts.fraction.name }
    var price: String { money(facts.printed) }

    func money(_ cents: Cents) -> String { GermanText.money(cents, facts.currency) }

    func unitPrice(_ price: UnitPrice) -> String { GermanText.unitPrice(price, facts.currency) }

    /// What makes the line another one than it seems.
    private var origin: String {
        var text = ""
        if let declared = facts.declared, let change = facts.item.reclassification {
            text += "Angemeldet als \(declared.name), eingestuft als \(name) (\(change.reason)): "
        }
        if !facts.mixture.isEmpty {
            text +=
                "In der gemischten Ladung (\(GermanText.all(facts.mixture.map(\.name)))) "
                + "entscheidet die teuerste Abfallart: "
        }
        if facts.amount.measure != facts.item.amount.measure {
            let volume = GermanText.quantity(facts.item.amount.number, .cubicMetre)
            text +=
                "Die Waage ist ausgefallen, geschätzte \(volume) zählen als "
                + "\(GermanText.quantity(facts.amount.number, .kilogram)): "
        }
        return text
    }

    private var together: String {
        facts.line.earlier > 0 ? "Zusammen mit der Menge weiter oben: " : ""
    }

    private var core: String {
        let allowance = facts.line.allowance
        if allowance.isExempt, let exemption = facts.position.exemption {
            let limit = GermanText.amount(of: exemption.limit, facts.container)
            let word = exemption.includesThreshold ? "bis" : "unter"
            return "\(brought) \(areOrIs) kostenlos, denn \(word) \(limit) wird nichts berechnet"
        }
        guard let free = facts.position.freeQuantity, allowance.used != nil else { return method }
        let words = GermanText.limit(free, facts.container)
        guard facts.charged > 0 else {
            return free.measure == .delivery
                ? "\(brought) \(areOrIs) kostenlos, denn \(words) "
                    + "\(free.most == 1 ? "ist" : "sind") frei"
                : "\(brought) \(areOrIs) kostenlos (Freimenge \(words)\(usedWords))"
        }
        guard allowance.free > 0 else {
            return "Frei \(free.most == free.unit?.size ?? 1 ? "ist" : "sind") \(words), "
                + "und das ist schon genutzt; \(method)"
        }
        return "\(partlyFree) (Freimenge \(words)\(usedWords)); \(method)"
    }

    /// `Von 2 m³ Laub ist 1 m³ frei`; behind a name with a colon nothing can stand behind "von".
    private var partlyFree: String {
        let free = facts.line.allowance.free
        return switch facts.amount {
        case .pieces, .volume, .weight, .area, .duration, .pounds, .cubicInches:
            "Von \(brought) \(isSingle(free) ? "ist" : "sind") \(quantity(free)) frei"
        case .areaTime, .containers, .vehicle, .delivery:
            "\(brought), davon \(quantity(free)) frei"
        }
    }

    private var usedWords: String {
        guard let used = facts.line.allowance.used, used > 0, facts.unit != nil else { return "" }
        return ", davon schon \(quantity(used)) genutzt"
    }

    private var adjustments: String {
        guard facts.printed > .zero else { return "" }
        return facts.adjustments.map { change, reasons in
            let names = GermanText.all(reasons.map(\.name))
            let cause = names.isEmpty ? "" : " (\(names))"
            return switch change {
            case .factor(let factor): "; davon gilt das \(GermanText.times(factor))\(cause)"
            case .discountPercent(let points):
                "; davon gehen \(GermanText.percent(points)) ab\(cause)"
            case .discount(let amount): "; davon gehen \(money(amount)) ab\(cause)"
            }
        }.joined() + (facts.adjustments.isEmpty ? "" : ", also \(money(facts.adjusted))")
    }

    private var bound: String {
        switch facts.line.bound {
        case .minimum(let amount): "; berechnet wird der Mindestpreis von \(money(amount))"
        case .maximum(let amount): "; berechnet wird höchstens \(money(amount))"
        case nil: ""
        }
    }

    private var tax: String {
        guard facts.addsTax, facts.charged > 0 else { return "" }
        return "; mit \(GermanText.percent(facts.rate)) Umsatzsteuer \(money(facts.line.cumulated))"
    }

    private var sum: String {
        facts.isRounded ? "; gerundet \(money(facts.line.cumulated))" : ""
    }

    private var remainder: String {
        guard facts.line.earlier > 0 else { return "" }
        let left = facts.line.cumulated - facts.line.alreadyCharged
        guard !left.isNegative else {
            return "; das sind \(money(left.magnitude)) weniger als für die Menge weiter oben "
                + "allein und dort abgezogen, es bleiben \(money(.zero))"
        }
        return "; davon stehen \(money(facts.line.alreadyCharged)) schon weiter oben, "
            + "es bleiben \(money(left))"
    }

    private var reduction: String {
        switch facts.line.reduction {
        case .oncePerVisit:
            "; je Anlieferung zählt nur der höchste Preis, und der steht bei "
                + "Nr. \(facts.paidWith ?? "")"
        case .lowerTier:
            "; mit der Menge weiter unten gilt ein niedrigerer Preis, hier zählen noch "
                + money(facts.line.gross)
        case .deliveryMaximum: GermanText.maximumReached(money(facts.line.gross))
        case .roundedTotal: GermanText.totalRounded(money(facts.line.gross))
        case nil: ""
        }
    }
}

extension GermanLine {
    /// The whole amount with the name of the fraction, such as `700 l Grünabfall`.
    ///
    /// Names stand in the nominative everywhere, so that no ending can go wrong.
    var brought: String {
        switch facts.amount {
        case .pieces, .volume, .weight, .area, .duration, .pounds, .cubicInches:
            "\(quantity(facts.told)) \(name)"
        case .areaTime(_, let time):
            "\(name): \(quantity(facts.amount.number)) für "
                + GermanText.quantity(time.value, time.unit)
        case .containers(let count, _, let fill):
            "\(name): \(quantity(count))\(GermanText.fill(fill, count: count))"
        case .vehicle: "\(name): Eine Ladung (\(facts.vehicle?.name ?? ""))"
        case .delivery: "\(name): Die Annahme"
        }
    }

    /// What the method prices: the whole amount, or what is left of it after the free part.
    var load: String {
        guard facts.line.allowance.free > 0 else { return brought }
        return quantity(facts.number)
    }

    func quantity(_ number: Int64) -> String {
        if let unit = facts.unit { return GermanText.quantity(number, unit) }
        let word = number == 1 ? facts.container?.name : facts.container?.plural
        return "\(GermanFormat.grouped(number))\u{A0}\(word ?? "")"
    }

    /// Whether the verb stands in the singular.
    var isOne: Bool { isSingle(facts.number) }

    /// Whether an amount is one unit, or one thing.
    private func isSingle(_ number: Int64) -> Bool { number == facts.unit?.size ?? 1 }

    var costs: String { isOne ? "kostet" : "kosten" }

    private var areOrIs: String { isSingle(facts.amount.number) ? "ist" : "sind" }
}
