import Foundation
import Storage

/// What became of one fault: its honest rounds, and the rounds of the broken program.
struct FaultResult {
    let fault: Fault
    var rounds = 0
    var verdict = Verdict()
    var figures: [String: Double] = [:]
    var counts: [String: Int] = [:]
    var skipped: String?
    /// The round in which the broken program was noticed; nil if it was not, or not tried.
    var bitInRound: Int?
    var biteTried = false
    var seconds = 0.0

    var isGood: Bool {
        skipped != nil || (verdict.violations.isEmpty && (!biteTried || bitInRound != nil))
    }

    /// One line of the table.
    var line: String {
        if let skipped { return "\(fault.name)  SKIPPED: \(skipped)" }
        let bite =
            fault.bite.map { bite in
                biteTried
                    ? bitInRound.map { "\(bite.breakage) noticed in round \($0 + 1)" }
                        ?? "\(bite.breakage) NOT NOTICED"
                    : "\(bite.breakage) not tried"
            } ?? "no broken variant"
        let measured = figures.sorted { $0.key < $1.key }
            .map { "\($0.key) \(($0.value * 100).rounded() / 100)" }
        let counted = counts.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        return "\(fault.name)  \(verdict.violations.isEmpty ? "held" : "FAILED")  "
            + "\(rounds) rounds  acknowledged \(verdict.acknowledged)  "
            + "surviving \(verdict.surviving)  doubled \(verdict.doubled)  "
            + "checkpoints \(verdict.checkpoints)  \(Int(seconds)) s  [\(bite)]  "
            + (measured + counted).joined(separator: ", ")
    }
}

/// Runs faults one after the other in a scratch folder.
struct FaultRun {
    let town: Town
    let scratch: String
    let seed: UInt64

    /// Honest rounds; what is found in them is a failure.
    func run(_ fault: Fault, rounds: Int) throws -> FaultResult {
        var result = FaultResult(fault: fault)
        let began = ContinuousClock.now
        for round in 0..<rounds {
            let trial = try self.trial(fault, round, breakage: nil, into: &result)
            guard let trial else { break }
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
    func bite(_ fault: Fault, _ result: inout FaultResult) throws {
        guard let bite = fault.bite, result.skipped == nil else { return }
        result.biteTried = true
        for round in 0..<bite.rounds {
            let trial = try self.trial(fault, round, breakage: bite.breakage, into: &result)
            guard let trial else { return }
            if let first = trial.verdict.violations.first {
                say("\(fault.name) notices \(bite.breakage) in round \(round + 1): \(first)")
                result.bitInRound = round
                return
            }
        }
    }

    /// Nil if the machine cannot do it, which is noted.
    private func trial(
        _ fault: Fault, _ round: Int, breakage: Breakage?, into result: inout FaultResult
    ) throws -> Trial? {
        let folder = "\(scratch)/\(fault.name)-\(round)\(breakage == nil ? "" : "-broken")"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        let trial = Trial(town, round: round, breakage: breakage, seed: seed, folder: folder)
        do { try fault.run(trial) } catch let skip as Skipped {
            result.skipped = skip.reason
            return nil
        } catch {
            trial.complain("\(error)")
        }
        if trial.verdict.violations.isEmpty || breakage != nil {
            try FileManager.default.removeItem(atPath: folder)
        } else {
            say("\(fault.name): what is left of round \(round + 1) lies in \(folder)")
        }
        return trial
    }
}
