import FinanceSamples
import Journal
import Signing
import Testing
import Units

@testable import Operations

struct RecentRecordsTests {
    private func record(_ sequence: Int64, _ index: Int64) -> ChainSurroundings.Recorded {
        let statement = Digest.sha256(Array("\(sequence) \(index)".utf8))
        return .init(
            index: index, statement: statement, previous: .sha256([UInt8]()),
            at: TestClock(TestClock.morning).now)
    }

    /// What the journal would say.
    private func surroundings(
        _ stored: [Int64: ChainSurroundings.Recorded], _ sequence: Int64
    ) -> ChainSurroundings {
        ChainSurroundings(
            highest: stored.keys.max() ?? 0, same: stored[sequence], before: stored[sequence - 1],
            after: stored[sequence + 1], isQuarantined: false)
    }

    @Test(arguments: 0..<20) func `it says what the journal says or nothing`(round: Int) {
        let seed = UInt64.random(in: 0..<UInt64(UInt32.max))
        print("recent records, seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        let recent = RecentRecords()
        var stored: [Int64: ChainSurroundings.Recorded] = [1: record(1, 0), 2: record(2, 1)]
        var known = 0
        for index in 2..<4_000 as Range<Int64> {
            let highest = stored.keys.max() ?? 0
            let isAhead = Int.random(in: 0..<4, using: &generator) > 0
            let sequence =
                isAhead
                ? highest + Int64.random(in: 1...3, using: &generator)
                : Int64.random(in: max(1, highest - 40)...highest, using: &generator)
            let truth = surroundings(stored, sequence)
            if let said = recent.surroundings(of: 7, sequence: sequence) {
                known += 1
                #expect(said == truth, "seed \(seed), \(sequence)")
            }
            #expect(recent.surroundings(of: 8, sequence: sequence) == nil)
            guard stored[sequence] == nil else { continue }
            stored[sequence] = record(sequence, index)
            recent.note(record(sequence, index), sequence: sequence, in: truth, of: 7)
            if Int.random(in: 0..<500, using: &generator) == 0 { recent.forgetAll() }
        }
        #expect(known > 2_000, "seed \(seed)")
    }

    @Test func `nothing is known of a terminal in quarantine, or one that was forgotten`() {
        let recent = RecentRecords()
        recent.note(record(1, 0), sequence: 1, in: surroundings([:], 1), of: 7)
        #expect(recent.surroundings(of: 7, sequence: 2)?.before?.index == 0)

        recent.forget(7)
        #expect(recent.surroundings(of: 7, sequence: 2) == nil)

        let doubted = ChainSurroundings(
            highest: 1, same: nil, before: record(1, 0), after: nil, isQuarantined: true)
        recent.note(record(2, 1), sequence: 2, in: doubted, of: 7)
        #expect(recent.surroundings(of: 7, sequence: 3) == nil)
    }

    @Test func `it knows at least as many records as were counted, until all is taken back`() {
        let recent = RecentRecords()
        #expect(recent.countAtLeast(of: 1) == 0)
        recent.note(count: 12, of: 1)
        recent.forget(1)
        #expect(recent.countAtLeast(of: 1) == 12 && recent.countAtLeast(of: 2) == 0)
        recent.forgetAll()
        #expect(recent.countAtLeast(of: 1) == 0)
    }
}
