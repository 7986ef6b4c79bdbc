import Units

/// A delivery in words that would show what no example shows yet.
struct ExampleProposal: Hashable {
    let day: BusinessDay
    /// As ``DeliveryPhrase`` reads it.
    let phrase: String
    /// How many such deliveries of the holder must have been before it.
    let earlierDeliveries: Int64

    /// `am 05.01.2024 „privat: 2.001 l sperrmuell“`.
    var words: String {
        "am \(GermanFormat.day(day)) „\(phrase)“"
            + (earlierDeliveries > 0 ? ", \(earlierDeliveries)-mal davor unter „vorher“" : "")
    }
}

/// Looks for deliveries that would show what examples do not show yet.
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

    /// Nil where no such delivery can be found.
    func proposal(for demand: ExampleDemand) -> ExampleProposal? {
        guard let occasion = occasion(for: demand) else { return nil }
        return ExampleProposal(
            day: occasion.circumstances.day, phrase: phrase(occasion),
            earlierDeliveries: demand.evidence.earlierDeliveries)
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
            guard rule.demand != .refused else { return occasion(refusedBy: rule) }
            return positions(of: rule.fractions).compactMap {
                occasion(
                    ofPosition: $0, on: days, of: demand.sample, under: rule,
                    lacks: demand.evidence.lacksRequirement)
            }.first
        case .fractions(let fractions):
            let days = days(for: demand.evidence)
            return positions(of: fractions).compactMap {
                occasion(ofPosition: $0, on: days, of: demand.sample, within: fractions)
            }.first
        }
    }

    /// Places of the positions that name one of the fractions; nil stands for all.
    private func positions(of fractions: Set<FractionID>?) -> LazyFilterSequence<Range<Int>> {
        tariff.positions.indices.lazy.filter {
            fractions?.isDisjoint(with: tariff.positions[$0].fractions) != true
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
    ///   - fractions: what it may be; nil for anything.
    ///   - rule: which the delivery must fall under.
    ///   - lacks: whether what is required is to be missing.
    private func occasion(
        ofPosition place: Int, on days: [BusinessDay], of sample: SampleAmount?,
        within fractions: Set<FractionID>? = nil, under rule: AcceptanceRule? = nil,
        lacks: Bool = false
    ) -> Occasion? {
        let position = tariff.positions[place]
        let amount = sample ?? position.sample
        return situations(position.condition, days).compactMap { situation in
            for fraction in position.fractions where fractions?.contains(fraction) ?? true {
                let wanted = situation.adding(rule?.condition.with ?? [])
                let circumstances =
                    lacks ? wanted : wanted.adding(tariff.required(of: fraction, place, wanted))
                guard
                    tariff.index.matches(fraction, of: circumstances, in: amount.amount.measure)
                        == [place], rule?.concerns(fraction, circumstances) != false,
                    !tariff.refusals(of: fraction).contains(where: { $0.holds(circumstances) })
                else { continue }
                return Occasion(fraction: fraction, circumstances: circumstances, amount: amount)
            }
            return nil
        }.first
    }

    /// The first delivery that a rule always refuses, whether a position knows it or not.
    private func occasion(refusedBy rule: AcceptanceRule) -> Occasion? {
        let fractions = tariff.fractions.map(\.id)
        guard let fraction = fractions.first(where: { rule.fractions?.contains($0) ?? true }),
            let situation = situations(rule.condition, days).first
        else { return nil }
        let position = tariff.index.places(of: fraction).first.map { tariff.positions[$0] }
        return Occasion(
            fraction: fraction, circumstances: situation,
            amount: position?.sample ?? Measure.volume.sample)
    }

    /// Days, groups and origins for which a condition holds, with the features that it demands.
    private func situations(
        _ condition: Condition, _ days: [BusinessDay]
    ) -> LazySequence<[Circumstances]> {
        let all = days.flatMap { day in
            CustomerGroup.allCases.flatMap { group in
                Origin.allCases.map {
                    Circumstances(group: group, origin: $0, day: day, features: condition.with)
                }
            }
        }
        return all.filter { condition.holds($0) }.lazy
    }
}

extension Tariff {
    /// Whose quotas a delivery of the fraction may use.
    fileprivate func holders(of fraction: FractionID) -> Set<Holder> {
        let limits = index.places(of: fraction).flatMap {
            [positions[$0].freeQuantity, positions[$0].limit]
        }
        let ruled = rules.acceptance.filter { $0.fractions?.contains(fraction) ?? true }.map {
            rule -> Limit? in
            if case .atMost(let limit) = rule.demand { limit } else { nil }
        }
        return Set((limits + ruled).compactMap { $0?.scope.holder })
    }

    /// The features that the position and the acceptance rules require.
    fileprivate func required(
        of fraction: FractionID, _ place: Int, _ circumstances: Circumstances
    ) -> Set<FeatureID> {
        rules.acceptance.reduce(into: positions[place].requires) { required, rule in
            guard case .requires(let features) = rule.demand,
                rule.concerns(fraction, circumstances)
            else { return }
            required.formUnion(features)
        }
    }
}

extension AcceptanceRule {
    fileprivate func concerns(_ fraction: FractionID, _ circumstances: Circumstances) -> Bool {
        condition.holds(circumstances) && fractions?.contains(fraction) != false
    }
}

extension Circumstances {
    fileprivate func adding(_ features: Set<FeatureID>) -> Circumstances {
        Circumstances(
            group: group, origin: origin, day: day, features: self.features.union(features))
    }
}

extension ExampleProposals {
    /// `privat, auswärtig, Haushalt A: 2.001 l sperrmuell mit staubdicht-verpackt`.
    private func phrase(_ occasion: Occasion) -> String {
        let circumstances = occasion.circumstances
        let ticked = circumstances.features.sorted().compactMap { tariff.catalogue.feature($0) }
        let needsCard = ticked.contains(where: \.isEntitlement)
        var head = [circumstances.group.german]
        if circumstances.origin == .nonResident { head.append(circumstances.origin.german) }
        head += tariff.holders(of: occasion.fraction).union(needsCard ? [.card] : []).map {
            "\($0.german) A"
        }.sorted()
        head += ticked.filter { $0.scope == .delivery }.map(\.id.text)
        let ofItem = ticked.filter { $0.scope == .item }.map(\.id.text)
        return head.joined(separator: ", ") + ": " + phrase(occasion.amount, occasion.fraction)
            + (ofItem.isEmpty ? "" : " mit \(ofItem.joined(separator: " und "))")
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
