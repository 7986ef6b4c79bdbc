import Units

/// How a unit price became the price of an amount: what a sentence in any language tells.
enum UnitFacts: Equatable {
    /// Exactly one unit.
    case single
    /// So many single pieces.
    case pieces
    /// The price times whole portions of more than one unit.
    case portions(Int64)
    /// The price times an amount of any size.
    case rated
    /// Less than a portion, or exactly one, counts as one.
    case startedOne
    case started(Int64)
    /// Rounded up to an amount in steps smaller than the unit of the price.
    case stepped(step: Int64, billed: Int64)
}

/// What a container costs by its filling.
enum FillingFacts: Equatable {
    case part(percent: Int64)
    /// Not full, and charged as if it were.
    case asFull
    case full
}

/// Where an amount stands in a staircase.
enum StaircaseFacts: Equatable {
    case upTo(Staircase.Tier)
    /// Above the last tier: so many further steps.
    case further(Int64, price: Cents, step: Quantity, behind: Staircase.Tier)
}

extension LineFacts {
    func unit(_ rate: UnitRate) -> UnitFacts {
        if case .started(let size) = rate.step, line.charge.billed != number {
            guard size == rate.per.value else {
                return .stepped(step: size, billed: line.charge.billed)
            }
            let count = line.charge.billed / size
            return count > 1 ? .started(count) : .startedOne
        }
        let (count, rest) = number.quotientAndRemainder(dividingBy: rate.per.value)
        if rest == 0, count == 1 { return .single }
        if rate.per.unit == .piece, rate.per.value == 1 { return .pieces }
        return rest == 0 && rate.per.value != rate.per.unit.size ? .portions(count) : .rated
    }

    /// The started areas and times.
    func started(_ rate: AreaTimeRate) -> (areas: Int64, times: Int64) {
        (
            line.charge.billed / rate.area.value,
            stepped(amount.minutes.value, by: rate.time.value) / rate.time.value
        )
    }

    /// Of one of the containers.
    var filling: FillingFacts {
        let percent = line.charge.billed / number
        guard percent == 100 else { return .part(percent: percent) }
        return amount.fillPercent < 100 ? .asFull : .full
    }

    /// The fill level that prices the load; nil where its vehicle class has one price.
    func level(in rows: [VehicleRow]) -> VehicleRow.Level? {
        let row = rows.first { .vehicle($0.vehicle) == amount.measure }
        guard let row, row.levels.count > 1 else { return nil }
        return row.level(at: amount.fillPercent)
    }

    /// Nil for an amount that the staircase does not price.
    func place(in staircase: Staircase) -> StaircaseFacts? {
        if let tier = staircase.tiers.first(where: { number <= $0.limit.value }) {
            return .upTo(tier)
        }
        guard case .further(let price, let step) = staircase.beyond, let last = staircase.tiers.last
        else { return nil }
        let count = (line.charge.billed - last.limit.value) / step.value
        return .further(count, price: price, step: step, behind: last)
    }

    /// The tier that an amount reaches, by its place; the last is what lies above.
    func place(in tiers: Tiers) -> Int {
        tiers.tiers.firstIndex { $0.reaches(number) } ?? tiers.tiers.count
    }

    /// The slices of an amount with their prices, rounded to the cent for reading.
    func slices(in tiers: Tiers) -> [(amount: Int64, place: Int, cost: Cents)] {
        (tiers.slices(of: number) ?? []).map {
            ($0.number, $0.place, Cents($0.charge.exact.rounded(.halfUp)))
        }
    }
}

extension Tiers {
    /// The tiers around a place: the one before, and its own.
    func neighbours(of place: Int) -> (lower: Tier?, own: Tier?) {
        (place > 0 ? tiers[place - 1] : nil, place < tiers.count ? tiers[place] : nil)
    }
}
