import Units

/// What an amount is measured in: a condition of a position.
package enum Measure: Hashable, Sendable {
    case pieces, volume, weight, area
    case containers(ContainerID)
    case vehicle(VehicleClassID)
    /// The delivery as such.
    case delivery
}

/// A unit of a sheet, with its size in smallest units (millilitre, gram, square centimetre, one).
package enum MeasureUnit: String, Hashable, Sendable, CaseIterable {
    case piece = "Stück"
    case litre = "l"
    case cubicMetre = "m³"
    case kilogram = "kg"
    case tonne = "t"
    case squareMetre = "m²"

    /// Smallest units in one of these; a power of ten.
    package var size: Int64 {
        switch self {
        case .piece: 1
        case .litre: Millilitres.perLitre
        case .cubicMetre: Millilitres.perCubicMetre
        case .kilogram: Grams.perKilogram
        case .tonne: Grams.perTonne
        case .squareMetre: SquareCentimetres.perSquareMetre
        }
    }

    package var measure: Measure {
        switch self {
        case .piece: .pieces
        case .litre, .cubicMetre: .volume
        case .kilogram, .tonne: .weight
        case .squareMetre: .area
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

    package var measure: Measure {
        switch self {
        case .pieces: .pieces
        case .containers(_, let kind, _): .containers(kind)
        case .volume: .volume
        case .weight: .weight
        case .area: .area
        case .vehicle(let vehicle, _): .vehicle(vehicle)
        case .delivery: .delivery
        }
    }

    /// The number in smallest units; the count of containers; 1 for a load and a delivery.
    package var number: Int64 {
        switch self {
        case .pieces(let count), .containers(let count, _, _): count
        case .volume(let volume): volume.value
        case .weight(let weight): weight.value
        case .area(let area): area.value
        case .vehicle, .delivery: 1
        }
    }

    /// How full the container or vehicle is; 100 for everything else.
    package var fillPercent: Int64 {
        switch self {
        case .containers(_, _, let fill), .vehicle(_, let fill): fill
        case .pieces, .volume, .weight, .area, .delivery: 100
        }
    }

    var isPartlyFilled: Bool {
        if case .containers(_, _, let fill) = self { fill < 100 } else { false }
    }

    /// Whether the number lies in 1 to ``numberMax`` and the fill in 1 to 100.
    package var isValid: Bool {
        (1...Self.numberMax).contains(number) && (1...100).contains(fillPercent)
    }
}
