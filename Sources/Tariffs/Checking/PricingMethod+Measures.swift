extension PricingMethod {
    /// The measures that the method names, in its order; empty where it prices any or none.
    var namedMeasures: [Measure] {
        switch self {
        case .free(let only): only.map { [$0] } ?? []
        case .flat, .refused, .unpublished: []
        case .unit(let rate): [rate.per.measure]
        case .areaTime: [.areaTime]
        case .container(let rate): [.containers(rate.kind)]
        case .table(let rows): rows.map { .vehicle($0.vehicle) }
        case .staircase(let staircase): [staircase.unit.measure]
        case .tiers(let tiers): [tiers.unit.measure]
        case .scaleSwitch(let scale): [scale.threshold.measure]
        case .derived(let derived): derived.method.namedMeasures
        }
    }

    /// The method itself, or the one that it is derived from in the end.
    var root: PricingMethod {
        if case .derived(let derived) = self { derived.method.root } else { self }
    }

    /// Whether a load below the scale's threshold is priced by its volume.
    var sendsLightLoadsToVolume: Bool {
        if case .scaleSwitch(let scale) = root { scale.below == .byVolume } else { false }
    }
}
