package import Journal

/// What verification found; its ``sums`` are read as if they were its own.
@dynamicMemberLookup
package struct VerificationReport: Hashable, Sendable {
    /// The first place that does not fit, what does not, and what follows from it.
    package struct Misfit: Hashable, Sendable {
        package let yard: String
        /// Log index, where there is one.
        package let index: Int64?
        package let what: String
        package let consequence: String

        package init(yard: String, index: Int64?, what: String, consequence: String) {
            self.yard = yard
            self.index = index
            self.what = what
            self.consequence = consequence
        }
    }

    /// What a copy may lack.
    package enum Absence: String, Hashable, Sendable, CaseIterable {
        /// The entries themselves; only their hashes are there.
        case entries
        /// Tariffs, search tables, personal data, totals of closes and export files.
        case tables
        /// A policy from elsewhere: keys were taken from the copy itself.
        case policy
    }

    package var sums = VerificationSums()
    /// The size up to which enough witnesses have cosigned, by log; none where they never did.
    package var witnessedSizes: [String: Int64] = [:]
    /// The parts that the source does not have and that were not checked.
    package var absent: Set<Absence> = []
    /// Numbers that never arrived, by terminal; told, not an error.
    package var gaps: [String: [Int64]] = [:]
    package var roots: [String: String] = [:]
    /// Losses that people accepted, in the order of yards and of the log; told, not an error.
    package var losses: [AcceptedLoss] = []
    /// The schema of an older program's database, of which a migrated copy was verified; told, not
    /// an error.
    package var migratedFrom: Int?
    package var misfit: Misfit?

    package init() {}

    package subscript<Sum>(dynamicMember sum: WritableKeyPath<VerificationSums, Sum>) -> Sum {
        get { sums[keyPath: sum] }
        set { sums[keyPath: sum] = newValue }
    }
}

/// A misfit at a place in one log.
struct LogMisfit: Error, Hashable {
    /// Nil for a place outside the log.
    let index: Int64?
    let what: String
    let consequence: String

    init(_ index: Int64?, _ what: String, _ consequence: String) {
        self.index = index
        self.what = what
        self.consequence = consequence
    }
}
