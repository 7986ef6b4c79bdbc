import Defaults
import FinanceSamples
import Foundation
import Journal
import Keys
import Logging
import NIOHTTP1
import Operations
import Sales
import Tariffs
import Testing
import Text
import Units

/// Three yards over some weeks of business, with every exception of finance.md 3.4 planted, driven
/// through the real program: its interface for sales and closes, its commands for the bank.
final class Quarter {
    let town: Town
    let line: Line
    private let tokens: [String: String]
    private(set) var yards: [QuarterYard] = []
    private(set) var bank = QuarterBank()
    private(set) var closeCount = 0

    static let names = ["mitte", "nord", "sued"]
    static let firstDay = "2026-07-01"

    init(_ town: Town, _ line: Line, tokens: [String: String], tariff: Tariff) async throws {
        (self.town, self.line, self.tokens) = (town, line, tokens)
        for (number, name) in Self.names.enumerated() {
            let terminal = try await SigningTerminal.enrol(
                "k\(number + 1)", at: line, operator: token("clara"), approver: token("bernd"),
                yard: name)
            yards.append(try QuarterYard(number, terminal: terminal, tariff: tariff))
        }
    }

    private func token(_ name: String) -> String { tokens[name] ?? "" }

    /// The data directory of a town with three yards; they are made before the program runs.
    static func found(in folder: String) async throws -> Town {
        let town = try await Town.found(in: folder)
        let installation = try Installation(
            directory: DataDirectory(town.data), logger: Logger(label: "quarter"))
        for name in names {
            _ = try await installation.createYard(
                YardDescription(
                    id: try #require(YardID(name)), name: "Wertstoffhof \(name)",
                    town: "Musterstadt", address: "Am Hof 1, 12345 Musterstadt",
                    host: "musterstadt.example"))
        }
        try installation.close()
        try Data(settlementFile.utf8).write(
            to: URL(fileURLWithPath: "\(town.data)/finance/abgleich.yaml"))
        return town
    }

    private static var settlementFile: String {
        let terminals = names.enumerated().map { number, name in
            "  - {terminal: \"6810000\(number)\", hof: \(name), "
                + "heißt auch: [\"6501000\(number)\"], konto: \(SampleStatement.account)}"
        }
        return """
            abgleich: quartal
            titel: Kartenzahlungen
            konten:
              - {konto: \(SampleStatement.account), hof: mitte}
            terminals:
            \(terminals.joined(separator: "\n"))
            händlernummern: ["455600001"]
            über dienstleister: [visa, mastercard, american-express]
            banktage: 3
            entgelt höchstens: 500

            """
    }

    // MARK: Business

    /// Plays `count` days of business; the exceptions lie in the first two weeks.
    func play(days count: Int) async throws {
        var day = try #require(BusinessDay(iso: Self.firstDay))
        for number in 0..<count {
            while day.weekday == 7 { day = try #require(day.adding(days: 1)) }
            for place in yards.indices { try await play(number, day, place) }
            if number == 5 {
                bank.line(
                    day, yards.indices.map { merged[$0] ?? 0 }.reduce(0, +),
                    "EC-UMSATZ VU 455600001")
                bank.plant("merged terminals")
            }
            if number % 20 == 3 {
                bank.line(day, -1_290, "ENTGELT KARTENTERMINALS", kind: "MCRD/CHRG")
                bank.plant("fee separate")
                bank.acquirerFee(day, 490)
            }
            if number == 7 { bank.line(day, 9_500, "MIETE STELLPLATZ") }
            day = try #require(day.adding(days: 1))
        }
        bank.payOut()
    }

    private var merged: [Int: Int64] = [:]
    private var chargedBack: (SaleReference, Int64)?

    private func play(_ number: Int, _ day: BusinessDay, _ place: Int) async throws {
        let yard = yards[place]
        for sale in 0..<(2 + (number + place) % 3) {
            let sold = try await yard.sell(
                1 + (number + sale * 2 + place) % 5, on: day, through: line)
            if place == 1, number == 3, sale == 0 { chargedBack = (sold.0, sold.2) }
        }
        if number % 3 == place {
            let (_, _, cents) = try await yard.sell(2, on: day, by: .visa, through: line)
            bank.acquire("payment", day, cents, of: yard)
        }
        if place == 2, number == 2 {
            let morning = try await cut(yard, day)
            bank.takings(day, morning, of: yard)
            bank.plant("cut in the middle of the day")
            try await yard.sell(3, on: day, through: line)
        }
        try await plantBeforeCut(number, day, place)
        let cents = try await cut(yard, day)
        credit(cents, number, day, place)
    }

    /// What the card terminal and the journal see differently.
    private func plantBeforeCut(_ number: Int, _ day: BusinessDay, _ place: Int) async throws {
        let yard = yards[place]
        switch (place, number) {
        case (2, 3):
            held = yard.counted[.girocard]?.removeLast()
            bank.plant("cut over midnight")
        case (2, 4):
            if let held { yard.counted[.girocard, default: []].append(held) }
        case (2, 6):
            let (reference, slip, _) = try await yard.sell(
                4, on: day, through: line, settled: { .unknown(cardTerminal: $0.cardTerminal) })
            unknown = (reference, slip)
            bank.plant("terminal paid, ledger unknown")
        case (2, 7):
            try await resolveUnknown(yard)
        case (2, 8):
            yard.counted[.girocard]?.removeLast()
            bank.plant("ledger paid, terminal unknown")
        case (2, 9):
            yard.counted[.girocard] = []
            bank.plant("lapsed without a cut")
        case (1, 6): try await refund(yard, day)
        case (0, 6):
            try await yard.sell(3, on: day, through: line, settled: { _ in .onAccount })
            bank.plant("claim")
        default: break
        }
    }

    private var held: Int64?
    private var unknown: (SaleReference, CardSlip)?

    /// The late success of a payment: the slip was found.
    private func resolveUnknown(_ yard: QuarterYard) async throws {
        let (reference, slip) = try #require(unknown)
        let finding = [JSONValue.Member("kind", "charged")] + slip.members
        try await office(
            "anna", .POST, yard, "payments/resolve",
            .fields([
                "original": reference.json, "finding": .object(finding),
                "evidence": "repeat-receipt", "note": "Belegwiederholung",
            ]))
    }

    /// A refund on the card, by two people, that takes back a sale of this day.
    private func refund(_ yard: QuarterYard, _ day: BusinessDay) async throws {
        let (reference, slip, cents) = try await yard.sell(2, on: day, through: line)
        let asked = try await office(
            "anna", .POST, yard, "reversals",
            .fields([
                "kind": "refund", "original": reference.json, "reason": "falsche Menge",
                "method": "card",
            ]))
        let id = try #require(asked["id"]?.integer)
        try await office("bernd", .POST, yard, "reversals/\(id)/approve")
        try await office("anna", .POST, yard, "reversals/\(id)/complete", .object(slip.members))
        yard.counted[.girocard, default: []].append(-cents)
        bank.plant("refund")
    }

    /// Counts, explains every difference, and lets a second person approve. What the journal
    /// expects is asked of the program, never assumed.
    ///
    /// - Returns: what the bank will credit for it.
    private func cut(_ yard: QuarterYard, _ day: BusinessDay) async throws -> Int64 {
        let totals = yard.cut()
        let body = JSONValue.fields([
            "day": .string(day.iso),
            "totals": .array(
                totals.map {
                    .fields([
                        "tid": .string(yard.tid), "scheme": .string($0.scheme.rawValue),
                        "count": .integer($0.count), "amount": .integer($0.cents),
                    ])
                }),
        ])
        let progress = try await office("anna", .POST, yard, "closes/next/count", body)
        for comparison in progress["draft"]?["comparisons"]?.array ?? []
        where comparison["expected"] != comparison["counted"]
            || comparison["expectedCount"] != comparison["countedCount"]
        {
            try await office(
                "anna", .POST, yard, "closes/next/explain",
                .fields([
                    "tid": comparison["tid"], "scheme": comparison["scheme"],
                    "reason": "unexplained", "text": "im Abgleich zu klären",
                ]))
        }
        try await office("bernd", .POST, yard, "closes/next/approve")
        closeCount += 1
        return totals.filter { $0.scheme == .girocard }.map(\.cents).reduce(0, +)
    }

    /// The credit of a cut, with the exceptions of its day.
    private func credit(_ cents: Int64, _ number: Int, _ day: BusinessDay, _ place: Int) {
        let yard = yards[place]
        switch (place, number) {
        case (0, 1): bank.plant("missing batch")
        case (0, 2):
            bank.takings(day, cents, of: yard)
            bank.takings(day, after: 2, cents, of: yard)
            bank.plant("duplicate batch")
        case (0, 3):
            bank.takings(day, after: 9, cents, of: yard)
            bank.plant("late batch")
        case (0, 4):
            bank.takings(day, cents / 3, of: yard)
            bank.takings(day, after: 2, cents - cents / 3, of: yard)
            bank.plant("split credit")
        case (_, 5): merged[place] = cents
        case (0, 10): waiting = cents
        case (0, 11):
            bank.takings(day, cents + waiting, of: yard)
            bank.plant("consecutive cuts in one credit")
        case (1, 1):
            bank.takings(day, cents + 100, of: yard)
            bank.plant("amount difference")
        case (1, 2):
            bank.takings(day, cents - cents / 100, of: yard)
            bank.plant("fee netted")
        case (1, 4):
            bank.takings(day, cents, of: yard)
            plantChargebacks(day)
        case (2, 1):
            bank.line(day, cents, "KARTENUMSATZ TID 99999999")
            bank.plant("unknown terminal")
        default:
            if cents != 0 { bank.takings(day, cents, of: yard) }
        }
    }

    private var waiting: Int64 = 0

    private func plantChargebacks(_ day: BusinessDay) {
        let cents = chargedBack?.1 ?? 1_200
        bank.line(
            day, after: 2, -cents, "RÜCKBELASTUNG", kind: "MCRD/UPCT", reference: "cb-1")
        bank.plant("chargeback")
        bank.line(
            day, after: 2, -2_400, "RÜCKBELASTUNG", kind: "MCRD/UPCT", reference: "cb-2")
        bank.line(day, after: 5, 2_400, "RÜCKGABE", kind: "MCRD/DAJT", reference: "cb-2")
        bank.plant("chargeback won back")
        bank.line(day, after: 4, 3_600, "RECHNUNG k1-000026")
    }

    /// A close without sales at each yard, so that every booking stands in a close.
    func closeAgain() async throws {
        let day = try #require(BusinessDay(iso: "2026-11-20"))
        for yard in yards { _ = try await cut(yard, day) }
    }

    // MARK: The program

    @discardableResult
    func office(
        _ person: String, _ method: HTTPMethod, _ yard: QuarterYard, _ path: String,
        _ body: JSONValue? = nil
    ) async throws -> JSONValue {
        try await line.json(
            method, "/v1/yards/\(yard.id.text)/\(path)", token: token(person), body)
    }

    /// A command of finance; gives its output.
    @discardableResult
    func reconcile(_ arguments: [String]) async throws -> String {
        try await Program.succeed(
            ["reconcile"] + arguments + [
                "--data", town.data, "--as", "clara", "--password-file",
                "\(town.folder)/clara.password",
            ], in: town.folder)
    }

    func board() async throws -> JSONValue {
        try await line.json(.GET, "/v1/reconciliation", token: token("clara"))
    }
}
