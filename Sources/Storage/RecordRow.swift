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
    init(_ row: Row) throws {
        let number: Int64 = row["position"]
        let statement: Data = row["statement"]
        let previous: Data = row["previous"]
        let flags: String = row["flags"]
        guard let kind = RecordKind(rawValue: row["kind"]),
            let statement = Digest(bytes: statement), let previous = Digest(bytes: previous),
            let at = Timestamp(milliseconds: row["at"]), let day = BusinessDay(ordinal: row["day"])
        else { throw DamagedRow(table: "record", position: number) }
        self.init(
            position: LogPosition(number), terminal: row["terminal"], sequence: row["seq"],
            kind: kind, statement: statement, previous: previous, at: at, day: day,
            total: Cents(row["total"]), state: row["state"],
            flags: flags.split(separator: ",").map(String.init), subject: row["subject"],
            scheme: row["scheme"], lastFour: row["last_four"])
    }
}
