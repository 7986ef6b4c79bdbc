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
                of: yard.yard, before: nil, by: TestYard.auditor)
            #expect(log.map(\.act) == [.search, .search])
            #expect(log.map { $0.position == nil } == [true, false])
            #expect(log.allSatisfy { $0.person == TestYard.cashier.id })
            #expect(log.allSatisfy { $0.purpose == "Reklamation" && $0.fields == "plate" })
            #expect(throws: OperationsError.self) {
                _ = try installation.accessLog(of: yard.yard, before: nil, by: TestYard.cashier)
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
