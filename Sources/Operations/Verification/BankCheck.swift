import Journal
import Reconciliation
import Signing
import Statements
import Storage
import Text
import Units

/// Checks what is kept of files of bank and acquirers against the records that name them.
struct BankCheck {
    let path: String
    let book: LogBook

    /// Each line and balance fits the digests and words of its record, and no other is kept.
    func statements() throws {
        let database = try ReadOnlyDatabase(path: path)
        let (statements, files) = try database.read { reading in
            (
                try reading.bankStatements().filter { isHere($0.position) },
                try reading.acquirerFiles().filter { isHere($0.position) }
            )
        }
        var open = Set(statements.map(\.position.index) + files.map(\.position.index))
        let rows = Dictionary(statements.map { ($0.position.index, $0) }) { first, _ in first }
        let fileRows = Dictionary(files.map { ($0.position.index, $0) }) { first, _ in first }
        for (index, fact) in book.statements {
            let isKept = try database.read { reading in
                if let row = rows[index] { return try fits(row, fact, reading) }
                return try fileRows[index].map { try fits($0, fact, reading) } ?? false
            }
            guard isKept else {
                throw LogMisfit(
                    index,
                    "what is kept of \(fact.id) of the account \(fact.account) "
                        + "differs from its record",
                    "a bank line or balance was altered; only the bank's own file counts")
            }
            open.remove(index)
        }
        try database.close()
        if let index = open.min() {
            throw LogMisfit(
                index, "a bank file is kept that no record names",
                "its lines may be matched with takings that they have nothing to do with")
        }
    }

    private func isHere(_ position: LogPosition) -> Bool {
        position.yard == book.yard.number && position.index < book.size
    }

    private func fits(
        _ row: BankStatementRow, _ fact: ImportedStatement, _ reading: Reading
    ) throws -> Bool {
        let lines = try reading.bankLines(at: row.position)
        let kept = ImportedStatement(
            source: row.kind, file: row.file, account: row.account, id: row.id,
            sequence: row.sequence, currency: row.currency,
            opening: row.opening.map { .init(amount: $0.amount, day: $0.day) },
            closing: row.closing.map { .init(amount: $0.amount, day: $0.day) },
            lineCount: Int64(lines.count), lines: StatementImport.digest(lines, salt: row.salt),
            by: fact.by)
        guard kept == fact else { return false }
        // The lines are those of the record, so they can be read.
        let day = try BankStatement(row, lines: lines).lastDay
        return row.day == day
    }

    private func fits(
        _ row: AcquirerFileRow, _ fact: ImportedStatement, _ reading: Reading
    ) throws -> Bool {
        let lines = try reading.bankLines(at: row.position)
        return fact.source == "acquirer" && row.profile == fact.account && row.file == fact.file
            && Int64(lines.count) == fact.lineCount
            && StatementImport.digest(lines, salt: row.salt) == fact.lines
    }
}

/// Items of settlements that nobody took back, of all yards: one may stand in several logs.
struct SettledItems {
    private var places: [String: Set<LogPosition>] = [:]

    mutating func add(_ book: LogBook) {
        for (index, items) in book.settledItems {
            let position = LogPosition(yard: book.yard.number, index: index)
            for item in items { places[item.json.text, default: []].insert(position) }
        }
    }

    /// An item that the table lacks, has added or leads elsewhere; nil if there is none.
    func differing(from reading: Reading) throws -> String? {
        var open = Set(places.keys)
        for (item, position) in try reading.settledItems() {
            guard places[item]?.contains(position) ?? false else { return item }
            open.remove(item)
        }
        return open.min()
    }
}
