import DayClosing
import Foundation
import GRDB
import Journal
import Operations
import Sales
import Storage
import Tampering
import Testing
import Units

/// Abuse cases of the trust model that concern what is stored, by their numbers: somebody with the
/// file and a shell.
struct LedgerAbuseTests {
    /// A yard with so many sales that nobody has open.
    private func closed(in folder: String, sales: Int) async throws -> TestYard {
        let yard = try await TestYard.open(
            folder + "/data", clock: TestClock(TestClock.morning), terminals: 1, hasTariff: true)
        for _ in 0..<sales { try await yard.sell("privat: 1 m³ gruenabfall") }
        try yard.installation.close()
        return yard
    }

    /// Opens a closed yard's database as a shell would, with its triggers out of the way.
    private func shell(_ yard: TestYard, _ body: (Database) throws -> Void) throws {
        let queue = try DatabaseQueue(path: yard.directory.database)
        try queue.writeWithoutTransaction { database in
            try database.withoutTriggers { try body(database) }
        }
        try queue.close()
    }

    @Test(arguments: [
        ("entry_no_update", "DROP TRIGGER entry_no_update"),
        ("helper", "CREATE TRIGGER helper AFTER INSERT ON record BEGIN DELETE FROM session; END"),
        ("helper", "CREATE VIEW helper AS SELECT * FROM record"),
        ("record_day", "DROP INDEX record_day; CREATE INDEX record_day ON record(position, day)"),
        (
            "terminal_key",
            """
            PRAGMA writable_schema = ON;
            UPDATE sqlite_schema SET sql = replace(sql, 'finish', 'finisg')
            WHERE name = 'terminal_key'
            """
        ),
        (nil, "ANALYZE"),
    ])
    func `A10: a schema that somebody altered is named`(name: String?, sql: String) async throws {
        try await withFolder { folder in
            let yard = try await closed(in: folder, sales: 1)
            let queue = try DatabaseQueue(path: yard.directory.database)
            try await queue.writeWithoutTransaction { try $0.execute(sql: sql) }
            try queue.close()

            let misfit = try Installation.verify(yard.directory).misfit

            let words = "in the database's schema is not as this program makes it"
            #expect(misfit?.what == name.map { "\($0) \(words)" })
        }
    }

    @Test func `A10: the triggers refuse a shell that does not remove them`() async throws {
        try await withYard { yard in
            try await yard.sell("privat: 1 m³ gruenabfall")
            let queue = try DatabaseQueue(path: yard.directory.database)
            for sql in [
                "UPDATE entry SET bytes = x'61'", "DELETE FROM entry", "DELETE FROM record",
                "UPDATE checkpoint SET note = ''", "UPDATE access_log SET purpose = ''",
                "REPLACE INTO record SELECT * FROM record",
                "UPDATE person_change SET roles = ''", "DELETE FROM person_change",
            ] {
                #expect(throws: DatabaseError.self, "\(sql)") {
                    try queue.write {
                        try $0.execute(sql: "PRAGMA recursive_triggers = ON")
                        try $0.execute(
                            sql: """
                                INSERT INTO access_log(
                                  at, person, yard, position, act, fields, purpose)
                                VALUES (0, 'anna', 1, 0, 'read', 'plate', 'x');
                                INSERT INTO person_change(
                                  at, person, name, roles, active, password)
                                VALUES (0, 'anna', 'Anna', 'cashier', 1, 1)
                                """)
                        try $0.execute(sql: sql)
                    }
                }
            }
            try queue.close()
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test(arguments: [0, 17, 400, 700])
    func `A10: one changed byte of one entry is found, with its index`(offset: Int) async throws {
        try await withFolder { folder in
            let yard = try await closed(in: folder, sales: 5)
            let place = LogPosition(yard: 1, index: 5)
            try shell(yard) { database in
                let stored = try Data.fetchOne(
                    database, sql: "SELECT bytes FROM entry WHERE position = ?",
                    arguments: [place.number])
                var bytes = Array(try #require(stored))
                bytes[offset] ^= 1
                try database.execute(
                    sql: "UPDATE entry SET bytes = ? WHERE position = ?",
                    arguments: [Data(bytes), place.number])
            }
            #expect(try Installation.verify(yard.directory).misfit?.index == place.index)
        }
    }

    @Test(arguments: [
        "UPDATE record SET total = total - 100 WHERE position = (SELECT max(position) FROM record)",
        "UPDATE record SET state = 'free' WHERE position = (SELECT max(position) FROM record)",
        "UPDATE record SET last_four = '9999' WHERE position = (SELECT max(position) FROM record)",
        "DELETE FROM record WHERE position = (SELECT max(position) FROM record)",
    ])
    func `A10: a row of the lists that says something else is found`(sql: String) async throws {
        try await withFolder { folder in
            let yard = try await closed(in: folder, sales: 3)
            try shell(yard) { try $0.execute(sql: sql) }
            #expect(try Installation.verify(yard.directory).misfit?.index == 5)
        }
    }

    @Test func `A16: a file put in the place of another day's is not the registered one`()
        async throws
    {
        try await withFolder { folder in
            let yard = try await TestYard.open(
                folder + "/data", clock: TestClock(TestClock.morning), terminals: 1,
                hasTariff: true)
            var files: [String] = []
            for number in 1...2 as ClosedRange<Int64> {
                for _ in 0..<number { try await yard.sell("privat: 1 m³ gruenabfall") }
                try await yard.close(Tally(count: number, amount: Cents(1_200 * number)))
                let export = try await yard.installation.createExport(
                    "hledger", of: [number], at: yard.yard, by: TestYard.office)
                files.append(try #require(export.files.first).name)
                yard.clock.advance(minutes: 1_440)
            }
            #expect(files[0] != files[1], "the name says which close")
            #expect(try yard.installation.verify().misfit == nil)
            let first = try #require(
                try yard.installation.exports(of: yard.yard).first?.files.first)
            try yard.installation.close()

            try shell(yard) { database in
                try database.execute(
                    sql: """
                        UPDATE export_part SET bytes =
                          (SELECT bytes FROM export_part WHERE file = 2) WHERE file = 1
                        """)
            }
            let misfit = try #require(try Installation.verify(yard.directory).misfit)
            #expect(misfit.what.contains(first.name), "\(misfit)")
        }
    }

    @Test func `A16: no export takes a close of another yard`() async throws {
        try await withYard { yard in
            try await yard.sell("privat: 1 m³ gruenabfall")
            try await yard.close(Tally(count: 1, amount: Cents(1_200)))
            let other = try await yard.addYard()
            await #expect(throws: OperationsError.closeNotApproved(1)) {
                _ = try await yard.installation.createExport(
                    "hledger", of: [1], at: other, by: TestYard.office)
            }
            #expect(try yard.installation.exports(of: other).isEmpty)
        }
    }
}
