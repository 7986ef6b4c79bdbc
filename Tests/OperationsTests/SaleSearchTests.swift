import Foundation
import Journal
import Keys
import Operations
import People
import Sales
import Storage
import Testing
import Units

struct SaleSearchTests {
    private static func plate(_ value: String) -> Disclosure {
        Disclosure(name: .plate, salt: SystemRandom.bytes(32), value: value)
    }

    private static func found(_ query: SaleQuery, at yard: TestYard) async throws -> [Int64] {
        try await yard.installation.sales(of: yard.yard, query).rows.map(\.reference.sequence)
    }

    private static func query(_ change: (inout SaleQuery) -> Void) -> SaleQuery {
        var query = SaleQuery()
        change(&query)
        return query
    }

    @Test func `sales are found by number, amount, name of what was brought and standing`()
        async throws
    {
        try await withYard { yard in
            try await yard.sell("privat: 1 m³ gruenabfall")
            try await yard.sell("privat: 1 m³ gruenabfall", .unknown(cardTerminal: nil))
            let rows = try await yard.installation.sales(of: yard.yard).rows
            let first = try #require(rows.last)

            #expect(
                try await Self.found(Self.query { $0.receipt = first.reference }, at: yard) == [1])
            #expect(
                try await Self.found(
                    Self.query { ($0.totalFrom, $0.totalTo) = (first.total, first.total) },
                    at: yard) == [2, 1])
            #expect(
                try await Self.found(
                    Self.query { $0.totalFrom = first.total + Cents(1) }, at: yard) == [])
            #expect(try await Self.found(Self.query { $0.standing = .unknown }, at: yard) == [2])
            #expect(
                try await Self.found(Self.query { $0.text = "gruenabfall" }, at: yard) == [2, 1])
            #expect(try await Self.found(Self.query { $0.terminal = .init("t9") }, at: yard) == [])
            let sum = try await yard.installation.sum(of: yard.yard, SaleQuery())
            #expect(sum == RecordSum(count: 2, total: first.total + first.total))
        }
    }

    /// A sale paid with a card of which the slip shows the last four digits, or none.
    private static func sell(_ lastFour: String?, at yard: TestYard) async throws {
        let slip = try #require(
            CardSlip(
                cardTerminal: "51234567", scheme: .girocard, receiptNumber: "1", traceNumber: "1",
                lastFour: lastFour))
        try await yard.sell("privat: 1 m³ gruenabfall", .card(slip))
    }

    @Test func `sales are found by last four digits, by instant and by the yard's own day`()
        async throws
    {
        // Four sales at both ends of a day in Germany, which begins at 23:00 in UTC.
        let times = [
            "2026-11-19T22:59:59.999Z", "2026-11-19T23:00:00.000Z", "2026-11-20T22:59:59.999Z",
            "2026-11-20T23:00:00.000Z",
        ]
        let cards = ["0815", "4711", nil, "0815"]
        try await withYard(at: "2026-11-19T22:00:00.000Z") { yard in
            for (time, card) in zip(times, cards) {
                yard.clock.set(time)
                try await Self.sell(card, at: yard)
            }
            func expect(_ wanted: [Int64], _ name: String, _ change: (inout SaleQuery) -> Void)
                async throws
            {
                let query = Self.query(change)
                #expect(try await Self.found(query, at: yard) == wanted, "\(name)")
                let sum = try await yard.installation.sum(of: yard.yard, query)
                #expect(sum.count == Int64(wanted.count), "sum, \(name)")
            }
            for (digits, wanted) in [("0815", [4, 1]), ("4711", [2]), ("0816", [])]
                as [(String, [Int64])]
            {
                try await expect(wanted, "last four \(digits)") { $0.lastFour = digits }
            }
            for (time, since, before) in [
                (times[0], [4, 3, 2, 1], []), (times[1], [4, 3, 2], [1]),
                (times[3], [4], [3, 2, 1]), ("2026-11-20T23:00:00.001Z", [], [4, 3, 2, 1]),
            ] as [(String, [Int64], [Int64])] {
                let instant = try #require(Timestamp(iso: time))
                try await expect(since, "since \(time)") { $0.since = instant }
                try await expect(before, "before \(time)") { $0.before = instant }
            }
            for (day, from, to, on) in [
                ("2026-11-18", [4, 3, 2, 1], [], []), ("2026-11-19", [4, 3, 2, 1], [1], [1]),
                ("2026-11-20", [4, 3, 2], [3, 2, 1], [3, 2]),
                ("2026-11-21", [4], [4, 3, 2, 1], [4]), ("2026-11-22", [], [4, 3, 2, 1], []),
            ] as [(String, [Int64], [Int64], [Int64])] {
                let day = try #require(BusinessDay(iso: day))
                try await expect(from, "from \(day.iso)") { $0.dayFrom = day }
                try await expect(to, "to \(day.iso)") { $0.dayTo = day }
                try await expect(on, "on \(day.iso)") { ($0.dayFrom, $0.dayTo) = (day, day) }
            }
            let second = try #require(Timestamp(iso: times[1]))
            try await expect([4], "card and instant") { ($0.lastFour, $0.since) = ("0815", second) }
            try await expect([], "card and instant") {
                ($0.lastFour, $0.before) = ("4711", second)
            }
        }
    }

    @Test(arguments: ["%", "_", "\"", "'; DROP TABLE record; --", "NEAR(", "\\", "gr_nabfall"])
    func `A23: what means something in SQL stands for itself`(text: String) async throws {
        try await withYard { yard in
            try await yard.sell("privat: 1 m³ gruenabfall")
            #expect(try await Self.found(Self.query { $0.text = text }, at: yard) == [])
            #expect(try await Self.found(SaleQuery(), at: yard) == [1])
        }
    }

    @Test func `a cursor goes on where it was, whatever is sold meanwhile, and nowhere else`()
        async throws
    {
        try await withYard { yard in
            for _ in 1...3 { try await yard.sell("privat: 1 m³ gruenabfall") }
            let installation = yard.installation
            let page = try await installation.sales(of: yard.yard, limit: 2)
            let cursor = try #require(page.next)
            try await yard.sell("privat: 1 m³ gruenabfall")

            let rest = try await installation.sales(of: yard.yard, after: cursor, limit: 2)
            #expect(rest.rows.map(\.reference.sequence) == [1] && rest.next == nil)
            let other = Self.query { $0.standing = .paid }
            let last = cursor.last == "A" ? "Q" : "A"
            for (query, text) in [
                (other, cursor), (SaleQuery(), String(cursor.dropLast()) + last),
                (SaleQuery(), "17"), (SaleQuery(), ""),
            ] {
                await #expect(throws: OperationsError.cursorInvalid) {
                    _ = try await installation.sales(of: yard.yard, query, after: text)
                }
            }
        }
    }

    @Test func `A51: a plate is found in any spelling, for a purpose, and the look is noted`()
        async throws
    {
        try await withYard { yard in
            let signed = try yard.terminal.sign(
                .sale(try yard.sale("privat: 1 m³ gruenabfall")),
                disclosures: [Self.plate("GÖ-AB 123")])
            _ = try await yard.admit(signed)
            let installation = yard.installation

            for (plate, count) in [("gö ab123", 1), ("GÖAB 124", 0)] {
                let found = try await installation.sales(
                    withPlate: plate, at: yard.yard, for: "Reklamation", by: TestYard.cashier)
                #expect(found.count == count)
            }
            await #expect(throws: OperationsError.reasonMissing) {
                _ = try await installation.sales(
                    withPlate: "GÖAB123", at: yard.yard, for: " ", by: TestYard.cashier)
            }
            let log = try installation.accessLog(
                of: yard.yard, by: TestYard.auditor
            ).rows
            #expect(log.map(\.act) == [.search, .search])
            #expect(log.map { $0.position == nil } == [true, false])
            #expect(log.allSatisfy { $0.person == TestYard.cashier.id })
            #expect(log.allSatisfy { $0.purpose == "Reklamation" && $0.fields == "plate" })
            #expect(throws: OperationsError.self) {
                _ = try installation.accessLog(of: yard.yard, by: TestYard.cashier)
            }
        }
    }

    @Test func `what was sold since the last search is found, and plates without their key file`()
        async throws
    {
        try await withFolder { folder in
            let yard = try await TestYard.open(
                folder + "/data", clock: TestClock(TestClock.morning), terminals: 1,
                hasTariff: true)
            let query = Self.query { $0.text = "gruenabfall" }
            for count in 1...2 {
                let signed = try yard.terminal.sign(
                    .sale(try yard.sale("privat: 1 m³ gruenabfall")),
                    disclosures: [Self.plate("GÖ-AB 123")])
                _ = try await yard.admit(signed)
                #expect(try await Self.found(query, at: yard).count == count)
                let sum = try await yard.installation.sum(of: yard.yard, query)
                #expect(sum.count == Int64(count))
            }
            try FileManager.default.removeItem(atPath: yard.directory.searchKey)
            let again = try yard.reopened()
            let found = try await again.installation.sales(
                withPlate: "GÖAB123", at: yard.yard, for: "Reklamation", by: TestYard.cashier)
            #expect(found.count == 2)
            try again.installation.close()
        }
    }
}
