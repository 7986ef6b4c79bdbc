import Units

/// One printed price of a position, so that two versions of it can be compared.
struct PricePoint: Hashable {
    /// What the price is for; the same in both versions where they can be compared.
    enum Subject: Hashable {
        /// The line whatever the amount; free is nothing of it.
        case flat
        case unit(Measure)
        case areaTime
        case container(ContainerID)
        case load(VehicleClassID, percentMax: Int64)
        case step(Quantity)
        case beyond(Measure)
        case belowThreshold
        case lineMinimum
    }

    let subject: Subject
    /// Cents, for a unit cents per smallest unit.
    let price: Ratio
    /// As the sheet prints it.
    let words: String
}

extension PricePoint {
    /// Whether the price differs from an older one by more than so many percent.
    func differs(from old: PricePoint, percentMax: Int64) -> Bool {
        guard old.price.numerator > 0 else { return price.numerator > 0 }
        guard let least = old.price.times(Ratio(Int128(100 - percentMax), over: 100)),
            let most = old.price.times(Ratio(Int128(100 + percentMax), over: 100))
        else { return true }
        return price.isBelow(least) || most.isBelow(price)
    }
}

extension Tariff {
    /// The prices of a position, in the order of the file.
    func pricePoints(of position: Position) -> [PricePoint] {
        let minimum = position.lineMinimum
        let own = points(of: position.method)
        return minimum > .zero ? own + [point(.lineMinimum, minimum)] : own
    }

    private func points(of method: PricingMethod) -> [PricePoint] {
        switch method {
        case .free: [point(.flat, .zero)]
        case .flat(let price): [point(.flat, price)]
        case .unit(let rate): [point(.unit(rate.per.measure), rate)]
        case .areaTime(let rate):
            [
                PricePoint(
                    subject: .areaTime,
                    price: Ratio(
                        Int128(rate.price.tenThousandths),
                        over: Int128(rate.area.value) * Int128(rate.time.value) * 100),
                    words: GermanText.unitPrice(rate.price, currency))
            ]
        case .container(let rate):
            [
                PricePoint(
                    subject: .container(rate.kind),
                    price: Ratio(Int128(rate.price.tenThousandths), over: 100),
                    words: GermanText.unitPrice(rate.price, currency))
            ]
        case .table(let rows):
            rows.flatMap { row in
                row.levels.map { point(.load(row.vehicle, percentMax: $0.percentMax), $0.price) }
            }
        case .staircase(let staircase):
            staircase.tiers.map { point(.step($0.limit), $0.price) }
                + points(of: staircase.beyond, staircase.unit.measure)
        case .tiers(let tiers):
            tiers.tiers.compactMap { point(.step($0.limit), $0.price) }
                + [point(.beyond(tiers.unit.measure), tiers.beyond)].compactMap(\.self)
        case .scaleSwitch(let scale):
            points(of: scale.below) + (scale.rate.map { [point(.unit($0.per.measure), $0)] } ?? [])
        case .derived(let derived): points(of: derived)
        case .refused, .unpublished: []
        }
    }

    private func points(of beyond: Staircase.Beyond, _ measure: Measure) -> [PricePoint] {
        switch beyond {
        case .refused: []
        case .further(let price, let step):
            [
                PricePoint(
                    subject: .beyond(measure),
                    price: Ratio(Int128(price.value), over: Int128(step.value)),
                    words: "\(GermanText.money(price, currency)) je \(GermanText.per(step))")
            ]
        }
    }

    private func points(of below: ScaleSwitch.Below) -> [PricePoint] {
        switch below {
        case .byVolume, .unpublished: []
        case .flat(let price): [point(.belowThreshold, price)]
        }
    }

    /// A factor changes all prices of the other position; a difference is part of them already.
    private func points(of derived: Derived) -> [PricePoint] {
        let base = points(of: derived.method)
        guard case .factor(let factor) = derived.change else { return base }
        return base.compactMap { point in
            point.price.times(Ratio(Int128(factor), over: 10_000)).map {
                PricePoint(
                    subject: point.subject, price: $0,
                    words: "das \(GermanText.times(factor)) von \(point.words)")
            }
        }
    }

    private func point(_ subject: PricePoint.Subject, _ price: Cents) -> PricePoint {
        PricePoint(
            subject: subject, price: Ratio(price), words: GermanText.money(price, currency))
    }

    private func point(_ subject: PricePoint.Subject, _ rate: UnitRate) -> PricePoint {
        PricePoint(
            subject: subject,
            price: Ratio(Int128(rate.price.tenThousandths), over: Int128(rate.per.value) * 100),
            words: words(of: rate))
    }

    private func point(
        _ subject: PricePoint.Subject, _ price: Tiers.TierPrice
    ) -> PricePoint? {
        switch price {
        case .amount(let amount): point(subject, amount)
        case .rate(let rate): point(subject, rate)
        case .refused: nil
        }
    }
}
