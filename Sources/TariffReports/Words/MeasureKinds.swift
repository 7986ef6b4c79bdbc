import Tariffs

extension PricingMethod {
    /// The measures it prices; nil for any.
    var measureKinds: Set<Measure>? {
        switch self {
        case .free(let measure): measure.map { [$0] }
        case .flat, .refused, .unpublished: nil
        case .unit(let rate): [rate.per.measure]
        case .areaTime: [.areaTime]
        case .container(let rate): [.containers(rate.kind)]
        case .table(let rows): Set(rows.map { .vehicle($0.vehicle) })
        case .staircase(let staircase): [staircase.unit.measure]
        case .tiers(let tiers): [tiers.unit.measure]
        case .scaleSwitch(let scale): [scale.threshold.measure]
        case .derived(let derived): derived.method.measureKinds
        }
    }
}
