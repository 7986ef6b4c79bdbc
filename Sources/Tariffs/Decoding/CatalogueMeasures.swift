import Units

extension Catalogue {
    /// The catalogue with the measures that the positions price each fraction in.
    func completed(by positions: [Position]) -> Catalogue {
        var options: [FractionID: [MeasureOption]] = [:]
        var known: [FractionID: Set<Measure>] = [:]
        for position in positions {
            let own =
                self.options(of: position.method).filter { option in
                    position.prices(option.measure)
                } + self.limitOption(of: position)
            for fraction in position.fractions {
                for option in own
                where known[fraction, default: []].insert(option.measure).inserted {
                    options[fraction, default: []].append(option)
                }
            }
        }
        let completed = fractions.map { $0.measured(by: options[$0.id] ?? []) }
        return Catalogue(
            fractions: completed, containers: containers, vehicleClasses: vehicleClasses,
            features: features)
    }

    /// A flat with a limit is entered in the limit's measure.
    private func limitOption(of position: Position) -> [MeasureOption] {
        guard case .flat = position.method.root,
            let limit = position.limit ?? position.freeQuantity,
            limit.measure != .delivery
        else { return [] }
        return limit.unit.map { [option(in: $0)] } ?? option(of: limit.measure)
    }

    private func options(of method: PricingMethod) -> [MeasureOption] {
        switch method {
        case .refused, .unpublished: []
        case .flat, .free(nil): option(of: .delivery)
        case .free(let measure?): option(of: measure)
        case .unit(let rate): [option(in: rate.per.unit)]
        case .areaTime: option(of: .areaTime)
        case .staircase(let staircase): [option(in: staircase.unit)]
        case .tiers(let tiers): [option(in: tiers.unit)]
        case .scaleSwitch(let scale): [option(in: scale.threshold.unit)]
        case .container(let rate): option(of: .containers(rate.kind))
        case .table(let rows): rows.flatMap { option(of: .vehicle($0.vehicle)) }
        case .derived(let derived): options(of: derived.method)
        }
    }

    private func option(in unit: MeasureUnit) -> MeasureOption {
        MeasureOption(measure: unit.measure, unit: unit, name: unit.rawValue)
    }

    private func option(of measure: Measure) -> [MeasureOption] {
        switch measure {
        case .pieces: [option(in: .piece)]
        case .volume: [option(in: .cubicMetre)]
        case .weight: [option(in: .kilogram)]
        case .area: [option(in: .squareMetre)]
        case .duration: [option(in: .hour)]
        case .pounds: [option(in: .pound)]
        case .cubicInches: [option(in: .cubicYard)]
        case .areaTime:
            [MeasureOption(measure: measure, unit: .squareMetre, name: "m² und Zeit")]
        case .delivery: [MeasureOption(measure: .delivery, unit: nil, name: "Anlieferung")]
        case .containers(let kind):
            container(kind).map { [MeasureOption(measure: measure, unit: nil, name: $0.name)] }
                ?? []
        case .vehicle(let kind):
            vehicleClass(kind).map { [MeasureOption(measure: measure, unit: nil, name: $0.name)] }
                ?? []
        }
    }
}

extension Fraction {
    fileprivate func measured(by measures: [MeasureOption]) -> Fraction {
        Fraction(
            id: id, name: name, englishName: englishName, also: also, wasteCodes: wasteCodes,
            isGoods: isGoods, belongs: belongs, excluded: excluded,
            gramsPerCubicMetre: gramsPerCubicMetre, gramsPerPiece: gramsPerPiece,
            measures: measures, place: place)
    }
}
