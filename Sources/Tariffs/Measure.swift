package import Units

/// What an amount is measured in: a condition of a position.
///
/// Metric and foreign units are different measures, so that no amount is ever converted.
package enum Measure: Hashable, Sendable {
    case pieces, volume, weight, area, duration, areaTime, pounds, cubicInches
    case containers(ContainerID)
    case vehicle(VehicleClassID)
    /// The delivery as such.
    case delivery
}

/// A unit of a sheet, with its size in smallest units of its measure (millilitre, gram, square
/// centimetre, minute, tenth of a pound, hundredth of a cubic inch, one).
package enum MeasureUnit: String, Hashable, Sendable, CaseIterable {
    case piece = "Stück"
    case litre = "l"
    case cubicMetre = "m³"
    case kilogram = "kg"
    case tonne = "t"
    case squareMetre = "m²"
    case minute = "Minute"
    case hour = "Stunde"
    case day = "Tag"
    case week = "Woche"
    case pound = "lb"
    /// Short ton, 2,000 lb.
    case shortTon = "ton"
    /// 46,656 cubic inches.
    case cubicYard = "yd³"
    /// US gallon, 231 cubic inches.
    case gallon = "gal"

    /// Smallest units in one of these.
    package var size: Int64 {
        switch self {
        case .piece: 1
        case .litre: Millilitres.perLitre
        case .cubicMetre: Millilitres.perCubicMetre
        case .kilogram: Grams.perKilogram
        case .tonne: Grams.perTonne
        case .squareMetre: SquareCentimetres.perSquareMetre
        case .minute: 1
        case .hour: Minutes.perHour
        case .day: Minutes.perDay
        case .week: Minutes.perWeek
        case .pound: DeciPounds.perPound
        case .shortTon: DeciPounds.perShortTon
        case .cubicYard: CentiCubicInches.perCubicYard
        case .gallon: CentiCubicInches.perGallon
        }
    }

    package var measure: Measure {
        switch self {
        case .piece: .pieces
        case .litre, .cubicMetre: .volume
        case .kilogram, .tonne: .weight
        case .squareMetre: .area
        case .minute, .hour, .day, .week: .duration
        case .pound, .shortTon: .pounds
        case .cubicYard, .gallon: .cubicInches
        }
    }
}

/// A quantity with the unit it is written in.
package struct Quantity: Hashable, Sendable {
    /// In smallest units; positive.
    package let value: Int64
    package let unit: MeasureUnit

    package init(_ value: Int64, in unit: MeasureUnit) {
        self.value = value
        self.unit = unit
    }

    package var measure: Measure { unit.measure }
}

extension Amount {
    /// The largest number that an amount may carry: 1,000 m³, 1,000 t.
    package static let numberMax: Int64 = 1_000_000_000

    /// The amount of a number of smallest units of a unit.
    package init(_ number: Int64, in unit: MeasureUnit) {
        self =
            switch unit {
            case .piece: .pieces(number)
            case .litre, .cubicMetre: .volume(Millilitres(number))
            case .kilogram, .tonne: .weight(Grams(number))
            case .squareMetre: .area(SquareCentimetres(number))
            case .minute, .hour, .day, .week: .duration(Minutes(number))
            case .pound, .shortTon: .pounds(DeciPounds(number))
            case .cubicYard, .gallon: .cubicInches(CentiCubicInches(number))
            }
    }

    package var measure: Measure {
        switch self {
        case .pieces: .pieces
        case .containers(_, let kind, _): .containers(kind)
        case .volume: .volume
        case .weight: .weight
        case .area: .area
        case .duration: .duration
        case .areaTime: .areaTime
        case .pounds: .pounds
        case .cubicInches: .cubicInches
        case .vehicle(let vehicle, _): .vehicle(vehicle)
        case .delivery: .delivery
        }
    }

    /// The number in smallest units (of the area, for an area and a time); the count of containers;
    /// 1 for a load and a delivery.
    package var number: Int64 {
        switch self {
        case .pieces(let count), .containers(let count, _, _): count
        case .volume(let volume): volume.value
        case .weight(let weight): weight.value
        case .area(let area), .areaTime(let area, _): area.value
        case .duration(let time): time.value
        case .pounds(let weight): weight.value
        case .cubicInches(let volume): volume.value
        case .vehicle, .delivery: 1
        }
    }

    /// The time of an area and a time; 1 minute for everything else.
    package var minutes: Minutes {
        if case .areaTime(_, let minutes) = self { minutes } else { Minutes(1) }
    }

    /// How full the container or vehicle is; 100 for everything else.
    package var fillPercent: Int64 {
        switch self {
        case .containers(_, _, let fill), .vehicle(_, let fill): fill
        case .pieces, .volume, .weight, .area, .duration, .areaTime, .pounds, .cubicInches,
            .delivery:
            100
        }
    }

    var isPartlyFilled: Bool {
        if case .containers(_, _, let fill) = self { fill < 100 } else { false }
    }

    /// Whether the numbers lie in 1 to ``numberMax`` and the fill in 1 to 100.
    package var isValid: Bool {
        (1...Self.numberMax).contains(number) && (1...Self.numberMax).contains(minutes.value)
            && (1...100).contains(fillPercent)
    }
}
