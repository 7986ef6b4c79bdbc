import Foundation
import Synchronization

/// A place where a fault test may end the process (docs/faults.md).
package enum FaultPoint: CaseIterable, Hashable, Sendable {
    /// Of each piece of work of a batch.
    case beforeInsert, afterInsert
    /// Of the transaction of a batch.
    case beforeCommit, afterCommit
    /// Of the checkpoints over a batch.
    case beforeSigning, afterSigning
    /// Of the head file, which is written at most once a second, beside the writer.
    case beforeHeadFile, afterHeadFile
    /// Of the answers to a batch.
    case beforeAnswer, afterFirstAnswer, afterAnswer
    /// Of an approved close: before its entry, between entry and table, after both.
    case beforeClose, afterCloseEntry, afterCloseRow
    /// Of an export: before its files are written, after each part of them is put beside the
    /// journal, and between its entry and the rows that name its files.
    case whileRendering, afterExportPart, afterExportEntry
    /// Inside the transaction of a migration.
    case beforeMigrationCommit
    /// Of the writer before it waits for work, whether there was some or not.
    case idle
}

/// A way in which a process is wrong on purpose, so that a fault test shows that it notices.
package enum Breakage: CaseIterable, Hashable, Sendable {
    /// `synchronous=NORMAL`: a commit is not on the disk when it returns.
    case normalSync
    /// Answers before the commit.
    case earlyAnswer
    /// Takes a record that does not continue the one before it without a word.
    case noPreviousHash
    /// Catches an I/O error at commit and tries again.
    case retryCommit
    /// Starts with a database older than what was signed.
    case noGuard
    /// Records what it has recorded before once more.
    case repeatAnew
    /// Recomputes nothing, neither at the start nor in `verify`: what is stored is believed.
    case believing
    /// Puts no flag on a record ahead of the server's clock.
    case noClockFlag
    /// Takes the day by UTC for the day at the yard.
    case utcDays
    /// Takes four milliseconds for each sale while everybody waits, as a sync of its own would.
    case syncEachSale
    /// Lets a second process have the data directory.
    case noLock
    /// Takes a held write lock for a failed disk.
    case busyIsFatal
    /// Never moves the write-ahead log into the main file.
    case neverCheckpoints
    /// Does not come to an end when it is told to.
    case endlessDrain
    /// Starts with any number of descriptors, and takes more connections than there are.
    case anyDescriptors
    /// Migrates without a transaction.
    case splitMigration
    /// Registers the hash of an export's file and does not keep the file.
    case hashWithoutFile
    /// Signs with whatever key is there.
    case anyKey
    /// Believes whatever signature a witness sends.
    case trustsWitness
    /// Does not care what a witness has stored.
    case ignoresWitness
    /// Takes a copy of the database's main file for a backup.
    case copiesMainFile
    /// As a witness, cosigns what does not continue the head before it.
    case cosignsForks
}

/// The faults that this process was asked for: none, but in a debug build with both a variable
/// in its environment and a marker file in its data directory. A release build knows none.
package struct ProvokedFaults: Sendable {
    package static let none = ProvokedFaults()

    #if DEBUG
    private let observe: (@Sendable (FaultPoint) -> Void)?
    private let breakages: Set<Breakage>
    /// `NAME VALUE`: a setting of the database that stays at this value, whatever is asked for.
    let stuckSetting: String?

    private init() {
        observe = nil
        breakages = []
        stuckSetting = nil
    }

    /// Calls `observe` at every point of a process that is broken in these ways.
    ///
    /// - Parameter stuckSetting: a pragma and the value that it keeps, such as `synchronous 1`.
    package init(
        breakages: Set<Breakage> = [], stuckSetting: String? = nil,
        observe: @escaping @Sendable (FaultPoint) -> Void = { _ in }
    ) {
        self.observe = observe
        self.breakages = breakages
        self.stuckSetting = stuckSetting
    }

    package func reach(_ point: FaultPoint) { observe?(point) }

    package func isBroken(_ breakage: Breakage) -> Bool { breakages.contains(breakage) }
    #else
    private init() {}

    var stuckSetting: String? { nil }

    @inline(__always) package func reach(_ point: FaultPoint) {}

    @inline(__always) package func isBroken(_ breakage: Breakage) -> Bool { false }
    #endif
}

#if DEBUG
extension ProvokedFaults {
    /// Beside the database; without it the environment is not listened to.
    package static let marker = "FAULTS-ALLOWED"
    /// `POINT COUNT`: the process kills itself when it reaches the point the count-th time.
    package static let crashVariable = "HOFBUCH_CRASH_AT"
    /// Names of breakages, separated by commas.
    package static let breakageVariable = "HOFBUCH_BROKEN"
    /// `NAME VALUE`: a setting of the database that keeps this value.
    package static let settingVariable = "HOFBUCH_STUCK_SETTING"

    /// Reads what is asked for and says so on standard error.
    package init(dataDirectory: String) {
        let environment = ProcessInfo.processInfo.environment
        let crash = environment[Self.crashVariable]
        let broken = environment[Self.breakageVariable]
        let stuck = environment[Self.settingVariable]
        guard crash != nil || broken != nil || stuck != nil else {
            self = .none
            return
        }
        guard FileManager.default.fileExists(atPath: "\(dataDirectory)/\(Self.marker)") else {
            Self.announce("ignored, \(dataDirectory) has no file \(Self.marker)")
            self = .none
            return
        }
        let names = broken?.split(separator: ",").map(String.init) ?? []
        breakages = Set(Breakage.allCases.filter { names.contains("\($0)") })
        let words = crash?.split(separator: " ").map(String.init) ?? []
        let point = FaultPoint.allCases.first { "\($0)" == words.first }
        let count = words.count == 2 ? Int(words[1]) : nil
        guard breakages.count == names.count, (point == nil) == (crash == nil),
            (count == nil) == (crash == nil)
        else { preconditionFailure("no such fault: \(crash ?? "") \(broken ?? "")") }
        observe = point.flatMap { point in count.map { Self.crash(at: point, time: $0) } }
        stuckSetting = stuck
        Self.announce(
            "crash at \(crash ?? "no point"), broken: \(broken ?? "nothing"), stuck: "
                + "\(stuck ?? "no setting")")
    }

    private static func crash(at wanted: FaultPoint, time: Int)
        -> @Sendable (FaultPoint) ->
        Void
    {
        let left = Mutex(time)
        return { point in
            guard point == wanted else { return }
            let isTime = left.withLock { left in
                left -= 1
                return left == 0
            }
            if isTime { kill(getpid(), SIGKILL) }
        }
    }

    private static func announce(_ words: String) {
        let line = "hofbuch: THIS PROCESS FAILS ON PURPOSE, FOR TESTS ONLY: \(words)\n"
        FileHandle.standardError.write(Data(line.utf8))
    }
}
#else
extension ProvokedFaults {
    package init(dataDirectory: String) { self = .none }
}
#endif
