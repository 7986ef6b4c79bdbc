import Calendars
import Journal
import Sales
import Signing
import Storage
import Tariffs
import Transparency
import Units

/// A log read from its first entry on, with what each entry must fit to.
struct LogReplay {
    struct Misfit: Error {
        let what: String
        let consequence: String
    }

    /// The sequence chain of a terminal.
    struct Chain {
        let number: Int64
        var statements: [Int64: Digest] = [:]
        var previous: [Int64: Digest] = [:]
    }

    let yard: YardRow
    let calendar: LocalCalendar
    var tree = LogTree()
    var keys = KeyBook()
    var chains: [TerminalID: Chain] = [:]
    /// Log indexes of the records about which a decision was found.
    private var decided: Set<Int64> = []
    var rows: [RecordRow] = []
    var quotaRows: [QuotaRow] = []
    var tariffs: TariffReplay

    init(yard: YardRow, calendar: LocalCalendar, tariffs: [TariffRow]) {
        self.yard = yard
        self.calendar = calendar
        self.tariffs = TariffReplay(tariffs)
    }

    /// Adds the next entry.
    ///
    /// - Throws: ``Misfit``, or what the database says.
    mutating func add(_ bytes: [UInt8], _ reading: Reading) throws {
        let position = LogPosition(yard: yard.number, index: tree.size)
        let stored: StoredRecord
        do { stored = try StoredRecord(position: position, bytes: bytes) } catch {
            throw Misfit(what: "the entry cannot be read", consequence: "its bytes were altered")
        }
        if stored.position.index == 0 { try learnKeys(from: stored, reading) }
        try checkSignature(of: stored)
        if stored.position.index > 0 { try learnKeys(from: stored, reading) }
        try priceAgain(stored)
        if case .terminal(let record) = stored.fact { try follow(record, stored, reading) }
        let tiles = tree.append(MerkleTree.leafHash(bytes))
        for tile in tiles {
            let kept = try reading.tile(
                yard: yard.number, level: tile.coordinate.level, number: tile.coordinate.index)
            guard kept == tile.bytes else {
                throw Misfit(
                    what: "the stored tile \(tile.coordinate.level)/\(tile.coordinate.index) "
                        + "differs from the entries",
                    consequence: "an entry or the tile was altered")
            }
        }
    }

    private mutating func learnKeys(from stored: StoredRecord, _ reading: Reading) throws {
        guard case .server(let record) = stored.fact else { return }
        do {
            try keys.apply(
                record.fact, log: yard.origin, yard: yard.id, at: stored.position.index)
        } catch {
            throw Misfit(
                what: "the record about keys does not fit those before it (\(error))",
                consequence: "what later keys have signed is not vouched for")
        }
        switch record.fact {
        case .enrol(let enrolment):
            guard let row = try reading.terminal(yard: yard.number, id: enrolment.terminal) else {
                throw Misfit(
                    what: "the terminal \(enrolment.terminal) is not in the register",
                    consequence: "the register of terminals was altered")
            }
            chains[enrolment.terminal] = Chain(number: row.number)
        case .decision(let decision): try follow(decision, stored, reading)
        case .genesis, .tariff, .reversal, .resolution, .release, .rotate, .revoke, .rotateLog,
            .rotateRecord, .approve, .close, .export, .erase, .bankStatement, .settled:
            break
        }
    }

    /// A decision is about a record that was left out, and there is one at most.
    private mutating func follow(
        _ decision: RecordDecision, _ stored: StoredRecord, _ reading: Reading
    ) throws {
        let position = LogPosition(yard: yard.number, index: decision.index)
        guard decision.index < stored.position.index, decided.insert(decision.index).inserted,
            let bytes = try reading.entry(at: position),
            case let found = try StoredRecord(position: position, bytes: bytes),
            case .terminal(let record) = found.fact, found.entry.isWithheld,
            record.head.reference
                == SaleReference(terminal: decision.terminal, sequence: decision.sequence)
        else {
            throw Misfit(
                what: "the decision is not about a record that was left out",
                consequence: "a record is counted twice or was never there")
        }
        if decision.counts { quotaRows += QuotaRow.rows(of: record.fact, at: position) }
    }

    private mutating func priceAgain(_ stored: StoredRecord) throws {
        switch stored.fact {
        case .server(let record):
            guard case .tariff(let activation) = record.fact else { return }
            try tariffs.activate(activation)
        case .terminal(let record):
            guard case .sale(let sale) = record.fact else { return }
            try tariffs.reprice(sale, record.head.reference, flags: stored.entry.flags)
        case .evidence: return
        }
    }

    private func checkSignature(of stored: StoredRecord) throws {
        let key: ES256PublicKey? =
            switch stored.fact {
            // A new record key speaks from the entry after the one that brings it in.
            case .server: keys.recordKey
            case .terminal(let record):
                keys.owners[stored.kid] == record.head.terminal
                    ? keys.terminalKey(stored.kid)?.key : nil
            case .evidence: keys.terminalKey(stored.kid)?.key
            }
        guard let key, key.thumbprint == stored.kid,
            try CompactJWS.parse(stored.entry.jws).isSigned(by: key)
        else {
            throw Misfit(
                what: "the signature does not fit the entry",
                consequence: "the entry was altered or added by somebody without the key")
        }
    }

    private mutating func follow(
        _ record: TerminalRecord, _ stored: StoredRecord, _ reading: Reading
    ) throws {
        let head = record.head
        guard var chain = chains[head.terminal], head.yard == yard.id, head.log == yard.origin
        else { throw Misfit(what: "the record is for another log", consequence: "it was moved") }
        guard chain.statements[head.sequence] == nil else {
            throw Misfit(
                what: "\(head.reference.receiptNumber) stands twice in the journal",
                consequence: "a sale is counted twice")
        }
        chain.statements[head.sequence] = stored.statement
        chain.previous[head.sequence] = head.previous
        let before =
            head.sequence == 1 ? RecordHead.genesisPrevious : chain.statements[head.sequence - 1]
        let fits =
            before.map { $0 == head.previous } ?? true
            && chain.previous[head.sequence + 1].map { $0 == stored.statement } ?? true
        guard fits || stored.entry.flags.contains(.previousHash) else {
            throw Misfit(
                what: "\(head.reference.receiptNumber) does not continue the record before it",
                consequence: "a record of this terminal was exchanged")
        }
        chains[head.terminal] = chain
        try checkKeyFlags(of: stored, head)
        if !stored.entry.isWithheld {
            quotaRows += QuotaRow.rows(of: record.fact, at: stored.position)
        }
        rows.append(
            RecordRow(
                record, statement: stored.statement, flags: stored.entry.flags,
                at: stored.position, terminal: chain.number, calendar))
    }

    /// A revoked or replaced key is flagged, and no other.
    private mutating func checkKeyFlags(of stored: StoredRecord, _ head: RecordHead) throws {
        let found = Set(stored.entry.flags).intersection([.revokedKey, .retiredKey])
        guard found == keys.flags(kid: stored.kid, sequence: head.sequence) else {
            throw Misfit(
                what: "the key of \(head.reference.receiptNumber) was not valid in this way here",
                consequence: "a record under a revoked key counts, or a good one does not")
        }
        keys.noteRecord(kid: stored.kid, sequence: head.sequence)
    }

    /// The numbers below each terminal's highest that never arrived.
    func gaps() -> [String: [Int64]] {
        var gaps: [String: [Int64]] = [:]
        for (terminal, chain) in chains {
            guard let highest = chain.statements.keys.max() else { continue }
            guard chain.statements.count < highest else { continue }
            gaps[terminal.text] = (1...highest).filter { chain.statements[$0] == nil }
        }
        return gaps
    }
}
