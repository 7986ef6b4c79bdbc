import Foundation
import GRDB
import Storage

extension Fault {
    static let processes = [
        Fault("F25", "a second server on the same data", short: 1, full: 5, bite: nil) { trial in
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
            "F26", "a foreign program holds the write lock", short: 1, full: 3, bite: nil
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
            "F27", "a foreign reader that does not end", short: 1, full: 2, bite: nil
        ) { trial in
            let site = try trial.site()
            let server = try site.serve()
            var configuration = Configuration()
            configuration.readonly = true
            let queue = try DatabaseQueue(path: site.database, configuration: configuration)
            let load = Load(site, port: server.port)
            try queue.read { connection in
                _ = try Int.fetchOne(connection, sql: "SELECT count(*) FROM entry")
                sleep(trial.isShort ? 3 : 120)
            }
            trial.note("write-ahead log MB", trial.megabytes(site.database + "-wal"))
            load.stop()
            try queue.close()
            try trial.finish(site, server)
            trial.note("afterwards MB", trial.megabytes(site.database + "-wal"))
            if trial.megabytes(site.database + "-wal") > 0 {
                trial.complain("I9: the write-ahead log stays")
            }
        },
        Fault(
            "F29", "out of descriptors, out of memory", short: 0, full: 10, bite: nil
        ) { trial in
            let site = try trial.site()
            let limit = trial.round % 2 == 0 ? "--nofile=64" : "--as=3000000000"
            let server = try site.serve(wrapper: ["prlimit", limit, "--"])
            let load = Load(site, port: server.port, isPersistent: true)
            usleep(200_000)
            var idle: [Wire] = []
            for _ in 0..<100 { Wire(port: server.port, seconds: 1).map { idle.append($0) } }
            let before = site.history.acknowledged
            usleep(1_000_000)
            if server.child.ended == nil, site.history.acknowledged == before {
                trial.complain("I9: with \(idle.count) idle connections nobody is served")
            }
            trial.note("memory MB", site.memory(of: server))
            idle = []
            load.stop()
            if let status = server.child.ended {
                trial.note("ended with", Double(status))
                return try trial.recover(site)
            }
            server.child.signal(SIGKILL)
            server.child.wait()
            try trial.recover(site)
        },
    ]
}

extension Trial {
    fileprivate func megabytes(_ path: String) -> Double {
        var status = stat()
        return stat(path, &status) == 0 ? Double(status.st_size) / 1_000_000 : 0
    }
}

extension Site {
    /// Resident megabytes.
    fileprivate func memory(of server: Server) -> Double {
        let text = FileManager.default.contents(atPath: "/proc/\(server.child.pid)/status")
        let words = String(decoding: text ?? Data(), as: UTF8.self)
        return words.firstMatch(of: /VmRSS:\s+([0-9]+) kB/).flatMap { Double($0.1) }
            .map { $0 / 1_000 } ?? 0
    }
}
