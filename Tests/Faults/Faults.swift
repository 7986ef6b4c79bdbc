import Foundation

/// The fault tests: provoke, recover, check the history. `FAULTS="F1 F5"` chooses, `ROUNDS=n` runs
/// at most so many rounds of each (as many seeds of F36), `SEED=n` is the same again, `JOBS=n` runs
/// so many at a time.
@main
struct Faults {
    static func main() throws {
        let environment = ProcessInfo.processInfo.environment
        func number(_ name: String) -> Int? { environment[name].flatMap { Int($0) } }
        let names = (environment["FAULTS"] ?? "").split(separator: " ").map(String.init)
        let unknown = names.filter { name in !Fault.all.contains { $0.name == name } }
        guard unknown.isEmpty else { throw Unforeseen("no such fault: \(unknown)") }
        let faults = Fault.all.filter { names.isEmpty || names.contains($0.name) }
        let seed = environment["SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 1...999_999)
        let jobs = number("JOBS") ?? ProcessInfo.processInfo.activeProcessorCount
        say("seed \(seed), \(jobs) at a time; the same again with SEED=\(seed)")

        let scratch = NSTemporaryDirectory() + "hofbuch-faults-\(getpid())"
        try FileManager.default.createDirectory(
            atPath: scratch + "/town", withIntermediateDirectories: true)
        let run = FaultRun(
            town: try Town(in: scratch + "/town"), scratch: scratch, seed: seed)
        let began = ContinuousClock.now
        let results = run.runAll(faults, roundsMax: number("ROUNDS"), jobs: jobs)
        let minutes = began.duration(to: .now) / .seconds(60)
        say("\n" + FaultResult.table(results))
        let bad = results.filter { !$0.isGood }
        let skipped = results.count(where: \.isSkipped)
        say(
            "\(results.count - bad.count - skipped) of \(results.count) faults held, "
                + "\(skipped) skipped, seed \(seed), "
                + "\((minutes * 10).rounded() / 10) minutes")
        if bad.isEmpty { try FileManager.default.removeItem(atPath: scratch) }
        exit(bad.isEmpty ? 0 : 1)
    }
}

/// Prints at once, also into a pipe.
func say(_ words: String) {
    FileHandle.standardOutput.write(Data("\(words)\n".utf8))
}
