import Units

/// Something that an example must show (docs/formats/tariff.md, "Examples").
struct ExampleDemand: Hashable {
    /// What the example must be about.
    enum Subject: Hashable {
        /// An item that the position at this place matches.
        case position(Int)
        /// An item that the acceptance rule at this place speaks about.
        case rule(Int)
        /// An item of one of these fractions.
        case fractions(Set<FractionID>)
    }

    /// What the example must show of it.
    enum Evidence: Hashable {
        case any
        /// An amount in smallest units, of one item or of all of the position together.
        case number(ClosedRange<Int64>, Measure)
        /// An amount between the limits that, less what is free and less `offset`, is a whole
        /// number of steps, or is none.
        case step(Int64, Measure, offset: Int64, within: ClosedRange<Int64>, isWhole: Bool)
        /// A time that is a whole number of steps, or is none.
        case minutes(step: Int64, isWhole: Bool)
        /// How full a container or load is, in percent.
        case fill(ClosedRange<Int64>, Measure)
        /// What was used of a quota before and is brought now.
        case total(ClosedRange<Int64>, Limit)
        /// That it is refused for this reason.
        case refusal(RefusalCode)
        case day(BorderDay)
        /// A weekday of the set, or one beyond it.
        case weekday(Set<Weekday>, isInside: Bool)
    }

    let subject: Subject
    let evidence: Evidence
    /// What is missing without it, such as `genau 0,5 m³`.
    let label: String
    /// What an example could bring; nil where any amount does.
    let sample: SampleAmount?
}

extension ExampleDemand.Evidence {
    /// How many deliveries must have been before, for what counts deliveries.
    var earlierDeliveries: Int64 {
        guard case .total(let totals, let limit) = self, limit.measure == .delivery else {
            return 0
        }
        return totals.lowerBound - 1
    }
}

/// A day on one side of a date border.
enum BorderDay: Hashable {
    case fixed(BusinessDay)
    case yearly(MonthDay)

    func matches(_ day: BusinessDay) -> Bool {
        switch self {
        case .fixed(let own): own == day
        case .yearly(let own): own == MonthDay(of: day)
        }
    }

    /// The first such day of a validity.
    func first(in validity: DateRange) -> BusinessDay? {
        switch self {
        case .fixed(let day): return validity.contains(day) ? day : nil
        case .yearly(let day):
            // A leap day may be eight years away.
            return (validity.from.year...validity.from.year + 8).lazy
                .compactMap { BusinessDay(year: $0, month: day.month, day: day.day) }
                .first { validity.contains($0) }
        }
    }
}

/// An edge between two prices, and an amount that lies just beside it.
struct ExampleEdge {
    let limit: Int64
    let unit: MeasureUnit
    /// Whether the limit itself still belongs to the lower side.
    let isIncluded: Bool
    /// The edge before, 0 for none.
    var previous: Int64 = 0
    /// The edge behind; nil for none.
    var next: Int64?

    /// Two demands: at the edge, and just above it or, where the limit is not included, below it.
    func demands(_ subject: ExampleDemand.Subject) -> [ExampleDemand] {
        let words = GermanText.quantity(limit, unit)
        let at = ExampleDemand(
            subject: subject, evidence: .number(limit...limit, unit.measure),
            label: "genau \(words)", sample: SampleAmount(limit, in: unit))
        guard !isIncluded else {
            let end = next ?? Amount.numberMax
            guard limit < end else { return [at] }
            let above = ExampleDemand(
                subject: subject, evidence: .number(limit + 1...end, unit.measure),
                label: "knapp über \(words)",
                sample: SampleAmount(min(limit + unit.finest, end), in: unit))
            return [at, above]
        }
        guard previous + 1 < limit else { return [at] }
        let below = ExampleDemand(
            subject: subject, evidence: .number(previous + 1...limit - 1, unit.measure),
            label: "knapp unter \(words)",
            sample: SampleAmount(max(limit - unit.finest, previous + 1), in: unit))
        return [below, at]
    }
}
