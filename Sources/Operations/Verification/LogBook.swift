import Journal
import Sales
import Signing
import Storage
import Tariffs
import Text
import Transparency
import Units

/// What the server's own records of a log say, read before the rest: whose keys count from which
/// index on, and which tariffs.
///
/// The parts of a log can then be checked in any order. That these records are all there are, and
/// stand where they were found, is checked when the parts are put together.
struct LogBook: Sendable {
    let yard: YardRow
    /// How many entries are looked at.
    let size: Int64
    /// Indexes of all records that the server signed, ascending.
    let indexes: [Int64]
    /// All keys, each with its range of log indexes. Which numbers came under a key is found when
    /// the parts are put together.
    private(set) var keys = KeyBook()
    /// Numbers of the terminals in the installation; 0 where there is no database.
    private(set) var numbers: [TerminalID: Int64] = [:]
    /// Quotas used by records that were left out and of which it was decided that they count.
    private(set) var decidedQuotas = RowSum()
    /// Which personal data is gone by right.
    private(set) var erasures = ErasureBook()
    /// Log indexes of the records about which a decision was found.
    private var decided: Set<Int64> = []
    /// What does not fit about one of these records, by index.
    private(set) var misfits: [Int64: LogMisfit] = [:]
    /// The tariffs after each index, ascending.
    private var tariffStates: [(from: Int64, replay: TariffReplay)]
    /// Indexes of closes, audit snapshots and exports.
    private(set) var closes: [Int64] = []
    /// What each close holds: all below `end`.
    private var closeEnds: [(index: Int64, end: Int64)] = []
    private(set) var snapshots: [Int64] = []
    private(set) var exports: [Int64] = []
    /// Files of bank and acquirers that were taken in.
    private(set) var statements: [(index: Int64, fact: ImportedStatement)] = []
    /// Items of settlements that nobody took back, by index.
    private(set) var settledItems: [Int64: [SettledItem]] = [:]
    /// Rows of the table of references, by the index of the entry that refers to another.
    let references: [Int64: [String]]
    /// Rows of the table of findings, by the index of the entry that is one.
    let findings: [Int64: [String]]
    /// How many of the entries the search index covers.
    let indexedSize: Int64
    /// Index of the newest release of each terminal from quarantine.
    private(set) var releases: [TerminalID: Int64] = [:]
    /// What became of each export so far, by number.
    private var exportStates: [Int64: ExportStanding.State] = [:]

    /// Without tables beside the log no sale is priced again.
    init(yard: YardRow, size: Int64, reader: any LogPartReader) throws {
        self.yard = yard
        self.size = size
        indexes = try reader.serverIndexes(to: size)
        references = try reader.tables?.foldedRows(.reference, from: 0, to: size) ?? [:]
        findings = try reader.tables?.foldedRows(.finding, from: 0, to: size) ?? [:]
        indexedSize = min(size, try reader.tables?.indexedSize() ?? 0)
        tariffStates = [(0, TariffReplay(try reader.tables?.tariffs() ?? []))]
        for index in indexes {
            guard let bytes = try reader.entries(from: index, to: index + 1).first else { continue }
            try learn(index, bytes, reader)
        }
    }

    private mutating func learn(
        _ index: Int64, _ bytes: [UInt8], _ reader: any LogPartReader
    ) throws {
        let record: ServerRecord
        do {
            let position = LogPosition(yard: yard.number, index: index)
            guard case .server(let found) = try StoredRecord(position: position, bytes: bytes).fact
            else { return }
            record = found
        } catch {
            // The check of its part says that it cannot be read.
            return
        }
        do {
            try keys.apply(record.fact, log: yard.origin, yard: yard.id, at: index)
        } catch {
            misfits[index] = LogMisfit(
                index, "the record about keys does not fit those before it (\(error))",
                "what later keys have signed is not vouched for")
            return
        }
        do { try erasures.apply(record.fact, at: index) } catch {
            misfits[index] = LogMisfit(
                index, "the record about personal data does not fit those before it (\(error))",
                "personal data was erased that had to stay")
            return
        }
        switch record.fact {
        case .release(let release): releases[release.terminal] = index
        case .enrol(let enrolment): try enrol(enrolment, at: index, reader)
        case .decision(let decision): try decide(decision, at: index, reader)
        case .tariff(let activation): activate(activation, at: index, reader)
        case .close(let body):
            closes.append(index)
            if let end = body["to"]?.integer { closeEnds.append((index, end)) }
        case .snapshot: snapshots.append(index)
        case .export(let body):
            exports.append(index)
            if let number = body["number"]?.integer { exportStates[number] = .prepared }
        case .bankStatement(let fact): statements.append((index, fact))
        case .settled(let record):
            settledItems[record.undoes ?? index] =
                record.undoes == nil ? record.expected + record.received : nil
        case .handover(let body): follow(body, at: index, record.at)
        default: break
        }
    }

    /// What became of an export follows on the export and on what was said of it before.
    private mutating func follow(_ body: JSONValue, at index: Int64, _ time: Timestamp) {
        do {
            let handover = try ExportHandover(body: body, at: time)
            guard let state = exportStates[handover.export], state.allows(handover.step) else {
                misfits[index] = LogMisfit(
                    index, "the hand-over of export \(handover.export) does not follow",
                    "what became of the export is not to be believed")
                return
            }
            exportStates[handover.export] = ExportStanding.State(after: handover.step)
        } catch {
            misfits[index] = LogMisfit(
                index, "the record about an export cannot be read (\(error))",
                "what became of the export is not known")
        }
    }

    private mutating func enrol(
        _ enrolment: Enrolment, at index: Int64, _ reader: any LogPartReader
    ) throws {
        var number: Int64 = 0
        if let tables = reader.tables {
            guard let row = try tables.terminal(enrolment.terminal) else {
                misfits[index] = LogMisfit(
                    index, "the terminal \(enrolment.terminal) is not in the register",
                    "the register of terminals was altered")
                return
            }
            number = row.number
        }
        numbers[enrolment.terminal] = number
    }

    /// A decision is about a record that was left out, and there is one at most.
    private mutating func decide(
        _ decision: RecordDecision, at index: Int64, _ reader: any LogPartReader
    ) throws {
        guard decision.index < index, decided.insert(decision.index).inserted,
            let record = try leftOut(at: decision.index, reader),
            record.head.reference
                == SaleReference(terminal: decision.terminal, sequence: decision.sequence)
        else {
            misfits[index] = LogMisfit(
                index, "the decision is not about a record that was left out",
                "a record is counted twice or was never there")
            return
        }
        guard decision.counts else { return }
        let position = LogPosition(yard: yard.number, index: decision.index)
        for row in QuotaRow.rows(of: record.fact, at: position) { decidedQuotas.add(row.words) }
    }

    /// The terminal's record at `index` if it came under a revoked key; nil if there is no such.
    private func leftOut(at index: Int64, _ reader: any LogPartReader) throws -> TerminalRecord? {
        guard let bytes = try reader.entries(from: index, to: index + 1).first else { return nil }
        let stored: StoredRecord
        do {
            stored = try StoredRecord(
                position: LogPosition(yard: yard.number, index: index), bytes: bytes)
        } catch {
            // The check of its part says that it cannot be read.
            return nil
        }
        guard stored.entry.isWithheld, case .terminal(let record) = stored.fact else { return nil }
        return record
    }

    /// Name of the log that the journal is kept in now.
    var logName: String { keys.logName ?? yard.origin }

    /// The key with this thumbprint if a terminal had it before `index`.
    func terminalKey(_ kid: String, at index: Int64) -> ES256PublicKey? {
        keys.terminalKey(kid).flatMap { $0.start < index ? $0.key : nil }
    }

    private mutating func activate(
        _ activation: TariffActivation, at index: Int64, _ reader: any LogPartReader
    ) {
        guard reader.tables != nil, var replay = tariffStates.last?.replay else { return }
        do {
            try replay.activate(activation)
            tariffStates.append((index, replay))
        } catch {
            misfits[index] = LogMisfit(index, error.what, error.consequence)
        }
    }

    /// The tariffs as the log had them before `index`.
    func tariffs(before index: Int64) -> TariffReplay {
        tariffStates.last { $0.from < index || $0.from == 0 }?.replay ?? tariffStates[0].replay
    }

    /// Whether a tariff comes into force in the part that begins at `from`.
    func changesTariff(from: Int64) -> Bool {
        tariffStates.contains { ($0.from..<$0.from + 1).overlaps(from..<from + PartCheck.width) }
    }

    /// Whether a close recorded before `place` holds the entry at `index`.
    func isInClose(_ index: Int64, before place: Int64) -> Bool {
        closeEnds.contains { $0.index < place && index < $0.end }
    }

    /// The tariffs at the end of the log.
    var tariffsAtEnd: TariffReplay { tariffStates[tariffStates.count - 1].replay }
}
