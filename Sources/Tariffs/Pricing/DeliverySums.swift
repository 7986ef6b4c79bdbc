import Units

extension Tariff {
    /// The lines and extra lines of a delivery as they are charged; nil above one payment.
    func summed(
        _ lines: [CalculatedLine], of delivery: Delivery
    ) -> (lines: [CalculatedLine], extras: [CalculatedExtra])? {
        var lines = lines
        chargeOnce(&lines)
        guard var extras = surcharges(on: lines, of: delivery) else { return nil }
        guard rounding.scope == .line || roundTotal(&lines, &extras) else { return nil }
        let sum = lines.map(\.gross).sum() + extras.map(\.gross).sum()
        if let minimum = rules.minimum, sum > .zero {
            let vat = minimum.vat.value(for: delivery.group, on: delivery.day)
            let least = gross(Ratio(minimum.amount), vat) ?? minimum.amount
            if sum < least {
                extras.append(CalculatedExtra(kind: .minimum(of: least), gross: least - sum))
            }
        }
        if let maximum = rules.maximum { cut(&lines, &extras, to: maximum.amount) }
        let total = lines.map(\.gross).sum() + extras.map(\.gross).sum()
        return total.value <= Cents.entryLimit ? (lines, extras) : nil
    }

    /// Of the lines of a group only the dearest is charged.
    private func chargeOnce(_ lines: inout [CalculatedLine]) {
        for group in rules.oncePerVisit {
            let members = lines.indices.filter {
                group.positions.contains(positions[lines[$0].position].number)
            }
            let dearest = members.max {
                (lines[$0].gross, $1) < (lines[$1].gross, $0)
            }
            for member in members {
                guard let dearest, member != dearest, lines[member].gross > .zero else { continue }
                lines[member].gross = .zero
                lines[member].reduction = .oncePerVisit(line: dearest)
            }
        }
    }

    private func surcharges(
        on lines: [CalculatedLine], of delivery: Delivery
    ) -> [CalculatedExtra]? {
        var extras: [CalculatedExtra] = []
        for (place, surcharge) in rules.surcharges.enumerated() {
            let concerned = lines.filter { line in
                let circumstances = Circumstances(of: delivery, delivery.items[line.item])
                return surcharge.positions?.contains(positions[line.position].number) ?? true
                    && surcharge.condition.holds(
                        for: circumstances.group, from: circumstances.origin,
                        on: circumstances.day, features: circumstances.features)
            }
            let base = concerned.map(\.gross).sum()
            guard base > .zero else { continue }
            let vat = surcharge.vat.value(for: delivery.group, on: delivery.day)
            guard let gross = surcharge.charge.gross(on: base, self, vat) else { return nil }
            extras.append(CalculatedExtra(kind: .surcharge(place, on: base), gross: gross))
        }
        return extras
    }

    /// Rounds the running sum; each line shows its growth, so that lines add up to the total.
    ///
    /// False where the figures grow out of reach.
    private func roundTotal(
        _ lines: inout [CalculatedLine], _ extras: inout [CalculatedExtra]
    ) -> Bool {
        var (exact, shown) = (Ratio(0, over: 1), Cents.zero)
        func growth(by amount: Ratio) -> Cents? {
            guard let sum = exact.plus(amount) else { return nil }
            exact = sum
            let rounded = rounding.rounded(sum)
            defer { shown = rounded }
            return rounded - shown
        }
        for place in lines.indices where lines[place].reduction == nil {
            guard let growth = growth(by: lines[place].exact) else { return false }
            if growth != lines[place].gross { lines[place].reduction = .roundedTotal }
            lines[place].gross = growth
        }
        for place in extras.indices {
            guard let growth = growth(by: Ratio(extras[place].gross)) else { return false }
            extras[place].gross = growth
        }
        return true
    }

    /// Cuts the last lines so that the sum is reached and not passed.
    private func cut(
        _ lines: inout [CalculatedLine], _ extras: inout [CalculatedExtra], to maximum: Cents
    ) {
        var left = maximum
        for place in lines.indices {
            if lines[place].gross > left {
                lines[place].gross = left
                lines[place].reduction = .deliveryMaximum
            }
            left = left - lines[place].gross
        }
        for place in extras.indices {
            extras[place].gross = min(extras[place].gross, left)
            left = left - extras[place].gross
        }
        extras.removeAll { $0.gross == .zero }
    }

    /// An exact price on the printed basis as a rounded gross amount.
    func gross(_ exact: Ratio, _ vat: VATTreatment) -> Cents? {
        let taxed = priceBasis == .net ? exact.adding(tax: vat.rate) : exact
        return taxed.map {
            rounding.scope == .line ? rounding.rounded($0) : Cents($0.rounded(.halfUp))
        }
    }

    /// What is to be reserved on the card at entry.
    func deposit(for lines: [CalculatedLine], of delivery: Delivery) -> Cents {
        var own = Cents.zero
        for (place, line) in lines.enumerated()
        where !lines[..<place].contains(where: { $0.position == line.position }) {
            own += index[line.position].deposit
        }
        guard let deposit = rules.deposit, deposit.condition.holds(for: delivery) else {
            return own
        }
        return own + deposit.amount
    }
}

extension Surcharge.Charge {
    fileprivate func gross(on base: Cents, _ tariff: Tariff, _ vat: VATTreatment) -> Cents? {
        switch self {
        case .amount(let amount): tariff.gross(Ratio(amount), vat)
        // The lines are gross already, so a share of them is too.
        case .percent(let points): tariff.share(points, of: base)
        case .factor(let factor): tariff.share(factor - 10_000, of: base)
        }
    }
}

extension Tariff {
    fileprivate func share(_ tenThousandths: Int64, of base: Cents) -> Cents {
        let exact = Ratio(Int128(base.value) * Int128(tenThousandths), over: 10_000)
        return rounding.scope == .line ? rounding.rounded(exact) : Cents(exact.rounded(.halfUp))
    }
}
