import Foundation
import Testing

@testable import faults

/// The short form of `make faults`: few rounds of each fault against the program just built.
@Suite(.serialized)
struct FaultTests {
    private static let scratch = NSTemporaryDirectory() + "hofbuch-faults-\(UUID().uuidString)"

    private static let run = Result {
        Trial.markShort()
        atexit { FaultTests.clear() }
        try FileManager.default.createDirectory(
            atPath: scratch + "/town", withIntermediateDirectories: true)
        return FaultRun(
            town: try Town(in: scratch + "/town"), scratch: scratch,
            seed: UInt64.random(in: 1...999_999))
    }

    /// Removes the town, and the scratch folder unless the rest of a failed round lies in it.
    private static func clear() {
        do { try FileManager.default.removeItem(atPath: scratch + "/town") } catch {
            say("\(scratch)/town was not removed: \(error)")
        }
        rmdir(scratch)
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
