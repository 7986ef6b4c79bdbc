import Journal
import Logging
import Signing
import Storage
import Transparency
import Units

extension Installation {
    /// Why a server would not write to a data directory; nil if it would. Reads only.
    ///
    /// - Throws: ``OperationsError`` (`databaseDamaged`, or `diskFull`, `databaseBusy`,
    ///   `cannotRead` where the database cannot be opened), `StorageError` for a database that is
    ///   not ours; what the file system says.
    package static func writeStop(
        of directory: DataDirectory, knownHeads: [KnownHead] = [],
        accepting: Set<KnownHead> = []
    ) throws -> WriteStop? {
        do {
            let database = try ReadOnlyDatabase(path: directory.database, anyVersion: true)
            let stop = try database.read { reading in
                var guarding = RollbackGuard(reading: reading)
                guarding.accepting = accepting
                return try guarding.stop(
                    headFile: directory.heads,
                    further: knownHeads + KeptHeads.read(in: directory, guarding))
            }
            try database.close()
            return stop
        } catch let error as StorageError {
            throw error.asRefusal
        } catch let row as DamagedRow where row.table == "yard" {
            throw OperationsError.databaseDamaged(
                path: directory.database, message: "a row of the table yard cannot be read")
        } catch  where error.isUnreadable {
            throw OperationsError.databaseDamaged(path: directory.database, message: "\(error)")
        }
    }

    /// Logs what the installation starts with.
    func tellStart(_ logs: [YardLog]) throws {
        if let stop = standing.now.stop {
            logger.critical(
                "nothing is written until people have decided; reading goes on",
                metadata: ["code": "\(stop.error.code)", "reason": "\(stop.error.remedy)"])
        }
        let settings = try database.settings().sorted { $0.key < $1.key }
        logger.info(
            "database opened",
            metadata: ["settings": "\(settings.map { "\($0)=\($1)" }.joined(separator: " "))"])
        for log in logs {
            logger.info(
                "log restored", metadata: ["log": "\(log.origin)", "size": "\(log.tree.size)"])
            if log.isClockBehind(clock()) {
                let last = log.lastReceived?.iso ?? ""
                logger.error(
                    "the clock is behind the newest entry; set it, entries are flagged until then",
                    metadata: ["log": "\(log.origin)", "newest": "\(last)"])
                standing.note { $0.clockBehind = log.lastReceived }
            }
        }
    }

    /// Compares the log with a head that somebody outside remembers, such as a terminal or a
    /// witness. If they contradict each other, nothing more is written (trust.md D15).
    ///
    /// - Parameter note: a checkpoint signed by the log; one that is not is no evidence, and is
    ///   passed over.
    /// - Returns: whether it fits.
    @discardableResult
    package func present(_ note: [UInt8], of yard: Yard, from source: KnownHead.Source) throws
        -> Bool
    {
        let stop: WriteStop? = try database.read { reading in
            let guarding = RollbackGuard(reading: reading)
            let yards = try reading.yards()
            guard let row = yards.first(where: { $0.number == yard.number }) else { return nil }
            for key in guarding.keys(of: row) {
                guard let head = KnownHead(note: note, signedBy: key, source: source) else {
                    continue
                }
                return try guarding.stop(head, yards)
            }
            return nil
        }
        guard let stop else { return true }
        logger.critical(
            "somebody knows a larger or another log; nothing more is written",
            metadata: ["source": "\(source.words)", "reason": "\(stop.error.remedy)"])
        standing.note { $0.stop = $0.stop?.further(stop) ?? stop }
        do { try KeptHeads.keep(note, of: yard.id, from: source, in: directory) } catch {
            logger.error("the head cannot be kept", metadata: ["error": "\(error)"])
        }
        return false
    }

    /// The refusal for a read that failed because the database is damaged; nil for any other error.
    package func damage(_ error: any Error) -> OperationsError? {
        Self.damage(error, at: database.path)
    }

    /// ``damage(_:)`` where there is no installation yet.
    static func damage(_ error: any Error, at path: String) -> OperationsError? {
        error.databaseDamage.map { .databaseDamaged(path: path, message: $0) }
    }
}

extension StorageError {
    /// A database that cannot be opened as a refusal that says what to do; the same error for one
    /// that is not ours.
    var asRefusal: any Error {
        switch self {
        case .busy(let path): OperationsError.databaseBusy(path: path)
        case .full(let path): OperationsError.diskFull(path: path)
        case .unreachable(let path, _): OperationsError.cannotRead(path: path)
        case .notAHofbuchDatabase, .newerVersion, .olderVersion, .setting, .readOnly, .readTooLong:
            self
        }
    }
}

extension WriteStop {
    /// Of two heads of one log the larger one: it says how much is missing.
    func further(_ other: WriteStop) -> WriteStop {
        guard case .rollback(let head, _) = self, case .rollback(let more, _) = other,
            head.origin == more.origin, more.size > head.size
        else { return self }
        return other
    }
}
