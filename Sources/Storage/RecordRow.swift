import Foundation
import GRDB
package import Journal
package import Signing
package import Units

/// A place in a yard's log as one number: the yard's number above 40 bits of index.
package struct LogPosition: Hashable, Comparable, Sendable {
    package let yard: Int64
    package let index: Int64

    package init(yard: Int64, index: Int64) {
        self.yard = yard
        self.index = index
    }

    package init(_ number: Int64) {
        yard = number >> 40
        index = number & (1 << 40 - 1)
    }

    package var number: Int64 { yard << 40 | index }

    package static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}

/// What the search tables hold about a terminal-signed record; rebuilt from the entry's bytes.
package struct RecordRow: Hashable, Sendable {
    package let position: LogPosition
    /// The terminal's number in this installation.
    package let terminal: Int64
    package let sequence: Int64
    package let kind: RecordKind
    package let statement: Digest
    package let previous: Digest
    package let at: Timestamp
    package let day: BusinessDay
    /// Gross total; negative for a void.
    package let total: Cents
    /// `card`, `free`, `on-account`, `unknown`, `refused`, `declined`, `aborted`, `void`,
    /// `resolution`.
    package let state: String
    package let flags: [String]
    /// What was brought, such as "Bauschutt, Grünabfall"; why nothing was sold; or the receipt
    /// number that a void or resolution is about.
    package let subject: String
    /// The card scheme that paid; empty where no card did.
    package let scheme: String
    /// The last four digits of the card that paid; empty where none are known.
    package let lastFour: String

    package init(
        position: LogPosition, terminal: Int64, sequence: Int64, kind: RecordKind,
        statement: Digest,
        previous: Digest, at: Timestamp, day: BusinessDay, total: Cents, state: String,
        flags: [String], subject: String, scheme: String,
        lastFour: String
    ) {
        self.position = position
        self.terminal = terminal
        self.sequence = sequence
        self.kind = kind
        self.statement = statement
        self.previous = previous
        self.at = at
        self.day = day
        self.total = total
        self.state = state
        self.flags = flags
        self.subject = subject
        self.scheme = scheme
        self.lastFour = lastFour
    }
}

extension RecordRow {
    /// The columns of a row, in the order in which ``init(_:)`` reads them: by their place, since
    /// looking for each by its name costs more than reading it.
    static let columns = """
        record.position, record.terminal, record.seq, record.kind, record.statement,
        record.previous, record.at, record.day, record.total, record.state, record.flags,
        record.subject, record.scheme, record.last_four
        """

    /// - Parameter row: begins with ``columns``.
    init(_ row: Row) throws {
        let number: Int64 = row[0]
        let statement: Data = row[4]
        let previous: Data = row[5]
        let flags: String = row[10]
        guard let kind = RecordKind(rawValue: row[3]),
            let statement = statement.withUnsafeBytes({ Digest(bytes: $0) }),
            let previous = previous.withUnsafeBytes({ Digest(bytes: $0) }),
            let at = Timestamp(milliseconds: row[6]), let day = BusinessDay(ordinal: row[7])
        else { throw DamagedRow(table: "record", position: number) }
        self.init(
            position: LogPosition(number), terminal: row[1], sequence: row[2], kind: kind,
            statement: statement, previous: previous, at: at, day: day, total: Cents(row[8]),
            state: row[9], flags: flags.split(separator: ",").map(String.init), subject: row[11],
            scheme: row[12], lastFour: row[13])
    }
}
