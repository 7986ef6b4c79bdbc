import Calendars
import CloseSheets
import DayClosing
import GRDB
import Logging
import Operations
import People
import Sales
import Storage
import Testing
import Units

/// Texts that strict JSON does not read back: refused before they are stored, and what is stored
/// all the same keeps nobody from the rest.
struct StoredTextTests {
    private static let odd = [
        "zwei\nZeilen", "ein\tTabulator", "u\u{308}ber", "rechts \u{202E}herum",
    ]

    private func expectRefused(
        _ text: String, _ act: @escaping @Sendable (TestYard, String) async throws -> Void,
        _ yard: TestYard
    ) async {
        await #expect("\(text.debugDescription)") {
            try await act(yard, text)
        } throws: { error in
            (error as? OperationsError)?.code == "input-invalid"
        }
    }

    /// The same installation after a change that no version of the program makes any more.
    private func reopened(_ yard: TestYard, after sql: String) async throws -> Installation {
        try yard.installation.close()
        let queue = try DatabaseQueue(path: yard.directory.database)
        try await queue.write { try $0.execute(sql: sql) }
        try queue.close()
        let clock = yard.clock
        return try Installation(
            directory: yard.directory, clock: { clock.now }, logger: .silent)
    }

    @Test(arguments: odd)
    func `a text that would not be read back is refused before it is stored`(text: String)
        async throws
    {
        try await withYard { yard in
            let installation = yard.installation
            let sold = try await yard.sell("privat: 1 m³ gruenabfall")
            await expectRefused(
                text,
                { yard, text in
                    _ = try await yard.installation.requestReversal(
                        ReversalWish(
                            kind: .refund, original: sold, amounts: nil, reason: text,
                            method: .card), at: yard.yard, by: TestYard.cashier)
                }, yard)
            await expectRefused(
                text,
                { yard, text in
                    _ = try await yard.installation.requestRevocation(
                        of: yard.terminal.id, trusted: 1, reason: text, at: yard.yard,
                        by: TestYard.office)
                }, yard)
            await expectRefused(
                text,
                { yard, text in
                    _ = try await yard.installation.requestPersonal(
                        .hold(first: 0, last: nil, reason: text), at: yard.yard,
                        by: TestYard.cashier)
                }, yard)
            try await yard.count(nil)
            await expectRefused(
                text, { yard, text in try await yard.explain(.unexplained, text) }, yard)
            await expectRefused(
                text,
                { yard, text in
                    try await yard.installation.rejectClose(
                        reason: text, at: yard.yard, by: TestYard.approver)
                }, yard)

            #expect(try installation.reversalRequests(of: yard.yard).isEmpty)
            #expect(try installation.openKeyRequests(of: yard.yard).isEmpty)
            #expect(try installation.openPersonalRequests(of: yard.yard).isEmpty)
            let progress = try installation.closeProgress(of: yard.yard)
            #expect(progress.draft != nil && progress.sentBack.isEmpty && !progress.isExplained)
        }
    }

    @Test func `a request that cannot be read is listed and can be rejected`() async throws {
        try await withFolder { folder in
            let yard = try await TestYard.open(
                folder + "/data", clock: TestClock(TestClock.morning), terminals: 1,
                hasTariff: true)
            let sold = try await yard.sell("privat: 1 m³ gruenabfall")
            for reason in ["doppelt angeliefert", "zwei Zeilen"] {
                _ = try await yard.installation.requestReversal(
                    ReversalWish(
                        kind: .refund, original: sold, amounts: [0: Cents(100)], reason: reason,
                        method: .card), at: yard.yard, by: TestYard.cashier)
            }
            let again = try await reopened(
                yard,
                after: "UPDATE reversal_request SET body = replace(body, 'zwei ', 'zwei\\n')")

            let listed = try again.reversalRequests(of: yard.yard)
            #expect(listed.map(\.isReadable) == [false, true])
            #expect(listed.map(\.wish.original) == [sold, sold])
            try await again.rejectReversal(2, at: yard.yard, by: TestYard.approver)
            try await again.approveReversal(1, at: yard.yard, by: TestYard.approver)
            let states = try again.reversalRequests(of: yard.yard).map(\.row.state)
            #expect(states == [.rejected, .approved])
            try again.close()
        }
    }

    @Test func `a name that was stored decomposed keeps no close from its sheet`() async throws {
        try await withFolder { folder in
            let yard = try await TestYard.open(
                folder + "/data", clock: TestClock(TestClock.morning), terminals: 1,
                hasTariff: true)
            try await yard.installation.save(TestYard.cashier, password: "richtig-und-lang")
            try await yard.sell("privat: 1 m³ gruenabfall")
            let again = try await reopened(
                yard, after: "UPDATE person SET name = 'Anna Mu' || char(776) || 'ller'")

            let day = again.calendar.day(of: yard.clock.now)
            try await again.countClose([:], day: day, at: yard.yard, by: TestYard.cashier)
            try await again.explainDifference(
                TestYard.girocard, reason: .cutMissing, text: "Bonrolle leer.", at: yard.yard,
                by: TestYard.cashier)
            _ = try await again.approveClose(at: yard.yard, by: TestYard.approver)

            #expect(try again.closeSheet(1, of: yard.yard).text.contains("Anna Müller"))
            try again.close()
        }
    }
}
