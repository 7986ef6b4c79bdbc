import Units

/// Deliveries in words that would show what examples do not show yet.
struct ExampleProposals {
    private let tariff: Tariff
    private let days: [BusinessDay]

    init(_ tariff: Tariff) {
        self.tariff = tariff
        let conditions =
            (tariff.positions.map(\.condition)
            + tariff.rules.acceptance.map(\.condition)).map { DayCondition($0) }
        days = DaySamples(Set(conditions), in: tariff.validity).days
    }

    /// `am 05.01.2024 „privat: 2.001 l sperrmuell“`; nil where no delivery can be found.
    func proposal(for demand: ExampleDemand) -> String? {
        guard let occasion = occasion(for: demand) else { return nil }
        let circumstances = occasion.circumstances
        let group = circumstances.group == .household ? "privat" : "gewerblich"
        let origin = circumstances.origin == .nonResident ? " (auswärtig)" : ""
        let features = circumstances.features.sorted().map(\.text).joined(separator: " und ")
        let phrase = phrase(occasion.amount, occasion.fraction)
        return "am \(GermanFormat.day(circumstances.day))\(origin) „\(group): \(phrase)"
            + (features.isEmpty ? "" : " mit \(features)") + "“"
            + (demand.sample?.needsEarlier == true ? " mit früheren unter „vorher“" : "")
    }

    /// When and by whom an example could be, and of what.
    private struct Occasion {
        let fraction: FractionID
        let circumstances: Circumstances
        let amount: SampleAmount
    }

    private func occasion(for demand: ExampleDemand) -> Occasion? {
        switch demand.subject {
        case .position(let place):
            return occasion(
                ofPosition: place, on: days, of: demand.sample,
                lacks: demand.evidence.lacksRequirement)
        case .rule(let place):
            let rule = tariff.rules.acceptance[place]
            return tariff.positions.indices.lazy
                .filter { rule.fractions?.isDisjoint(with: tariff.positions[$0].fractions) != true }
                .compactMap { occasion(ofPosition: $0, on: days, of: demand.sample, under: rule) }
                .first
        case .fractions(let fractions):
            let days = days(for: demand.evidence)
            return tariff.positions.indices.lazy
                .filter { !fractions.isDisjoint(with: tariff.positions[$0].fractions) }
                .compactMap { occasion(ofPosition: $0, on: days, of: demand.sample) }.first
        }
    }

    private func days(for evidence: ExampleDemand.Evidence) -> [BusinessDay] {
        switch evidence {
        case .day(let border): return [border.first(in: tariff.validity)].compactMap(\.self)
        case .weekday(let weekdays, let isInside):
            let week = (0..<7).compactMap { tariff.validity.from.adding(days: $0) }
            return week.filter { day in
                tariff.validity.contains(day)
                    && weekdays.contains { $0.rawValue == day.weekday } == isInside
            }
        case .any, .number, .step, .minutes, .fill, .total, .refusal: return days
        }
    }

    /// The first delivery that only this position matches.
    ///
    /// - Parameters:
    ///   - sample: what it brings; without it, what the position prices.
    ///   - rule: which the delivery must fall under; without one, no refusing rule.
    ///   - lacks: whether what the position requires is to be missing.
    private func occasion(
        ofPosition place: Int, on days: [BusinessDay], of sample: SampleAmount?,
        under rule: AcceptanceRule? = nil, lacks: Bool = false
    ) -> Occasion? {
        let position = tariff.positions[place]
        let amount = sample ?? position.method.sample
        let features = position.condition.with.union(rule?.condition.with ?? [])
            .union(lacks || rule != nil ? [] : position.requires)
        for day in days {
            for group in CustomerGroup.allCases where position.condition.groups.contains(group) {
                for origin in Origin.allCases where position.condition.origins.contains(origin) {
                    let circumstances = Circumstances(
                        group: group, origin: origin, day: day, features: features)
                    let fraction = position.fractions.first {
                        isFit($0, place, circumstances, amount, rule)
                    }
                    guard let fraction else { continue }
                    return Occasion(
                        fraction: fraction, circumstances: circumstances, amount: amount)
                }
            }
        }
        return nil
    }

    private func isFit(
        _ fraction: FractionID, _ place: Int, _ circumstances: Circumstances,
        _ amount: SampleAmount, _ rule: AcceptanceRule?
    ) -> Bool {
        let measure = amount.amount.measure
        guard tariff.index.matches(fraction, of: circumstances, in: measure) == [place] else {
            return false
        }
        if let rule {
            return rule.condition.holds(circumstances)
                && rule.fractions?.contains(fraction) != false
        }
        return !tariff.refusals(of: fraction).contains { $0.holds(circumstances) }
    }
}

extension ExampleProposals {
    /// `2.001 l sperrmuell`.
    private func phrase(_ sample: SampleAmount, _ fraction: FractionID) -> String {
        switch sample.amount {
        case .containers(let count, let kind, let fill):
            let container = tariff.catalogue.container(kind)
            let name = count == 1 ? container?.name : container?.plural
            return "\(GermanFormat.grouped(count)) \(name ?? kind.text) \(fraction.text)"
                + Self.words(ofFill: fill, "voll")
        case .vehicle(let vehicle, let fill):
            let name = tariff.catalogue.vehicleClass(vehicle)?.name ?? vehicle.text
            return "\(name)\(Self.words(ofFill: fill, "beladen")): \(fraction.text)"
        case .delivery: return "1 Anlieferung \(fraction.text)"
        case .areaTime(let area, let minutes):
            return "\(Self.words(area.value, sample.unit ?? .squareMetre)) und "
                + "\(Self.words(minutes.value, .day)) \(fraction.text)"
        case .pieces, .volume, .weight, .area, .duration, .pounds, .cubicInches:
            return "\(Self.words(sample.amount.number, sample.unit ?? .piece)) \(fraction.text)"
        }
    }

    private static func words(ofFill percent: Int64, _ word: String) -> String {
        percent == 100 ? "" : percent == 50 ? ", halb \(word)" : ", zu \(percent) % \(word)"
    }

    /// A number with its unit, with plain spaces; in a finer unit where it would not come out even.
    private static func words(_ number: Int64, _ unit: MeasureUnit) -> String {
        let isEven = number * 10_000 % unit.size == 0
        return GermanText.quantity(number, isEven ? unit : unit.finer)
            .replacing("\u{A0}", with: " ")
    }
}

extension MeasureUnit {
    /// A unit of the same measure in which small differences come out even.
    fileprivate var finer: MeasureUnit {
        switch self {
        case .piece, .litre, .kilogram, .squareMetre, .minute, .pound, .gallon: self
        case .cubicMetre: .litre
        case .tonne: .kilogram
        case .hour, .day, .week: .minute
        case .shortTon: .pound
        case .cubicYard: .gallon
        }
    }
}

extension ExampleDemand.Evidence {
    fileprivate var lacksRequirement: Bool { self == .refusal(.requirementMissing) }
}

extension Condition {
    fileprivate func holds(_ circumstances: Circumstances) -> Bool {
        holds(
            for: circumstances.group, from: circumstances.origin, on: circumstances.day,
            features: circumstances.features)
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
    fileprivate var sample: SampleAmount {
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
