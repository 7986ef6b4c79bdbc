import Foundation
import GRDB
import Keys
import Signing
import Storage
import Text

extension Fault {
    static let keys = [
        Fault(
            "F34", "the folder of a fetched export cannot be had", short: 1, full: 3,
            bite: .hashWithoutFile
        ) { trial in
            let site = try trial.site()
            try trial.sell(site, milliseconds: 300)
            let server = try site.serve()
            let office = try server.office()
            try office.closeDay(site.today)
            try office.export(1)
            // A file is where the folder should be, as where a share is not mounted.
            let share = "\(site.folder)/share"
            let folder = "\(share)/exports"
            try Data().write(to: URL(fileURLWithPath: share))
            let lost = try site.fetchExport(into: folder)
            if lost.wait() != 74 { trial.complain("without a folder: \(lost.errors)") }
            // The place is back: what arrives is what the journal holds the hash of.
            try FileManager.default.removeItem(atPath: share)
            let fetched = try site.fetchExport(into: folder)
            if fetched.wait() != 0 { trial.complain("I6: not fetched: \(fetched.errors)") }
            let exports = try office.succeed("GET", "/v1/yards/hof-1/exports", by: "clara")
            for file in exports["exports"]?.array?.first?["files"]?.array ?? [] {
                let path = "\(folder)/\(file["name"]?.string ?? "")"
                let bytes = FileManager.default.contents(atPath: path).map { Array($0) }
                if bytes.map({ Digest.sha256($0).hex }) != file["sha256"]?.string {
                    trial.complain("I6: \(path) is not what was registered")
                }
            }
            try trial.finish(site, server)
        },
        Fault(
            "F35", "key files missing, readable by others, of another key", short: 6, full: 6,
            bite: .anyKey, within: 6
        ) { trial in
            let site = try trial.site()
            try trial.sell(site, milliseconds: 200)
            let names = ["log-hof-1.key", "records.key"]
            let path = "\(site.data)/keys/\(names[trial.round % 2])"
            let keep = "\(site.folder)/kept.key"
            try FileManager.default.moveItem(atPath: path, toPath: keep)
            switch trial.round / 2 {
            case 0: break
            case 1:
                try FileManager.default.copyItem(atPath: keep, toPath: path)
                chmod(path, 0o644)
            default:
                try KeyFile.create(
                    path: path,
                    with: trial.round % 2 == 0
                        ? .ed25519(try .generate()) : .es256(try .generate()))
            }
            do {
                let server = try site.serve()
                server.child.signal(SIGKILL)
                server.child.wait()
                trial.complain("it serves with a wrong \(names[trial.round % 2])")
            } catch let refusal as Server.NotServing {
                trial.count("refused with \(refusal.status ?? 0)")
                if (refusal.status ?? 0) > 128 || !refusal.namesAKey {
                    trial.complain("refused with \(refusal.status ?? 0): \(refusal.words)")
                }
            }
            if FileManager.default.fileExists(atPath: path) {
                try FileManager.default.removeItem(atPath: path)
            }
            try FileManager.default.copyItem(atPath: keep, toPath: path)
            chmod(path, 0o600)
            try trial.recover(site)
        },
        Fault(
            "F32", "a database of an older schema, the program killed while migrating",
            short: 1, full: 4, bite: .splitMigration
        ) { trial in
            let site = try trial.site()
            try trial.sell(site, milliseconds: 400)
            try trial.makeOlder(site)
            #if DEBUG
            let crash = [
                ProvokedFaults.crashVariable: "beforeMigrationCommit \(trial.round % 2 + 1)"
            ]
            do {
                let server = try site.serve(environment: crash)
                server.child.signal(SIGKILL)
                trial.complain("the migration was not killed")
            } catch let end as Server.NotServing {
                if end.status != 128 + SIGKILL { trial.complain("it ended: \(end.words)") }
            }
            #endif
            try trial.recover(site)
            // And back: a file of a newer program is left alone.
            let queue = try DatabaseQueue(path: site.database)
            try queue.writeWithoutTransaction { connection in
                let version = try Int.fetchOne(connection, sql: "PRAGMA user_version") ?? 0
                try connection.execute(sql: "PRAGMA user_version = \(version + 1)")
            }
            try queue.close()
            do {
                let server = try site.serve()
                server.child.signal(SIGKILL)
                trial.complain("a newer database was opened")
            } catch let refusal as Server.NotServing {
                if refusal.status != 78 { trial.complain("it said: \(refusal.words)") }
            }
        },
    ]
}

extension Trial {
    /// Takes a site's database back to schema version 2.
    fileprivate func makeOlder(_ site: Site) throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("schema-2.sql")
        let sql = try String(contentsOf: file, encoding: .utf8)
        let queue = try DatabaseQueue(path: site.database)
        try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        try queue.close()
    }
}

extension Site {
    fileprivate func fetchExport(into folder: String) throws -> Child {
        try Child(
            [
                Program.path, "export", "fetch", "--data", data, "--as", "clara",
                "--password-file", "\(town.folder)/clara.password", "1", "--into", folder,
            ], in: self.folder)
    }
}

extension Server.NotServing {
    /// Whether it says which key file is wrong, or that one is missing.
    fileprivate var namesAKey: Bool { words.contains(".key") || words.contains("(key-missing)") }
}
