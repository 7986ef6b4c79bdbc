import Testing
import Text
import Units

@testable import TariffReports
@testable import Tariffs

struct SimulationTests {
    private func delivery(
        _ items: [(String, Amount)], _ group: CustomerGroup = .household,
        on day: String = "2026-03-02", household: String? = nil
    ) -> Delivery {
        Delivery(
            day: Made.day(day), group: group,
            holders: household.map { [.household: Made.id($0)] } ?? [:],
            items: items.map {
                DeliveryItem(fraction: Made.id($0), amount: $1, source: .counted)
            })
    }

    /// The sale that a tariff would have made of a delivery.
    private func sale(_ name: String, _ delivery: Delivery, by tariff: Tariff) -> RecordedSale {
        guard case .priced(let lines, _) = tariff.amountLines(of: delivery) else {
            return RecordedSale(name: name, delivery: delivery, lines: nil)
        }
        return RecordedSale(
            name: name, delivery: delivery,
            lines: lines.map { ChargedLine(position: $0.position, gross: $0.gross) })
    }

    private let old = Tariff.made([
        .made("1", ["holz"], .started(1000, 1, .cubicMetre)),
        .made("2", ["reifen"], .started(400, 1, .piece)),
        .made("3", ["farbe"], .refused, reason: "Zum Schadstoffmobil."),
    ])
    private let draft = Tariff.made(
        [
            .made("1", ["holz"], .started(1200, 1, .cubicMetre)),
            .made("2", ["reifen"], .refused, reason: "Zum Händler."),
            .made("3", ["farbe"], .started(50, 1, .kilogram)),
        ], id: "entwurf", validity: Made.range("2027-01-01", "2027-12-31"))

    @Test func `a tariff under itself changes nothing`() {
        var simulation = Simulation(draft: old)
        for number in 1...100 {
            simulation.add(
                sale(
                    "\(number)",
                    delivery([
                        ("holz", .volume(Millilitres(Int64(number) * 33_000))),
                        ("reifen", .pieces(Int64(number))),
                    ]), by: old))
        }

        let report = SimulationReport(simulation)

        #expect(report.counts.same == 100 && report.counts.all == 100)
        #expect(report.counts.recorded == report.counts.draft)
        #expect(report.rows.allSatisfy { $0.effect.recorded == $0.effect.draft })
        #expect(report.dearer.isEmpty && report.cheaper.isEmpty && report.refusedNow.isEmpty)
    }

    @Test func `dearer, refused and accepted sales are told apart`() {
        var simulation = Simulation(draft: draft)
        simulation.add(sale("a", delivery([("holz", .volume(Millilitres(2_000_000)))]), by: old))
        simulation.add(
            sale("b", delivery([("reifen", .pieces(4))], .commercial), by: old))
        simulation.add(sale("c", delivery([("farbe", .weight(Grams(3000)))]), by: old))

        let report = SimulationReport(simulation)

        #expect(report.counts.dearer == 1)
        #expect(report.counts.refusedNow == 1 && report.counts.lost == Cents(1600))
        #expect(report.counts.acceptedNow == 1 && report.counts.gained == Cents(150))
        #expect(report.counts.recorded == Cents(3600) && report.counts.draft == Cents(2550))
        #expect(report.refusals == [.init(code: .notAccepted, count: 1)])
        #expect(report.rows.map(\.position) == ["1", "2", "3"])
        #expect(report.rows.map(\.effect.recorded) == [Cents(2000), Cents(1600), .zero])
        #expect(report.rows.map(\.effect.draft) == [Cents(2400), .zero, Cents(150)])
        #expect(report.dearer.map(\.name) == ["a"])
        #expect(report.dearer.first?.sentences.first?.german.plain.contains("24,00 €") == true)
        #expect(report.refusedNow.first?.sentences.first?.german.contains("Zum Händler.") == true)
    }

    @Test func `the sums by position are the sums of all`() {
        var random = Seeded(7)
        var simulation = Simulation(draft: draft)
        for number in 0..<500 {
            let group: CustomerGroup = Bool.random(using: &random) ? .household : .commercial
            let wood = Amount.volume(Millilitres(.random(in: 1...5_000_000, using: &random)))
            let tyres = Amount.pieces(.random(in: 1...9, using: &random))
            let items = Bool.random(using: &random) ? [("holz", wood)] : [("reifen", tyres)]
            simulation.add(sale("\(number)", delivery(items, group), by: old))
        }

        let report = SimulationReport(simulation)

        #expect(report.rows.map(\.effect.recorded).sum() == report.counts.recorded)
        #expect(report.rows.map(\.effect.draft).sum() == report.counts.draft)
    }

    @Test(arguments: [1, 2, 7, 50])
    func `parts merged give the same report as one run`(parts: Int) {
        var random = Seeded(11)
        let sales = (0..<300).map { number in
            let amount = Int64.random(in: 1...9_000_000, using: &random) / 1_000_000 * 1_000_000 + 1
            let items: [(String, Amount)] = [
                ("holz", .volume(Millilitres(amount))), ("farbe", .weight(Grams(1 + amount / 9))),
            ]
            let only = number % 3 == 0 ? items : [items[0]]
            return sale("n\(number)", delivery(only), by: old)
        }
        var whole = Simulation(draft: draft)
        for sale in sales { whole.add(sale) }

        var merged = Simulation(draft: draft)
        for part in 0..<parts {
            var piece = Simulation(draft: draft)
            for place in sales.indices where place % parts == part { piece.add(sales[place]) }
            merged.merge(piece)
        }

        #expect(!whole.mustRunInOrder)
        #expect(SimulationReport(merged) == SimulationReport(whole))
        #expect(SimulationReport(whole).dearer.count == 20)
    }

    @Test func `quotas are counted from the draft's own decisions`() {
        let free = Made.limit(1, .cubicMetre, .day, .household)
        let limit = Made.limit(2, .cubicMetre, .day, .household)
        let draft = Tariff.made([
            .made(
                "1", ["laub"], .started(100, 100, .litre),
                modifiers: [.free(free), .limit(limit)])
        ])
        let load = [("laub", Amount.volume(Millilitres(700_000)))]
        var simulation = Simulation(draft: draft)
        for (name, household) in [("1", "a"), ("2", "a"), ("3", "b"), ("4", "a")] {
            simulation.add(
                RecordedSale(
                    name: name, delivery: delivery(load, household: household),
                    lines: [ChargedLine(position: "1", gross: Cents(0))]))
        }

        let report = SimulationReport(simulation)

        // 700 l free; then 300 l free and 400 l for 4.00; b free; then 2,100 l are too much.
        #expect(simulation.mustRunInOrder)
        #expect(report.counts.same == 2 && report.counts.dearer == 1)
        #expect(report.counts.draft == Cents(400))
        #expect(report.refusals == [.init(code: .tooMuch, count: 1)])
        #expect(report.dearer.first?.name == "2")
        #expect(report.dearer.first?.sentences.first?.german.plain.contains("4,00 €") == true)
    }

    @Test(arguments: [
        ("2026-07-03", "2027-07-03"), ("2024-02-29", "2027-02-28"), ("2027-05-05", "2027-05-05"),
        ("2031-12-31", "2027-12-31"),
    ])
    func `a day outside the draft counts as the same date inside`(day: String, moved: String) {
        var shift = DayShift(validity: draft.validity)

        #expect(shift.moved(Made.day(day)) == Made.day(moved))
        #expect(shift.moved(Made.day(day)) == Made.day(moved))
    }

    @Test func `a date that no year of the draft has stays and is refused`() {
        let short = Tariff.made(
            [.made("1", ["holz"], .flat(Cents(100)))],
            validity: Made.range("2027-03-01", "2027-05-31"))
        var simulation = Simulation(draft: short)

        simulation.add(sale("a", delivery([("holz", .pieces(1))], on: "2026-08-01"), by: old))
        simulation.add(
            RecordedSale(
                name: "b", delivery: delivery([("holz", .pieces(1))], on: "2026-08-01"),
                lines: [ChargedLine(position: "1", gross: Cents(100))]))

        #expect(simulation.counts.refusedStill == 1)
        #expect(simulation.refusals == [.outsideValidity: 1])
    }

    @Test func `a validity that begins in the middle of a year is reached in the next one`() {
        var shift = DayShift(validity: Made.range("2027-07-01"))

        #expect(shift.moved(Made.day("2026-03-01")) == Made.day("2028-03-01"))
        #expect(shift.moved(Made.day("2026-08-01")) == Made.day("2027-08-01"))
    }

    @Test func `a number that stood for something else is named`() {
        let renumbered = Tariff.made(
            [
                .made("1", ["reifen"], .started(400, 1, .piece)),
                .made("2", ["holz", "laub"], .started(1000, 1, .cubicMetre)),
                .made("3", ["farbe"], .refused),
            ], id: "entwurf")
        let wood = delivery([("holz", .volume(Millilitres(2_000_000)))])
        var (same, simulation) = (Simulation(draft: draft), Simulation(draft: renumbered))
        same.add(sale("a", wood, by: old))
        simulation.add(sale("a", wood, by: renumbered))
        #expect(same.reused == [] && simulation.reused == [])

        var piece = Simulation(draft: renumbered)
        piece.add(sale("b", wood, by: old))
        simulation.merge(piece)

        let report = SimulationReport(simulation)
        #expect(report.rows.map(\.position) == ["1", "2"])
        #expect(report.rows.map(\.isReused) == [true, false])
        #expect(report.json["positions"]?.array?.first?["reused"]?.bool == true)
        #expect(report.text().contains("Nr. 1: Unter dieser Nummer wurde bisher auch anderes"))
        #expect(!SimulationReport(same).text().contains("Unter dieser Nummer"))
    }

    @Test func `the report names sums, positions and the largest changes`() {
        var simulation = Simulation(draft: draft)
        simulation.add(
            sale("hof-1/7", delivery([("holz", .volume(Millilitres(2_000_000)))]), by: old))

        let text = SimulationReport(simulation).text(width: 80).plain

        #expect(text.hasPrefix("Auswirkung auf 1 Anlieferung\n"))
        #expect(text.contains("20,00 €  24,00 €      +4,00 €  +20,0"))
        #expect(text.contains("hof-1/7, 02.03.2027: 20,00 € → 24,00 €"))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test func `the data carry every figure`() {
        var simulation = Simulation(draft: draft)
        simulation.add(sale("a", delivery([("reifen", .pieces(4))]), by: old))

        let json = SimulationReport(simulation).json

        #expect(json["counts"]?["refusedNow"]?.integer == 1)
        #expect(json["counts"]?["lost"]?.integer == 1600)
        #expect(json["positions"]?.array?.first?["recorded"]?.integer == 1600)
        #expect(json["refusedNow"]?.array?.first?["sale"]?.string == "a")
        #expect(json["refusals"]?.array?.first?["code"]?.string == "not-accepted")
    }
}

/// A generator with a fixed start (SplitMix64), so that every run tries the same.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
