import Foundation
import GRDB

/// F10 where chance seldom comes: each table and index by its name, and a backup.
extension Trial {
    /// Flips bits in the pages of the tables and indexes of a database at rest, the tiles and every
    /// index among them.
    func flipPages(of site: Site) throws {
        let before = try JournalContent(database: site.database)
        let pages = try pagesByObject(of: site)
        for needed in ["entry", "tile", "checkpoint", "record"] where pages.pages[needed] == nil {
            complain("no page of \(needed) was found")
        }
        let all = pages.pages.sorted { $0.key < $1.key }
        let chosen = isShort ? all.filter { $0.key == "tile" } + [all[any(0...all.count - 1)]] : all
        for (name, numbers) in chosen {
            let page = numbers[any(0...numbers.count - 1)]
            let start = (page - 1) * pages.size
            count(pages.indexes.contains(name) ? "flipped index pages" : "flipped table pages")
            try onCopy(of: site) { copy in
                let place = try flip(
                    in: "\(copy)/hofbuch.sqlite3", start..<start + pages.size)
                try judge(copy, "page \(page) of \(name)", place, site, before)
                // The rows are the same: then the index has to be whole as well.
                if pages.indexes.contains(name) { try expectWhole(copy, name, place, site) }
            }
        }
    }

    /// An index that is damaged is not passed by `verify`.
    private func expectWhole(_ copy: String, _ name: String, _ place: String, _ site: Site) throws {
        let verify = try Child(
            [Program.path, "verify", "--data", copy], environment: site.environment, in: folder)
        guard verify.wait() == 0 else { return }
        let found = try DatabaseQueue.damages(of: "\(copy)/hofbuch.sqlite3")
        if !found.isEmpty {
            complain("\(name) \(place): verify passes a damaged index: \(found.prefix(3))")
        }
    }

    private struct Pages {
        /// Page numbers from 1 on.
        let pages: [String: [Int]]
        let indexes: Set<String>
        let size: Int
    }

    private func pagesByObject(of site: Site) throws -> Pages {
        try DatabaseQueue.reading(site.database) { connection in
            let rows = try Row.fetchAll(connection, sql: "SELECT name, pageno FROM dbstat")
            let indexes = try String.fetchAll(
                connection, sql: "SELECT name FROM sqlite_schema WHERE type = 'index'")
            return Pages(
                pages: Dictionary(grouping: rows) { (row: Row) -> String in row[0] }
                    .mapValues { rows in rows.map { (row: Row) -> Int in row[1] } },
                indexes: Set(indexes),
                size: try Int.fetchOne(connection, sql: "PRAGMA page_size") ?? 4_096)
        }
    }

    /// Flips bits in a backup: it is not restored, unless the bit is in the backup's own list and
    /// changes nothing there but the time of its making or the case of a hash.
    func flipBackup(of site: Site) throws {
        let (whole, copy) = ("\(folder)/whole-backup", "\(folder)/flipped-backup")
        try Program.succeed(
            [
                "backup", "create", "--data", site.data, "--into", whole, "--keys-into",
                "\(folder)/backup-keys",
            ], in: folder)
        try Program.succeed(["backup", "verify", whole], in: folder)
        let files = try FileManager.default.subpathsOfDirectory(atPath: whole).filter { path in
            FileManager.default.contents(atPath: "\(whole)/\(path)").map { !$0.isEmpty } ?? false
        }.sorted()
        for turn in 0..<(isShort ? 2 : 30) {
            let name = turn % 2 == 0 ? "hofbuch.sqlite3" : files[any(0...files.count - 1)]
            try FileManager.default.copyItem(atPath: whole, toPath: copy)
            let place = try flip(in: "\(copy)/\(name)")
            let verify = try Child([Program.path, "backup", "verify", copy], in: folder)
            let status = verify.wait()
            if status > 128 { complain("\(name) \(place): backup verify ends with \(status)") }
            if status == 0, name != "backup.json" {
                complain("\(name) \(place): the backup passes")
            }
            count(status == 0 ? "time or case in a backup's list" : "noticed by backup verify")
            try FileManager.default.removeItem(atPath: copy)
        }
    }
}
