import Foundation
import Journal
import Sales
import Storage
import Text
import Transparency

extension Fault {
    static let backups = [
        Fault(
            "F31", "a backup under load, restored elsewhere", short: 1, full: 6,
            bite: .copiesMainFile, shownBy: ["no backup: ", "\"backup\"", "\"verify\""]
        ) { trial in
            let site = try trial.site()
            let server = try site.serve()
            let load = Load(site, port: server.port)
            try trial.expect("sales before the backup") { site.history.acknowledged > 30 }
            let (before, backup) = try trial.backUpBehindReader(site)
            let behind = site.history.acknowledged + 10
            try trial.expect("sales after the backup") { site.history.acknowledged > behind }
            load.stop()
            try trial.finish(site, server)
            let copy = try trial.restore(backup, of: site)
            try trial.expectBeginning(copy, of: site, with: before)
            try trial.expectStop(copy, by: site)
            // In the place of the live database it is older than the head file there.
            try trial.remove(["", "-wal", "-shm"], of: site)
            try FileManager.default.copyItem(
                atPath: backup + "/hofbuch.sqlite3", toPath: site.database)
            try trial.expectRollback(site)
        }
    ]
}

extension Trial {
    /// A backup beside a foreign reader, with what was acknowledged before it: a copy of the main
    /// file alone lacks it.
    fileprivate func backUpBehindReader(_ site: Site) throws -> (
        before: [SaleReference: [Receipt]], backup: String
    ) {
        try behindReader(of: site) {
            let sold = site.history.acknowledged
            try expect("sales behind the reader") { site.history.acknowledged > sold + 20 }
            let before = site.history.receipts
            return (before, try backUp(site))
        }
    }

    /// Makes a backup while the server runs and has it checked; gives its folder.
    fileprivate func backUp(_ site: Site) throws -> String {
        let path = "\(folder)/backup"
        let create = try Child(
            [
                Program.path, "backup", "create", "--data", site.data, "--into", path,
                "--keys-into", "\(folder)/kept-keys",
            ], environment: site.environment, in: folder)
        guard create.wait() == 0 else { throw Unforeseen("no backup: \(create.errors)") }
        try Program.succeed(["backup", "verify", path], in: folder)
        return path
    }

    /// Restores the backup as another town's machine would.
    fileprivate func restore(_ backup: String, of site: Site) throws -> Site {
        let copy = try Site(town, in: "\(folder)/elsewhere")
        copy.environment = site.environment
        try FileManager.default.removeItem(atPath: copy.data)
        try Program.succeed(
            [
                "backup", "restore", backup, "--data", copy.data, "--keys",
                "\(folder)/kept-keys",
            ], in: folder)
        try Program.succeed(["verify", "--data", copy.data], in: folder)
        return copy
    }

    /// The copy is a beginning of the live log and holds what was acknowledged before it was made.
    fileprivate func expectBeginning(
        _ copy: Site, of site: Site, with before: [SaleReference: [Receipt]]
    ) throws {
        let (copied, live) = (try copy.entries, try site.entries)
        note("entries not in the backup", Double(live.count - copied.count))
        if !live.starts(with: copied) { complain("I3: the backup is no beginning of the log") }
        for (reference, receipts) in before {
            let isThere = receipts.allSatisfy { receipt in
                copied.indices.contains(Int(receipt.index))
                    && copied[Int(receipt.index)].elementsEqual(receipt.entry.utf8)
            }
            if !isThere { complain("I1: \(reference.receiptNumber) is not in the backup") }
        }
    }

    /// A terminal that knows of more stops the restored copy; reads go on.
    fileprivate func expectStop(_ copy: Site, by site: Site) throws {
        let newest = site.history.receipts.values.joined().max { $0.index < $1.index }
        guard let newest else { throw Unforeseen("nobody sold") }
        let proof = try TlogProof.parse(Array(newest.proof.utf8))
        let server = try copy.serve()
        let heartbeat = JSONValue.fields([
            "head": .integer(1), "queued": .integer(0), "unknown": .integer(0),
            "checkpoint": .string(Base64.encode(proof.checkpoint.bytes)),
        ])
        let answer = Wire(port: server.port)?.request(
            "POST", "/v1/yards/hof-1/terminals/t1/heartbeat", token: town.token,
            heartbeat.bytes)
        let sale = try copy.registers[0].sign()
        let refused = Wire(port: server.port)?.request(
            "POST", "/v1/yards/hof-1/envelopes", sale.body)
        if refused?.code != "rollback" {
            let (heard, sold) = (answer?.status ?? 0, refused?.status ?? 0)
            complain("I8: after the heartbeat (\(heard)) a sale got \(sold)")
        }
        let read = try server.office().send("GET", "/v1/yards/hof-1/sales", by: "anna")
        if read.status != 200 { complain("I8: a read got \(read.status)") }
        server.child.signal(SIGKILL)
        server.child.wait()
        count("restored copy stopped by a terminal's head")
    }
}

extension Site {
    /// The bytes of every entry of the stored log.
    fileprivate var entries: [[UInt8]] {
        get throws {
            var entries: [[UInt8]] = []
            let size = try self.size
            try ReadOnlyDatabase(path: database).read { reading in
                try reading.entries(yard: 1, from: 0, to: size) { entries.append($1) }
            }
            return entries
        }
    }
}
