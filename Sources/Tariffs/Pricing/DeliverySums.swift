import Units

extension Tariff {
    /// The lines and extra lines of a delivery as they are charged; nil above one payment.
    func summed(
        _ lines: [CalculatedLine], of delivery: Delivery
    ) -> (lines: [CalculatedLine], extras: [CalculatedExtra])? {
        var lines = lines
        guard lowerEarlier(&lines) else { return nil }
        chargeOnce(&lines)
        guard var extras = surcharges(on: lines, of: delivery) else { return nil }
        // Asked before the total is rounded: what costs something may be rounded down to nothing.
        let isCharged = lines.map(\.gross).sum() + extras.map(\.gross).sum() > .zero
        guard rounding.scope == .line || roundTotal(&lines, &extras) else { return nil }
        let sum = lines.map(\.gross).sum() + extras.map(\.gross).sum()
        if let minimum = rules.minimum, isCharged {
            let vat = minimum.vat.value(for: delivery.group, on: delivery.day)
            let least = taxed(Ratio(minimum.amount), vat).map(rounding.rounded) ?? minimum.amount
            if sum < least {
                extras.append(
                    CalculatedExtra(
                        kind: .minimum(of: least), exact: Ratio(least - sum), gross: least - sum))
            }
        }
        if let maximum = rules.maximum { cut(&lines, &extras, to: maximum.amount) }
        let total = lines.map(\.gross).sum() + extras.map(\.gross).sum()
        return total.value <= Cents.entryLimit ? (lines, extras) : nil
    }

    /// Where a larger amount has a lower price, the lines before that share it give back the
    /// difference, the last one first, so that no line is below zero.
    ///
    /// False where the figures grow out of reach.
    private func lowerEarlier(_ lines: inout [CalculatedLine]) -> Bool {
        for place in lines.indices {
            var debt = min(lines[place].gross, .zero)
            var exactDebt = lines[place].exact.negativePart
            guard debt < .zero || exactDebt.numerator < 0 else { continue }
            lines[place].gross = max(lines[place].gross, .zero)
            lines[place].exact = lines[place].exact.positivePart
            for before in (0..<place).reversed()
            where lines[before].sharesPrice(with: lines[place]) {
                let gross = lines[before].gross + debt
                guard let exact = lines[before].exact.plus(exactDebt) else { return false }
                if gross < lines[before].gross, lines[before].gross > .zero {
                    lines[before].reduction = .lowerTier
                }
                lines[before].gross = max(gross, .zero)
                lines[before].exact = exact.positivePart
                (debt, exactDebt) = (min(gross, .zero), exact.negativePart)
            }
        }
        return true
    }

    /// Of a group only the dearest price is charged, with all lines that share it: a load in parts
    /// costs what it costs whole.
    private func chargeOnce(_ lines: inout [CalculatedLine]) {
        for group in rules.oncePerVisit {
            let members = lines.indices.filter {
                group.positions.contains(positions[lines[$0].position].number)
            }
            let sums = members.map { member in
                members.filter { lines[$0].sharesPrice(with: lines[member]) }
                    .map { lines[$0].gross }.sum()
            }
            let dearest = sums.indices.max { (sums[$0], $1) < (sums[$1], $0) }
            guard let first = dearest.map({ members[$0] }) else { continue }
            for member in members where !lines[member].sharesPrice(with: lines[first]) {
                lines[member].exact = .zero
                guard lines[member].gross > .zero else { continue }
                lines[member].gross = .zero
                lines[member].reduction = .oncePerVisit(line: first)
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
            guard let base = base(of: concerned) else { return nil }
            guard base.numerator > 0 else { continue }
            let vat = surcharge.vat.value(for: delivery.group, on: delivery.day)
            guard let exact = surcharge.charge.exact(on: base, self, vat) else { return nil }
            extras.append(
                CalculatedExtra(
                    kind: .surcharge(place, on: Cents(base.rounded(.halfUp))), exact: exact,
                    gross: rounding.roundedLine(exact)))
        }
        return extras
    }

    /// What lines cost together: as they are charged, exactly where only the sum is rounded. Nil
    /// where the figures grow out of reach.
    private func base(of lines: [CalculatedLine]) -> Ratio? {
        guard rounding.scope == .total else { return Ratio(lines.map(\.gross).sum()) }
        return lines.map(\.exact).sum()
    }

    /// Rounds the running sum; each line shows its growth, so that lines add up to the total.
    ///
    /// False where the figures grow out of reach.
    private func roundTotal(
        _ lines: inout [CalculatedLine], _ extras: inout [CalculatedExtra]
    ) -> Bool {
        var (exact, shown) = (Ratio.zero, Cents.zero)
        func growth(by amount: Ratio) -> Cents? {
            guard let sum = exact.plus(amount) else { return nil }
            exact = sum
            let rounded = rounding.rounded(sum)
            defer { shown = rounded }
            return rounded - shown
        }
        for place in lines.indices {
            guard let growth = growth(by: lines[place].exact) else { return false }
            if growth != lines[place].gross, lines[place].reduction == nil {
                lines[place].reduction = .roundedTotal
            }
            lines[place].gross = growth
        }
        for place in extras.indices {
            guard let growth = growth(by: extras[place].exact) else { return false }
            if growth != extras[place].gross { extras[place].reduction = .roundedTotal }
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
            if extras[place].gross > left {
                extras[place].gross = left
                extras[place].reduction = .deliveryMaximum
            }
            left = left - extras[place].gross
        }
    }

    /// An exact price on the printed basis with its tax; nil where the figures grow out of reach.
    fileprivate func taxed(_ exact: Ratio, _ vat: VATTreatment) -> Ratio? {
        priceBasis == .net ? exact.adding(tax: vat.rate) : exact
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
    /// What is added to a base, exactly and with tax; nil where the figures grow out of reach.
    fileprivate func exact(on base: Ratio, _ tariff: Tariff, _ vat: VATTreatment) -> Ratio? {
        switch self {
        case .amount(let amount): tariff.taxed(Ratio(amount), vat)
        // The lines are gross already, so a share of them is too.
        case .percent(let points): base.times(Ratio(Int128(points), over: 10_000))
        case .factor(let factor): base.times(Ratio(Int128(factor - 10_000), over: 10_000))
        }
    }
}
