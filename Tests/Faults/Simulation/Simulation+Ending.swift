import DayClosing
import Foundation
import Operations
import Sales
import Storage
import Units

extension Simulation {
    /// Everything arrives, every payment is found out, and the last close is made.
    mutating func finish() async throws {
        server.disarm()
        for number in terminals.indices {
            while !terminals[number].queue.isEmpty {
                try await deliver(from: number, upTo: 100, isCalm: true)
            }
            while !terminals[number].silent.isEmpty { try await resolve(at: number) }
        }
        for terminal in yardTerminals {
            for words in try await terminal.finish() { complain(words) }
        }
        try await close()
        try await checkBooks()
        // Clocks that were set back or ahead have no say any more.
        clock.move(milliseconds: 10 * 86_400_000)
        try await ask(.honest)
        witness.tell(history)
        let report = try server.installation.verify()
        if let misfit = report.misfit { complain("I3: \(misfit.what)") }
        if !report.gaps.isEmpty { complain("I5: not arrived: \(report.gaps)") }
        let size = try server.installation.logStatus(of: try server.yard).witnessedSize
        if size != (try server.installation.logStatus(of: try server.yard).size) {
            complain("I3: witnessed up to \(size ?? 0) only")
        }
    }

    /// Closes continue each other, hold every envelope once, balance, and agree with the devices.
    private mutating func checkBooks() async throws {
        let yard = try server.yard
        let closes = try server.installation.closes(of: yard)
        guard closes.first?.from == 0,
            zip(closes, closes.dropFirst()).allSatisfy({ $0.to == $1.from })
        else { return complain("I6: the closes do not continue each other") }
        let end = closes.last?.to ?? 0
        for (reference, receipts) in history.receipts where receipts[0].index >= end {
            complain("I6: \(reference.receiptNumber) is in no close")
        }
        for close in closes {
            let (debit, credit) = (
                close.totals.accounts.map(\.debit).sum(), close.totals.accounts.map(\.credit).sum()
            )
            if debit != credit { complain("I6: close \(close.number) does not balance") }
        }
        if closes.last?.totals.unknown != [] { complain("I6: a payment is still unknown") }
        for terminal in terminals {
            let key = CardKey(cardTerminal: terminal.device.number, scheme: .girocard)
            let booked = closes.compactMap { $0.totals.cards[key]?.amount }.sum()
            if booked != terminal.device.net.amount {
                complain("I6: \(key.cardTerminal) has \(terminal.device.net.amount), not \(booked)")
            }
        }
        for terminal in yardTerminals {
            let key = CardKey(cardTerminal: terminal.cardNumber, scheme: .girocard)
            let booked = closes.compactMap { $0.totals.cards[key]?.amount }.sum()
            let taken = try await terminal.net()
            if booked != taken { complain("I6: \(key.cardTerminal) has \(taken), not \(booked)") }
        }
        try await checkExports(closes.map(\.number))
    }

    /// The same closes give the same bytes.
    private mutating func checkExports(_ numbers: [Int64]) async throws {
        let yard = try server.yard
        var exports: [ExportBatch] = []
        for _ in 0..<2 {
            let export = try await server.perform {
                try await $0.createExport("hledger", of: numbers, at: yard, by: Self.office)
            }
            if let export { exports.append(export) }
        }
        if exports.count == 2, exports[0].files != exports[1].files {
            complain("I6: the same closes gave other bytes")
        }
    }
}

/// What a simulation found.
struct SimulationResult: Sendable {
    let verdict: Verdict
    let counts: [String: Int]
}

extension Simulation {
    /// Founds, lives and ends one simulation.
    static func run(_ town: Town, in folder: String, seed: UInt64, breakage: Breakage?) async throws
        -> SimulationResult
    {
        var simulation = try Simulation(town, in: folder, seed: seed, breakage: breakage)
        for terminal in simulation.yardTerminals { try await terminal.begin() }
        for _ in 0..<100 { try await simulation.step() }
        try await simulation.finish()
        for terminal in simulation.yardTerminals { try await terminal.close() }
        try simulation.server.close()
        simulation.witness.close()
        var checker = Checker(
            simulation.history, of: town, database: simulation.server.data + "/hofbuch.sqlite3")
        checker.checksTurnover = false
        var verdict = try checker.check(.complete)
        verdict.violations += simulation.complaints
        let terminals = simulation.yardTerminals
        return SimulationResult(
            verdict: verdict,
            counts: [
                "crashes of the server": simulation.server.crashes,
                "of terminals": terminals.map(\.crashes).reduce(0, +),
                "of the witness": simulation.witness.restarts,
                "card payments": terminals.map(\.payments).reduce(0, +),
                "cosigned": simulation.witness.cosigned,
            ])
    }
}

extension Fault {
    static let simulations = [
        Fault(
            "F36", "everything at once in one process, from a seed", short: 3, full: 30,
            bite: .repeatAnew, within: 10, isSeeded: true
        ) { trial in
            let (town, folder, breakage) = (trial.town, trial.simulationFolder, trial.breakage)
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            defer { trial.remove(folder) }
            let seed = trial.random.next()
            let result = try blocking {
                try await Simulation.run(town, in: folder, seed: seed, breakage: breakage)
            }
            for (name, count) in result.counts { trial.count(name, count) }
            trial.add(result.verdict)
        }
    ]
}

extension Trial {
    /// In memory where that is possible: the simulated crashes copy files, they cut no power.
    fileprivate var simulationFolder: String {
        let memory = "/dev/shm"
        guard FileManager.default.isWritableFile(atPath: memory) else { return folder + "/life" }
        return "\(memory)/hofbuch-simulation-\(getpid())-\(round)"
    }

    fileprivate func remove(_ path: String) {
        do { try FileManager.default.removeItem(atPath: path) } catch {
            complain("\(path) was not removed: \(error)")
        }
    }
}
