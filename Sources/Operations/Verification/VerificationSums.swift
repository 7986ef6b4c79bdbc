/// What a verification counts, of a part of a log, of a log or of an installation.
package struct VerificationSums: Hashable, Sendable {
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

    package init() {}

    package static func += (left: inout Self, right: Self) {
        left.entries += right.entries
        left.signatures += right.signatures
        left.terminals += right.terminals
        left.checkpoints += right.checkpoints
        left.closes += right.closes
        left.exports += right.exports
        left.repriced += right.repriced
        left.erased += right.erased
        left.secondOpinions += right.secondOpinions
        left.cosignatures += right.cosignatures
        left.unknownSignatures += right.unknownSignatures
        left.stamps += right.stamps
    }
}
