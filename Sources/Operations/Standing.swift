import Logging
package import Storage
import Synchronization
package import Units

/// Why nothing is written to the journal, until people have decided (trust.md D15).
package enum WriteStop: Hashable, Sendable {
    /// Somebody knows of a larger, or another, log than the one stored.
    case rollback(KnownHead, stored: Int64)
    /// The file with the heads is not there, or cannot be read as one.
    case headFile(path: String, isDamaged: Bool)
    /// Stored bytes do not fit each other, from this log index on.
    case damaged(yard: String, index: Int64)
    /// SQLite cannot read the file, so that what is written may not be found again.
    case unreadable(path: String, message: String)

    /// The refusal that everybody gets who wants to write.
    package var error: OperationsError {
        switch self {
        case .rollback(let head, let stored):
            .rollback(yard: head.origin, stored: stored, known: head.size)
        case .headFile(let path, let isDamaged):
            isDamaged ? .headsDamaged(path: path) : .headsMissing(path: path)
        case .damaged(let yard, let index): .journalDamaged(yard: yard, index: index)
        case .unreadable(let path, let message): .databaseDamaged(path: path, message: message)
        }
    }
}

/// What asks to be written.
package enum WritePurpose: Sendable {
    /// Records of terminals: refused while space is short, since terminals keep them.
    case sales
    /// Everything people do, such as closing a day; goes on while there is any space.
    case office
    /// Bytes that stand beside the journal until something names them; goes on as the above.
    case files
}

/// Whether the installation takes sales, writes at all, and why not.
package final class Standing: Sendable {
    /// What stands now.
    package struct State: Sendable {
        package var stop: WriteStop?
        package var space: DiskSpace?
        package var wal = WriteAheadLog.State()
        /// The last entry that came with a clock set back: what its time should not be below.
        package var clockBehind: Timestamp?
        package var hasFailed = false
    }

    private let state: Mutex<State>

    init(stop: WriteStop?) {
        state = Mutex(State(stop: stop))
    }

    package var now: State { state.withLock { $0 } }

    func note(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

    /// Stops writing because a read met damage: a sale could come to stand where nobody finds it.
    func noticeDamage(_ message: String, of path: String, logger: Logger) {
        note { $0.stop = $0.stop ?? .unreadable(path: path, message: message) }
        logger.critical(
            "the database is damaged; nothing more is written", metadata: ["reason": "\(message)"])
    }

    /// Why `purpose` is refused; nil if it is not.
    package func refusal(of purpose: WritePurpose) -> OperationsError? {
        state.withLock { state in
            if state.hasFailed { return .stopping }
            if let stop = state.stop { return stop.error }
            guard purpose == .sales, let space = state.space, space.isShort else { return nil }
            return .spaceShort(
                path: space.path, freeMegabytes: space.free >> 20,
                neededMegabytes: space.resumeAt >> 20)
        }
    }

    /// Looks at the disk under the database; says so when sales stop and when they go on.
    func look(at database: String, reserve: Int64, logger: Logger) {
        guard reserve > 0 else { return }
        let folder = String(database[..<(database.lastIndex(of: "/") ?? database.startIndex)])
        let wasShort = now.space?.isShort ?? false
        let space: DiskSpace
        do {
            space = try DiskSpace(
                of: folder.isEmpty ? "." : folder, reserve: reserve, wasShort: wasShort)
        } catch {
            return logger.error("the disk cannot be looked at", metadata: ["error": "\(error)"])
        }
        note { $0.space = space }
        guard space.isShort != wasShort else { return }
        let figures: Logger.Metadata = [
            "freeMegabytes": "\(space.free >> 20)", "reserveMegabytes": "\(space.reserve >> 20)",
        ]
        if space.isShort {
            logger.critical("the disk is nearly full; no sales are taken", metadata: figures)
        } else {
            logger.notice("there is space again; sales are taken", metadata: figures)
        }
    }
}
