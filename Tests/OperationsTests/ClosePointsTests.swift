import DayClosing
import Operations
import Sales
import Storage
import Testing
import Units

/// What turns up after a count: named on the way, and asked for before the close is final.
struct ClosePointsTests {
    private func terminal(_ yard: TestYard) throws -> TerminalRow {
        try #require(try yard.installation.terminals(of: yard.yard).first)
    }

    private func news(_ yard: TestYard) throws -> [ClosePoint] {
        try yard.installation.newClosePoints(
            try yard.installation.closeProgress(of: yard.yard))
    }

    @Test func `what was open at the count is no news, what grew or came is`() async throws {
        try await withYard { yard in
            let installation = yard.installation
            let known = try await yard.sell(
                "privat: 1 m³ gruenabfall", .unknown(cardTerminal: "51234567"))
            let row = try terminal(yard)
            try await installation.heartbeat(row, head: 1, queued: 2, unknown: 1)
            #expect(try news(yard).isEmpty)
            try await yard.count(nil, unknown: .carriedOver)
            #expect(try news(yard).isEmpty)

            try await installation.heartbeat(row, head: 1, queued: 1, unknown: 1)
            #expect(try news(yard).isEmpty)
            try await installation.heartbeat(row, head: 1, queued: 3, unknown: 2)
            let late = try await yard.sell(
                "privat: 2 m³ gruenabfall", .unknown(cardTerminal: "51234567"))

            #expect(late != known)
            #expect(
                try news(yard) == [
                    .unknownPayments([late], total: Cents(2_400)),
                    .unknownAtTerminal(row.id, count: 2), .unsent(row.id, count: 3),
                ])
            try await yard.count(nil, unknown: .carriedOver)
            #expect(try news(yard).isEmpty)
        }
    }

    @Test func `an approval does not pass over what turned up after the count`() async throws {
        try await withYard { yard in
            let installation = yard.installation
            let row = try terminal(yard)
            try await yard.count(nil)
            try await installation.heartbeat(row, head: 1, queued: 1, unknown: 0)
            let points = try news(yard)
            let refusal = OperationsError.pointsNew(points)
            #expect(refusal.code == "close-points-new" && refusal.status == 409)
            #expect(refusal.remedy.contains("Terminal \(row.id) has not sent 1 records"))
            #expect(refusal.remedy.contains("--known \(points.mark)"))

            for mark in ["", "0123456789abcdef"] {
                await #expect(throws: refusal) {
                    _ = try await installation.approveClose(
                        at: yard.yard, by: TestYard.approver, news: mark)
                }
            }
            #expect(try installation.closes(of: yard.yard).isEmpty)

            // A longer queue is the same answer; something of another kind is not.
            try await installation.heartbeat(row, head: 1, queued: 5, unknown: 0)
            #expect(try news(yard).mark == points.mark)
            try await installation.heartbeat(row, head: 1, queued: 5, unknown: 1)
            await #expect(throws: OperationsError.self) {
                _ = try await installation.approveClose(
                    at: yard.yard, by: TestYard.approver, news: points.mark)
            }
            let close = try await installation.approveClose(
                at: yard.yard, by: TestYard.approver, news: try news(yard).mark)
            #expect(close.number == 1)
            #expect(try installation.verify().misfit == nil)
        }
    }

    @Test func `what is settled before the approval is not asked for`() async throws {
        try await withYard { yard in
            let installation = yard.installation
            let row = try terminal(yard)
            try await yard.count(nil)
            try await installation.heartbeat(row, head: 1, queued: 1, unknown: 0)
            #expect(try !news(yard).isEmpty)
            try await installation.heartbeat(row, head: 1, queued: 0, unknown: 0)

            let close = try await installation.approveClose(
                at: yard.yard, by: TestYard.approver, news: "")

            #expect(close.number == 1)
            #expect(try news(yard).isEmpty)
        }
    }

    @Test func `many look at the points at the same time`() async throws {
        try await withYard { yard in
            let (installation, place) = (yard.installation, yard.yard)
            try await yard.sell("privat: 1 m³ gruenabfall")
            try await yard.sell("privat: 1 m³ gruenabfall", .onAccount)
            yard.clock.advance(minutes: 4 * 24 * 60)
            try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<16 {
                    group.addTask {
                        try await onThread {
                            let progress = try installation.closeProgress(of: place)
                            return try installation.closePoints(progress).map(\.code)
                        }
                    }
                }
                for try await codes in group {
                    #expect(codes.suffix(2) == ["cut-overdue", "debtor-missing"])
                }
            }
        }
    }

    @Test func `a mark names the points and not what is only told`() async throws {
        try await withYard { yard in
            let row = try terminal(yard)
            #expect([ClosePoint]().mark.isEmpty)
            #expect([ClosePoint.silent(row.id, since: nil), .flagged(3)].mark.isEmpty)
            let marks = [
                [ClosePoint.missing(row.id, [2])].mark, [ClosePoint.missing(row.id, [2, 3])].mark,
                [ClosePoint.unsent(row.id, count: 2)].mark, [ClosePoint.refundsOpen([2])].mark,
            ]
            #expect(Set(marks).count == marks.count)
            #expect(marks.allSatisfy { $0.utf8.count == 16 })
        }
    }
}
