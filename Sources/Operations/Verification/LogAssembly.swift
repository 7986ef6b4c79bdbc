import Journal
import Sales
import Signing
import Storage
import Transparency
import Units

/// Puts the checked parts of a log together in order: tree, checkpoints, sequence chains, time.
struct LogAssembly {
    let book: LogBook
    private(set) var tree = LogTree()
    private(set) var report = VerificationReport()
    private(set) var chains: [TerminalID: SequenceRuns] = [:]
    /// The book's keys, with the numbers that came under each so far.
    private(set) var keys: KeyBook
    private(set) var quotas: RowSum
    private(set) var lines = RowSum()
    /// Index of the newest entry that put a terminal into quarantine.
    private(set) var quarantined: [TerminalID: Int64] = [:]
    private(set) var rows: Int64 = 0
    private var serverIndexes: ArraySlice<Int64>
    private var lastReceived: Timestamp?

    init(book: LogBook) {
        self.book = book
        keys = book.keys
        quotas = book.decidedQuotas
        serverIndexes = book.indexes[...]
    }

    /// Takes up the next part.
    ///
    /// - Throws: the first ``LogMisfit`` by index in it; what the source says.
    mutating func take(_ part: CheckedPart, _ reader: any LogPartReader) throws {
        var first = part
        do { try checkOrder(part) } catch let misfit as LogMisfit { first.note(misfit) }
        do { try grow(part, reader) } catch let misfit as LogMisfit { first.note(misfit) }
        if let misfit = first.misfit { throw misfit }
        report.sums += part.sums
        if let size = part.witnessedSize, size >= keys.logStart {
            report.witnessedSizes[book.logName] = size
        }
        quotas.add(part.quotas)
        lines.add(part.lines)
        quarantined.merge(part.quarantined) { max($0, $1) }
        rows += part.rows
    }

    private mutating func checkOrder(_ part: CheckedPart) throws {
        if let last = lastReceived, let received = part.firstReceived {
            guard LogMisfit.isBack(received, behind: last) == part.isFirstMarked else {
                throw LogMisfit.time(part.from)
            }
        }
        lastReceived = part.lastReceived ?? lastReceived
        for index in part.serverIndexes {
            guard serverIndexes.first == index else {
                throw LogMisfit(
                    min(index, serverIndexes.first ?? index),
                    "the table of server records differs from the journal",
                    "a record of the office is hidden or added in the table")
            }
            serverIndexes.removeFirst()
        }
        for item in part.links { try follow(item) }
    }

    private mutating func follow(_ item: CheckedPart.Link) throws {
        switch chains[item.terminal, default: SequenceRuns()].add(item.link) {
        case .fits: break
        case .broken where item.mayBreak: break
        case .broken:
            throw LogMisfit(
                item.index, "\(item.receiptNumber) does not continue the record before it",
                "a record of this terminal was exchanged")
        case .doubled:
            throw LogMisfit(
                item.index, "\(item.receiptNumber) stands twice in the journal",
                "a sale is counted twice")
        }
        try checkKeyFlags(of: item)
    }

    /// A revoked or replaced key is flagged, and no other.
    private mutating func checkKeyFlags(of item: CheckedPart.Link) throws {
        let sequence = item.link.sequence
        guard item.keyFlags == keys.flags(kid: item.kid, sequence: sequence, at: item.index) else {
            throw LogMisfit(
                item.index,
                "the key of \(item.receiptNumber) was not valid in this way here",
                "a record under a revoked key counts, or a good one does not")
        }
        keys.noteRecord(kid: item.kid, sequence: sequence)
    }

    private mutating func grow(_ part: CheckedPart, _ reader: any LogPartReader) throws {
        var checkpoints = part.checkpoints[...]
        for leaf in part.leaves {
            if let loss = keys.losses.first(where: { $0.index == tree.size }),
                loss.root != tree.root
            {
                throw LogMisfit(
                    loss.index, "the log that ended here had another root",
                    "an entry before the accepted loss was altered")
            }
            for tile in tree.append(leaf) where tile.coordinate.level > 0 {
                guard try reader.tile(tile.coordinate) == tile.bytes else {
                    throw LogMisfit.tile(
                        tile.coordinate.level, tile.coordinate.index, at: tree.size - 1)
                }
            }
            while let checkpoint = checkpoints.first, checkpoint.size == tree.size {
                guard checkpoint.root == tree.root else {
                    throw LogMisfit(
                        tree.size - 1, "the entries up to here do not give the signed root",
                        "an entry at or before this index was altered after the checkpoint was "
                            + "signed")
                }
                checkpoints.removeFirst()
            }
        }
    }

    /// In which state the log leaves a terminal.
    func state(of terminal: TerminalID) -> TerminalRow.State {
        guard keys.terminals[terminal]?.revocation == nil else { return .revoked }
        let released = book.releases[terminal] ?? -1
        return quarantined[terminal] ?? -1 > released ? .quarantined : .active
    }

    /// What has to hold when every part is taken up.
    ///
    /// - Parameter newest: the size of the newest stored checkpoint when the verification began.
    func finish(_ reader: any LogPartReader, newest: Int64) throws -> VerificationReport {
        if let index = serverIndexes.first {
            throw LogMisfit(
                index, "the table of server records differs from the journal",
                "a record of the office is added in the table")
        }
        if let later = try reader.checkpoints(from: tree.size, to: newest).first {
            throw LogMisfit(
                later.size,
                "a checkpoint over \(later.size) entries was signed, \(tree.size) exist",
                "records at the end were removed")
        }
        var report = report
        report.terminals = book.keys.terminals.count
        report.roots[book.logName] = tree.root.base64
        report.losses = book.keys.losses
        for (terminal, runs) in chains {
            guard runs.missingCount <= AdmissionDecision.openNumbersMax else {
                throw LogMisfit(
                    tree.size - 1,
                    "the numbers of terminal \(terminal) leap by more than "
                        + "\(AdmissionDecision.openNumbersMax)",
                    "no server records such a leap; the terminal's records are forged")
            }
            let missing = runs.missing
            if !missing.isEmpty { report.gaps["\(book.yard.id.text)/\(terminal)"] = missing }
        }
        return report
    }
}

extension CheckedPart.Link {
    fileprivate var receiptNumber: String {
        SaleReference(terminal: terminal, sequence: link.sequence).receiptNumber
    }
}
