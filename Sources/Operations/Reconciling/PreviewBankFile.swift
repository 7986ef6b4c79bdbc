package import People
package import Reconciliation
import Signing
import Statements
import Storage
package import Units

/// What a file of bank or acquirer is, before anything of it is kept.
package struct BankFilePreview: Hashable, Sendable {
    /// One statement in it, or an acquirer's whole file.
    package struct Part: Hashable, Sendable {
        package enum Kind: Hashable, Sendable {
            case statement, notification, acquirer
        }

        package let kind: Kind
        /// Id and number of the statement, or the title of the acquirer's profile.
        package let name: String
        /// As the statement spells it; the profile of an acquirer's file.
        package let account: String
        /// The yard whose journal keeps it.
        package let yard: YardID
        /// First and last day of its lines, else the day of its balances; nil where it names none.
        package let days: ClosedRange<BusinessDay>?
        package let lineCount: Int
        /// The sum of its lines, for an acquirer what is paid out.
        package let total: Cents
        package let opening: Cents?
        package let closing: Cents?
        package let currency: String
        /// It is here already, or stands further up in the same file, and counts once.
        package let isDuplicate: Bool
        /// What does not fit in it, or between it and its neighbours.
        package let findings: [StatementFinding]
    }

    /// In the order of the file; may be empty.
    package let parts: [Part]

    /// Whether there is nothing to take in.
    package var isKnown: Bool { parts.allSatisfy(\.isDuplicate) }
}

/// A kind of acquirer's file that can be read here.
package struct AcquirerFormat: Hashable, Sendable {
    /// What ``Installation/importBankFile(_:profile:by:)`` wants.
    package let profile: String
    package let title: String

    package init(profile: String, title: String) {
        self.profile = profile
        self.title = title
    }
}

extension Installation {
    /// The acquirers whose files can be read, by the name of the profile's file.
    ///
    /// - Throws: ``OperationsError`` (`settlementFileMissing`, `settlementFileInvalid`).
    package func acquirerFormats() throws -> [AcquirerFormat] {
        try SettlementFiles(directory: directory).profiles.map {
            AcquirerFormat(profile: $0.id, title: $0.title)
        }
    }

    /// Reads a file as ``importBankFile(_:profile:by:)`` would and says what it is; keeps nothing.
    ///
    /// - Throws: as ``importBankFile(_:profile:by:)``.
    package func previewBankFile(
        _ bytes: [UInt8], profile: String? = nil, by person: Person
    ) throws -> BankFilePreview {
        try person.allowed(.importStatement)
        let found = try imports(
            of: bytes, profile, try SettlementFiles(directory: directory))
        let file = Digest.sha256(bytes)
        return try database.read { reading in
            let series = try series(with: found.compactMap(\.statement), reading)
            var seen: Set<BankStatement> = []
            return BankFilePreview(
                parts: try found.map { one in
                    let isKnown = try isKnown(one, file: file, reading)
                    let isRepeated = one.statement.map { !seen.insert($0).inserted } ?? false
                    return BankFilePreview.Part(
                        one, isDuplicate: isKnown || isRepeated, findings: series.findings)
                })
        }
    }

    /// What is kept of the accounts of these statements, with them.
    private func series(with statements: [BankStatement], _ reading: Reading) throws
        -> StatementSeries
    {
        let kept = try Set(statements.map(\.account)).flatMap { account in
            try reading.bankStatements(account: account).map { try BankStatement($0, reading) }
        }
        return StatementSeries(kept + statements)
    }
}

extension StatementImport {
    /// Nil for the file of an acquirer.
    fileprivate var statement: BankStatement? {
        guard case .statement(let statement) = source else { return nil }
        return statement
    }
}

extension BankFilePreview.Part {
    fileprivate init(
        _ found: StatementImport, isDuplicate: Bool, findings: [StatementFinding]
    ) {
        switch found.source {
        case .statement(let statement):
            self.init(
                statement, yard: found.yard.id, isDuplicate: isDuplicate, findings: findings)
        case .acquirer(let profile, let lines):
            self.init(
                kind: .acquirer, name: profile.title, account: profile.id, yard: found.yard.id,
                days: lines.map(\.day).range, lineCount: lines.count,
                total: lines.map(\.net).sum(), opening: nil, closing: nil,
                currency: profile.currency, isDuplicate: isDuplicate, findings: [])
        }
    }

    private init(
        _ statement: BankStatement, yard: YardID, isDuplicate: Bool, findings: [StatementFinding]
    ) {
        let named = [statement.opening, statement.closing].compactMap { $0?.day }
        self.init(
            kind: statement.kind == .statement ? .statement : .notification,
            name: statement.name, account: statement.account, yard: yard,
            days: statement.entries.compactMap { $0.bookedOn ?? $0.valueOn }.range ?? named.range,
            lineCount: statement.entries.count,
            total: statement.entries.map(\.amount).sum(), opening: statement.opening?.amount,
            closing: statement.closing?.amount, currency: statement.currency,
            isDuplicate: isDuplicate,
            findings: findings.filter {
                $0.account == statement.account && $0.statement == statement.name
                    && $0.code != .duplicate
            })
    }
}

extension [BusinessDay] {
    /// From the first to the last; nil for none.
    fileprivate var range: ClosedRange<BusinessDay>? {
        guard let first = self.min(), let last = self.max() else { return nil }
        return first...last
    }
}
