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
                path: folder + "/new.db", found: 99, known: 3)
        ) { _ = try TerminalStore(path: folder + "/new.db") }
        #expect(
            throws: TerminalStoreError.notATerminalDatabase(path: folder + "/other.db")
        ) { _ = try TerminalStore(path: folder + "/other.db") }
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
