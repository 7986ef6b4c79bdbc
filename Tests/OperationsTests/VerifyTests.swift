import DayClosing
import Foundation
import GRDB
import Journal
import Keys
import Operations
import Sales
import Signing
import Storage
import Tampering
import Tariffs
import Testing
import Text
import Units

/// A change that somebody with access to the file makes, and where it has to be found.
struct Tampering: Sendable, CustomTestStringConvertible {
    let name: String
    /// The log index named; nil for a place outside the log.
    let index: Int64?
    /// A part of what is said.
    let what: String
    let change: @Sendable (Database) throws -> Void

    var testDescription: String { name }

    init(
        _ name: String, at index: Int64?, _ what: String,
        change: @escaping @Sendable (Database) throws -> Void
    ) {
        self.name = name
        self.index = index
        self.what = what
        self.change = change
    }

    /// Makes the change in a copy of a data directory, below `scratch`, and verifies that.
    func expectFound(in directory: DataDirectory, scratch: String) throws {
        let copy = DataDirectory(scratch + "/copy")
        let files = FileManager.default
        try files.createDirectory(atPath: copy.path, withIntermediateDirectories: true)
        try files.copyItem(atPath: directory.database, toPath: copy.database)
        let queue = try DatabaseQueue(path: copy.database)
        try queue.write { database in
            try database.withoutTriggers {
                let before = database.totalChangesCount
                try change(database)
                #expect(database.totalChangesCount > before, "\(name) changed nothing")
            }
        }
        try queue.close()

        let misfit = try Installation.verify(copy).misfit

        #expect(misfit != nil, "\(name) was not found")
        #expect(misfit?.index == index, "\(name): \(String(describing: misfit))")
        #expect(
            misfit?.what.contains(what) ?? false || what.isEmpty,
            "\(name): \(String(describing: misfit))")
        try files.removeItem(atPath: copy.path)
    }
}

struct VerifyTests {
    /// A journal with a full tile, a close, an export and personal data: genesis, tariff, enrol
    /// at 0 to 2, then 260 sales (the first on account), close and export.
    private func played(_ yard: TestYard) async throws {
        let debtor = Disclosure(
            name: .debtor, salt: SystemRandom.bytes(32), value: "Bau GmbH, Weg 1")
        let claim = try yard.terminal.sign(
            .sale(try yard.sale("privat: 1 m³ gruenabfall", .onAccount)), disclosures: [debtor])
        #expect(try await yard.admit(claim).index == 3)
        let sale = TerminalFact.sale(try yard.sale("privat: 1 m³ gruenabfall"))
        for _ in 1..<260 { _ = try await yard.admit(yard.terminal.sign(sale)) }
        try await yard.close(Tally(count: 259, amount: Cents(259 * 1_200)))
        _ = try await yard.installation.createExport(
            "hledger", of: [1], at: yard.yard, by: TestYard.office)
    }

    private static func position(_ index: Int64) -> Int64 {
        LogPosition(yard: 1, index: index).number
    }

    /// Changes one byte of an entry; counted from the end if `offset` is negative.
    private static func flip(_ index: Int64, byte offset: Int, in database: Database) throws {
        let row = try Data.fetchOne(
            database, sql: "SELECT bytes FROM entry WHERE position = ?",
            arguments: [position(index)])
        var bytes = Array(try #require(row))
        let place = offset < 0 ? bytes.count + offset : offset
        bytes[place] = bytes[place] == 0x41 ? 0x42 : 0x41
        try database.execute(
            sql: "UPDATE entry SET bytes = ? WHERE position = ?",
            arguments: [Data(bytes), position(index)])
    }

    private static let tamperings: [Tampering] = [
        Tampering("one byte of a payload", at: 100, "") { try flip(100, byte: 600, in: $0) },
        Tampering("one byte of a signature", at: 100, "signature") {
            try flip(100, byte: -20, in: $0)
        },
        Tampering("one byte of the first entry", at: 0, "") { try flip(0, byte: 300, in: $0) },
        Tampering("an unreadable entry", at: 7, "cannot be read") { try flip(7, byte: 2, in: $0) },
        Tampering("an entry deleted", at: 150, "missing") {
            try $0.execute(
                sql: "DELETE FROM entry WHERE position = ?", arguments: [position(150)])
        },
        Tampering("the last entry deleted", at: 265, "checkpoint over 265") {
            try $0.execute(
                sql: "DELETE FROM entry WHERE position = ?", arguments: [position(264)])
        },
        Tampering("the time of receipt altered", at: 100, "") { database in
            try database.execute(
                sql: """
                    UPDATE entry SET bytes =
                    CAST(replace(CAST(bytes AS TEXT), 'rx 2026', 'rx 2025') AS BLOB)
                    WHERE position = ?
                    """, arguments: [position(100)])
        },
        Tampering("two entries swapped", at: 120, "") { database in
            for (from, to) in [(120, 1_000), (121, 120), (1_000, 121)] as [(Int64, Int64)] {
                try database.execute(
                    sql: "UPDATE entry SET position = ? WHERE position = ?",
                    arguments: [position(to), position(from)])
            }
        },
        Tampering("the amount in the search table", at: 42, "search table") {
            try $0.execute(
                sql: "UPDATE record SET total = total - 1 WHERE position = ?",
                arguments: [position(42)])
        },
        // All rows are there, and no list by day shows one.
        Tampering("an index emptied", at: nil, "missing from index record_day") { database in
            let sql = try #require(
                try String.fetchOne(
                    database, sql: "SELECT sql FROM sqlite_schema WHERE name = 'record_day'"))
            try database.execute(
                sql: """
                    DROP INDEX record_day;
                    \(sql) WHERE 0;
                    PRAGMA writable_schema = ON;
                    """)
            try database.execute(
                sql: "UPDATE sqlite_schema SET sql = ? WHERE name = 'record_day'",
                arguments: [sql])
        },
        Tampering("a row of the search table deleted", at: 42, "search table") {
            try $0.execute(
                sql: "DELETE FROM record WHERE position = ?", arguments: [position(42)])
        },
        Tampering("a checkpoint's root", at: 101, "checkpoint") { database in
            try database.execute(
                sql: """
                    UPDATE checkpoint SET note = (SELECT note FROM checkpoint WHERE size = 100)
                    WHERE size = 101
                    """)
        },
        Tampering("a tile", at: 255, "tile 0/0") { database in
            try database.execute(
                sql: "UPDATE tile SET hashes = zeroblob(8192) WHERE level = 0 AND number = 0")
        },
        Tampering("a personal value", at: 3, "personal field debtor") {
            try $0.execute(sql: "UPDATE personal SET value = 'Niemand'")
        },
        Tampering("an export file", at: 264, "another hash") {
            try $0.execute(sql: "UPDATE export_part SET bytes = CAST(bytes || x'0A' AS BLOB)")
        },
        Tampering("an export file without its bytes", at: 264, "another hash") {
            try $0.execute(sql: "DELETE FROM export_part")
        },
        Tampering("the tariff file", at: 1, "stored file of the tariff goettingen-2024") {
            try $0.execute(
                sql: """
                    UPDATE tariff
                    SET bytes = CAST(replace(CAST(bytes AS TEXT), '12,00', '11,00') AS BLOB)
                    """)
        },
        Tampering("the tariff file removed", at: 1, "stored file of the tariff goettingen-2024") {
            try $0.execute(sql: "DELETE FROM tariff")
        },
        Tampering("the last day of the tariff", at: nil, "table of tariffs") {
            try $0.execute(sql: "UPDATE tariff SET valid_to = 20800")
        },
        Tampering("who approved the tariff", at: nil, "table of tariffs") {
            try $0.execute(sql: "UPDATE tariff SET approved_by = 'erna'")
        },
        Tampering("a tariff added to the table", at: nil, "table of tariffs") {
            try $0.execute(
                sql: """
                    INSERT INTO tariff(yard, digest, id, title, valid_from, bytes, proposed_by,
                      approved_by, position) VALUES (1, 'x', 'x', 'x', 1, x'', 'a', 'b', 9)
                    """)
        },
        Tampering("a close hidden in its table", at: nil, "table of closes") {
            try $0.execute(sql: "DELETE FROM close")
        },
    ]

    @Test func `a journal that nobody touched fits, each change is found at its place`()
        async throws
    {
        try await withFolder { folder in
            let yard = try await TestYard.open(
                folder + "/data", clock: TestClock(TestClock.morning), terminals: 1,
                hasTariff: true)
            try await played(yard)
            try yard.installation.close()

            let clean = try Installation.verify(yard.directory)
            #expect(clean.misfit == nil)
            #expect(clean.entries == 265)
            #expect(clean.signatures == 265)
            #expect(clean.terminals == 1)
            #expect(clean.closes == 1)
            #expect(clean.exports == 1)
            #expect(clean.repriced == 260)
            for tampering in Self.tamperings {
                try tampering.expectFound(in: yard.directory, scratch: folder)
            }
        }
    }
}
