import Units

/// An amount with the unit that a phrase writes it in.
struct SampleAmount: Hashable {
    let amount: Amount
    let unit: MeasureUnit?

    init(_ amount: Amount, unit: MeasureUnit? = nil) {
        self.amount = amount
        self.unit = unit
    }

    init(_ number: Int64, in unit: MeasureUnit) {
        self.init(Amount(number, in: unit), unit: unit)
    }
}

extension Position {
    /// An amount that the position prices.
    var sample: SampleAmount {
        method.namedMeasures.isEmpty ? (namedMeasures.first ?? .volume).sample : method.sample
    }
}

extension PricingMethod {
    /// An amount that the method prices.
    fileprivate var sample: SampleAmount {
        switch self {
        case .free(let measure?): measure.sample
        case .free(nil), .flat, .refused, .unpublished: Measure.volume.sample
        case .unit(let rate): SampleAmount(max(rate.per.value, 1), in: rate.per.unit)
        case .areaTime(let rate):
            SampleAmount(
                .areaTime(SquareCentimetres(rate.area.value), Minutes(rate.time.value)),
                unit: rate.area.unit)
        case .container(let rate): Measure.containers(rate.kind).sample
        case .table(let rows): (rows.first.map { .vehicle($0.vehicle) } ?? Measure.delivery).sample
        case .staircase(let staircase): SampleAmount(staircase.unit.size, in: staircase.unit)
        case .tiers(let tiers): SampleAmount(tiers.unit.size, in: tiers.unit)
        case .scaleSwitch(let scale): SampleAmount(scale.threshold.value, in: scale.threshold.unit)
        case .derived(let derived): derived.method.sample
        }
    }
}

extension Measure {
    /// A small amount of it.
    var sample: SampleAmount {
        switch self {
        case .pieces: SampleAmount(1, in: .piece)
        case .volume: SampleAmount(MeasureUnit.cubicMetre.size, in: .cubicMetre)
        case .weight: SampleAmount(MeasureUnit.kilogram.size, in: .kilogram)
        case .area: SampleAmount(MeasureUnit.squareMetre.size, in: .squareMetre)
        case .duration: SampleAmount(MeasureUnit.hour.size, in: .hour)
        case .areaTime:
            SampleAmount(
                .areaTime(
                    SquareCentimetres(MeasureUnit.squareMetre.size), Minutes(Minutes.perDay)),
                unit: .squareMetre)
        case .pounds: SampleAmount(MeasureUnit.pound.size, in: .pound)
        case .cubicInches: SampleAmount(MeasureUnit.cubicYard.size, in: .cubicYard)
        case .containers(let kind):
            SampleAmount(.containers(count: 1, kind: kind, fillPercent: 100))
        case .vehicle(let vehicle): SampleAmount(.vehicle(class: vehicle, fillPercent: 100))
        case .delivery: SampleAmount(.delivery)
        }
    }
}
