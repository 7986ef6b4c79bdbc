import Foundation
import Glibc
import Journal
import Keys
import Reconciliation
import Storage
import Transparency
package import Units

/// Looks at an installation from outside, also beside a running server; changes nothing in it.
package struct Examiner {
    private let directory: DataDirectory
    private let reserve: Int64
    private let now: Timestamp

    /// - Parameter reserve: bytes that have to stay free, as the server is told.
    package init(_ directory: DataDirectory, reserve: Int64, now: Timestamp) {
        self.directory = directory
        self.reserve = reserve
        self.now = now
    }

    /// Every finding, in a fixed order; what fails does not keep the rest from being looked at.
    package func examine() -> [Finding] {
        [
            ("folder", folder), ("lock", lock), ("settings", settings), ("database", database),
            ("heads", heads), ("keys", keys), ("finance", finance),
            ("settlement", settlement), ("retention", retention), ("witness", witness),
            ("space", space), ("clock", clock),
        ]
        .map { name, look in
            do { return try look(name) } catch let error as StorageError {
                return failure(name, error.asRefusal)
            } catch {
                return failure(name, error)
            }
        }
    }

    private func failure(_ name: String, _ error: any Error) -> Finding {
        guard let error = error as? OperationsError else {
            return .failed(name, "\(error)", "Correct what the message names.")
        }
        return .failed(name, error.title, error.remedy)
    }

    private func folder(_ name: String) throws -> Finding {
        try directory.requireDatabase()
        var status = stat()
        guard stat(directory.path, &status) == 0, access(directory.path, W_OK) == 0 else {
            throw OperationsError.cannotWrite(path: directory.path)
        }
        let mode = String(status.st_mode & 0o777, radix: 8)
        guard status.st_mode & 0o077 == 0 else {
            return .warning(
                name, "\(directory.path) has mode \(mode)",
                "Others on this machine can look in: chmod 700 \(directory.path)")
        }
        return .fine(name, "\(directory.path), mode \(mode)")
    }

    private func lock(_ name: String) -> Finding {
        .fine(name, ProcessLock.holder(path: directory.lock).map { "held by \($0)" } ?? "free")
    }

    /// The server's own connection cannot be asked from outside; the same set-up on a trial file
    /// can.
    private func settings(_ name: String) throws -> Finding {
        let folder = FileManager.default.temporaryDirectory.path + "/hofbuch-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        let found = Result { try ServerDatabase.trialSettings(path: folder + "/trial.sqlite3") }
        try FileManager.default.removeItem(atPath: folder)
        let settings = try found.get().sorted { $0.key < $1.key }
        return .fine(name, settings.map { "\($0.key)=\($0.value)" }.joined(separator: " "))
    }

    private func reading<Value>(_ body: (Reading) throws -> Value) throws -> Value {
        try directory.requireDatabase()
        let database = try ReadOnlyDatabase(path: directory.database, anyVersion: true)
        let value = try database.read(body)
        try database.close()
        return value
    }

    private func database(_ name: String) throws -> Finding {
        let (faults, engine): ([String], [String: String])
        do { (faults, engine) = try reading { (try $0.structuralFaults(), try $0.engine()) } } catch
        {
            guard let damage = error.databaseDamage else { throw error }
            (faults, engine) = ([damage], [:])
        }
        guard faults.isEmpty else {
            return .failed(
                name, "SQLite finds damage: " + faults.joined(separator: "; "),
                "Look at the disk; then restore the newest backup. `hofbuch verify` says more.")
        }
        let wal = size(directory.database + "-wal")
        let text =
            engine.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            .joined(separator: " ") + " wal_megabytes=\(wal >> 20)"
        let limit = Int64(WriteAheadLog.alarmPages) * 4_096
        guard wal > limit else { return .fine(name, text) }
        return .warning(
            name, text,
            "The write-ahead log is large: a program keeps the database open for reading. Close it."
        )
    }

    /// Bytes of a file; 0 if there is none.
    private func size(_ path: String) -> Int64 {
        var status = stat()
        guard stat(path, &status) == 0 else { return 0 }
        return Int64(status.st_size)
    }

    private func heads(_ name: String) throws -> Finding {
        try directory.requireDatabase()
        if let stop = try Installation.writeStop(of: directory) {
            return .failed(name, stop.error.title, stop.error.remedy)
        }
        let sizes = try reading { reading in
            try reading.yards().map {
                "\($0.origin) \(try reading.logSize(yard: $0.number)) entries"
            }
        }
        return .fine(
            name,
            "fits the head file and the newest checkpoint: "
                + sizes.joined(separator: ", "))
    }

    private func keys(_ name: String) throws -> Finding {
        let ring = try KeyRing(directory)
        let yards = try reading { try $0.yards() }
        try reading { reading in
            for yard in yards {
                let book = try KeyBook.ofServer(yard, reading)
                if let key = book.recordKey { _ = try ring.requireRecord(key) }
                if let key = book.logKey { _ = try ring.requireLog(key) }
            }
        }
        return .fine(name, "the key of records and \(yards.count) of logs can be read")
    }

    private func finance(_ name: String) throws -> Finding {
        let plan = try FinancePlan(directory: directory).plan
        let formats = try ExportFormats(directory: directory)
        let misfits = formats.misfits(with: plan, yards: try reading { try $0.yards() }.map(\.id))
        guard let first = misfits.first else {
            return .fine(name, "account plan, profiles and settings can be read and fit")
        }
        return .warning(
            name, "\(misfits.count) exports would be refused, first \(first)",
            "Change the account plan or the profile; see docs/formats/export-csv.md.")
    }

    /// A server starts without these files, and reads them for each bank statement.
    private func settlement(_ name: String) throws -> Finding {
        let setup: SettlementSetup
        do {
            setup = try SettlementFiles(directory: directory).setup
        } catch OperationsError.settlementFileMissing(let path) {
            return .fine(name, "no \(path), so no bank statements are matched")
        } catch let error as OperationsError {
            return .warning(name, error.title, error.remedy)
        }
        let yards = try reading { try $0.yards() }.map(\.id)
        let named = Set(setup.yardOfAccount.values).union(setup.yardOfTerminal.values)
        let others = named.subtracting(yards).map(\.text).sorted()
        guard let other = others.first else { return .fine(name, "settlement files can be read") }
        return .warning(
            name, "\(directory.settlement) names the yard \(other), which is not here",
            "Write the yard's own name there; else its bank statements are refused.")
    }

    private func retention(_ name: String) throws -> Finding {
        _ = try Retention(directory: directory)
        return .fine(name, "how long personal data is kept can be read")
    }

    private func witness(_ name: String) throws -> Finding {
        let settings = try WitnessSettings(directory: directory)
        return .fine(name, "\(settings.policy.witnesses.count) witnesses")
    }

    private func space(_ name: String) throws -> Finding {
        let space = try DiskSpace(of: directory.path, reserve: reserve)
        let text = "\(space.free >> 20) MB free, \(reserve >> 20) MB kept free"
        guard space.isShort || space.free < 4 * reserve else { return .fine(name, text) }
        let remedy = "Free space or enlarge the disk; below the reserve no sales are taken."
        return space.isShort ? .failed(name, text, remedy) : .warning(name, text, remedy)
    }

    private func clock(_ name: String) throws -> Finding {
        let newest = try reading { reading in
            try reading.yards().compactMap { yard in
                let size = try reading.logSize(yard: yard.number)
                return try reading.entry(at: LogPosition(yard: yard.number, index: size - 1))
                    .flatMap(LogEntry.init)?.received
            }.max { $0.milliseconds < $1.milliseconds }
        }
        guard let newest, now.milliseconds + 2_000 < newest.milliseconds else {
            return .fine(name, "\(now.iso), not before the newest entry")
        }
        return .failed(
            name, "\(now.iso), the newest entry was received at \(newest.iso)",
            "Set the clock; the next entry is flagged server-clock.")
    }
}
