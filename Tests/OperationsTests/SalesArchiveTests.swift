import Calendars
import FinanceSamples
import Journal
import Operations
import Sales
import Tariffs
import Testing
import Units

struct SalesArchiveTests {
    private func entries(
        _ yard: TestYard, parts count: Int = 1, from: BusinessDay? = nil, to: BusinessDay? = nil
    ) throws -> [SalesArchive.Entry] {
        let archive = SalesArchive(yard.directory)
        var entries: [SalesArchive.Entry] = []
        for part in try archive.parts(of: yard.yard.id, count: count) {
            try archive.read(part, from: from, to: to) { entries.append($0) }
        }
        return entries
    }

    @Test(arguments: [1, 2, 5, 100])
    func `every sale is read once, in the order of the log`(parts: Int) async throws {
        try await withYard { yard in
            var sold: [SaleReference] = []
            for number in 1...7 {
                sold.append(try await yard.sell("privat: \(number) m³ gruenabfall"))
            }

            let read = try entries(yard, parts: parts)

            #expect(read.map(\.reference) == sold)
            #expect(read.allSatisfy { $0.lines?.count == 1 })
        }
    }

    @Test func `what was taken back in full is left out, in part it stays`() async throws {
        try await withYard { yard in
            let whole = try await yard.sell("privat: 1 m³ gruenabfall")
            let part = try await yard.sell("privat: 1 m³ gruenabfall")
            for (reference, amounts) in [(whole, nil), (part, [0: Cents(100)])] {
                let wish = ReversalWish(
                    kind: .refund, original: reference, amounts: amounts, reason: "doppelt",
                    method: .bankTransfer)
                let id = try await yard.installation.requestReversal(
                    wish, payee: try TestYard.payee(), at: yard.yard, by: TestYard.cashier)
                try await yard.installation.approveReversal(
                    id, at: yard.yard, by: TestYard.approver)
            }

            #expect(try entries(yard).map(\.reference) == [part])
        }
    }

    @Test func `beside a line below zero, too, what was paid is all there is to give back`()
        async throws
    {
        try await withYard { yard in
            let delivery = try yard.sale("privat: 1 m³ gruenabfall").delivery
            let sale = try Samples.sale(
                [Samples.line(4_500), Samples.line(-763)], items: delivery.items)
            let signed = try yard.terminal.sign(.sale(sale))
            _ = try await yard.admit(signed)
            let wish = ReversalWish(
                kind: .refund, original: signed.reference, amounts: nil, reason: "doppelt",
                method: .bankTransfer)
            let id = try await yard.installation.requestReversal(
                wish, payee: try TestYard.payee(), at: yard.yard, by: TestYard.cashier)
            try await yard.installation.approveReversal(
                id, at: yard.yard, by: TestYard.approver)

            #expect(try entries(yard).isEmpty)
        }
    }

    @Test func `a refused delivery has no lines, a declined card is left out`() async throws {
        try await withYard { yard in
            let delivery = try yard.sale("privat: 1 m³ gruenabfall").delivery
            for cause in NoSale.Cause.allCases {
                let noSale = NoSale(
                    cause: cause, delivery: delivery, reason: "Darum.", attempts: [])
                _ = try await yard.admit(try yard.terminal.sign(.noSale(noSale)))
            }

            let read = try entries(yard)

            #expect(read.count == 1)
            #expect(read.first?.lines == nil)
        }
    }

    @Test func `days outside the question are left out`() async throws {
        try await withYard { yard in
            try await yard.sell("privat: 1 m³ gruenabfall")
            let day = yard.installation.calendar.day(of: yard.clock.now)
            let next = try #require(day.adding(days: 1))

            #expect(try entries(yard, from: day, to: day).count == 1)
            #expect(try entries(yard, from: next).isEmpty)
            #expect(try entries(yard, to: day.adding(days: -1)).isEmpty)
        }
    }

    @Test func `positions are those that were sold in the days asked for`() async throws {
        try await withYard { yard in
            try await yard.sell("privat: 1 m³ gruenabfall; 2 Sack restabfall")
            let archive = SalesArchive(yard.directory)
            let day = yard.installation.calendar.day(of: yard.clock.now)
            let sold = Set(try #require(try entries(yard).first?.lines).map(\.position))

            #expect(sold.count == 2)
            #expect(try archive.positions(of: yard.yard.id, from: nil, to: day) == sold)
            #expect(
                try archive.positions(of: yard.yard.id, from: day.adding(days: 1), to: nil).isEmpty)
        }
    }

    @Test func `an unknown yard is refused by name`() async throws {
        try await withYard { yard in
            let archive = SalesArchive(yard.directory)

            #expect(throws: OperationsError.yardUnknown("anderswo")) {
                _ = try archive.parts(of: TestYard.named("anderswo"), count: 1)
            }
            let parts = try archive.parts(of: nil, count: 2)
            #expect(parts.count == 2)
        }
    }

    @Test func `of several yards one has to be named`() async throws {
        try await withYard { yard in
            _ = try await yard.addYard()
            let wanted = OperationsError.yardWanted(known: ["hof-1", "hof-2"])

            #expect(throws: wanted) {
                _ = try SalesArchive(yard.directory).parts(of: nil, count: 1)
            }
            #expect(throws: wanted) {
                _ = try LogExport.write(
                    yard.directory, yard: nil, into: yard.directory.path + "/out",
                    hasEntries: true)
            }
            #expect(try SalesArchive(yard.directory).parts(of: yard.yard.id, count: 1).count == 1)
        }
    }
}
