import DayClosing
import Foundation
import Operations
import Sales
import Storage
import Units

extension Simulation {
    /// Everything arrives, every payment is found out, and the last close is made.
    mutating func finish() throws {
        server.disarm()
        // A crash behind the last answer shows at the next operation.
        try ask(witness: true)
        for number in terminals.indices {
            while !terminals[number].queue.isEmpty {
                try deliver(from: number, upTo: 100, isCalm: true)
            }
            while !terminals[number].silent.isEmpty { try resolve(at: number) }
        }
        try close()
        try ask(witness: true)
        try checkBooks()
        let report = try server.installation.verify()
        if let misfit = report.misfit { complain("I3: \(misfit.what)") }
    }

    /// Closes continue each other, hold every envelope once, balance, and agree with the devices.
    private mutating func checkBooks() throws {
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
        try checkExports(closes.map(\.number))
    }

    /// The same closes give the same bytes.
    private mutating func checkExports(_ numbers: [Int64]) throws {
        let yard = try server.yard
        let exports = try (0..<2).compactMap { _ in
            try server.perform {
                try await $0.createExport("hledger", of: numbers, at: yard, by: Self.office)
            }
        }
        if exports.count == 2, exports[0].files != exports[1].files {
            complain("I6: the same closes gave other bytes")
        }
    }
}

extension Fault {
    static let simulations = [
        Fault(
            "F36", "everything at once in one process, from a seed", short: 5, full: 10_000,
            bite: .repeatAnew, within: 10
        ) { trial in
            var simulation = try Simulation(
                trial.town, in: trial.folder, seed: trial.random.next(), breakage: trial.breakage)
            for _ in 0..<60 { try simulation.step() }
            try simulation.finish()
            try simulation.server.close()
            trial.count("crashes", simulation.server.crashes)
            simulation.complaints.forEach(trial.complain)
            var checker = Checker(
                simulation.history, of: trial.town,
                database: simulation.server.data + "/hofbuch.sqlite3")
            checker.checksTurnover = false
            trial.add(try checker.check(.complete))
        }
    ]
}
