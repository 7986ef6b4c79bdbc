import DayClosing
import Exports
import FinanceSamples
import Ledger
import Sales
import Testing
import Units

/// Files written while records go by are those that are written from records held in memory.
struct ExportPassTests {
    let plan: AccountPlan
    let batches: [ClosedBatch]

    init() throws {
        let plan = try Samples.plan()
        self.plan = plan
        let days = ["2026-12-31", "2027-01-02"]
        batches = try days.enumerated().map { place, day in
            let random = try RandomDay(
                seed: UInt64(place + 1), sales: 600, plan: plan, day: Samples.day(day))
            return try Samples.batch(
                random.records, plan: plan, number: Int64(317 + place), day: day)
        }
    }

    private struct Written {
        var pieces: [(name: String, bytes: [UInt8])] = []
        var names: [String] = []
        var rowCounts: [Int64?] = []
        var sums: [ContentSum] = []

        func bytes(_ name: String) -> [UInt8] {
            pieces.filter { $0.name == name }.flatMap(\.bytes)
        }
    }

    private func write(
        _ writer: any ExportWriter, _ batches: [ClosedBatch],
        content: ExportProfile.Content = .all
    ) throws -> Written {
        var written = Written()
        var pass = ExportPass(writer, content: content) { bytes, name in
            written.pieces.append((name, bytes))
        }
        for batch in batches {
            try pass.add(batch.planned) { take in for record in batch.records { try take(record) } }
        }
        let (files, sums) = try pass.finish()
        (written.names, written.rowCounts) = (files.map(\.name), files.map(\.rowCount))
        written.sums = sums
        return written
    }

    private var planned: [PlannedClose] { batches.map(\.planned) }

    private func profile(_ name: String) throws -> ExportProfile {
        let text = String(decoding: try Samples.file("finance/profil-\(name).yaml"), as: UTF8.self)
        return try #require(ExportProfile.decode(try Samples.tree(text)).profile)
    }

    @Test func `journals come in pieces`() throws {
        let hledger = try write(HledgerJournal(of: planned), batches)
        #expect(hledger.names == ["mitte-000317_mitte-000318.journal"])
        #expect(hledger.pieces.count > 2)
        #expect(hledger.pieces.allSatisfy { $0.bytes.count < 1 << 17 })

        let ledger = try write(LedgerJournal(of: planned), batches)
        #expect(ledger.names == ["mitte-000317_mitte-000318.ledger"])
        #expect(ledger.pieces.count > 2)

        let beancount = try write(BeancountJournal(of: planned), batches)
        #expect(beancount.names == ["mitte-000317_mitte-000318.beancount"])
        #expect(!beancount.bytes(beancount.names[0]).isEmpty)

        let package = try write(
            AuditPackage(of: planned, localTime: AuditPackage.winterTime), batches)
        #expect(package.names.first == "index.xml")
        #expect(package.pieces.count > package.names.count)
    }

    @Test(arguments: [
        "allgemein", "business-central", "mach", "epaybl", "sollstellung", "auszahlung",
    ])
    func `a profile gives a file for each year, with its rows`(name: String) throws {
        let profile = try profile(name)

        let written = try write(
            ProfileWriter(profile, of: planned), batches, content: profile.content)

        let years = [2026, 2027].map { "mitte-000317_mitte-000318_\(profile.id)_\($0).csv" }
        #expect(written.names == years.filter(written.names.contains))
        #expect(Set(written.names).count == written.names.count)
        for (name, rowCount) in zip(written.names, written.rowCounts) {
            #expect(!written.bytes(name).isEmpty && (rowCount ?? 0) > 0, "\(name)")
        }
        #expect(written.sums.isEmpty == written.names.isEmpty)
    }

    @Test func `DATEV gets a file for each month, all rows together those of the lines`() throws {
        let written = try write(DATEVWriter(try Samples.datev()), batches)
        for month in ["2026-12", "2027-01"] {
            #expect(written.names.contains { $0.hasSuffix("_\(month).csv") }, "\(written.names)")
        }
        let lineCount = try batches.map { try $0.totalLines().count }.reduce(0, +)
        #expect(written.rowCounts.compactMap(\.self).reduce(0, +) == Int64(lineCount))
    }

    @Test func `sums are those of all lines, whatever the format`() throws {
        let sums = try write(PreparedWriter([GrowingFile(name: "a", bytes: [1])]), batches).sums
        let lines = try batches.flatMap { try $0.totalLines() }
        #expect(sums.map(\.count).reduce(0, +) == Int64(lines.count))
        let amount = lines.map { $0.side == .debit ? $0.amount : -$0.amount }.sum()
        #expect(sums.map(\.amount).sum() == amount)
    }

    @Test func `what is wrong with a close is said before what a format refuses`() throws {
        let long = AccountPlan(
            id: plan.id, title: plan.title, validFrom: plan.validFrom, note: plan.note,
            digest: plan.digest,
            names: plan.names.mapValues { $0 + String(repeating: "x", count: 90) },
            revenue: plan.revenue, vat: plan.vat, clearing: plan.clearing,
            receivables: plan.receivables, unresolved: plan.unresolved, refunds: plan.refunds)
        let first = ClosedBatch(
            close: batches[0].close, records: batches[0].records, plan: long)
        let short = ClosedBatch(
            close: batches[1].close, records: Array(batches[1].records.dropFirst()), plan: plan)
        func code(_ batches: [ClosedBatch]) throws -> ExportError.Code? {
            do { _ = try write(DATEVWriter(try Samples.datev()), batches) } catch let error
                as ExportError
            { return error.code }
            return nil
        }
        #expect(try code([first]) == .tooLong)
        #expect(try code([first, short]) == .totalsDiffer)
    }
}
