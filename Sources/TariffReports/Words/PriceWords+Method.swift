package import Tariffs
import Units

extension PriceWords {
    /// What a position charges.
    package func price(of position: Position) -> PricePhrase { phrase(for: position.method) }

    /// What a method charges.
    package func phrase(for method: PricingMethod) -> PricePhrase {
        switch method {
        case .free(let measure): PricePhrase([free(measure)])
        case .flat(let price): PricePhrase([step(price, "pauschal")])
        case .unit(let rate): PricePhrase([step(rate.price, per(rate))])
        case .areaTime(let rate):
            PricePhrase([
                step(
                    rate.price,
                    "je \(GermanText.startedAfterPer(rate.area)) und "
                        + GermanText.startedAfterPer(rate.time))
            ])
        case .container(let rate): PricePhrase([step(rate.price, per(rate))])
        case .table(let rows): PricePhrase(rows.flatMap { steps(of: $0) })
        case .staircase(let staircase): PricePhrase(steps(of: staircase))
        case .tiers(let tiers): phrase(for: tiers)
        case .scaleSwitch(let scale): PricePhrase(steps(of: scale))
        case .derived(let derived): phrase(for: derived)
        case .refused: PricePhrase([step(nil, "wird nicht angenommen")])
        case .unpublished: PricePhrase([unpublished])
        }
    }

    private var unpublished: PriceStep { step(nil, "Preis nicht veröffentlicht") }

    private func free(_ measure: Measure?) -> PriceStep {
        guard let measure else { return step(.zero) }
        return step(nil, "kostenlos (\(words(for: measure)))")
    }

    /// How an amount is measured, such as `nach Volumen` or `Sack`.
    package func words(for measure: Measure) -> String {
        switch measure {
        case .pieces: "nach Stück"
        case .volume, .cubicInches: "nach Volumen"
        case .weight, .pounds: "nach Gewicht"
        case .area: "nach Fläche"
        case .duration: "nach Zeit"
        case .areaTime: "nach Fläche und Zeit"
        case .containers(let kind): name(of: kind)
        case .vehicle(let vehicle): name(of: vehicle)
        case .delivery: "je Anlieferung"
        }
    }

    private func per(_ rate: UnitRate) -> String {
        let unit = GermanText.per(rate.per)
        switch rate.step {
        case .proRata: return "je \(unit), anteilig"
        case .started(let size) where size == rate.per.value:
            let isPiece = rate.per.unit == .piece && size == 1
            return isPiece ? "je \(unit)" : "je \(GermanText.startedAfterPer(rate.per))"
        case .started(let size):
            let steps = GermanText.quantity(size, rate.per.unit)
            return "je \(unit), in angefangenen Schritten von \(steps)"
        }
    }

    private func per(_ rate: ContainerRate) -> String {
        let each = "je \(name(of: rate.kind))"
        return switch rate.filling {
        case .whole: each
        case .halves: "\(each), halb volle zur Hälfte"
        case .proRata: "\(each), anteilig nach Füllung"
        }
    }

    private func steps(of row: VehicleRow) -> [PriceStep] {
        let vehicle = name(of: row.vehicle)
        guard row.levels.count > 1 else {
            return row.levels.map { step($0.price, for: .load(vehicle)) }
        }
        return row.levels.map {
            step($0.price, for: .load("\(vehicle), bis \($0.percentMax)\u{A0}% beladen"))
        }
    }

    private func steps(of staircase: Staircase) -> [PriceStep] {
        let tiers = staircase.tiers.map {
            step($0.price, for: .range("bis \(GermanText.quantity($0.limit.value, $0.limit.unit))"))
        }
        let above = PriceStep.Scope.range("darüber")
        switch staircase.beyond {
        case .refused: return tiers + [refused(above)]
        case .further(let price, let size):
            let further = "zusätzlich je \(GermanText.furtherAfterPer(size))"
            return tiers + [step(price, further, for: above)]
        }
    }

    private func refused(_ scope: PriceStep.Scope) -> PriceStep {
        step(nil, "abgelehnt", for: scope)
    }

    private func phrase(for tiers: Tiers) -> PricePhrase {
        let steps = tiers.tiers.map { tier in
            let word = tier.includesLimit ? "bis" : "unter"
            let limit = GermanText.quantity(tier.limit.value, tier.limit.unit)
            return step(of: tier.price, for: .range("\(word) \(limit)"))
        }
        let last = tiers.tiers.last
        let above =
            last.map { tier in
                tier.includesLimit
                    ? "darüber" : "ab \(GermanText.quantity(tier.limit.value, tier.limit.unit))"
            } ?? "darüber"
        let prices = tiers.tiers.map(\.price) + [tiers.beyond]
        let hasRates = prices.contains { if case .rate = $0 { true } else { false } }
        let note =
            switch tiers.scope {
            case .whole: "die erreichte Stufe gilt für die ganze Menge"
            case .slice: "jede Stufe gilt nur für ihren Teil der Menge"
            }
        return PricePhrase(
            steps + [step(of: tiers.beyond, for: .range(above))], note: hasRates ? note : nil)
    }

    private func step(of price: Tiers.TierPrice, for scope: PriceStep.Scope) -> PriceStep {
        switch price {
        case .amount(let amount): step(amount, for: scope)
        case .rate(let rate): step(rate.price, per(rate), for: scope)
        case .refused: refused(scope)
        }
    }

    private func steps(of scale: ScaleSwitch) -> [PriceStep] {
        let limit = GermanText.quantity(scale.threshold.value, scale.threshold.unit)
        let below =
            switch scale.below {
            case .flat(let price): step(price, "pauschal")
            case .byVolume: step(nil, "nach Volumen")
            case .unpublished: unpublished
            }
        let above = scale.rate.map { step($0.price, per($0)) } ?? unpublished
        return [below.scoped(.range("unter \(limit)")), above.scoped(.range("ab \(limit)"))]
    }

    private func phrase(for derived: Derived) -> PricePhrase {
        let base = phrase(for: derived.method)
        let source: String
        switch derived.change {
        case .difference(let difference):
            let word = difference.tenThousandths < 0 ? "abzüglich" : "zuzüglich"
            let size = UnitPrice(tenThousandths: abs(difference.tenThousandths))
            source =
                "Nr. \(derived.base) \(word) \(GermanText.unitPrice(size, tariff.currency))"
            return PricePhrase(base.steps, note: note(base, source))
        case .factor(let factor):
            source = "das \(GermanText.times(factor)) von Nr. \(derived.base)"
            let steps = base.steps.compactMap { $0.times(factor) }
            guard steps.count == base.steps.count else {
                return PricePhrase([step(nil, "\(source): \(base.words)")])
            }
            return PricePhrase(steps, note: note(base, source))
        }
    }

    private func note(_ base: PricePhrase, _ source: String) -> String {
        [base.note, source].compactMap(\.self).joined(separator: "; ")
    }
}
