package import Journal

/// What verification found.
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

    package var entries: Int64 = 0
    package var signatures: Int64 = 0
    package var terminals = 0
    package var checkpoints: Int64 = 0
    package var closes = 0
    package var exports = 0
    /// Sales priced again from the stored tariff files, to the same cent.
    package var repriced: Int64 = 0
    /// Personal fields that were erased, each covered by a journal record.
    package var erased: Int64 = 0
    /// Signatures that a second library checked too.
    package var secondOpinions: Int64 = 0
    /// Cosignatures of witnesses that the policy names.
    package var cosignatures: Int64 = 0
    /// Signatures of checkpoints whose keys nothing here names.
    package var unknownSignatures: Int64 = 0
    package var stamps = 0
    /// The size up to which enough witnesses have cosigned, by log; none where they never did.
    package var witnessedSizes: [String: Int64] = [:]
    /// The parts that the source does not have and that were not checked.
    package var absent: Set<Absence> = []
    /// Numbers that never arrived, by terminal; told, not an error.
    package var gaps: [String: [Int64]] = [:]
    package var roots: [String: String] = [:]
    /// Losses that people accepted, in the order of yards and of the log; told, not an error.
    package var losses: [AcceptedLoss] = []
    package var misfit: Misfit?

    package init() {}
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
