import Foundation
import GRDB
import Journal
import Keys
import Operations
import People
import Sales
import Storage
import Testing
import Units

/// Personal data: kept as long as the policy says, held, erased, and gone from the bytes.
struct RetentionTests {
    private static let days = Int64(86_400_000)

    /// A sale with a plate and a note.
    @discardableResult
    private func sell(_ plate: String, at yard: TestYard) async throws -> SignedRecord {
        let signed = try yard.terminal.sign(
            .sale(try yard.sale("privat: 1 m³ gruenabfall")),
            disclosures: [
                Disclosure(name: .note, salt: SystemRandom.bytes(32), value: "Notiz \(plate)"),
                Disclosure(name: .plate, salt: SystemRandom.bytes(32), value: plate),
            ])
        _ = try await yard.admit(signed)
        return signed
    }

    private func plates(_ yard: TestYard) throws -> Int64? {
        try yard.installation.retentionStates(of: yard.yard).first { $0.field == .plate }?.stored
    }

    /// Two people: what is asked is done.
    private func decide(_ wish: PersonalWish, at yard: TestYard) async throws {
        let id = try await yard.installation.requestPersonal(
            wish, at: yard.yard, by: TestYard.cashier)
        try await yard.installation.approvePersonal(id, at: yard.yard, by: TestYard.approver)
    }

    @Test func `what is over its time is erased with a record, and every proof stays`()
        async throws
    {
        try await withYard { yard in
            let old = try await sell("GÖ-AL 1", at: yard)
            let proof = try await yard.installation.proof(of: 3, in: yard.yard)
            yard.clock.advance(milliseconds: 60 * Self.days)
            try await sell("GÖ-NE 2", at: yard)
            yard.clock.advance(milliseconds: 31 * Self.days)

            let count = try await yard.installation.eraseExpired()

            #expect(count.fields == [.plate: 1, .note: 1] && count.isOverwritten)
            #expect(try plates(yard) == 1)
            let detail = try yard.installation.saleDetail(old.reference, of: yard.yard)
            #expect(try yard.installation.personalStanding(of: detail) == .erased)
            let found = try await yard.installation.sales(
                withPlate: "GÖ-AL 1", at: yard.yard, for: "Reklamation", by: TestYard.cashier)
            #expect(found.isEmpty)
            let report = try yard.installation.verify()
            #expect(report.misfit == nil && report.erased == 2)
            let again = try await yard.installation.proof(of: 3, in: yard.yard)
            #expect(proof.split(separator: "\n").first == again.split(separator: "\n").first)
            #expect(try await yard.installation.eraseExpired().fields.isEmpty)
        }
    }

    @Test func `A51: erased plates are in no byte of the database and its write-ahead log`()
        async throws
    {
        try await withYard { yard in
            let gone = (100..<400).map { "GÖ-WG \($0)" }
            for (number, plate) in gone.enumerated() {
                try await sell(plate, at: yard)
                if number % 100 == 50 {
                    // Searching makes the digests too; some pages are in the log, some not.
                    _ = try await yard.installation.sales(
                        withPlate: plate, at: yard.yard, for: "Reklamation",
                        by: TestYard.cashier)
                }
            }
            yard.clock.advance(milliseconds: 91 * Self.days)
            let kept = "GÖ-DA 7"
            try await sell(kept, at: yard)
            let files = [yard.directory.database, yard.directory.database + "-wal"]
            func holds(_ text: String) throws -> Bool {
                try files.contains { path in
                    guard FileManager.default.fileExists(atPath: path) else { return false }
                    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
                    return bytes.range(of: Data(text.utf8)) != nil
                }
            }
            #expect(try gone.allSatisfy(holds))

            let count = try await yard.installation.eraseExpired()

            #expect(count.fields[.plate] == 300 && count.isOverwritten)
            #expect(try gone.filter(holds) == [])
            #expect(try holds(kept))
            #expect(try yard.installation.verify().erased == 600)
        }
    }

    @Test func `a terminal whose clock is ahead keeps nothing for longer`() async throws {
        try await withFolder { folder in
            let clock = TestClock(TestClock.morning)
            let yard = try await TestYard.open(
                folder + "/data", clock: clock, terminals: 1, hasTariff: true)
            clock.advance(milliseconds: 20 * Self.days)
            let ahead = TerminalFact.sale(try yard.sale("privat: 1 m³ gruenabfall"))
            clock.advance(milliseconds: -20 * Self.days)
            let plate = Disclosure(
                name: .plate, salt: SystemRandom.bytes(32), value: "GÖ-AH 1")
            _ = try await yard.admit(yard.terminal.sign(ahead, disclosures: [plate]))
            try yard.installation.close()
            try Data("plate 10 days on-request Art. 5 GDPR\n".utf8).write(
                to: URL(fileURLWithPath: yard.directory.retention))
            let again = try Installation(
                directory: yard.directory, clock: { clock.now }, logger: .silent)

            clock.advance(milliseconds: 9 * Self.days)
            #expect(try await again.eraseExpired().fields[.plate] == nil)
            clock.advance(milliseconds: 2 * Self.days)
            #expect(try await again.eraseExpired().fields[.plate] == 1)
            try again.close()
        }
    }

    @Test func `what is held stays until two people lift the hold`() async throws {
        try await withYard { yard in
            let signed = try await sell("GÖ-HA 1", at: yard)
            let middle = try await sell("GÖ-HA 2", at: yard)
            try await sell("GÖ-HA 3", at: yard)
            let index = try yard.installation.saleDetail(middle.reference, of: yard.yard).stored
                .position.index
            try await decide(.hold(first: index, last: index, reason: "Klage"), at: yard)
            yard.clock.advance(milliseconds: 100 * Self.days)

            #expect(try await yard.installation.eraseExpired().fields[.plate] == 2)
            #expect(try plates(yard) == 1)
            let wish = PersonalWish.erase(
                receipts: [middle.reference], fields: [.plate], reason: "Antrag")
            await #expect(throws: OperationsError.onHold(1)) { try await decide(wish, at: yard) }
            await #expect(throws: OperationsError.holdUnknown(2)) {
                try await decide(.lift(number: 2, reason: "erledigt"), at: yard)
            }
            try await decide(.lift(number: 1, reason: "erledigt"), at: yard)
            #expect(try await yard.installation.eraseExpired().fields[.plate] == 1)
            #expect(try plates(yard) == 0 && signed.reference.sequence == 1)
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test func `an erasure on request needs another person, and not what a statute keeps`()
        async throws
    {
        try await withYard { yard in
            let signed = try await sell("GÖ-AN 1", at: yard)
            func wish(_ fields: [PersonalField]) -> PersonalWish {
                .erase(receipts: [signed.reference], fields: fields, reason: "Antrag")
            }
            let installation = yard.installation
            await #expect(throws: OperationsError.mustBeKept(.debtor)) {
                _ = try await installation.requestPersonal(
                    wish([.plate, .debtor]), at: yard.yard, by: TestYard.cashier)
            }
            let id = try await installation.requestPersonal(
                wish([.plate]), at: yard.yard, by: TestYard.everybody)
            for person in [TestYard.everybody, TestYard.office] {
                await #expect(throws: OperationsError.self) {
                    try await installation.approvePersonal(id, at: yard.yard, by: person)
                }
            }
            try await installation.approvePersonal(id, at: yard.yard, by: TestYard.approver)
            #expect(try plates(yard) == 0)
            await #expect(throws: OperationsError.nothingToErase) {
                try await decide(wish([.plate]), at: yard)
            }
            let report = try installation.verify()
            #expect(report.misfit == nil && report.erased == 1)
        }
    }

    @Test func `a value that is gone without a record is a misfit with its place`() async throws {
        try await withYard { yard in
            let signed = try await sell("GÖ-FT 1", at: yard)
            let index = try yard.installation.saleDetail(signed.reference, of: yard.yard).stored
                .position.index
            let path = yard.directory.database
            let queue = try DatabaseQueue(path: path)
            try await queue.write {
                try $0.execute(sql: "DELETE FROM personal WHERE name = 'plate'")
            }
            try queue.close()
            let misfit = try #require(try Installation.verify(yard.directory).misfit)
            #expect(misfit.index == index && misfit.what.contains("plate"))
        }
    }

    @Test func `the town's own times are read, and a wrong line stops the start`() throws {
        let folder = NSTemporaryDirectory() + "retention-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(atPath: folder) } }
        let directory = DataDirectory(folder)
        func read(_ text: String) throws -> Retention {
            try Data(text.utf8).write(to: URL(fileURLWithPath: directory.retention))
            return try Retention(directory: directory)
        }
        let own = try read("# Beschluss\nplate 30 days kept § 1 Satzung\naccess 365 days\n")
        #expect(own.rules[.plate]?.period == .days(30) && own.rules[.plate]?.isKept == true)
        #expect(own.rules[.plate]?.basis == "§ 1 Satzung" && own.accessDays == 365)
        #expect(own.rules[.note] == Retention().rules[.note])
        for line in [
            "plate 30", "plate 0 days kept x", "plate 30 weeks kept x", "plate 30 days maybe x",
            "plate 30 days kept", "name 30 days kept x", "access 3 years", "plate -1 days kept x",
        ] {
            #expect(
                throws: OperationsError.retentionFile(path: directory.retention, line: 2),
                "\(line)"
            ) { _ = try read("\n\(line)\n") }
        }
    }

    @Test(arguments: [
        ("2026-11-20", Retention.Period.days(90), "2027-02-18", "2027-02-19"),
        ("2026-01-01", .calendarYears(8), "2034-12-31", "2035-01-01"),
        ("2026-12-31", .calendarYears(8), "2034-12-31", "2035-01-01"),
        ("2028-02-29", .days(1), "2028-03-01", "2028-03-02"),
    ])
    func `a time is over on the day after its last`(
        day: String, period: Retention.Period, last: String, over: String
    ) throws {
        let day = try #require(BusinessDay(iso: day))
        #expect(!period.isOver(day, on: try #require(BusinessDay(iso: last))))
        #expect(period.isOver(day, on: try #require(BusinessDay(iso: over))))
    }
}
