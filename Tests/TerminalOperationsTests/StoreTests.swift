import CardTerminals
import Foundation
import GRDB
import TerminalOperations
import TerminalStorage
import Testing
import Units

struct StoreTests {
    @Test(arguments: [
        "UPDATE record SET jws = x'00'", "DELETE FROM record",
        "UPDATE record SET sequence = 9", "DELETE FROM payment_attempt",
        "UPDATE payment_attempt SET amount = 1",
        "UPDATE payment_attempt SET outcome = 'declined', slip = NULL",
        """
        INSERT INTO record(sequence, kind, at, day, total, jws, statement, previous, state, changed)
        VALUES (3, 'sale', 0, '2026-11-23', 0, x'00', zeroblob(32), zeroblob(32), 'queued', 0)
        """,
    ])
    func `what was signed or asked stays as it is`(sql: String) async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open()
        try await session.sellTyres()
        try await session.close()
        let raw = try DatabaseQueue(path: yard.folder + "/terminal.db")

        #expect(throws: DatabaseError.self) { try raw.write { try $0.execute(sql: sql) } }
    }

    @Test func `a newer store and a foreign file are refused`() async throws {
        let folder = NSTemporaryDirectory() + "hofbuch-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { do { try FileManager.default.removeItem(atPath: folder) } catch {} }
        try TerminalStore(path: folder + "/new.db").close()
        try await DatabaseQueue(path: folder + "/new.db").write {
            try $0.execute(sql: "PRAGMA user_version = 99")
        }
        try await DatabaseQueue(path: folder + "/other.db").write {
            try $0.execute(sql: "PRAGMA application_id = 7")
        }

        #expect(
            throws: TerminalStoreError.newerVersion(
                path: folder + "/new.db", found: 99, known: 4)
        ) { _ = try TerminalStore(path: folder + "/new.db") }
        #expect(
            throws: TerminalStoreError.notATerminalDatabase(path: folder + "/other.db")
        ) { _ = try TerminalStore(path: folder + "/other.db") }
    }

    @Test func `a store of the version before is brought up, and forgets what was dropped empty`()
        async throws
    {
        let yard = try await Yard()
        defer { yard.remove() }
        let raw = try DatabaseQueue(path: yard.folder + "/terminal.db")
        try await raw.write {
            try $0.execute(
                sql: """
                    DROP TABLE resolved_elsewhere;
                    DROP INDEX payment_attempt_original;
                    DROP INDEX payment_attempt_unknown;
                    DROP INDEX payment_attempt_unanswered;
                    DROP INDEX payment_attempt_slip;
                    DROP INDEX delivery_sequence;
                    INSERT INTO delivery(id, state, draft, started, changed) VALUES (
                      1, 'abandoned', '{"day":"2026-11-23","group":"household","times":[],'
                        || '"personal":{"plate":"MU-X 123"}}', 0, 0);
                    PRAGMA user_version = 3;
                    """)
        }
        try raw.close()

        let session = try yard.open()

        let view = try await session.delivery(DeliveryNumber(1))
        #expect(view.state == .abandoned && view.draft.personal.isEmpty)
        try await session.sellTyres()
        #expect(try await session.status().unknown == 0)
        try await session.close()
    }

    @Test(arguments: [
        "SELECT * FROM payment_attempt WHERE original = 1 ORDER BY +id",
        "SELECT * FROM payment_attempt WHERE outcome IS NULL ORDER BY +id",
        """
        SELECT * FROM payment_attempt WHERE kind = 'reversal' AND outcome = 'unknown' ORDER BY +id
        """,
        """
        SELECT d.sequence FROM payment_attempt a JOIN delivery d ON d.id = a.delivery
        WHERE a.outcome = 'unknown' AND +d.state = 'done'
        """,
        """
        SELECT * FROM payment_attempt WHERE slip IS NOT NULL AND finished >= 1
          AND ltrim(json_extract(slip, '$.tid'), '0') = ltrim('1', '0')
          AND ltrim(json_extract(slip, '$.receipt'), '0') = ltrim('1', '0')
          AND ltrim(json_extract(slip, '$.trace'), '0') = ltrim('1', '0') ORDER BY +id
        """,
        "UPDATE delivery SET draft = '{}' WHERE sequence IN (1, 2) AND draft <> '{}'",
    ])
    func `what is asked all the time walks through no table`(sql: String) async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let raw = try DatabaseQueue(path: yard.folder + "/terminal.db")

        let plan = try await raw.read {
            try Row.fetchAll($0, sql: "EXPLAIN QUERY PLAN \(sql)").map { row -> String in
                row["detail"]
            }
        }

        #expect(!plan.isEmpty && !plan.contains { $0.hasPrefix("SCAN") }, "\(plan)")
        try raw.close()
    }

    @Test func `a terminal enrols once`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }

        await #expect(throws: TerminalError.of(.alreadyEnrolled)) {
            try await TerminalEnrolment.enrol(
                server: "http://127.0.0.1", code: "code-1", folder: yard.folder,
                server: yard.server)
        }
        await #expect(throws: TerminalError.of(.enrolmentRefused)) {
            try await TerminalEnrolment.enrol(
                server: "http://127.0.0.1", code: "code-2", folder: yard.folder + "/second",
                server: yard.server)
        }
        #expect(throws: TerminalError.of(.notEnrolled)) {
            _ = try YardTerminalSession.open(
                folder: yard.folder + "/third", cardTerminal: try yard.simulated(),
                world: yard.world)
        }
    }
}
