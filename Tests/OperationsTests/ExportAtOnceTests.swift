import DayClosing
import Foundation
import GRDB
import Operations
import People
import Storage
import Testing
import Units

/// Exports that are made while something else happens.
struct ExportAtOnceTests {
    #if DEBUG
    @Test func `sales are taken while the files of an export are written`() async throws {
        try await withHeldRenderings { yard, gate in
            let making = Task {
                try await yard.installation.createExport(
                    "hledger", of: [1], at: yard.yard, by: TestYard.office)
            }
            await gate.waitForArrival()

            try await yard.sell("privat: 1 m³ gruenabfall")

            #expect(try yard.installation.exports(of: yard.yard).isEmpty)
            gate.letThrough(1)
            #expect(try await making.value.number == 1)
            // The sale came after the close and is not in its export.
            #expect(try yard.installation.closeProgress(of: yard.yard).totals.counts["sale"] == 1)
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test(arguments: ["hledger", "datev", "allgemein"])
    func `two people who make the same export at once get the same one`(format: String)
        async throws
    {
        try await withHeldRenderings { yard, gate in
            let making = [TestYard.office, TestYard.approver].map { person in
                Task {
                    try await yard.installation.createExport(
                        format, of: [1], at: yard.yard, by: person)
                }
            }
            for _ in making { await gate.waitForArrival() }

            gate.letThrough(2)

            let (first, second) = (try await making[0].value, try await making[1].value)
            #expect(first == second)
            #expect(try yard.installation.exports(of: yard.yard) == [first])
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test func `of two exports at once that share a close one is refused`() async throws {
        try await withHeldRenderings { yard, gate in
            _ = try await yard.close(nil)
            let making = [[1], [1, 2]].map { (closes: [Int64]) in
                Task {
                    try await yard.installation.createExport(
                        "datev", of: closes, at: yard.yard, by: TestYard.office)
                }
            }
            for _ in making { await gate.waitForArrival() }

            gate.letThrough(2)

            var refusals: [OperationsError] = []
            for task in making {
                do { _ = try await task.value } catch let error as OperationsError {
                    refusals.append(error)
                }
            }
            #expect(refusals == [.exportTwice(close: 1, export: 1)])
            #expect(try yard.installation.exports(of: yard.yard).count == 1)
            // Nothing is left of the other one's files.
            let queue = try DatabaseQueue(path: yard.directory.database)
            let unnamed = try await queue.read {
                try Int.fetchOne(
                    $0,
                    sql: """
                        SELECT count(*) FROM export_part
                        WHERE file NOT IN (SELECT file FROM export_file)
                        """)
            }
            #expect(unnamed == 0)
            try queue.close()
        }
    }

    @Test func `an export rejected while its twin is written is corrected by the twin`()
        async throws
    {
        try await withHeldRenderings { yard, gate in
            let (ended, end) = AsyncStream.makeStream(of: ExportBatch.self)
            let making = [TestYard.office, TestYard.approver].map { person in
                Task {
                    let export = try await yard.installation.createExport(
                        "datev", of: [1], at: yard.yard, by: person)
                    _ = end.yield(export)
                }
            }
            for _ in making { await gate.waitForArrival() }
            var made = ended.makeAsyncIterator()
            gate.letThrough(1)
            let first = try #require(await made.next())
            try await yard.installation.rejectExport(
                first.number, reason: "Probe", at: yard.yard, by: TestYard.office)

            gate.letThrough(1)

            let second = try #require(await made.next())
            #expect([first.number, second.number] == [1, 2])
            #expect([first.corrects, second.corrects] == [[], [1]])
            #expect(first.files == second.files)
            for task in making { try await task.value }
        }
    }

    /// A yard with a close of one sale, in which nobody's rendering begins before the gate lets it.
    private func withHeldRenderings(_ body: (TestYard, Gate) async throws -> Void) async throws {
        try await withReopenedYard(sales: 1) { yard, open in
            let gate = Gate()
            let held = try open(
                Safety(), ProvokedFaults { if $0 == .whileRendering { gate.pass() } })
            defer { gate.letThrough(9) }
            do { try await body(held, gate) } catch {
                gate.letThrough(9)
                try held.installation.close()
                throw error
            }
            try held.installation.close()
        }
    }
    #endif

    @Test func `records of several pages all stand in the file, in their order`() async throws {
        try await withReopenedYard(sales: 300) { yard, open in
            let again = try open(Safety(), .none)
            let export = try await again.installation.createExport(
                "hledger", of: [1], at: again.yard, by: TestYard.office)
            let bytes = try again.installation.exportFile(
                try #require(export.files.first).name, ofExport: 1, at: again.yard,
                by: TestYard.office)
            let indexes = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
                .compactMap { line in
                    line.split(separator: "index:").dropFirst().first?
                        .prefix { $0.isNumber }
                }.compactMap { Int64($0) }
            let close = try again.installation.close(1, of: again.yard)
            #expect(indexes.count == 300)
            #expect(indexes == Array(close.to - 300..<close.to))
            #expect(try again.installation.verify().misfit == nil)
            try again.installation.close()
        }
    }

    @Test func `a file that is too large is refused and nothing is left`()
        async throws
    {
        try await withReopenedYard(sales: 1) { yard, open in
            let small = try open(Safety(exportFileMax: 100), .none)
            let error = await #expect(throws: OperationsError.self) {
                _ = try await small.installation.createExport(
                    "hledger", of: [1], at: small.yard, by: TestYard.office)
            }
            #expect(error?.code == "export-file-too-large")
            #expect(error?.status == 422)
            #expect(try small.installation.exports(of: small.yard).isEmpty)
            let left = try FileManager.default.contentsOfDirectory(atPath: yard.directory.path)
            #expect(!left.contains { $0.hasPrefix(".export-") })
            // The next thing goes on as if nothing had been.
            try await small.sell("privat: 1 m³ gruenabfall")
            try small.installation.close()
        }
    }

    /// A closed yard with a close of so many sales, and what opens it again.
    private func withReopenedYard(
        sales: Int64,
        _ body: (TestYard, (Safety, ProvokedFaults) throws -> TestYard) async throws -> Void
    ) async throws {
        try await withFolder { folder in
            let clock = TestClock(TestClock.morning)
            let yard = try await TestYard.open(
                folder + "/data", clock: clock, terminals: 1, hasTariff: true)
            for _ in 0..<sales { try await yard.sell("privat: 1 m³ gruenabfall") }
            try await yard.close(Tally(count: sales, amount: Cents(1_200 * sales)))
            try yard.installation.close()
            try await body(yard) { safety, faults in
                TestYard(
                    directory: yard.directory, clock: clock,
                    installation: try Installation(
                        directory: yard.directory, clock: { clock.now }, safety: safety,
                        logger: .silent, faults: faults),
                    yard: yard.yard, terminals: yard.terminals)
            }
        }
    }
}

#if DEBUG
/// Holds up whoever comes, until so many are let through.
final class Gate: Sendable {
    private let condition = NSCondition()
    private nonisolated(unsafe) var places = 0
    private let arrivals: AsyncStream<Void>
    private let arrived: AsyncStream<Void>.Continuation

    init() {
        (arrivals, arrived) = AsyncStream.makeStream()
    }

    func pass() {
        arrived.yield()
        condition.lock()
        while places == 0 { condition.wait() }
        places -= 1
        condition.unlock()
    }

    func waitForArrival() async {
        var iterator = arrivals.makeAsyncIterator()
        _ = await iterator.next()
    }

    func letThrough(_ count: Int) {
        condition.lock()
        places += count
        condition.broadcast()
        condition.unlock()
    }
}
#endif
