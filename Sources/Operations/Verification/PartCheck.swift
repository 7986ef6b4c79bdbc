import Calendars
import Journal
import Sales
import Signing
import Storage
import Transparency
import Units

/// Checks one part of a log: bytes, signatures, prices, leaf hashes, stored tiles, checkpoints, and
/// the rows beside it.
struct PartCheck {
    /// Entries in a part: whole tiles, so that each is compared where its leaves are hashed.
    static let width: Int64 = 4 * Int64(TileCoordinate.width)

    let book: LogBook
    let calendar: LocalCalendar
    let second: SecondLibrary?
    let policy: WitnessPolicy
    private var part: CheckedPart
    private var rows: ArraySlice<RecordRow> = []
    private var personal: [Int64: [Disclosure]] = [:]
    private var serverRows: [Int64: [String]] = [:]
    /// Those in force at the end of the part.
    private let tariffs: TariffReplay
    private let changesTariff: Bool
    /// Whether there are tables beside the log.
    private let hasTables: Bool

    /// Checks the entries from `from` on, below `to`, where `to` is the log's end or a whole number
    /// of tiles away.
    static func check(
        from: Int64, to: Int64, book: LogBook, calendar: LocalCalendar, second: SecondLibrary?,
        policy: WitnessPolicy, reader: any LogPartReader
    ) -> CheckedPart {
        var check = PartCheck(
            from, book, calendar, second, policy, hasTables: reader.tables != nil)
        do {
            try check.run(to: to, reader)
        } catch let misfit as LogMisfit {
            check.part.note(misfit)
        } catch let row as DamagedRow {
            check.part.note(
                LogMisfit(
                    LogPosition(row.position).index,
                    "a row of the table \(row.table) cannot be read", "the table was altered"))
        } catch {
            check.part.note(
                LogMisfit(
                    from, "from here on the stored bytes cannot be read: \(error)",
                    "the file is damaged; restore a backup"))
        }
        return check.part
    }

    private init(
        _ from: Int64, _ book: LogBook, _ calendar: LocalCalendar, _ second: SecondLibrary?,
        _ policy: WitnessPolicy, hasTables: Bool
    ) {
        self.book = book
        self.calendar = calendar
        self.second = second
        self.policy = policy
        part = CheckedPart(from: from)
        tariffs = book.tariffs(before: from + Self.width)
        changesTariff = book.changesTariff(from: from)
        self.hasTables = hasTables
    }

    private mutating func run(to: Int64, _ reader: any LogPartReader) throws {
        let entries = try reader.entries(from: part.from, to: to)
        if let tables = reader.tables {
            rows = try tables.records(from: part.from, to: to)[...]
            part.rows = Int64(rows.count)
            personal = try tables.personal(from: part.from, to: to)
            serverRows = try tables.foldedRows(.serverRecord, from: part.from, to: to)
        }
        part.leaves.reserveCapacity(entries.count)
        for (offset, bytes) in entries.enumerated() {
            part.leaves.append(MerkleTree.leafHash(bytes))
            // Behind a misfit only the hashes are still needed.
            guard part.misfit == nil else { continue }
            do {
                try check(bytes, at: part.from + Int64(offset), reader)
            } catch let misfit as LogMisfit { part.note(misfit) }
        }
        part.sums.entries = Int64(entries.count)
        let end = part.from + Int64(entries.count)
        if end < to { part.note(LogMisfit(end, "the entry is missing", "records were removed")) }
        if part.misfit == nil, let row = rows.first { throw Self.extraRow(row) }
        try compareTiles(reader)
        try checkCheckpoints(to: end, reader)
    }

    private mutating func check(
        _ bytes: [UInt8], at index: Int64, _ reader: any LogPartReader
    ) throws {
        if let misfit = book.misfits[index] { throw misfit }
        let stored: StoredRecord
        do {
            stored = try StoredRecord(
                position: LogPosition(yard: book.yard.number, index: index), bytes: bytes)
        } catch {
            throw LogMisfit(index, "the entry cannot be read", "its bytes were altered")
        }
        try checkSignature(of: stored)
        try checkTime(of: stored)
        switch stored.fact {
        case .server(let record):
            part.serverIndexes.append(index)
            try checkRow(of: record, at: index)
            try checkPersonal(record.personal, of: stored)
        case .terminal(let record):
            try follow(record, stored)
            try price(record, stored)
            try checkLateVoid(record, stored, reader)
            try checkPersonal(record.personal, of: stored)
        case .evidence: break
        }
        try checkReference(stored, reader)
        try checkFinding(stored)
    }

    // MARK: One entry

    private mutating func checkSignature(of stored: StoredRecord) throws {
        let index = stored.position.index
        let key: ES256PublicKey? =
            switch stored.fact {
            // A new record key speaks from the entry after the one that brings it in.
            case .server:
                book.keys.recordKey(at: index).flatMap { $0.thumbprint == stored.kid ? $0 : nil }
            // Found by its thumbprint.
            case .terminal, .evidence: book.terminalKey(stored.kid, at: index)
            }
        guard let key, stored.jws.isSigned(by: key) else {
            throw LogMisfit(
                index, "the signature does not fit the entry",
                "the entry was altered or added by somebody without the key")
        }
        part.sums.signatures += 1
        guard let second else { return }
        guard second.es256(stored.jws.signature, stored.jws.signingInput, key.raw) else {
            throw LogMisfit(
                index, "the second library does not find the signature right",
                "one of the two libraries is wrong; tell the makers")
        }
        part.sums.secondOpinions += 1
    }

    /// The mark of a clock set back stands where time goes back, and nowhere else.
    private mutating func checkTime(of stored: StoredRecord) throws {
        let (received, isMarked) = (
            stored.entry.received, stored.entry.flags.contains(.serverClock)
        )
        if let last = part.lastReceived {
            guard LogMisfit.isBack(received, behind: last) == isMarked else {
                throw LogMisfit.time(stored.position.index)
            }
        } else {
            part.firstReceived = received
            part.isFirstMarked = isMarked
        }
        part.lastReceived = received
    }

    private mutating func follow(_ record: TerminalRecord, _ stored: StoredRecord) throws {
        let (head, index) = (record.head, stored.position.index)
        guard book.keys.owners[stored.kid] == head.terminal, head.yard == book.yard.id,
            head.log == book.yard.origin
        else { throw LogMisfit(index, "the record is for another log", "it was moved") }
        part.links.append(
            .init(
                index: index, terminal: head.terminal,
                link: .init(
                    sequence: head.sequence, statement: stored.statement, previous: head.previous),
                mayBreak: stored.entry.flags.contains(.previousHash), kid: stored.kid,
                keyFlags: Set(
                    stored.entry.flags.filter { $0 == .revokedKey || $0 == .retiredKey })))
        if !stored.entry.isWithheld {
            for row in QuotaRow.rows(of: record.fact, at: stored.position) {
                part.quotas.add(row.words)
            }
        }
        guard hasTables else { return }
        if index < book.indexedSize {
            for line in SoldLine.lines(of: record.fact, at: stored.position) {
                part.lines.add(line.words)
            }
        }
        let wanted = RecordRow(
            record, statement: stored.statement, flags: stored.entry.flags, at: stored.position,
            terminal: book.numbers[head.terminal] ?? 0, calendar)
        guard let row = rows.first, row.position <= stored.position else {
            throw LogMisfit(
                index, "the search table has no row of the entry",
                "lists may be incomplete; the journal itself fits")
        }
        if row.position < stored.position { throw Self.extraRow(row) }
        rows.removeFirst()
        guard row == wanted else {
            throw LogMisfit(
                index, "the search table says something else than the entry",
                "lists may show wrong figures; the journal itself fits")
        }
    }

    /// Whether the row is there at all is found when the parts are put together.
    private func checkRow(of record: ServerRecord, at index: Int64) throws {
        let wanted = FoldedTable.words(record.fact.kind.rawValue, record.at.milliseconds)
        if let found = serverRows[index], found != [wanted] {
            throw LogMisfit(
                index, "the table of server records says something else than the entry",
                "lists of the office may be wrong; the journal itself fits")
        }
    }

    /// What put a terminal into quarantine stands in the table of findings, and nothing else does.
    private mutating func checkFinding(_ stored: StoredRecord) throws {
        guard hasTables else { return }
        let (index, flags) = (stored.position.index, stored.entry.flags)
        let found = book.findings[index] ?? []
        var codes: [String] = []
        if case .evidence = stored.fact {
            codes = ["equivocation"]
        } else if let flag = [RecordFlag.previousHash, .retiredKey].first(where: {
            flags.contains($0)
        }) {
            codes = [flag.rawValue]
        } else if !found.isEmpty, flags.contains(.revokedKey) {
            // That it had been replaced before it was revoked is flagged nowhere.
            codes = [RecordFlag.retiredKey.rawValue]
        }
        let terminal = book.keys.owners[stored.kid]
        let wanted = codes.map {
            FoldedTable.words(
                book.yard.number, terminal.flatMap { book.numbers[$0] } ?? 0, $0,
                stored.statement.hex)
        }
        guard found == wanted else {
            throw LogMisfit(
                index, "the table of findings says something else than the entry",
                "a terminal may be shut out, or not, wrongly; the journal itself fits")
        }
        if let terminal, !found.isEmpty { part.quarantined[terminal] = index }
    }

    private static func extraRow(_ row: RecordRow) -> LogMisfit {
        LogMisfit(
            row.position.index, "the search table has a row that no entry stands for",
            "lists may show what was never sold; the journal itself fits")
    }

    private mutating func price(_ record: TerminalRecord, _ stored: StoredRecord) throws {
        guard hasTables, case .sale(let sale) = record.fact else { return }
        let (index, flags) = (stored.position.index, stored.entry.flags)
        do {
            // Tariffs seldom change: the state of the part's end is mostly that of the entry.
            let isPriced =
                changesTariff
                ? try book.tariffs(before: index).reprice(sale, record.head.reference, flags: flags)
                : try tariffs.reprice(sale, record.head.reference, flags: flags)
            if isPriced { part.sums.repriced += 1 }
        } catch { throw LogMisfit(index, error.what, error.consequence) }
    }

    /// Each value fits its digest, and what is not there was erased or left out with a record.
    private mutating func checkPersonal(_ digests: [PersonalDigest], of stored: StoredRecord)
        throws
    {
        let index = stored.position.index
        let found = personal[index] ?? []
        for disclosure in found where !digests.contains(disclosure.digest) {
            throw LogMisfit(
                index, "the personal field \(disclosure.name.rawValue) does not fit its digest",
                "the personal data beside the record was altered")
        }
        guard hasTables, found.count < digests.count else { return }
        let present = Set(found.map(\.name))
        for digest in digests where !present.contains(digest.name) {
            if book.erasures.covers(digest.name, at: index) {
                part.sums.erased += 1
            } else if !stored.entry.flags.contains(.cardNumber) {
                throw LogMisfit(
                    index, "the personal field \(digest.name.rawValue) is gone without a record",
                    "somebody removed it past the retention job; a backup may hold it")
            }
        }
    }

    // MARK: The part as a whole

    private mutating func compareTiles(_ reader: any LogPartReader) throws {
        let width = TileCoordinate.width
        for start in stride(from: 0, to: part.leaves.count - width + 1, by: width) {
            let number = (part.from + Int64(start)) / Int64(width)
            let wanted = part.leaves[start..<start + width].flatMap(\.bytes)
            guard try reader.tile(TileCoordinate(level: 0, index: number)) == wanted else {
                throw LogMisfit.tile(0, number, at: part.from + Int64(start + width) - 1)
            }
        }
    }

    private mutating func checkCheckpoints(to: Int64, _ reader: any LogPartReader) throws {
        for stored in try reader.checkpoints(from: part.from, to: to) {
            let check = try CheckpointCheck(
                stored, origin: book.yard.origin, keys: book.keys, policy: policy)
            if let second {
                guard second.agrees(check.note, signedBy: check.key) else {
                    throw LogMisfit.checkpoint(stored.size)
                }
                part.sums.secondOpinions += 1
            }
            part.checkpoints.append(check.checkpoint)
            part.sums.checkpoints += 1
            part.sums.cosignatures += Int64(check.witnesses.count)
            part.sums.unknownSignatures += Int64(check.unknownCount)
            if check.isWitnessed { part.witnessedSize = stored.size }
        }
    }
}

extension LogMisfit {
    static func isBack(_ received: Timestamp, behind last: Timestamp) -> Bool {
        received.milliseconds + 2_000 < last.milliseconds
    }

    static func time(_ index: Int64) -> LogMisfit {
        LogMisfit(
            index, "the time of receipt and its mark do not fit the entry before",
            "the entry was altered, or the server's clock was set back unseen")
    }

    static func tile(_ level: Int, _ number: Int64, at index: Int64) -> LogMisfit {
        LogMisfit(
            index, "the stored tile \(level)/\(number) differs from the entries",
            "an entry or the tile was altered")
    }
}
