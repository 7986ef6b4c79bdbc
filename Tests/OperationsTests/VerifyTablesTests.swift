import DayClosing
import Defaults
import Dispatch
import FinanceSamples
import Foundation
import GRDB
import Journal
import Keys
import Operations
import People
import Sales
import Storage
import Synchronization
import Testing
import Transparency
import Units

/// Erases what is over its time when it is called first, and returns when that is done.
private final class Erasing: Sendable {
    private let installation: Installation
    private let hasBegun = Mutex(false)

    init(_ installation: Installation) {
        self.installation = installation
    }

    func eraseOnce() {
        let isFirst = hasBegun.withLock { begun in
            defer { begun = true }
            return !begun
        }
        guard isFirst else { return }
        let done = DispatchSemaphore(value: 0)
        Task.detached { [installation] in
            do { _ = try await installation.eraseExpired() } catch { Issue.record(error) }
            done.signal()
        }
        done.wait()
    }
}

/// Changes of the tables beside the log: each row says what its entry says, and no other is there.
struct VerifyTablesTests {
    /// Log indexes of the entries that the changes are about.
    private struct Places {
        private var byKind: [String: Int64] = [:]

        init(_ directory: DataDirectory) throws {
            let queue = try DatabaseQueue(path: directory.database)
            let rows = try queue.read { database in
                try Row.fetchAll(
                    database,
                    sql: """
                        SELECT kind, max(position) FROM server_record GROUP BY kind
                        UNION ALL SELECT kind, position FROM record WHERE kind = 'void'
                        UNION ALL SELECT code, max(position) FROM finding GROUP BY code
                        UNION ALL SELECT standing, min(position) FROM standing GROUP BY standing
                        """)
            }
            try queue.close()
            for row in rows { byKind[row[0]] = LogPosition(row[1]).index }
        }

        subscript(kind: String) -> Int64 {
            guard let index = byKind[kind] else { fatalError("no \(kind) was recorded") }
            return index
        }

        /// As the tables name it.
        func position(_ kind: String) -> Int64 { LogPosition(yard: 1, index: self[kind]).number }
    }

    /// A void, a resolved payment, a named debtor, a close, its export, and the credit of the bank
    /// that is matched with it.
    private func play(_ yard: TestYard) async throws {
        let phrase = "privat: 1 m³ gruenabfall"
        let installation = yard.installation
        let mistyped = try await yard.sell(phrase)
        let void = try Reversal.make(
            .void, of: installation.sale(mistyped, of: yard.yard).sale, reference: mistyped,
            earlier: [], amounts: nil, reason: "vertippt", settlement: .card(TestYard.slip(2)))
        _ = try await yard.admit(yard.terminal.sign(.void(void)))
        let unknown = try await yard.sell(phrase, .unknown(cardTerminal: "51234567"))
        try await installation.resolve(
            PaymentResolution(
                original: unknown, finding: .charged(TestYard.slip(4)), evidence: .totals,
                note: "Kassenschnitt"),
            debtor: nil, at: yard.yard, by: TestYard.cashier)
        let claim = try await yard.sell(phrase, .onAccount)
        try await installation.nameDebtor(
            "Bau GmbH, Weg 1", of: claim, reason: "Lieferschein", at: yard.yard,
            by: TestYard.office)
        try await yard.close(Tally(count: 3, amount: Cents(1_200)))
        _ = try await installation.createExport(
            "hledger", of: [1], at: yard.yard, by: TestYard.office)
        yard.clock.advance(minutes: 4 * 24 * 60)
        let credit = SampleStatement.Entry("2026-11-23", 1_200, "KARTENUMSATZ TID 65010001")
        let report = try await yard.take(SampleStatement(1, day: "2026-11-23", [credit]))
        try #require(report.bookedCount == 1)
        try await hold(yard)
        try await contradict(yard)
        var query = SaleQuery()
        query.text = "gruenabfall"
        try #require(try await installation.sales(of: yard.yard, query).rows.count == 3)
    }

    /// Two holds, of which one is lifted.
    private func hold(_ yard: TestYard) async throws {
        let wishes: [PersonalWish] = [
            .hold(first: 3, last: 4, reason: "Klage"),
            .hold(first: 3, last: nil, reason: "Prüfung"),
            .lift(number: 1, reason: "erledigt"),
        ]
        for wish in wishes {
            let id = try await yard.installation.requestPersonal(
                wish, at: yard.yard, by: TestYard.cashier)
            try await yard.installation.approvePersonal(id, at: yard.yard, by: TestYard.approver)
        }
    }

    /// A terminal contradicts itself twice and is released in between.
    private func contradict(_ yard: TestYard) async throws {
        for bags in 2...3 {
            let other = try yard.terminal.sign(
                .sale(try yard.sale("privat: \(bags) m³ gruenabfall")), sequence: 1,
                previous: RecordHead.genesisPrevious)
            _ = try await yard.installation.admit(other.envelope, to: yard.yard)
            guard bags == 2 else { break }
            try await yard.installation.release(
                yard.terminal.id, at: yard.yard, reason: "geprüft", by: TestYard.approver)
        }
    }

    private static func tamperings(_ places: Places) -> [Tampering] {
        var all: [Tampering] = []
        func add(_ name: String, at kind: String?, _ what: String, _ sql: String) {
            all.append(
                Tampering(name, at: kind.map { places[$0] }, what) { try $0.execute(sql: sql) })
        }
        /// Sets a column of the row that stands for the entry.
        func set(_ name: String, at kind: String, _ what: String, _ change: String) {
            add(name, at: kind, what, "UPDATE \(change) WHERE position = \(places.position(kind))")
        }
        let (void, close) = (places.position("void"), places.position("close"))

        let servers = "table of server records"
        set("a server record's kind", at: "debtor", servers, "server_record SET kind = 'hold'")
        set("a server record's time", at: "close", servers, "server_record SET at = at + 1")

        let references = "table of references"
        add(
            "a void that nothing leads to", at: "void", references,
            "DELETE FROM reference WHERE position = \(void)")
        set(
            "a void of another sale", at: "void", references,
            "reference SET original = original - 1")
        set(
            "a void that looks resolved", at: "void", references,
            "reference SET kind = 'resolution'")
        set(
            "a resolution led elsewhere", at: "resolution", references,
            "reference SET original = 7")
        set("a debtor moved", at: "debtor", references, "reference SET original = original - 2")
        add(
            "a reference added", at: "close", references,
            "INSERT INTO reference VALUES (\(void), \(close), 'void')")

        let closes = "table of closes"
        set("the day of a close", at: "close", closes, "close SET day = day - 1")
        set("the end of a close", at: "close", closes, "close SET upto = upto + 1")
        set("the number of a close", at: "close", closes, "close SET number = 2")

        let exports = "table of exports"
        set("the format of an export", at: "export", exports, "export SET profile = 'csv'")
        add("an export hidden", at: "export", exports, "DELETE FROM export")
        add(
            "an export added", at: nil, exports,
            "INSERT INTO export VALUES (1, 2, \(void), 'csv')")

        let bank = "differs from its record"
        add(
            "the text of a bank line", at: "bank-statement", bank,
            "UPDATE bank_line SET body = replace(body, 'KARTEN', 'BARGELD')")
        add("a bank line removed", at: "bank-statement", bank, "DELETE FROM bank_line")
        set("an opening balance", at: "bank-statement", bank, "bank_statement SET opening = 1")
        set("a statement's day", at: "bank-statement", bank, "bank_statement SET day = day - 1")
        add("a bank statement removed", at: "bank-statement", bank, "DELETE FROM bank_statement")
        add(
            "a bank file that nobody took in", at: "void", "no record names",
            "INSERT INTO acquirer_file VALUES (\(void), 'posten', zeroblob(32), x'00')")

        let yards = "table of yards does not name"
        add("a yard hidden", at: nil, yards, "DELETE FROM yard")
        add("a yard of another number", at: nil, yards, "UPDATE yard SET number = number + 1")
        add(
            "a yard of no name", at: nil, "row of the table yard",
            "UPDATE yard SET id = 'Hof-1'")

        let items = "table of settled items"
        add(
            "a settled item removed", at: nil, items,
            "DELETE FROM settled_item WHERE item = (SELECT min(item) FROM settled_item)")
        add(
            "a settled item added", at: nil, items,
            "INSERT INTO settled_item VALUES ('x', \(void))")
        add(
            "a settled item led elsewhere", at: nil, items,
            "UPDATE settled_item SET position = \(void)")
        return all + presentTamperings(places)
    }

    /// What tables say of the present.
    private static func presentTamperings(_ places: Places) -> [Tampering] {
        func change(_ name: String, _ what: String, at kind: String? = nil, _ sql: String)
            -> Tampering
        {
            Tampering(name, at: kind.map { places[$0] }, what) { try $0.execute(sql: sql) }
        }
        let (holds, findings, end) = ("table of holds", "table of findings", "behind the end")
        let (standings, states) = ("table of standings", "another state of t1")
        let search = "search index"
        let (void, reversed) = (places.position("void"), places.position("reversed"))
        let equivocation = places.position("equivocation")
        let far = LogPosition(yard: 1, index: 9_999).number
        return [
            change("a hold lifted", holds, "UPDATE legal_hold SET lifted = 1 WHERE number = 2"),
            change("a hold in force again", holds, "UPDATE legal_hold SET lifted = NULL"),
            change("a hold removed", holds, "DELETE FROM legal_hold WHERE number = 2"),
            change(
                "a hold led elsewhere", holds, "UPDATE legal_hold SET position = \(void)"),
            change(
                "a finding removed", findings, at: "equivocation",
                "DELETE FROM finding WHERE position = \(equivocation)"),
            change(
                "a finding of another kind", findings, at: "equivocation",
                "UPDATE finding SET code = 'previous-hash' WHERE position = \(equivocation)"),
            change(
                "a finding added", findings, at: "void",
                """
                INSERT INTO finding(yard, position, terminal, code, statement)
                VALUES (1, \(void), 1, 'retired-key', zeroblob(32))
                """),
            change("a quarantine lifted", states, "UPDATE terminal SET state = 'active'"),
            change("a terminal revoked", states, "UPDATE terminal SET state = 'revoked'"),
            change(
                "a sale that stands as paid again", standings, at: "reversed",
                "UPDATE standing SET standing = 'paid' WHERE position = \(reversed)"),
            change(
                "a standing removed", standings, at: "reversed",
                "DELETE FROM standing WHERE position = \(reversed)"),
            change(
                "a standing without cause", standings, at: "void",
                "INSERT INTO standing VALUES (\(void), 'not-sold')"),
            change(
                "a quota used by no sale", end,
                """
                INSERT INTO quota_use
                VALUES (1, 'g1', 'count', 'household', 'h1', 20000, \(far), 5)
                """),
            change(
                "a line hidden from searches", search,
                "DELETE FROM sale_line WHERE position = \(reversed)"),
            change(
                "a line that nobody brought", search, "INSERT INTO sale_line VALUES (1, \(void))"),
            change("a line's name", search, "UPDATE line_name SET name = 'Sperrmüll'"),
            change("a line found by another name", search, "UPDATE line_name SET folded = 'x'"),
            change("the names of lines removed", search, "DELETE FROM line_name"),
            change("a record of no entry", end, "INSERT INTO standing VALUES (\(far), 'paid')"),
            change(
                "a personal field of no entry", end,
                "INSERT INTO personal VALUES (\(far), 'plate', zeroblob(32), 'GÖ-X 1')"),
            change(
                "an account plan removed", "account plan", at: "close",
                "DELETE FROM setting WHERE name LIKE 'account-plan-%'"),
            change(
                "an account plan altered", "account plan", at: "close",
                "UPDATE setting SET value = value || ' ' WHERE name LIKE 'account-plan-%'"),
        ]
    }

    @Test func `what is erased while a log is verified is no misfit`() async throws {
        try await withFolder { folder in
            let clock = TestClock(TestClock.morning)
            let yard = try await TestYard.open(
                folder + "/data", clock: clock, terminals: 1, hasTariff: true)
            let plate = Disclosure(
                name: .plate, salt: SystemRandom.bytes(32), value: "GÖ-AL 1")
            let sale = TerminalFact.sale(try yard.sale("privat: 1 m³ gruenabfall"))
            // Longer than a part: the second is checked after the first was told.
            let sales = try (0..<1_030).map { number -> Result<Envelope, any Error> in
                let personal = number == 1_029 ? [plate] : []
                return .success(try yard.terminal.sign(sale, disclosures: personal).envelope)
            }
            for first in stride(from: 0, to: sales.count, by: 200) {
                let some = Array(sales[first..<min(first + 200, sales.count)])
                for answer in try await yard.installation.admit(some, to: yard.yard) {
                    _ = try answer.get()
                }
            }
            clock.advance(minutes: 100 * 24 * 60)
            let erasing = Erasing(yard.installation)

            let report = try yard.installation.verify(
                VerificationOptions(workers: 1, progress: { _, _ in erasing.eraseOnce() }))

            #expect(report.misfit == nil && report.erased == 1)
            try yard.installation.close()
        }
    }

    @Test func `each row beside the log says what its entry says`() async throws {
        try await withFolder { folder in
            let yard = try await TestYard.open(
                folder + "/data", clock: TestClock(TestClock.morning), terminals: 1,
                hasTariff: true)
            try await play(yard)
            try yard.installation.close()
            #expect(try Installation.verify(yard.directory).misfit == nil)
            for tampering in Self.tamperings(try Places(yard.directory)) {
                try tampering.expectFound(in: yard.directory, scratch: folder)
            }
        }
    }

    @Test func `a log that is not there at all is missed`() async throws {
        try await withFolder { folder in
            let yard = try await TestYard.open(
                folder + "/data", clock: TestClock(TestClock.morning), terminals: 0,
                hasTariff: false)
            let other = try await yard.addYard()
            try yard.installation.close()
            let logs = "log \(yard.yard.logKey)\nlog \(other.logKey)\nquorum none\n"
            let third = try Ed25519PrivateKey.generate()
                .verifierKey(name: "musterstadt.example/log/hof-3", kind: .note).text
            for (text, isMissed) in [(logs, false), ("log \(third)\n" + logs, true)] {
                let options = VerificationOptions(
                    policy: try WitnessPolicy.parse(Array(text.utf8)))
                let misfit = try Installation.verify(yard.directory, options).misfit
                #expect((misfit?.what.contains("log/hof-3") == true) == isMissed)
                #expect((misfit != nil) == isMissed, "\(misfit as Any)")
            }

            let empty = DataDirectory(folder + "/empty")
            try Installation.create(in: empty, finance: DefaultFile.files(in: "finance/"))
            #expect(try Installation.verify(empty).misfit?.what == "there is no yard")
        }
    }
}
