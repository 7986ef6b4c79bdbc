import Foundation
import GRDB
import Storage
import Tampering

extension Fault {
    static let tampering = [
        Fault(
            "F10", "bits flipped in database, write-ahead log, head file, pages, backup", short: 1,
            full: 4, bite: .believing, within: 3
        ) { trial in
            // The head file knows nearly all of it, and all of it is in the write-ahead log.
            let site = try trial.siteKilledAfterHeadFile()
            try trial.tally(site)
            let before = try JournalContent(database: site.database)
            let flips = trial.breakage != nil ? 60 : trial.isShort ? 12 : 250
            for _ in 0..<flips { try trial.flipBit(site, before) }
            try trial.recover(site)
            guard trial.breakage == nil else { return }
            let closed = try trial.closedSite()
            try trial.flipPages(of: closed)
            try trial.flipBackup(of: closed)
        },
        Fault(
            "F13",
            "rows edited, deleted, inserted, swapped; tiles and checkpoints edited", short: 1,
            full: 10, bite: .believing
        ) { trial in
            let site = try trial.closedSite()
            for tampering in Tampering.allCases {
                for _ in 0..<(trial.isShort ? 1 : 5) { try trial.tamper(site, tampering) }
            }
        },
    ]
}

/// What somebody with the sqlite3 shell does to the journal.
enum Tampering: CaseIterable {
    case edit, delete, insert, swap, tile, checkpoint
}

extension Trial {
    /// A site with 300 sales and a close, at rest.
    func closedSite() throws -> Site {
        let site = try site()
        let server = try site.serve()
        let office = try server.office()
        for register in site.registers.prefix(3) {
            let sales = try (0..<100).map { _ in try register.sign() }
            sales.forEach(site.history.post)
            try site.deliverBatch(sales, over: office.wire)
        }
        try office.closeDay(site.today)
        try office.export(1)
        try server.stop()
        try tally(site)
        return site
    }

    /// Changes a copy as `tampering` says; `verify` has to name the place.
    fileprivate func tamper(_ site: Site, _ tampering: Tampering) throws {
        let copy = "\(folder)/tampered"
        try FileManager.default.copyItem(atPath: site.data, toPath: copy)
        let queue = try DatabaseQueue(path: "\(copy)/hofbuch.sqlite3")
        let index = any(12...300)
        let expected = try queue.writeWithoutTransaction { connection in
            try connection.withoutTriggers { try connection.apply(tampering, index: index) }
        }
        try queue.close()
        if try DatabaseQueue.damages(of: "\(copy)/hofbuch.sqlite3").isEmpty {
            count("passed by integrity_check")
        }
        let verify = try Child(
            [Program.path, "verify", "--data", copy], environment: site.environment, in: folder)
        let status = verify.wait()
        let named = verify.output.firstMatch(of: /log index ([0-9]+)/).flatMap { Int($0.1) }
        if status != 11 || named.map(expected.contains) != true {
            complain("\(tampering) at \(index): verify ended with \(status): \(verify.output)")
        }
        try FileManager.default.removeItem(atPath: copy)
    }

    /// Flips a bit in a copy. `verify` or the guard has to notice, or nothing has changed, or no
    /// more than what the head file did not speak of yet was lost with the newest frames.
    fileprivate func flipBit(_ site: Site, _ before: JournalContent) throws {
        let name = ["hofbuch.sqlite3", "hofbuch.sqlite3-wal", "heads.json"][any(0...2)]
        count("flipped \(name)")
        try onCopy(of: site) { copy in
            let place = try flip(in: "\(copy)/\(name)")
            try judge(copy, name, place, site, before)
        }
    }

    /// Runs `body` with a copy of a site's data directory, which is removed afterwards.
    func onCopy(of site: Site, _ body: (String) throws -> Void) throws {
        let copy = "\(folder)/flipped"
        try FileManager.default.copyItem(atPath: site.data, toPath: copy)
        defer {
            do { try FileManager.default.removeItem(atPath: copy) } catch {
                complain("\(copy) was not removed: \(error)")
            }
        }
        try body(copy)
    }

    /// What becomes of a copy in which a bit of the file `name` was flipped.
    func judge(
        _ copy: String, _ name: String, _ place: String, _ site: Site, _ before: JournalContent
    ) throws {
        let verify = try Child(
            [Program.path, "verify", "--data", copy], environment: site.environment, in: folder)
        let status = verify.wait()
        if status > 128 { complain("\(name) \(place): verify crashed with \(status)") }
        if status != 0 { return count("noticed by verify") }
        let after = try JournalContent(database: "\(copy)/hofbuch.sqlite3")
        let (old, new) = (site.data + "/heads.json", copy + "/heads.json")
        if before == after, Heads.areSame(old, new) { return count("nothing changed") }
        if try isStopped(copy, after: "\(name) \(place)", site) {
            return count("noticed by the guard")
        }
        let stored = try ReadOnlyDatabase(path: copy + "/hofbuch.sqlite3").read {
            try $0.logSize(yard: 1)
        }
        // Terminals present their heads, and find what the head file does not know yet.
        if name.hasSuffix("-wal"), before.isPrefixed(by: after),
            try stored >= Heads(path: old).size
        {
            return count("newest sales lost, above the head file")
        }
        complain("\(name) \(place): accepted in silence: \(before.difference(to: after))")
    }

    /// Whether the server does not start on a copy, or writes nothing to it.
    private func isStopped(_ copy: String, after change: String, _ site: Site) throws -> Bool {
        do {
            let server = try Server(data: copy, in: folder, environment: site.environment)
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

    /// Flips a random bit of a file, or of a range of its bytes.
    func flip(in path: String, _ range: Range<Int>? = nil) throws -> String {
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        guard !bytes.isEmpty else { return "empty" }
        let range = range ?? 0..<bytes.count
        let (byte, bit) = (any(range.lowerBound...range.upperBound - 1), any(0...7))
        bytes[byte] ^= 1 << UInt8(bit)
        try bytes.write(to: URL(fileURLWithPath: path))
        return "byte \(byte) bit \(bit)"
    }
}

extension Database {
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
