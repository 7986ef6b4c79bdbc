import DayClosing
import Exports
import FinanceSamples
import Foundation
import Sales
import Testing

/// hledger, ledger and beancount, three independent readers of our journals.
private struct Reader: Sendable, CustomTestStringConvertible {
    let path: String
    let arguments: [String]
    /// What it says of the first close of a journal when a sum of 3.00 does not hold.
    let complaint: String
    let write: @Sendable ([ClosedBatch]) throws -> [UInt8]

    var testDescription: String { path }
    var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: path) }

    static let all = [
        Reader(
            path: "/usr/bin/hledger", arguments: ["check", "--strict", "ordereddates", "-f"],
            complaint: "Kontensummen mitte-000317",
            write: { try HledgerJournal.bytes(of: $0) }),
        Reader(
            path: "/usr/bin/ledger", arguments: ["--pedantic", "balance", "-f"],
            complaint: "0.00 EUR = 3.00 EUR",
            write: { try LedgerJournal.bytes(of: $0) }),
        Reader(
            path: "/usr/bin/bean-check", arguments: ["--no-cache"], complaint: ":000317-mitte",
            write: { try BeancountJournal.bytes(of: $0) }),
    ]

    /// Exit status and all output of the program over `journal`.
    func check(_ journal: [UInt8]) throws -> (Int32, String) {
        let file = FileManager.default.temporaryDirectory
            .appending(path: "hofbuch-\(UUID().uuidString).journal")
        try Data(journal).write(to: file)
        defer {
            do { try FileManager.default.removeItem(at: file) } catch { Issue.record(error) }
        }
        let (process, pipe) = (Process(), Pipe())
        process.executableURL = URL(filePath: path)
        process.arguments = arguments + [file.path()]
        process.environment = ["LC_ALL": "C.UTF-8"]
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}

@Suite(
    .enabled(
        if: Reader.all.allSatisfy(\.isInstalled), "hledger, ledger or beancount is not installed"))
struct PlainTextTests {
    let plan: AccountPlan

    init() throws {
        plan = try Samples.plan()
    }

    @Test(arguments: Reader.all, [1, 2, 3] as [UInt64])
    fileprivate func `the program finds nothing wrong`(reader: Reader, seed: UInt64) throws {
        let days = ["2026-11-20", "2026-11-21"]
        let batches = try days.enumerated().map { place, day in
            let records = try RandomDay(
                seed: seed + UInt64(place), sales: 60, plan: plan, day: Samples.day(day)
            ).records
            return try Samples.batch(
                records, plan: plan, number: 317 + Int64(place), day: day)
        }

        let journal = try reader.write(batches)
        let (status, output) = try reader.check(journal)

        #expect(status == 0, "seed \(seed): \(output)")
        #expect(try reader.write(batches) == journal)
    }

    @Test(arguments: Reader.all)
    fileprivate func `a sale of an earlier day in a later close upsets nothing`(
        reader: Reader
    ) throws {
        let sale = try Samples.sale([Samples.line(300)])
        let facts = ["2026-11-20", "2025-12-31"].map {
            (ClosedRecord.Fact.sale(Samples.reference(1), sale), day: $0)
        }
        let batches = [
            try Samples.batch(try Samples.records(facts, plan: plan), plan: plan),
            try Samples.batch(
                try Samples.records(facts, plan: plan), plan: plan, number: 318,
                day: "2026-11-21"),
        ]

        let (status, output) = try reader.check(try reader.write(batches))

        #expect(status == 0, "\(output)")
    }

    /// A close on the day before the next one, on the same day, and before a clock went back.
    @Test(arguments: Reader.all, [["20", "21"], ["20", "20"], ["21", "20"]])
    fileprivate func `wrong amounts of two closes that cancel out are noticed at the first`(
        reader: Reader, days: [String]
    ) throws {
        let batches = try [300, 500].enumerated().map { place, cents in
            let day = "2026-11-\(days[place])"
            let sale = try Samples.sale([Samples.line(Int64(cents))], day: day)
            let fact = ClosedRecord.Fact.sale(Samples.reference(Int64(place) + 1), sale)
            return try Samples.batch(
                try Samples.records([(fact, day: day)], plan: plan), plan: plan,
                number: 317 + Int64(place), day: day)
        }
        let journal = String(decoding: try reader.write(batches), as: UTF8.self)
        // Postings have two spaces before their amount, assertions one.
        let changed = [("3.00", "3.01"), ("5.00", "4.99")].reduce(journal) { text, change in
            text.replacing("  \(change.0) EUR", with: "  \(change.1) EUR")
                .replacing("  -\(change.0) EUR", with: "  -\(change.1) EUR")
        }
        try #require(changed.split(separator: "\n").count { $0.contains(" EUR") } > 4)

        let (soundStatus, words) = try reader.check(Array(journal.utf8))
        let (status, said) = try reader.check(Array(changed.utf8))

        #expect(soundStatus == 0, "\(words)")
        #expect(status != 0)
        #expect(said.contains(reader.complaint), "\(said)")
    }

    @Test(arguments: Reader.all)
    fileprivate func `an empty close is a valid journal`(reader: Reader) throws {
        let (status, output) = try reader.check(
            try reader.write([try Samples.batch([], plan: plan)]))
        #expect(status == 0, "\(output)")
    }

    @Test(arguments: Reader.all, [("  12.00 EUR", "  12.01 EUR"), ("419.50", "419.51")])
    fileprivate func `the program notices a single cent`(
        reader: Reader, change: (String, String)
    ) throws {
        let batch = try Samples.batch(try Samples.day(plan: plan), plan: plan)
        let journal = String(decoding: try reader.write([batch]), as: UTF8.self)
        try #require(journal.contains(change.0))

        let (status, _) = try reader.check(
            Array(journal.replacing(change.0, with: change.1).utf8))

        #expect(status != 0)
    }
}
