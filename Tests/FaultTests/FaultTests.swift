import Foundation
import Testing

@testable import faults

/// The short form of `make faults`: few rounds of each fault against the program just built.
@Suite(.serialized)
struct FaultTests {
    private static let run = Result {
        Trial.markShort()
        let scratch = NSTemporaryDirectory() + "hofbuch-faults-\(getpid())"
        try FileManager.default.createDirectory(
            atPath: scratch + "/town", withIntermediateDirectories: true)
        return FaultRun(
            town: try Town(in: scratch + "/town"), scratch: scratch,
            seed: UInt64.random(in: 1...999_999))
    }

    @Test(.timeLimit(.minutes(10)), arguments: Fault.all.filter { $0.rounds.short > 0 }.map(\.name))
    func `the journal survives`(fault name: String) throws {
        let fault = try #require(Fault.all.first { $0.name == name })
        let run = try Self.run.get()

        let result = run.run(fault, rounds: fault.rounds.short)

        say(result.line)
        #expect(result.verdict.violations.isEmpty, "seed \(run.seed)")
    }
}
