import Text
import Units

extension SourceReader {
    /// Reports fractions without a position (gap) and deliveries with two (overlap).
    ///
    /// Exact: conditions are constant between the days on which a window opens or closes, and a
    /// measure that no position of a fraction names behaves like every other such measure. So
    /// finitely many deliveries stand for all.
    mutating func checkCoverage(
        of tariff: Tariff, fractions: [SourceNode]
    ) {
        let days = tariff.probeDays
        for (fraction, node) in zip(tariff.catalogue.fractions, fractions) {
            let measures = tariff.probeMeasures(of: fraction.id)
            var overlaps: Set<[Int]> = []
            var gaps: Set<CustomerGroup> = []
            for group in CustomerGroup.allCases {
                for day in days {
                    let probe = Probe(fraction: fraction, group: group, day: day)
                    let matches = measures.map { tariff.matches(probe, in: $0) }
                    for (measure, places) in zip(measures, matches)
                    where places.count > 1 && overlaps.insert(places).inserted {
                        reportOverlap(
                            of: places.map { tariff.positions[$0] }, probe, measure, tariff)
                    }
                    if matches.allSatisfy(\.isEmpty), gaps.insert(group).inserted {
                        reportGap(probe, at: node.position)
                    }
                }
            }
        }
    }

    private mutating func reportOverlap(
        of positions: [Position], _ probe: Probe, _ measure: Measure, _ tariff: Tariff
    ) {
        let list = positions.map { "Nr. \($0.number)" }.joined(separator: " und ")
        report(
            .overlap, at: positions.last?.place,
            "Auf dieselbe Anlieferung passen \(list): „\(probe.words): "
                + "\(tariff.catalogue.sample(of: measure, probe.fraction))“. Grenzen Sie eine ein "
                + "oder schreiben Sie „ausnahme von“.")
    }

    private mutating func reportGap(_ probe: Probe, at place: SourcePosition) {
        report(
            .gap, at: place,
            "\(probe.fraction.name) (\(probe.words)): Es gibt keine Position. Ergänzen Sie "
                + "eine, notfalls mit „preis: nicht veröffentlicht“ oder „preis: abgelehnt“.")
    }
}

/// A delivery that stands for many.
private struct Probe {
    let fraction: Fraction
    let group: CustomerGroup
    let day: BusinessDay

    /// `am 16.10.2023, privat`.
    var words: String {
        "am \(GermanFormat.day(day)), \(group == .household ? "privat" : "gewerblich")"
    }
}

extension Tariff {
    fileprivate func matches(_ probe: Probe, in measure: Measure) -> [Int] {
        index.matches(probe.fraction.id, by: probe.group, on: probe.day, in: measure)
    }

    /// The first day of every stretch of days on which all windows stay as they are.
    fileprivate var probeDays: [BusinessDay] {
        let windows = positions.flatMap(\.windows)
        let fixed = windows.flatMap(\.fixedStarts)
        let lastYear = (fixed + [validity.from]).map(\.year).max() ?? validity.from.year
        let years = validity.from.year...max(lastYear, validity.to?.year ?? lastYear) + 1
        let yearly = windows.flatMap { window in years.flatMap { window.starts(in: $0) } }
        return Set([validity.from] + fixed + yearly).filter { validity.contains($0) }.sorted()
    }

    /// The measures that positions of the fraction name, and one that none names if possible.
    fileprivate func probeMeasures(of fraction: FractionID) -> [Measure] {
        let named = catalogue.fraction(fraction)?.measures.map(\.measure) ?? []
        return named
            + ([.delivery, .area, .weight].first { !named.contains($0) }.map { [$0] } ?? [])
    }
}

extension DateWindow {
    /// Days on which a window of fixed dates opens, or is closed for the first time.
    fileprivate var fixedStarts: [BusinessDay] {
        switch self {
        case .from(let day): [day]
        case .until(let day): [day.adding(days: 1)].compactMap(\.self)
        case .range(let range): [range.from, range.to?.adding(days: 1)].compactMap(\.self)
        case .yearly: []
        }
    }

    /// The same for a yearly window in one year.
    fileprivate func starts(in year: Int) -> [BusinessDay] {
        guard case .yearly(let from, let to) = self else { return [] }
        return [from.inYear(year), to.inYear(year), to.inYear(year)?.adding(days: 1)]
            .compactMap(\.self)
    }
}

extension Catalogue {
    /// A small amount in words, such as `1 m³ Laub`.
    fileprivate func sample(of measure: Measure, _ fraction: Fraction) -> String {
        switch measure {
        case .pieces: "1 Stück \(fraction.name)"
        case .volume: "1 m³ \(fraction.name)"
        case .weight: "1 kg \(fraction.name)"
        case .area: "1 m² \(fraction.name)"
        case .delivery: "1 Anlieferung \(fraction.name)"
        case .containers(let kind):
            "1 \(containers.first { $0.id == kind }?.name ?? kind.text) \(fraction.name)"
        case .vehicle(let kind):
            "\(vehicleClasses.first { $0.id == kind }?.name ?? kind.text): \(fraction.name)"
        }
    }
}
