package import Calendars
package import CloseSheets
import Foundation
package import Journal
import Keys
package import Logging
import Sales
import Signing
package import Storage
import Synchronization
import Tariffs
import Text
import Transparency
package import Units

/// What a yard is: from the genesis record of its log.
package struct Yard: Hashable, Sendable {
    /// Number in this installation.
    package let number: Int64
    package let id: YardID
    /// Origin of its first log, which every record names.
    package let origin: String
    package let genesis: Genesis
    /// Verifier key of its checkpoints now.
    package let logKey: String
    /// Name of the log that its checkpoints are of now: another than ``origin`` after a loss.
    package var logName: String { VerifierKey(logKey)?.name ?? origin }
    /// Scheme and host of the public pages of its receipts: the host that the yard was made with,
    /// which its log is named after.
    package var receiptOrigin: String { "https://" + origin.prefix { $0 != "/" } }
}

/// An open installation: the database, the keys, and the one writer. Everything people and
/// terminals do at the server goes through its operations.
package final class Installation: Sendable {
    package let directory: DataDirectory
    package let clock: @Sendable () -> Timestamp
    package let logger: Logger
    /// The wall clock of the yards.
    package let calendar: LocalCalendar
    let database: ServerDatabase
    let writer: JournalWriter
    let heads: HeadFile
    let plan: FinancePlan
    /// What is asked of witnesses and time stamps.
    package let witnessing: WitnessSettings
    let plates: PlateSearch
    /// Whether bytes of what was erased may still stand in the write-ahead log, also by an earlier
    /// process, which could not say so.
    let isOverwriteDue = Mutex(true)
    /// How long personal data is kept.
    package let retention: Retention
    let attempts = SignInThrottle()
    let quota = AdmissionQuota()
    let contacts = WitnessContacts()
    let cutMemory = CutMemory()
    /// Wakes who follows the events.
    package let feed = EventFeed()
    let closeFolds = CloseFolds()
    /// Files whose parts are being put beside the journal. A number whose part was rolled back may
    /// stay: no part of it is there, and whoever gets the number next takes it out in the end.
    let stagedFiles = Mutex<Set<Int64>>([])
    /// What makes archive files of closes.
    let sheets: SheetPrinter
    /// What each close says of the program that made it.
    let software: String
    /// Rung after an approved close.
    let bell = Bell()
    let faults: ProvokedFaults
    /// Bytes of the largest file that an export may have.
    let exportFileMax: Int64
    /// Sessions of people who sign in while nothing is written.
    let unwrittenSessions = UnwrittenSessions()
    /// Whether sales are taken, anything is written at all, and why not.
    package let standing: Standing
    private let lock: ProcessLock
    private let register: Mutex<Register>
    private let refreshing = NSLock()

    /// A terminal's key with the terminal's number and the newest `rotate` record of its yard.
    typealias KnownKey = (key: RegisteredKey, terminal: Int64, lastRotation: Int64?)

    /// What is read often and changes seldom.
    struct Register {
        var yards: [YardID: Yard] = [:]
        var keys: [String: KnownKey] = [:]
        var tariffs: [Int64: YardTariffs] = [:]
    }

    /// Opens the installation in `directory`.
    ///
    /// A database that the rollback guard finds older or damaged is only read: ``standing`` says
    /// why, and every write throws it.
    ///
    /// - Parameters:
    ///   - knownHeads: what others remember of the logs, such as a witness; the head file is read
    ///     besides.
    ///   - safety: what the installation watches while it runs.
    ///   - sheets: what makes archive files of closes.
    ///   - syncDelay: how much longer each commit takes, for measuring a slow disk.
    ///   - headPace: when the head file is written.
    ///   - accepting: heads that contradict the database and are to be accepted as lost: they do
    ///     not stop this start.
    /// - Throws: ``OperationsError`` (`notInitialised`, `inUse`, …), `StorageError`, or what the
    ///   file system says.
    package init(
        directory: DataDirectory, clock: @escaping @Sendable () -> Timestamp = SystemClock.now,
        knownHeads: [KnownHead] = [], safety: Safety = Safety(), syncDelay: Duration = .zero,
        headPace: HeadPace = .everySecond, logger: Logger, faults: ProvokedFaults? = nil,
        sheets: SheetPrinter = SheetPrinter(), accepting: Set<KnownHead> = [],
        software: String = Program.name
    ) throws {
        try directory.requireDatabase()
        let faults = faults ?? ProvokedFaults(dataDirectory: directory.path)
        self.directory = directory
        self.faults = faults
        self.clock = clock
        self.logger = logger
        self.sheets = sheets
        self.software = software
        exportFileMax = safety.exportFileMax
        calendar = try .ofYards(faults)
        lock = try ProcessLock(path: directory.lock, isShared: faults.isBroken(.noLock))
        let ring = try KeyRing(directory, faults: faults)
        plan = try FinancePlan(directory: directory)
        witnessing = try WitnessSettings(directory: directory)
        retention = try Retention(directory: directory)
        let stop =
            faults.isBroken(.noGuard) || faults.isBroken(.believing)
            ? nil
            : try Self.writeStop(
                of: directory, knownHeads: knownHeads, accepting: accepting)
        let standing = Standing(stop: stop)
        self.standing = standing
        let noticing: @Sendable (String) -> Void = {
            standing.noticeDamage($0, of: directory.database, logger: logger)
        }
        database =
            stop == nil
            ? try ServerDatabase(
                path: directory.database, syncDelay: syncDelay, faults: faults,
                noticing: noticing)
            : try ServerDatabase(readOnly: directory.database, noticing: noticing)
        #if DEBUG
        if faults.isBroken(.normalSync) { try database.weakenForTests() }
        #endif
        heads = HeadFile(
            path: directory.heads, pace: headPace, logger: logger, faults: faults)
        let (logs, register): ([YardLog], Register)
        do {
            (logs, register) = try database.read { reading in
                let logs = try Self.logs(reading, ring, isDamaged: stop != nil)
                return (logs, try Register(reading))
            }
        } catch {
            // Damage in a page that the guard did not look at.
            throw Self.damage(error, at: directory.database) ?? error
        }
        // Nothing is written before the guard has seen the database.
        plates = try PlateSearch(directory, mayWrite: stop == nil)
        if stop == nil {
            try Self.refillRecords(of: database, calendar)
            try plates.forgetOthers(in: database)
        }
        self.register = Mutex(register)
        writer = JournalWriter(
            database: database, logs: logs, heads: heads, standing: standing, safety: safety,
            feed: feed, logger: logger, faults: faults)
        try tellStart(logs)
        removeHandoverLeftovers()
        if stop == nil { try writer.start() }
    }

    /// Finishes what waits and closes the files.
    package func close() throws {
        defer { lock.release() }
        writer.stop()
        if faults.isBroken(.endlessDrain) { Thread.sleep(forTimeInterval: 60) }
        try database.close()
    }

    package var yards: [Yard] {
        register.withLock { $0.yards.values.sorted { $0.number < $1.number } }
    }

    /// - Throws: ``OperationsError/yardUnknown(_:)``.
    package func yard(_ id: String) throws -> Yard {
        guard let yard = knownYard(id) else { throw OperationsError.yardUnknown(id) }
        return yard
    }

    package func knownYard(_ id: String) -> Yard? {
        guard let id = YardID(id) else { return nil }
        return register.withLock { $0.yards[id] }
    }

    func registeredKey(_ kid: String) -> KnownKey? {
        register.withLock { $0.keys[kid] }
    }

    func tariffs(yard: Int64) -> YardTariffs? {
        register.withLock { $0.tariffs[yard] }
    }

    /// Reads the register again after a change of yards, keys or tariffs; one at a time, so that
    /// none replaces what a later one has read.
    func refreshRegister() throws {
        refreshing.lock()
        defer { refreshing.unlock() }
        let known = register.withLock { register in
            register.tariffs.values.flatMap(\.versions).map { ($0.row.digest, $0.tariff) }
        }
        let decoded = Dictionary(known, uniquingKeysWith: { $1 })
        let fresh = try database.read { try Register($0, known: decoded) }
        register.withLock { $0 = fresh }
    }

    private static func lastReceived(_ yard: YardRow, _ reading: Reading) throws -> Timestamp? {
        let last = LogPosition(
            yard: yard.number, index: try reading.logSize(yard: yard.number) - 1)
        return try reading.entry(at: last).flatMap(LogEntry.init)?.received
    }

    /// The empty tree where the stored one is damaged: it is neither written to nor signed.
    private static func tree(of yard: YardRow, isDamaged: Bool, _ reading: Reading) throws
        -> LogTree
    {
        do {
            return try .restored(
                yard: yard.number, size: try reading.logSize(yard: yard.number), from: reading)
        } catch let error as DamagedRow {
            guard isDamaged else { throw error }
            return LogTree()
        }
    }

    private static func logs(
        _ reading: Reading, _ ring: KeyRing, isDamaged: Bool
    ) throws -> [YardLog] {
        try reading.yards().map { row in
            let book = try KeyBook.ofServer(row, reading)
            guard let logKey = book.logKey, let recordKey = book.recordKey else {
                throw DamagedRow(table: "entry", position: row.number)
            }
            // A log that ended signs nothing more.
            let earlier = book.logKeys.dropLast()
                .filter { $0.key.name.hasSameBytes(as: logKey.name) }
                .compactMap { ring.log($0.key) }
            var log = try YardLog(
                number: row.number, id: row.id, origin: logKey.name,
                signers: earlier + [try ring.requireLog(logKey)],
                recordKey: try ring.requireRecord(recordKey),
                tree: try tree(of: row, isDamaged: isDamaged, reading),
                lastTariff: YardTariffs.last(try reading.tariffs(yard: row.number)),
                lastReceived: try lastReceived(row, reading))
            log.lastRotation = try reading.lastRotation(yard: row.number)
            return log
        }
    }
}

extension Installation.Register {
    /// - Parameter known: tariffs decoded before, by digest.
    init(_ reading: Reading, known: [String: Tariff] = [:]) throws {
        for row in try reading.yards() {
            let book = try KeyBook.ofServer(row, reading)
            guard let bytes = try reading.entry(at: LogPosition(yard: row.number, index: 0)),
                case .server(let record) = try StoredRecord.fact(of: bytes),
                case .genesis(let genesis) = record.fact, let logKey = book.logKey
            else { throw DamagedRow(table: "entry", position: row.number) }
            yards[row.id] = Yard(
                number: row.number, id: row.id, origin: row.origin, genesis: genesis,
                logKey: logKey.text)
            tariffs[row.number] = try YardTariffs(
                try reading.tariffs(yard: row.number), known: known)
            try addTerminals(of: row, reading)
        }
    }

    /// The keys that a yard's terminals have and had: revoked ones too, because what they say is
    /// recorded.
    private mutating func addTerminals(of yard: YardRow, _ reading: Reading) throws {
        let lastRotation = try reading.lastRotation(yard: yard.number)
        for terminal in try reading.terminals(yard: yard.number) {
            for row in try reading.terminalKeys(of: terminal.number) {
                guard let key = ES256PublicKey(raw: row.key) else {
                    throw DamagedRow(table: "terminal_key", position: terminal.number)
                }
                let registered = RegisteredKey(
                    key: key, terminal: terminal.id, yard: yard.id, enrolledAt: row.start,
                    replacedAt: row.end, isSuccessor: row.start != terminal.enrolledAt)
                keys[row.kid] = (registered, terminal.number, lastRotation)
            }
        }
    }
}

extension LocalCalendar {
    /// The wall clock of the yards: they all lie in Germany.
    ///
    /// - Throws: ``OperationsError/missingFile(path:)`` where the time zone is not installed.
    static func ofYards(_ faults: ProvokedFaults = .none) throws -> LocalCalendar {
        let zone = faults.isBroken(.utcDays) ? "UTC" : yardZone
        guard let calendar = LocalCalendar(zone: zone) else {
            throw OperationsError.missingFile(path: "time zone \(yardZone)")
        }
        return calendar
    }
}
