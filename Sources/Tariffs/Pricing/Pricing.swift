package import Units

extension Tariff {
    /// The price of a delivery with its reasons, or why it is not accepted.
    ///
    /// Deterministic; the same delivery gives the same quote for ever. Refused are, in this order:
    /// a day outside the validity, an empty delivery or one of more than ``itemCountMax`` items,
    /// then each item that has no price, then a total above ``Cents/entryLimit``.
    ///
    /// - Parameter quota: what was used of free quantities and limits before; a quota that is not
    ///   named was not used. ``quotas(touchedBy:)`` names those that matter.
    package func price(_ delivery: Delivery, quota: [QuotaUse] = []) -> PricingDecision {
        switch calculate(delivery, quota: quota) {
        case .refused(let refusals):
            return .refused(refusals.map { refusal($0, of: delivery) })
        case .calculated(let calculation):
            let lines = calculation.lines.map { quoteLine($0, calculation, of: delivery) }
            let extras = calculation.extras.compactMap { extraLine($0, calculation, of: delivery) }
            return .priced(
                Quote(
                    tariff: reference, delivery: delivery, lines: lines + extras,
                    quota: calculation.quota, deposit: calculation.deposit))
        }
    }

    /// The prices that ``price(_:quota:)`` gives, line by line, without its sentences; nil where
    /// it refuses. For pricing again what was priced before.
    package func amounts(of delivery: Delivery, quota: [QuotaUse] = []) -> [Cents]? {
        guard case .calculated(let calculation) = calculate(delivery, quota: quota) else {
            return nil
        }
        return calculation.lines.map(\.gross) + calculation.extras.map(\.gross)
    }

    /// A line's money as ``price(_:quota:)`` gives it, and what decides how it is posted.
    package struct Charge: Hashable, Sendable {
        package let position: String
        package let legalForm: LegalForm
        package let vat: VATTreatment
        package let gross: Cents
    }

    /// ``amounts(of:quota:)`` with what decides how each is posted.
    package func charges(of delivery: Delivery, quota: [QuotaUse] = []) -> [Charge]? {
        guard case .calculated(let calculation) = calculate(delivery, quota: quota) else {
            return nil
        }
        func charge(
            _ position: String, _ legalForm: GroupedFact<LegalForm>,
            _ vat: GroupedFact<VATTreatment>, _ gross: Cents
        ) -> Charge {
            Charge(
                position: position,
                legalForm: legalForm.value(for: delivery.group, on: delivery.day),
                vat: vat.value(for: delivery.group, on: delivery.day), gross: gross)
        }
        // Asked member by member: a position copied whole counts many references up and down.
        let lines = calculation.lines.map { line in
            charge(
                positions[line.position].number, positions[line.position].legalForm,
                positions[line.position].vat, line.gross)
        }
        let extras = calculation.extras.compactMap { extra -> Charge? in
            switch extra.kind {
            case .surcharge(let place, _):
                let surcharge = rules.surcharges[place]
                return charge(extra.position, surcharge.legalForm, surcharge.vat, extra.gross)
            case .minimum:
                return rules.minimum.map {
                    charge(extra.position, $0.legalForm, $0.vat, extra.gross)
                }
            }
        }
        return lines + extras
    }

    /// The quotas whose use before the delivery decides its price or acceptance.
    package func quotas(touchedBy delivery: Delivery) -> [QuotaKey] {
        var keys: [QuotaKey] = []
        func note(_ limit: Limit?, _ kind: QuotaKey.Kind, _ rule: String) {
            guard let key = limit?.key(kind, rule: rule, for: delivery), !keys.contains(key) else {
                return
            }
            keys.append(key)
        }
        for item in delivery.items {
            for rule in rules.acceptance where rule.concerns(item, delivery) {
                if case .atMost(let limit) = rule.demand { note(limit, .limit, rule.number) }
            }
            for place in item.fractions.flatMap({ index.places(of: $0) }) {
                note(positions[place].freeQuantity, .free, positions[place].number)
                note(positions[place].limit, .limit, positions[place].number)
            }
        }
        return keys
    }

    /// The most items a delivery may have.
    package static let itemCountMax = 100

    private func quoteLine(
        _ line: CalculatedLine, _ calculation: Calculation, of delivery: Delivery
    ) -> QuoteLine {
        let item = delivery.items[line.item]
        let position = positions[line.position]
        let bound: Cents? =
            switch line.bound {
            case .minimum(let amount), .maximum(let amount): amount
            case nil: nil
            }
        return QuoteLine(
            position: position.number, paragraph: position.paragraph, fraction: line.fraction,
            name: name(of: line.fraction).german, item: item, billed: line.charge.billed,
            legalForm: position.legalForm.value(for: delivery.group, on: delivery.day),
            vat: position.vat.value(for: delivery.group, on: delivery.day), gross: line.gross,
            explanation: explanation(of: line, calculation, in: delivery),
            figures: LineFigures(
                free: line.allowance.isExempt ? line.amount.number : line.allowance.free,
                freeLeft: line.allowance.left,
                charged: line.allowance.isExempt ? 0 : line.amount.number - line.allowance.free,
                exact: line.charge.exact.reduced, bound: bound))
    }

    private func extraLine(
        _ extra: CalculatedExtra, _ calculation: Calculation, of delivery: Delivery
    ) -> QuoteLine? {
        switch extra.kind {
        case .surcharge(let place, let base):
            let surcharge = rules.surcharges[place]
            return line(
                extra, surcharge.paragraph, id: "zuschlag", surcharge.name,
                surcharge.legalForm, surcharge.vat, of: delivery,
                explanation(of: surcharge, on: base, extra))
        case .minimum(let least):
            guard let minimum = rules.minimum else { return nil }
            return line(
                extra, minimum.paragraph, id: "mindestbetrag", extra.position,
                minimum.legalForm, minimum.vat, of: delivery,
                explanation(ofMinimum: least, adding: extra.gross, minimum.paragraph))
        }
    }

    private func line(
        _ extra: CalculatedExtra, _ paragraph: String, id: String, _ name: String,
        _ legalForm: GroupedFact<LegalForm>, _ vat: GroupedFact<VATTreatment>,
        of delivery: Delivery, _ explanation: Explanation
    ) -> QuoteLine? {
        guard let fraction = FractionID(id) else { return nil }
        return QuoteLine(
            position: extra.position, paragraph: paragraph, fraction: fraction, name: name,
            item: DeliveryItem(fraction: fraction, amount: .delivery, source: .counted), billed: 1,
            legalForm: legalForm.value(for: delivery.group, on: delivery.day),
            vat: vat.value(for: delivery.group, on: delivery.day), gross: extra.gross,
            explanation: explanation)
    }

    /// The names of a fraction in sentences; its id if the catalogue does not know it.
    func name(of fraction: FractionID) -> Explanation {
        catalogue.fraction(fraction).map { Explanation(german: $0.name, english: $0.englishName) }
            ?? Explanation(german: fraction.text, english: fraction.text)
    }

    /// The measures in which deliveries of this kind may bring the fraction.
    func measures(of fraction: FractionID, in circumstances: Circumstances) -> [MeasureOption] {
        (catalogue.fraction(fraction)?.measures ?? []).filter {
            !index.matches(fraction, of: circumstances, in: $0.measure).isEmpty
        }
    }

    private func explanation(
        of surcharge: Surcharge, on base: Cents, _ extra: CalculatedExtra
    ) -> Explanation {
        let gross = extra.uncut
        let (german, english) =
            switch surcharge.charge {
            case .amount:
                (
                    "\(surcharge.name): Dafür kommen je Anlieferung "
                        + "\(GermanText.money(gross, currency)) dazu",
                    "\(surcharge.englishName): \(EnglishText.money(gross, currency)) is added "
                        + "per delivery"
                )
            case .percent(let points):
                (
                    "\(surcharge.name): Dafür kommen \(GermanText.percent(points)) von "
                        + "\(GermanText.money(base, currency)) dazu, das sind "
                        + GermanText.money(gross, currency),
                    "\(surcharge.englishName): \(EnglishText.percent(points)) of "
                        + "\(EnglishText.money(base, currency)) is added, that is "
                        + EnglishText.money(gross, currency)
                )
            case .factor(let factor):
                (
                    "\(surcharge.name): Dafür gilt das \(GermanText.times(factor)) von "
                        + "\(GermanText.money(base, currency)), es kommen "
                        + "\(GermanText.money(gross, currency)) dazu",
                    "\(surcharge.englishName): \(EnglishText.times(factor)) "
                        + "\(EnglishText.money(base, currency)) applies, "
                        + "\(EnglishText.money(gross, currency)) is added"
                )
            }
        let end = reduction(of: extra)
        return Explanation(
            german: "\(german)\(end.german) (\(surcharge.paragraph)).",
            english: "\(english)\(end.english) (\(surcharge.paragraph)).")
    }

    /// Why an extra line counts otherwise than its own amount; empty where it does not.
    private func reduction(of extra: CalculatedExtra) -> Explanation {
        let german = GermanText.money(extra.gross, currency)
        let english = EnglishText.money(extra.gross, currency)
        return switch extra.reduction {
        case .deliveryMaximum:
            Explanation(
                german: GermanText.maximumReached(german),
                english: EnglishText.maximumReached(english))
        case .roundedTotal:
            Explanation(
                german: GermanText.totalRounded(german), english: EnglishText.totalRounded(english))
        case .oncePerVisit, .lowerTier, nil: Explanation(german: "", english: "")
        }
    }

    private func explanation(
        ofMinimum least: Cents, adding supplement: Cents, _ paragraph: String
    ) -> Explanation {
        let sum = least - supplement
        return Explanation(
            german: "Eine Anlieferung kostet mindestens \(GermanText.money(least, currency)); zu "
                + "\(GermanText.money(sum, currency)) kommen "
                + "\(GermanText.money(supplement, currency)) dazu (\(paragraph)).",
            english: "A delivery costs at least \(EnglishText.money(least, currency)); "
                + "\(EnglishText.money(supplement, currency)) is added to "
                + "\(EnglishText.money(sum, currency)) (\(paragraph)).")
    }
}
