import Units

/// What is wrong with the way positions share out the deliveries.
enum CoverageFinding: Hashable, Sendable {
    /// Two positions match the same delivery.
    case overlap(positions: [Int], Counterexample)
    /// No position matches, in whatever measure.
    case gap(Counterexample)
    /// A light load goes by its volume, and no position prices that.
    case volumeMissing(position: Int, Counterexample)
    /// Nothing is left for the position: its days lie outside the validity, its features exclude
    /// each other, or exceptions displace it everywhere.
    case unreachable(position: Int)
    /// The positions name too many features to decide.
    case undecided(FractionID)
}

/// A delivery of one item that shows a finding.
struct Counterexample: Hashable, Sendable {
    let fraction: FractionID
    let circumstances: Circumstances
    let measure: Measure
}

extension Counterexample {
    /// `am 16.10.2023 (Montag), privat, auswärtig, mit „staubdicht“: 1 m³ Laub`.
    func words(_ catalogue: Catalogue) -> String {
        "\(circumstances.words(catalogue)): \(catalogue.sample(of: measure, fraction))"
    }
}

extension Circumstances {
    /// `am 16.10.2023 (Montag), privat, auswärtig, mit „staubdicht“`; who comes from the area is
    /// not said.
    func words(_ catalogue: Catalogue) -> String {
        var words = [
            "am \(GermanFormat.day(day)) (\(GermanWeekday.name(of: day)))", group.german,
        ]
        if origin == .nonResident { words.append(origin.german) }
        if !features.isEmpty {
            let names = features.sorted().map { "„\(catalogue.feature($0)?.name ?? $0.text)“" }
            words.append("mit \(names.joined(separator: " und "))")
        }
        return words.joined(separator: ", ")
    }
}

/// Names of weekdays.
enum GermanWeekday {
    private static let names = [
        "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag",
    ]

    static func name(of day: BusinessDay) -> String { names[day.weekday - 1] }

    /// `Montag, Dienstag oder Samstag`.
    static func names(of days: Set<Weekday>) -> String {
        GermanText.alternatives(days.map(\.rawValue).sorted().map { names[$0 - 1] })
    }
}

extension Catalogue {
    /// A small amount in words, such as `1 m³ Laub`.
    func sample(of measure: Measure, _ fraction: FractionID) -> String {
        let name = self.fraction(fraction)?.name ?? fraction.text
        switch measure {
        case .pieces: return "1 Stück \(name)"
        case .volume: return "1 m³ \(name)"
        case .weight: return "1 kg \(name)"
        case .area: return "1 m² \(name)"
        case .duration: return "1 Stunde \(name)"
        case .areaTime: return "1 m² und 1 Tag \(name)"
        case .pounds: return "1 lb \(name)"
        case .cubicInches: return "1 yd³ \(name)"
        case .delivery: return "1 Anlieferung \(name)"
        case .containers(let kind): return "1 \(container(kind)?.name ?? kind.text) \(name)"
        case .vehicle(let kind): return "\(vehicleClass(kind)?.name ?? kind.text): \(name)"
        }
    }
}
