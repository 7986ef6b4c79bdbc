import Foundation
import GRDB
import Storage

extension Fault {
    static let processes = [
        Fault("F25", "a second server on the same data", short: 1, full: 5, bite: .noLock) {
            trial in
            let site = try trial.site()
            let server = try site.serve()
            let load = Load(site, port: server.port)
            do {
                let second = try site.serve()
                second.child.signal(SIGKILL)
                trial.complain("a second server serves the same data")
            } catch let refusal as Server.NotServing {
                if refusal.status != 69 || !refusal.words.contains("data-in-use") {
                    trial.complain("the second server says: \(refusal.words)")
                }
            }
            load.stop()
            try trial.finish(site, server)
        },
        Fault(
            "F26", "a foreign program holds the write lock", short: 1, full: 3, bite: .busyIsFatal
        ) { trial in
            let site = try trial.site()
            let server = try site.serve()
            let load = Load(site, port: server.port, isPersistent: true)
            usleep(300_000)
            let queue = try DatabaseQueue(path: site.database)
            try queue.writeWithoutTransaction { connection in
                try connection.execute(sql: "PRAGMA busy_timeout = 5000")
                try connection.beginTransaction(.immediate)
                sleep(trial.isShort ? 7 : 60)
                try connection.rollback()
            }
            try queue.close()
            usleep(300_000)
            if let status = server.child.ended {
                trial.complain("a held lock ended the server with \(status)")
                load.stop()
                return try trial.recover(site)
            }
            if site.history.count(of: 503) == 0 { trial.complain("nobody was told to wait") }
            load.stop()
            try trial.finish(site, server)
        },
        Fault(
            "F27", "a foreign reader that does not end", short: 1, full: 2,
            bite: .neverCheckpoints
        ) { trial in
            let site = try trial.site()
            let server = try site.serve()
            let load = Load(site, port: server.port)
            let log = site.database + "-wal"
            let held = try trial.behindReader(of: site) {
                sleep(trial.isShort ? 3 : 120)
                return trial.megabytes(log)
            }
            trial.note("write-ahead log MB", held)
            // From here on the log is emptied again and again, and its file no longer grows.
            let sold = site.history.acknowledged
            try trial.expect("1,500 sales after the reader", seconds: 120) {
                site.history.acknowledged > sold
                    + (trial.isShort && trial.breakage == nil ? 0 : 1_500)
            }
            if trial.megabytes(log) > held + 9 {
                trial.complain("I9: the write-ahead log grows to \(trial.megabytes(log)) MB")
            }
            load.stop()
            try trial.finish(site, server)
            trial.note("afterwards MB", trial.megabytes(log))
            if trial.megabytes(log) > 0 { trial.complain("I9: the write-ahead log stays") }
        },
        Fault(
            "F29", "few descriptors, little memory", short: 2, full: 12, bite: .anyDescriptors
        ) { trial in
            switch trial.round % 4 {
            case 0: try trial.expectTooFew(descriptors: [10, 16, 20, 64][trial.round / 4 % 4])
            case 1: try trial.crowd(["prlimit", "--nofile=160:160", "--"])
            case 2: try trial.crowd(["prlimit", "--nofile=64:4096", "--"])
            default: try trial.crowd(["prlimit", "--as=3000000000", "--"])
            }
        },
    ]
}

extension Trial {
    /// With so few descriptors it does not start, and says what it needs.
    fileprivate func expectTooFew(descriptors: Int) throws {
        let site = try site()
        try sell(site, milliseconds: 200)
        do {
            let server = try site.serve(
                wrapper: ["prlimit", "--nofile=\(descriptors):\(descriptors)", "--"])
            server.child.signal(SIGKILL)
            server.child.wait()
            complain("it serves with \(descriptors) descriptors")
        } catch let refusal as Server.NotServing {
            count("refused with \(refusal.status ?? 0)")
            if refusal.status != 78 || !refusal.words.contains("few-descriptors") {
                complain("with \(descriptors) descriptors: \(refusal.words)")
            }
        }
        try recover(site)
    }

    /// Two hundred idle connections beside terminals that were there before: these go on.
    fileprivate func crowd(_ wrapper: [String]) throws {
        let site = try site()
        let server = try site.serve(wrapper: wrapper)
        let load = Load(site, port: server.port, isPersistent: true)
        usleep(200_000)
        var idle: [Wire] = []
        for _ in 0..<200 { Wire(port: server.port, seconds: 1).map { idle.append($0) } }
        let before = site.history.acknowledged
        let files = site.fileCount
        var log = 0.0
        for _ in 0..<50 {
            log = max(log, megabytes(site.database + "-wal"))
            usleep(20_000)
        }
        if server.child.ended == nil, site.history.acknowledged == before {
            complain("I9: with \(idle.count) idle connections nobody is served")
        }
        if server.child.ended == nil {
            bound("memory MB", site.memory(of: server), at: 400)
            bound("descriptors", Double(site.descriptors(of: server)), at: 300)
        }
        bound("write-ahead log MB", log, at: 13)
        bound("new files", Double(site.fileCount - files), at: 3)
        idle = []
        load.stop()
        if let status = server.child.ended {
            complain("I9: it ended with \(status): \(server.child.errors.suffix(200))")
            return try recover(site)
        }
        server.child.signal(SIGKILL)
        server.child.wait()
        try recover(site)
    }
}

extension Trial {
    /// Notes a figure that must not be above a bound (I9).
    private func bound(_ name: String, _ value: Double, at most: Double) {
        note(name, value)
        if value > most { complain("I9: \(name) are \(value), above \(most)") }
    }

    fileprivate func megabytes(_ path: String) -> Double {
        var status = stat()
        return stat(path, &status) == 0 ? Double(status.st_size) / 1_000_000 : 0
    }
}

extension Site {
    fileprivate func descriptors(of server: Server) -> Int {
        do {
            let folder = "/proc/\(server.child.pid)/fd"
            return try FileManager.default.contentsOfDirectory(atPath: folder).count
        } catch { return 0 }
    }

    /// Files in the data directory.
    fileprivate var fileCount: Int {
        do { return try FileManager.default.subpathsOfDirectory(atPath: data).count } catch {
            return 0
        }
    }

    /// Megabytes that were resident at most.
    fileprivate func memory(of server: Server) -> Double {
        let text = FileManager.default.contents(atPath: "/proc/\(server.child.pid)/status")
        let words = String(decoding: text ?? Data(), as: UTF8.self)
        return words.firstMatch(of: /VmHWM:\s+([0-9]+) kB/).flatMap { Double($0.1) }
            .map { $0 / 1_000 } ?? 0
    }
}
