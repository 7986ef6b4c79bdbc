import Foundation

/// The fault tests: provoke, recover, check the history. `FAULTS="F1 F5"`, `ROUNDS=n`, `SEED=n`.
@main
struct Faults {
    static func main() throws {
        let environment = ProcessInfo.processInfo.environment
        let names = (environment["FAULTS"] ?? "").split(separator: " ").map(String.init)
        let unknown = names.filter { name in !Fault.all.contains { $0.name == name } }
        guard unknown.isEmpty else { throw Unforeseen("no such fault: \(unknown)") }
        let faults = Fault.all.filter { names.isEmpty || names.contains($0.name) }
        let seed = environment["SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 1...999_999)
        say("seed \(seed); the same again with SEED=\(seed)")

        let scratch = NSTemporaryDirectory() + "hofbuch-faults-\(getpid())"
        try FileManager.default.createDirectory(
            atPath: scratch + "/town", withIntermediateDirectories: true)
        let run = FaultRun(
            town: try Town(in: scratch + "/town"), scratch: scratch, seed: seed)
        var results: [FaultResult] = []
        for fault in faults {
            let rounds = environment["ROUNDS"].flatMap { Int($0) } ?? fault.rounds.full
            say("\(fault.name): \(fault.title), \(rounds) rounds")
            var result = try run.run(fault, rounds: rounds)
            try run.bite(fault, &result)
            say(result.line)
            results.append(result)
        }
        say("\n" + results.map(\.line).joined(separator: "\n"))
        let bad = results.filter { !$0.isGood }
        say("\(results.count - bad.count) of \(results.count) faults held, seed \(seed)")
        if bad.isEmpty { try FileManager.default.removeItem(atPath: scratch) }
        exit(bad.isEmpty ? 0 : 1)
    }
}

/// Prints at once, also into a pipe.
func say(_ words: String) {
    FileHandle.standardOutput.write(Data("\(words)\n".utf8))
}
