import Journal
import Logging
package import People
package import Reconciliation
import Signing
import Statements
import Storage
import Text
import Units

/// What became of a file of bank or acquirer.
package struct ImportReport: Hashable, Sendable {
    package struct Part: Hashable, Sendable {
        /// Id and number of the statement, or the profile of an acquirer's file.
        package let name: String
        package let account: String
        package let lineCount: Int
        /// It was there before and counts once.
        package let isDuplicate: Bool
        /// What does not fit in it, or between it and its neighbours.
        package let findings: [StatementFinding]
    }

    /// What the rules did once the file was kept.
    package enum Matching: Hashable, Sendable {
        /// How many matches they booked.
        case booked(Int)
        /// They did not come to their end; the file is kept all the same, and so is what they had
        /// booked. Nil where nobody expected the failure, which then stands in the server's log.
        case failed(OperationsError?)
    }

    /// All of them are kept.
    package let parts: [Part]
    package let matching: Matching

    /// Nil where the rules failed.
    package var bookedCount: Int? {
        guard case .booked(let count) = matching else { return nil }
        return count
    }
}

extension Installation {
    /// How large a file of bank or acquirer may be.
    package static let bankFileBytesMax = StatementLimits.byteCountMax

    /// Takes in a file of the bank, or with a profile one of an acquirer; then lets the rules book
    /// what belongs together to the cent. A statement that is known already is named and left out;
    /// one that contradicts a known one refuses the whole file.
    ///
    /// What is thrown means that nothing was kept. Once the file is kept, a failure is part of the
    /// report (``ImportReport/matching``): the rules can be let go again (``bookMatches(by:)``).
    ///
    /// - Throws: ``OperationsError`` (`forbidden`, `statement`, `bankAccountUnknown`,
    ///   `accountYardUnknown`, `statementConflict`, `profileUnknown`, `settlementFileMissing`,
    ///   `settlementFileInvalid`).
    package func importBankFile(
        _ bytes: [UInt8], profile: String? = nil, by person: Person
    ) async throws -> ImportReport {
        try person.allowed(.importStatement)
        let files = try SettlementFiles(directory: directory)
        let taken = try await takeIn(bytes, profile, files, by: person)
        var parts = taken.map { ImportReport.Part($0, findings: []) }
        do {
            parts = try self.parts(of: taken)
            let booked = try await bookMatches(by: person)
            return ImportReport(parts: parts, matching: .booked(booked))
        } catch {
            logger.error("bank file kept, rules failed", metadata: ["error": "\(error)"])
            return ImportReport(parts: parts, matching: .failed(error as? OperationsError))
        }
    }

    /// Reads and keeps a file. What was read of it is let go before anything is matched, so that a
    /// large file is in memory once.
    private func takeIn(
        _ bytes: [UInt8], _ profile: String?, _ files: SettlementFiles, by person: Person
    ) async throws -> [TakenIn] {
        let imports = try imports(of: bytes, profile, files)
        let (file, now) = (Digest.sha256(bytes), clock())
        let isNew = try await writer.perform { [self] batch in
            try imports.map { try take($0, file: file, at: now, by: person.id, in: batch) }
        }
        return zip(imports, isNew).map { TakenIn($0, isNew: $1) }
    }

    /// What stands in a file, in its order.
    func imports(of bytes: [UInt8], _ profile: String?, _ files: SettlementFiles) throws
        -> [StatementImport]
    {
        try profile.map { [try acquirerImport(bytes, try files.profile($0), files.setup)] }
            ?? statementImports(bytes, files.setup)
    }

    private func statementImports(
        _ bytes: [UInt8], _ setup: SettlementSetup
    ) throws -> [StatementImport] {
        let statements: [BankStatement]
        do { statements = try StatementFile.read(bytes) } catch {
            throw OperationsError.statement(error)
        }
        return try statements.map { given in
            let statement = given.storable
            guard let id = setup.yardOfAccount[statement.account] else {
                throw OperationsError.bankAccountUnknown(statement.account)
            }
            guard let yard = yards.first(where: { $0.id == id }) else {
                throw accountYardUnknown(statement.account, id)
            }
            return StatementImport(
                source: .statement(statement), yard: yard,
                bodies: statement.entries.map(\.json.bytes))
        }
    }

    private func acquirerImport(
        _ bytes: [UInt8], _ profile: AcquirerProfile, _ setup: SettlementSetup
    ) throws -> StatementImport {
        let lines: [AcquirerLine]
        do { lines = try profile.read(bytes) } catch { throw OperationsError.statement(error) }
        let keepers = Set(setup.yardOfAccount.values)
        guard let yard = yards.first(where: { keepers.contains($0.id) }) else {
            let accounts = setup.yardOfAccount.sorted { $0.key < $1.key }
            throw accounts.first.map { accountYardUnknown($0.key, $0.value) }
                ?? OperationsError.bankAccountUnknown(profile.id)
        }
        return StatementImport(
            source: .acquirer(profile, lines), yard: yard, bodies: lines.map(\.storable.json.bytes))
    }

    private func accountYardUnknown(_ account: String, _ id: YardID) -> OperationsError {
        .accountYardUnknown(account: account, yard: id.text, known: yards.map(\.id.text))
    }

    /// Writes a statement or file unless it is there; says whether it is new.
    private func take(
        _ found: StatementImport, file: Digest, at now: Timestamp, by person: PersonID,
        in batch: Batch
    ) throws -> Bool {
        let reading = batch.transaction.reading
        if try isKnown(found, file: file, reading) { return false }
        let fact = ImportedStatement(found, file: file, by: person)
        let position = try append(.bankStatement(fact), to: found.yard, at: now, in: batch)
        switch found.source {
        case .statement(let statement):
            try batch.transaction.insert(
                BankStatementRow(statement, at: position, file: file, salt: found.salt))
        case .acquirer(let profile, _):
            try batch.transaction.insert(
                AcquirerFileRow(
                    position: position, profile: profile.id, file: file, salt: found.salt))
        }
        for (place, body) in found.bodies.enumerated() {
            try batch.transaction.insertBankLine(place + 1, body, at: position)
        }
        return true
    }

    /// Whether it was taken in before.
    ///
    /// - Throws: ``OperationsError/statementConflict(account:name:)`` for another content.
    func isKnown(_ found: StatementImport, file: Digest, _ reading: Reading) throws -> Bool {
        guard case .statement(let statement) = found.source else {
            return try reading.acquirerFiles().contains { $0.file == file }
        }
        let row = try reading.bankStatements(account: statement.account).first {
            $0.isSame(as: statement)
        }
        guard let row else { return false }
        let known = BankStatement(row, entries: [])
        guard known.opening == statement.opening, known.closing == statement.closing,
            try reading.bankLines(at: row.position) == found.bodies
        else {
            throw OperationsError.statementConflict(
                account: statement.account, name: statement.name)
        }
        return true
    }

    private func parts(of taken: [TakenIn]) throws -> [ImportReport.Part] {
        let accounts = Set(taken.compactMap(\.account))
        let findings = try database.read { reading in
            try accounts.flatMap { account in
                StatementSeries(
                    try reading.bankStatements(account: account).map {
                        try BankStatement($0, reading)
                    }
                ).findings
            }
        }
        return taken.map { part in
            ImportReport.Part(
                part,
                findings: findings.filter {
                    $0.account == part.account && $0.statement == part.name
                })
        }
    }
}

/// What a report needs of a statement or file that was read.
private struct TakenIn {
    let name: String
    let account: String?
    let lineCount: Int
    let isNew: Bool

    init(_ found: StatementImport, isNew: Bool) {
        name = found.name
        account = found.account
        lineCount = found.bodies.count
        self.isNew = isNew
    }
}

extension ImportReport.Part {
    fileprivate init(_ part: TakenIn, findings: [StatementFinding]) {
        self.init(
            name: part.name, account: part.account ?? part.name, lineCount: part.lineCount,
            isDuplicate: !part.isNew, findings: findings)
    }
}

extension ImportedStatement {
    fileprivate init(_ found: StatementImport, file: Digest, by person: PersonID) {
        let lines = found.digest
        let count = Int64(found.bodies.count)
        switch found.source {
        case .statement(let statement):
            self.init(
                source: statement.kind.rawValue, file: file, account: statement.account,
                id: statement.id, sequence: statement.sequence, currency: statement.currency,
                opening: statement.opening.map { Balance(amount: $0.amount, day: $0.day) },
                closing: statement.closing.map { Balance(amount: $0.amount, day: $0.day) },
                lineCount: count, lines: lines, by: person)
        case .acquirer(let profile, _):
            self.init(
                source: "acquirer", file: file, account: profile.id, id: profile.title,
                sequence: nil, currency: profile.currency, opening: nil, closing: nil,
                lineCount: count, lines: lines, by: person)
        }
    }
}

extension BankStatementRow {
    fileprivate init(
        _ statement: BankStatement, at position: LogPosition, file: Digest, salt: [UInt8]
    ) {
        self.init(
            position: position, kind: statement.kind.rawValue, message: statement.message,
            id: statement.id, sequence: statement.sequence, account: statement.account,
            currency: statement.currency, day: statement.lastDay,
            opening: statement.opening.map(Balance.init),
            closing: statement.closing.map(Balance.init), file: file, salt: salt)
    }

    /// By the bank's own names, never by texts (docs/formats/statements.md).
    fileprivate func isSame(as statement: BankStatement) -> Bool {
        kind == statement.kind.rawValue && currency == statement.currency
            && day == statement.lastDay && sequence ?? 0 == statement.sequence ?? 0
            && id.utf8.elementsEqual(statement.id.utf8)
    }
}

extension BankStatementRow.Balance {
    fileprivate init(_ balance: StatementBalance) {
        self.init(amount: balance.amount, currency: balance.currency, day: balance.day)
    }
}
