import Foundation
import GRDB
import Storage

extension Fault {
    static let files = [
        Fault(
            "F9", "write-ahead log cut at many places of its last forty frames", short: 1, full: 1,
            bite: .noGuard, within: 3
        ) { trial in
            // What the head file says stands in the write-ahead log only.
            let site = try trial.siteKilledAfterHeadFile()
            try trial.tally(site)
            let log = site.database + "-wal"
            let size = try FileManager.default.attributesOfItem(atPath: log)[.size] as? Int ?? 0
            let step = trial.isShort ? 12_000 : 2_003
            for length in stride(from: size - 1, to: max(0, size - 40 * 4_120), by: -step) {
                try trial.cutLog(of: site, to: length)
            }
            // Beside the borders of the last three frames and of their headers, where a frame that
            // is whole and one that is not lie a byte apart.
            let borders = (0...3).flatMap { [size - $0 * 4_120, size - $0 * 4_120 + 24] }
            let beside = borders.flatMap { [$0 - 1, $0, $0 + 1] }.filter { (0...size) ~= $0 }
            let chosen =
                trial.isShort
                ? beside.shuffled(using: &trial.random).prefix(2)[...]
                : beside[...]
            for length in chosen { try trial.cutLog(of: site, to: length) }
            trial.count("cut at the border of a frame", chosen.count)
        },
        Fault(
            "F11", "an older copy of the database restored", short: 1, full: 10, bite: .noGuard
        ) { trial in
            let site = try trial.site()
            try trial.sell(site, milliseconds: 300)
            let old = "\(trial.folder)/old.sqlite3"
            try FileManager.default.copyItem(atPath: site.database, toPath: old)
            try trial.sell(site, milliseconds: 300)
            let newest = "\(trial.folder)/newest"
            try FileManager.default.copyItem(atPath: site.data, toPath: newest)
            try trial.remove(["", "-wal", "-shm"], of: site)
            try FileManager.default.copyItem(atPath: old, toPath: site.database)
            try trial.expectRollback(site)
            try trial.bringBack(newest, to: site)
        },
        Fault(
            "F12", "write-ahead log deleted, or of another moment", short: 2, full: 10,
            bite: .noGuard, within: 5
        ) { trial in
            let site = try trial.siteKilledAfterHeadFile()
            let newest = "\(trial.folder)/newest"
            try FileManager.default.copyItem(atPath: site.data, toPath: newest)
            let wal = site.database + "-wal"
            if trial.round % 2 == 0 {
                try trial.remove(["-wal", "-shm"], of: site)
            } else {
                let other = try trial.killedSite(milliseconds: 300)
                try trial.remove(["-wal", "-shm"], of: site)
                try FileManager.default.copyItem(atPath: other.database + "-wal", toPath: wal)
            }
            try trial.expectRollback(site)
            try trial.bringBack(newest, to: site)
        },
    ]
}

private let shortMark = "HOFBUCH_FAULTS_SHORT"

extension Trial {
    /// Whether this is part of `make test`.
    var isShort: Bool { ProcessInfo.processInfo.environment[shortMark] != nil || breakage != nil }

    static func markShort() { setenv(shortMark, "1", 1) }

    /// Sells for a while and stops the server as the supervisor does.
    func sell(_ site: Site, milliseconds: Int) throws {
        let server = try site.serve()
        let load = Load(site, port: server.port)
        usleep(UInt32(milliseconds) * 1_000)
        load.stop()
        try server.stop()
    }

    /// A site whose server was killed while it sold.
    func killedSite(milliseconds: Int) throws -> Site {
        let site = try site()
        let server = try site.serve()
        let load = Load(site, port: server.port)
        usleep(UInt32(milliseconds) * 1_000)
        server.child.signal(SIGKILL)
        server.child.wait()
        load.join()
        return site
    }

    /// A site whose server was killed right after it had written the head file, before what the
    /// file speaks of left the write-ahead log.
    func siteKilledAfterHeadFile() throws -> Site {
        #if DEBUG
        let site = try site()
        let crash = [ProvokedFaults.crashVariable: "afterHeadFile \(any(2...3))"]
        let server = try site.serve(environment: crash)
        try behindReader(of: site) {
            let load = Load(site, port: server.port, registers: [site.registers[0]])
            server.child.wait(seconds: 20)
            load.join()
        }
        return site
        #else
        throw Skipped(reason: "a release build has no crash points")
        #endif
    }

    /// Runs `body` beside a foreign reader, which keeps all that is written meanwhile in the
    /// write-ahead log, the newest at its end.
    func behindReader<Value>(of site: Site, _ body: () throws -> Value) throws -> Value {
        try DatabaseQueue.reading(site.database) { connection in
            _ = try Int.fetchOne(connection, sql: "SELECT count(*) FROM entry")
            return try body()
        }
    }

    func remove(_ suffixes: [String], of site: Site) throws {
        for suffix in suffixes
        where FileManager.default.fileExists(atPath: site.database + suffix) {
            try FileManager.default.removeItem(atPath: site.database + suffix)
        }
    }

    /// The server does not write to a database older than what was signed, says why, and serves
    /// reads. One that holds all that was signed may go on.
    func expectRollback(_ site: Site) throws {
        let known = try Heads(path: "\(site.data)/heads.json").size
        guard try DatabaseQueue.damages(of: site.database).isEmpty else {
            return try expectDamaged(site)
        }
        guard try site.size < known else { return count("nothing was missing") }
        count("refused as rollback")
        try expectRefusal(site, of: known)
    }

    /// Pages of another moment may leave a file that SQLite cannot read as a whole: it is not
    /// started, or nothing is written, and a read that reaches those pages is refused by name. One
    /// whose log cannot be counted is not started.
    private func expectDamaged(_ site: Site) throws {
        count("refused as damaged")
        var isCountable = true
        do { _ = try site.size } catch let error as DatabaseError
            where error.resultCode == .SQLITE_CORRUPT
        { isCountable = false }
        let damage = "database-damaged"
        let server: Server
        do { server = try site.serve() } catch let error as Server.NotServing {
            if error.status != 69 || !error.words.contains(damage) {
                complain("I8: a damaged file is not started without its reason: \(error.words)")
            }
            return
        }
        defer {
            server.child.signal(SIGKILL)
            server.child.wait()
        }
        guard isCountable else { return complain("I8: a damaged file was served") }
        let sale = Wire(port: server.port)?.request(
            "POST", "/v1/yards/hof-1/envelopes", try site.registers[0].sign().body)
        guard let sale, ["rollback", damage].contains(sale.code) else {
            return complain("I8: a sale for a damaged file got \(sale?.status ?? 0)")
        }
        do {
            let read = try server.office().send("GET", "/v1/yards/hof-1/sales", by: "anna")
            guard read.status != 200 else { return }
            if read.code == damage { return count("read refused as damaged") }
            complain("I8: a read of a damaged file got \(read.status)")
        } catch let error as Unforeseen {
            if !error.description.contains(damage) { complain("I8: \(error)") }
        }
    }

    /// The newest files come back, as the guard asks for: the log goes on, and all is there.
    fileprivate func bringBack(_ newest: String, to site: Site) throws {
        try FileManager.default.removeItem(atPath: site.data)
        try FileManager.default.moveItem(atPath: newest, toPath: site.data)
        try recover(site)
    }

    /// Nothing is written to a log that somebody knows to have `known` entries, and reads go on.
    func expectRefusal(_ site: Site, of known: Int64) throws {
        let stored = try site.size
        let server = try site.serve()
        let wire = Wire(port: server.port)
        let sale = try site.registers[0].sign()
        let answer = wire?.request("POST", "/v1/yards/hof-1/envelopes", sale.body)
        if answer?.code != "rollback" {
            let status = answer?.status ?? 0
            complain("I8: \(stored) of \(known) entries, and a sale got \(status)")
        }
        let read = try server.office().send("GET", "/v1/yards/hof-1/sales", by: "anna")
        if read.status != 200 { complain("I8: a read got \(read.status)") }
        server.child.signal(SIGKILL)
        server.child.wait()
    }

    /// Cuts the write-ahead log of a copy: it is refused as a rollback, or holds at least what the
    /// head file says; what is left verifies.
    fileprivate func cutLog(of site: Site, to length: Int) throws {
        let copy = try Site(town, in: "\(folder)/copy")
        copy.environment = site.environment
        defer {
            do { try FileManager.default.removeItem(atPath: copy.folder) } catch {
                complain("\(copy.folder) was not removed: \(error)")
            }
        }
        try FileManager.default.removeItem(atPath: copy.data)
        try FileManager.default.copyItem(atPath: site.data, toPath: copy.data)
        truncate(copy.database + "-wal", length)
        let verify = try Child([Program.path, "verify", "--data", copy.data], in: copy.folder)
        let status = verify.wait()
        if ![0, 11].contains(status) { complain("cut at \(length): verify says \(status)") }
        try expectRollback(copy)
    }
}

/// What a head file says of its one log; of a root the case does not count.
struct Heads {
    let size: Int64
    private let root: String

    init(path: String) throws {
        struct File: Decodable {
            struct Head: Decodable {
                let size: Int64
                let root: String
            }
            let heads: [Head]
        }
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        let head = try JSONDecoder().decode(File.self, from: bytes).heads.first
        (size, root) = (head?.size ?? 0, head?.root.lowercased() ?? "")
    }

    /// Whether two head files say the same; one that cannot be read does not.
    static func areSame(_ path: String, _ other: String) -> Bool {
        do {
            let (one, two) = (try Heads(path: path), try Heads(path: other))
            return one.size == two.size && one.root == two.root
        } catch { return false }
    }
}
