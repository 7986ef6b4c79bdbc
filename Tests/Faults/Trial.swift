import Foundation
import Storage

/// One round of a fault test.
final class Trial {
    let town: Town
    let round: Int
    /// How the server is broken on purpose; nil in an honest round.
    let breakage: Breakage?
    var random: SplitMix
    let folder: String
    private var sites = 0
    private(set) var verdict = Verdict()
    /// Figures worth a line in the table, such as the longest restart.
    private(set) var figures: [String: Double] = [:]
    private(set) var counts: [String: Int] = [:]

    init(_ town: Town, round: Int, breakage: Breakage?, seed: UInt64, folder: String) {
        self.town = town
        self.round = round
        self.breakage = breakage
        self.folder = folder
        random = SplitMix(seed: seed &+ UInt64(round) &* 0x9E37)
    }

    /// A fresh copy of the town, with the breakage of this trial in its environment.
    func site(in other: String? = nil, of town: Town? = nil) throws -> Site {
        sites += 1
        let site = try Site(town ?? self.town, in: "\(other ?? folder)/site-\(sites)")
        #if DEBUG
        if let breakage { site.environment[ProvokedFaults.breakageVariable] = "\(breakage)" }
        #endif
        return site
    }

    /// A random whole number.
    func any(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    func complain(_ words: String) { verdict.violations.append(words) }

    /// Notes the largest of a figure.
    func note(_ name: String, _ value: Double) { figures[name] = max(figures[name] ?? 0, value) }

    /// Counts how often something happened, over all rounds.
    func count(_ name: String, _ times: Int = 1) { counts[name, default: 0] += times }

    /// Checks the journal as it lies there and adds what is found.
    func check(_ site: Site, _ stage: Checker.Stage, database: String? = nil) throws {
        var checker = Checker(site, database: database)
        let found = try checker.check(stage)
        verdict.violations += found.violations
        guard stage == .complete else { return note("unheard", Double(found.unheard)) }
        verdict.acknowledged += found.acknowledged
        verdict.surviving += found.surviving
        verdict.doubled += found.doubled
        verdict.checkpoints += found.checkpoints
    }

    /// Adds what a check of its own found.
    func add(_ found: Verdict) { verdict = verdict + found }

    /// Counts what the journal of a site at rest holds of what was acknowledged.
    func tally(_ site: Site) throws {
        var checker = Checker(site)
        add(try checker.check(.recovered))
    }

    /// Starts the server again after a crash, sends everything again, stops, and checks all
    /// invariants before and after.
    ///
    /// - Parameter restartMax: seconds that a restart may take (trust.md F1). On a machine that is
    ///   busy with other things the best of three on copies counts.
    func recover(_ site: Site, restartMax: Double = 20) throws {
        let copies = try restartMax < 20 ? (0..<2).map { try copy(of: site, $0) } : []
        let server = try site.serve()
        var seconds = server.startSeconds
        for copy in copies where seconds > restartMax {
            let again = try copy.serve()
            again.child.signal(SIGKILL)
            again.child.wait()
            seconds = min(seconds, again.startSeconds)
        }
        note("restart s", seconds)
        if seconds > restartMax { complain("the restart took \(seconds) s") }
        for copy in copies { try FileManager.default.removeItem(atPath: copy.folder) }
        try check(site, .recovered)
        try finish(site, server)
    }

    /// Sends everything again, stops the server, and checks all invariants.
    func finish(_ site: Site, _ server: Server) throws {
        site.repeatAll(port: server.port)
        try server.stop()
        try verifyAll(site)
    }

    private func copy(of site: Site, _ number: Int) throws -> Site {
        let copy = try Site(town, in: "\(folder)/restart-\(number)")
        copy.environment = site.environment
        try FileManager.default.removeItem(atPath: copy.data)
        try FileManager.default.copyItem(atPath: site.data, toPath: copy.data)
        return copy
    }

    /// Full check at rest: the program's own verification and the history's.
    func verifyAll(_ site: Site) throws {
        let verify = try Child([Program.path, "verify", "--data", site.data], in: site.folder)
        if verify.wait() != 0 { complain("I3: \(verify.output)\(verify.errors)") }
        try check(site, .complete)
    }
}

/// Random numbers that are the same for the same seed (SplitMix64).
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

/// Why a fault cannot be provoked on this machine.
struct Skipped: Error {
    let reason: String
}
