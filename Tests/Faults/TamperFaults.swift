import Foundation
import GRDB
import Storage

extension Fault {
    static let tampering = [
        Fault(
            "F10", "random bits flipped in database, write-ahead log and head file", short: 1,
            full: 1, bite: nil
        ) { trial in
            let site = try trial.killedSite(milliseconds: 1_500)
            for _ in 0..<(trial.isShort ? 12 : 1_000) { try trial.flipBit(site) }
        },
        Fault(
            "F13",
            "rows edited, deleted, inserted, swapped; tiles and checkpoints edited", short: 1,
            full: 50, bite: nil
        ) { trial in
            let site = try trial.closedSite()
            for tampering in Tampering.allCases { try trial.tamper(site, tampering) }
        },
        Fault(
            "F14", "an administrator drops a sale, rebuilds all hashes and signs again", short: 1,
            full: 10, bite: nil
        ) { trial in
            let site = try trial.killedSite(milliseconds: 1_500)
            try trial.finish(site, try site.serve())
            try Forgery(site).dropSale(any(of: trial))
            let verify = try Child([Program.path, "verify", "--data", site.data], in: site.folder)
            guard verify.wait() == 0 else {
                return trial.complain("the forgery is not good: \(verify.output)")
            }
            try site.serve().stop()
            var checker = Checker(site)
            let found = try checker.check(.recovered).violations
            // The journal agrees with itself; the proofs that people hold do not agree with it.
            let bySale = found.contains { $0.hasPrefix("I1") }
            let byCheckpoint = found.contains { $0.hasPrefix("I3") }
            if !bySale || !byCheckpoint { trial.complain("a forged log was believed") }
            trial.note("contradicted by proofs", Double(found.count))
        },
    ]

    private static func any(of trial: Trial) -> Int { trial.any(5...20) }
}

/// What somebody with the sqlite3 shell does to the journal.
enum Tampering: CaseIterable {
    case edit, delete, insert, swap, tile, checkpoint
}

extension Trial {
    /// A site with 300 sales and a close, at rest.
    fileprivate func closedSite() throws -> Site {
        let site = try site()
        let server = try site.serve()
        let office = try server.office()
        for register in site.registers.prefix(3) {
            let sales = try (0..<100).map { _ in try register.sign() }
            let bodies = sales.map { String(decoding: $0.body, as: UTF8.self) }
            let body = "{\"envelopes\":[\(bodies.joined(separator: ","))]}"
            let answer = try office.send(
                "POST", "/v1/yards/hof-1/envelopes/batch", Array(body.utf8))
            if answer.status != 200 { complain("the batch was refused: \(answer.text)") }
        }
        try office.closeDay(site.today)
        try office.export(1)
        try server.stop()
        return site
    }

    /// Changes a copy as `tampering` says; `verify` has to name the place.
    fileprivate func tamper(_ site: Site, _ tampering: Tampering) throws {
        let copy = "\(folder)/tampered"
        try FileManager.default.copyItem(atPath: site.data, toPath: copy)
        let queue = try DatabaseQueue(path: "\(copy)/hofbuch.sqlite3")
        let index = any(12...300)
        let expected = try queue.writeWithoutTransaction { connection in
            try connection.dropTriggers()
            return try connection.apply(tampering, index: index)
        }
        let structure = try queue.read { try String.fetchAll($0, sql: "PRAGMA integrity_check") }
        try queue.close()
        if structure == ["ok"] { count("passed by integrity_check") }
        let verify = try Child([Program.path, "verify", "--data", copy], in: folder)
        let status = verify.wait()
        let named = verify.output.firstMatch(of: /log index ([0-9]+)/).flatMap { Int($0.1) }
        if status != 11 || named.map(expected.contains) != true {
            complain("\(tampering) at \(index): verify ended with \(status): \(verify.output)")
        }
        try FileManager.default.removeItem(atPath: copy)
    }

    /// Flips a bit in a copy. Somebody has to notice, or nothing in the journal has changed.
    fileprivate func flipBit(_ site: Site) throws {
        let copy = "\(folder)/flipped"
        try FileManager.default.copyItem(atPath: site.data, toPath: copy)
        defer {
            do { try FileManager.default.removeItem(atPath: copy) } catch {
                complain("\(copy) was not removed: \(error)")
            }
        }
        let name = ["hofbuch.sqlite3", "hofbuch.sqlite3-wal", "heads.json"][any(0...2)]
        let place = try flip(in: "\(copy)/\(name)")
        count("flipped \(name)")
        let verify = try Child([Program.path, "verify", "--data", copy], in: folder)
        let status = verify.wait()
        if status > 128 { complain("\(name) \(place): verify crashed with \(status)") }
        if status != 0 { return count("noticed by verify") }
        let before = try JournalContent(database: site.database)
        let after = try JournalContent(database: "\(copy)/hofbuch.sqlite3")
        var checker = Checker(site, database: "\(copy)/hofbuch.sqlite3")
        let contradictions = try checker.check(.recovered).violations
        if try isStopped(copy, after: "\(name) \(place)", site) {
            return count("noticed by the guard")
        }
        if before == after { return count("nothing changed") }
        if !contradictions.isEmpty { return count("noticed by the clients' proofs") }
        if before.isPrefixed(by: after) { return count("unanswered sales lost") }
        complain("\(name) \(place): accepted in silence: \(before.difference(to: after))")
    }

    /// Whether the server does not start on a copy, or writes nothing to it.
    private func isStopped(_ copy: String, after change: String, _ site: Site) throws -> Bool {
        do {
            let server = try Server(data: copy, in: folder)
            let sale = try site.registers[0].copy().sign()
            let answer = Wire(port: server.port)?.request(
                "POST", "/v1/yards/hof-1/envelopes", sale.body)
            server.child.signal(SIGKILL)
            server.child.wait()
            return answer?.status == 503
        } catch let refusal as Server.NotServing {
            if (refusal.status ?? 0) > 128 {
                complain("\(change): serve crashed with \(refusal.status ?? 0)")
            }
            return true
        }
    }

    private func flip(in path: String) throws -> String {
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        guard !bytes.isEmpty else { return "empty" }
        let (byte, bit) = (any(0...bytes.count - 1), any(0...7))
        bytes[byte] ^= 1 << UInt8(bit)
        try bytes.write(to: URL(fileURLWithPath: path))
        return "byte \(byte) bit \(bit)"
    }
}

extension Database {
    fileprivate func dropTriggers() throws {
        let names = try String.fetchAll(
            self, sql: "SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        for name in names { try execute(sql: "DROP TRIGGER \(name)") }
    }

    /// Tampers with the entry at `index` of the first yard, or the tile or checkpoint near it.
    ///
    /// - Returns: the log indices that `verify` may name.
    fileprivate func apply(_ tampering: Tampering, index: Int) throws -> Set<Int> {
        let first = try Int64.fetchOne(self, sql: "SELECT min(position) FROM entry") ?? 0
        let position = first + Int64(index)
        switch tampering {
        case .edit:
            var bytes = try Data.fetchOne(
                self, sql: "SELECT bytes FROM entry WHERE position = ?", arguments: [position])
            let middle = (bytes?.count ?? 0) / 2
            bytes?[middle] ^= 1
            try execute(
                sql: "UPDATE entry SET bytes = ? WHERE position = ?", arguments: [bytes, position])
            return [index]
        case .delete:
            try execute(sql: "DELETE FROM entry WHERE position = ?", arguments: [position])
            return [index]
        case .insert:
            try execute(
                sql: """
                    INSERT INTO entry SELECT (SELECT max(position) + 1 FROM entry), bytes
                    FROM entry WHERE position = ?
                    """, arguments: [position])
            let last = try Int64.fetchOne(self, sql: "SELECT max(position) FROM entry") ?? 0
            return [Int(last - first)]
        case .swap:
            try execute(
                sql: """
                    UPDATE entry SET position = -1 WHERE position = ?1;
                    """, arguments: [position])
            try execute(
                sql: "UPDATE entry SET position = ?1 WHERE position = ?1 + 1",
                arguments: [position])
            try execute(
                sql: "UPDATE entry SET position = ?1 + 1 WHERE position = -1",
                arguments: [position])
            // Both are genuine: only the next checkpoint tells that they changed places.
            let next = try Int64.fetchOne(
                self, sql: "SELECT min(size) FROM checkpoint WHERE size > ?", arguments: [index])
            return Set(index...(next.map(Int.init) ?? index + 1))
        case .tile:
            var hashes = try Data.fetchOne(
                self, sql: "SELECT hashes FROM tile WHERE level = 0 AND number = 0")
            hashes?[index] ^= 1
            try execute(
                sql: "UPDATE tile SET hashes = ? WHERE level = 0 AND number = 0",
                arguments: [hashes])
            return [255]
        case .checkpoint:
            let size = try Int64.fetchOne(
                self, sql: "SELECT size FROM checkpoint ORDER BY abs(size - ?) LIMIT 1",
                arguments: [index])
            try execute(
                sql: """
                    UPDATE checkpoint SET note = replace(note, substr(note, -8, 4), 'AAAA')
                    WHERE size = ?
                    """, arguments: [size])
            return Set([size.map(Int.init), size.map { Int($0) - 1 }].compactMap(\.self))
        }
    }
}

/// Every row of the tables that are the journal or are folded from it.
private struct JournalContent: Equatable {
    private var rows: [String: [String]] = [:]

    init(database: String) throws {
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(path: database, configuration: configuration)
        let tables = ["entry", "tile", "record", "server_record", "reference", "personal", "close"]
        rows = try queue.read { connection in
            var rows: [String: [String]] = [:]
            for table in tables {
                rows[table] = try Row.fetchAll(connection, sql: "SELECT * FROM \(table)").map {
                    "\($0)"
                }
                .sorted()
            }
            return rows
        }
        try queue.close()
    }

    /// Whether `other` lacks only the newest of this.
    func isPrefixed(by other: JournalContent) -> Bool {
        rows.allSatisfy { table, rows in Set(rows).isSuperset(of: other.rows[table] ?? []) }
    }

    func difference(to other: JournalContent) -> String {
        rows.keys.filter { rows[$0] != other.rows[$0] }.sorted().joined(separator: ", ")
    }
}
