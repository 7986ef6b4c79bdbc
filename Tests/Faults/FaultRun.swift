import Foundation
import Storage

/// Runs faults in a scratch folder.
struct FaultRun: Sendable {
    let town: Town
    let scratch: String
    let seed: UInt64

    /// Runs faults and their broken variants, `jobs` at a time; those that measure time one by one
    /// at the end. The results come in the order of `faults`.
    func runAll(_ faults: [Fault], roundsMax: Int?, jobs: Int) -> [FaultResult] {
        let results = Results()
        let work = WorkList(faults.filter { !$0.isTimed })
        let group = DispatchGroup()
        for _ in 0..<max(1, jobs) {
            Thread.run(in: group) {
                while let fault = work.next() { results.add(runWhole(fault, roundsMax)) }
            }
        }
        group.wait()
        for fault in faults where fault.isTimed { results.add(runWhole(fault, roundsMax)) }
        return faults.compactMap { results[$0.name] }
    }

    private func runWhole(_ fault: Fault, _ roundsMax: Int?) -> FaultResult {
        let full = fault.rounds.full
        let rounds = roundsMax.map { fault.isSeeded ? $0 : min(full, $0) } ?? full
        say("\(fault.name): \(fault.title), \(rounds) rounds")
        var result = run(fault, rounds: rounds)
        bite(fault, &result)
        say(result.line)
        return result
    }

    /// Honest rounds; what is found in them is a failure.
    func run(_ fault: Fault, rounds: Int) -> FaultResult {
        var result = FaultResult(fault: fault)
        let began = ContinuousClock.now
        for round in 0..<rounds {
            guard let trial = trial(fault, round, breakage: nil, into: &result) else { continue }
            result.rounds += 1
            result.verdict = result.verdict + trial.verdict
            result.figures.merge(trial.figures, uniquingKeysWith: max)
            result.counts.merge(trial.counts, uniquingKeysWith: +)
            for violation in trial.verdict.violations.prefix(5) {
                say("\(fault.name) round \(round + 1) of seed \(seed): \(violation)")
            }
            if !trial.verdict.violations.isEmpty { break }
        }
        result.seconds = began.duration(to: .now) / .seconds(1)
        return result
    }

    /// Rounds with the broken program; what is found in them shows that the test bites.
    func bite(_ fault: Fault, _ result: inout FaultResult) {
        for round in 0..<fault.bite.rounds {
            let trial = trial(fault, round, breakage: fault.bite.breakage, into: &result)
            guard let trial else { continue }
            result.biteTried = true
            guard let first = trial.verdict.violations.first else { continue }
            say("\(fault.name) notices \(fault.bite.breakage) in round \(round + 1): \(first)")
            result.bitInRound = round
            return
        }
    }

    /// Nil if the machine cannot do it, which is noted.
    private func trial(
        _ fault: Fault, _ round: Int, breakage: Breakage?, into result: inout FaultResult
    ) -> Trial? {
        let folder = "\(scratch)/\(fault.name)-\(round)\(breakage == nil ? "" : "-broken")"
        let trial = Trial(town, round: round, breakage: breakage, seed: seed, folder: folder)
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            try fault.run(trial)
        } catch let skip as Skipped {
            if result.skips.insert(skip.reason).inserted {
                say("\(fault.name) SKIPPED: \(skip.reason)")
            }
            return nil
        } catch {
            if breakage == nil || fault.isShown(by: error) {
                trial.complain("\(error)")
            } else {
                say("\(fault.name) ended without a sign of \(fault.bite.breakage): \(error)")
            }
        }
        if trial.verdict.violations.isEmpty || breakage != nil {
            do { try FileManager.default.removeItem(atPath: folder) } catch {
                say("\(folder) was not removed: \(error)")
            }
        } else {
            say("\(fault.name): what is left of round \(round + 1) lies in \(folder)")
        }
        return trial
    }
}

/// Faults to be run, handed out in order.
private final class WorkList: @unchecked Sendable {
    private let lock = NSLock()
    private var faults: ArraySlice<Fault>

    init(_ faults: [Fault]) { self.faults = faults[...] }

    func next() -> Fault? { lock.withLock { faults.popFirst() } }
}

/// What became of faults that ran beside each other.
private final class Results: @unchecked Sendable {
    private let lock = NSLock()
    private var byName: [String: FaultResult] = [:]

    func add(_ result: FaultResult) { lock.withLock { byName[result.fault.name] = result } }

    subscript(name: String) -> FaultResult? { lock.withLock { byName[name] } }
}
