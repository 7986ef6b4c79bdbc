import FinanceSamples
import Foundation
import Journal
import Sales
import Storage
import Testing
import Units

@testable import Operations

struct BatchTests {
    private struct Failed: Error {}

    /// Full batches are written without savepoints; what fails in one must not take others along.
    @Test func `work that fails in a batch takes back only itself`() async throws {
        try await withYard(terminals: 4) { yard in
            let sale = TerminalFact.sale(try yard.sale("privat: 1 m³ gruenabfall"))
            let signed = try yard.terminals.map { try $0.sign(sale) }
            let (writer, number) = (yard.installation.writer, yard.yard.number)
            let before = try yard.installation.database.read { try $0.logSize(yard: number) }

            let failures = try await withThrowingTaskGroup(of: Bool.self) { group in
                group.addTask {
                    // What comes meanwhile waits for one batch.
                    try await writer.perform { _ in Thread.sleep(forTimeInterval: 0.2) }
                    return false
                }
                for record in signed {
                    group.addTask {
                        _ = try await yard.admit(record)
                        return false
                    }
                    group.addTask {
                        do {
                            try await writer.perform(for: .sales) { batch in
                                let entry = LogEntry(
                                    kind: .evidence, received: yard.installation.clock(),
                                    jws: [0x61], flags: [])
                                _ = try batch.append(EncodedEntry(entry), to: number)
                                throw Failed()
                            } answer: { (_: Void, _) in
                            }
                            return false
                        } catch is Failed { return true }
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }

            #expect(failures == 4)
            let after = try yard.installation.database.read { try $0.logSize(yard: number) }
            #expect(after == before + 4)
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    /// What an admission says, without proof and bytes.
    private func words(_ results: [Result<Admission, any Error>]) throws -> [String] {
        try results.map {
            switch try $0.get() {
            case .acknowledged(let found): "\(found.index) \(found.isRepeat) \(found.flags)"
            case .equivocation(let evidence, let recorded): "\(evidence) against \(recorded)"
            }
        }
    }

    /// A chain of one terminal as bad weather and bad terminals deliver it: in order, repeated,
    /// with gaps that are filled late, contradicted, and continuing another record than the last.
    private func disordered(_ yard: TestYard, _ generator: inout SeededGenerator) throws
        -> [SignedRecord]
    {
        let terminal = yard.terminal
        let fact = TerminalFact.sale(try yard.sale("privat: 1 m³ gruenabfall"))
        let other = TerminalFact.sale(try yard.sale("privat: 2 m³ gruenabfall"))
        var signed: [SignedRecord] = []
        var sent: [SignedRecord] = []
        for place in 0..<24 {
            let record = try terminal.sign(fact)
            signed.append(record)
            switch Int.random(in: 0..<12, using: &generator) {
            case 0: sent.append(signed[Int.random(in: 0...place, using: &generator)])
            case 1: break
            case 2 where place > 4:
                let contradiction = try terminal.sign(
                    other, sequence: record.reference.sequence,
                    previous: signed[place - 1].statement)
                sent += [record, contradiction]
            case 3 where place > 4:
                let stray = try terminal.sign(
                    other, sequence: record.reference.sequence + 100,
                    previous: signed[place - 2].statement)
                sent += [record, stray]
            default: sent.append(record)
            }
        }
        return sent + signed
    }

    /// In batches; one by one in the order of their numbers within each batch; and so with other
    /// work between, after which the writer asks the journal for everything it knew of terminals.
    @Test(arguments: 0..<6) func `one batch says what one by one says`(round: Int) async throws {
        let seed = UInt64.random(in: 0..<UInt64(UInt32.max))
        print("batch against one by one, seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        try await withFolder { folder in
            let yard = try await TestYard.open(
                folder + "/a", clock: TestClock(TestClock.morning), terminals: 1, hasTariff: true)
            let records = try disordered(yard, &generator)
            try yard.installation.close()
            for name in ["b", "c"] {
                try FileManager.default.copyItem(atPath: folder + "/a", toPath: "\(folder)/\(name)")
            }
            var told: [[String]] = []
            for name in ["a", "b", "c"] {
                let installation = try Installation(
                    directory: DataDirectory("\(folder)/\(name)"), clock: { yard.clock.now },
                    logger: .silent)
                var words: [String] = []
                for start in stride(from: 0, to: records.count, by: 9) {
                    let batch = Array(records[start..<min(start + 9, records.count)])
                    guard name != "a" else {
                        words += try self.words(
                            try await installation.admit(
                                batch.map { .success($0.envelope) }, to: yard.yard))
                        continue
                    }
                    var answers = [String](repeating: "", count: batch.count)
                    for (place, record) in batch.inOrder {
                        answers[place] = try self.words(
                            try await installation.admit([.success(record.envelope)], to: yard.yard)
                        )[0]
                        if name == "c" { try await installation.writer.perform { _ in } }
                    }
                    words += answers
                }
                let state = try installation.terminals(of: yard.yard).map { "\($0.state)" }
                told.append(words + state)
                #expect(try installation.verify().misfit == nil)
                try installation.close()
            }
            #expect(told[0] == told[1], "seed \(seed)")
            #expect(told[1] == told[2], "seed \(seed)")
        }
    }
}

extension [SignedRecord] {
    /// With their places, by number; of one number as they stand.
    fileprivate var inOrder: [(offset: Int, element: SignedRecord)] {
        enumerated().sorted {
            ($0.element.reference.sequence, $0.offset) < ($1.element.reference.sequence, $1.offset)
        }
    }
}
