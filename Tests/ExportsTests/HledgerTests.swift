import DayClosing
import Exports
import FinanceSamples
import Foundation
import Ledger
import Sales
import Testing
import Units

/// The program hledger, an independent reader of our journals.
private enum Hledger {
    static let path = ["/usr/bin/hledger", "/usr/local/bin/hledger"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// Exit status and output of hledger over `journal`.
    static func run(_ arguments: [String], _ journal: [UInt8]) throws -> (Int32, String) {
        let file = FileManager.default.temporaryDirectory
            .appending(path: "hofbuch-\(UUID().uuidString).journal")
        try Data(journal).write(to: file)
        defer {
            do { try FileManager.default.removeItem(at: file) } catch { Issue.record(error) }
        }
        let (process, pipe) = (Process(), Pipe())
        process.executableURL = URL(filePath: try #require(path))
        process.arguments = ["-f", file.path()] + arguments
        process.environment = ["LC_ALL": "C.UTF-8"]
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}

@Suite(.enabled(if: Hledger.path != nil, "hledger is not installed"))
struct HledgerTests {
    let plan: AccountPlan

    init() throws {
        plan = try Samples.plan()
    }

    /// Balances in cents by account name, zero ones left out.
    private func balances(_ journal: [UInt8]) throws -> [String: Int64] {
        let (status, output) = try Hledger.run(["balance", "--no-total", "-O", "csv"], journal)
        try #require(status == 0, "\(output)")
        var result: [String: Int64] = [:]
        for row in readCSV(output, separator: ",").dropFirst() {
            let digits = row[1].replacing(" EUR", with: "").replacing(".", with: "")
            let cents: Int64 = try #require(Int64(digits))
            result[row[0]] = cents
        }
        return result.filter { $0.value != 0 }
    }

    private func totals(_ batches: [ClosedBatch]) -> [String: Int64] {
        var wanted: [String: Int64] = [:]
        for total in batches.flatMap(\.close.totals.accounts) {
            let name = total.costCentre.map { "\(total.account.number):\($0)" }
            wanted[name ?? total.account.number, default: 0] += (total.debit - total.credit).value
        }
        return wanted.filter { $0.value != 0 }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `hledger finds the journal strict and our totals right`(seed: UInt64) throws {
        let day = try RandomDay(seed: seed, sales: 100, plan: plan, day: Samples.day("2026-11-20"))
        let batch = try Samples.batch(day.records, plan: plan)
        let journal = try HledgerJournal.bytes(of: [batch])

        let (status, output) = try Hledger.run(["check", "--strict"], journal)

        #expect(status == 0, "seed \(seed): \(output)")
        #expect(try balances(journal) == totals([batch]), "seed \(seed)")
    }

    @Test func `late records of a later close do not upset the assertions`() throws {
        let sale = try Samples.sale([Samples.line(300)])
        let facts = ["2026-11-20", "2026-11-19"].map {
            (ClosedRecord.Fact.sale(Samples.reference(1), sale), day: $0)
        }
        let batches = [
            try Samples.batch(try Samples.records(facts, plan: plan), plan: plan),
            try Samples.batch(
                try Samples.records(facts, plan: plan), plan: plan, number: 318, day: "2026-11-21"),
        ]
        let journal = try HledgerJournal.bytes(of: batches)

        #expect(try Hledger.run(["check", "--strict", "ordereddates"], journal).0 == 0)
        #expect(try balances(journal) == totals(batches))
    }
}
