import Storage

/// What became of one fault: its honest rounds, and the rounds of the broken program.
struct FaultResult {
    let fault: Fault
    var rounds = 0
    var verdict = Verdict()
    var figures: [String: Double] = [:]
    var counts: [String: Int] = [:]
    /// Why rounds could not run on this machine.
    var skips: Set<String> = []
    /// The round in which the broken program was noticed; nil if it was not, or not tried.
    var bitInRound: Int?
    var biteTried = false
    var seconds = 0.0

    var isGood: Bool { verdict.violations.isEmpty && (!biteTried || bitInRound != nil) }

    /// Whether no honest round could run on this machine.
    var isSkipped: Bool { isGood && rounds == 0 }

    private var state: String {
        if !verdict.violations.isEmpty { return "FAILED" }
        if rounds == 0 { return "SKIPPED" }
        return skips.isEmpty ? "held" : "held in part"
    }

    /// Whether the test notices a program that is broken on purpose.
    private var bite: String {
        guard biteTried else { return "not tried" }
        let round = bitInRound.map { "yes (\(fault.bite.breakage), round \($0 + 1))" }
        return round ?? "NO (\(fault.bite.breakage))"
    }

    private var remarks: String {
        let measured = figures.sorted { $0.key < $1.key }
            .map { "\($0.key) \(($0.value * 100).rounded() / 100)" }
        let counted = counts.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        return (measured + counted + skips.sorted().map { "SKIPPED: \($0)" })
            .joined(separator: ", ")
    }

    /// What is said when the fault is through.
    var line: String {
        "\(fault.name)  \(state)  \(rounds) rounds  acknowledged \(verdict.acknowledged)  "
            + "surviving \(verdict.surviving)  doubled \(verdict.doubled)  "
            + "checkpoints \(verdict.checkpoints)  \(Int(seconds)) s  bites: \(bite)  "
            + remarks
    }

    /// All results as the table of docs/faults.md.
    static func table(_ results: [FaultResult]) -> String {
        let head = """
            | # | result | rounds | s | acknowledged | surviving | doubled | bites | remarks |
            |---|---|---|---|---|---|---|---|---|
            """
        let rows = results.map { result in
            let found = result.verdict
            return "| \(result.fault.name) | \(result.state) | \(result.rounds) "
                + "| \(Int(result.seconds)) | \(found.acknowledged) | \(found.surviving) "
                + "| \(found.doubled) | \(result.bite) | \(result.remarks) |"
        }
        return ([head] + rows).joined(separator: "\n")
    }
}
