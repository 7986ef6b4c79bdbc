/// What a log says of erased personal data: which fields are gone by right, and which must not go.
///
/// Apply the server's facts in order.
package struct ErasureBook: Hashable, Sendable {
    /// Erased ranges of each field, ascending, not touching.
    private var erased: [PersonalField: [ClosedRange<Int64>]] = [:]
    /// Holds that were not lifted, by number.
    package private(set) var holds: [Int64: LegalHold] = [:]

    package init() {}

    /// Takes up one fact at its log index; others than erasures and holds change nothing.
    ///
    /// - Throws: ``ErasureBookError`` for an erasure of what came later or is held, a number of a
    ///   hold that was used before, and a lift without a hold.
    package mutating func apply(_ fact: ServerFact, at index: Int64) throws(ErasureBookError) {
        switch fact {
        case .erase(let erasure):
            for field in erasure.fields {
                for range in field.ranges { try erase(field.name, range, at: index) }
            }
        case .hold(let hold):
            guard hold.number > (lastNumber ?? 0) else { throw .holdNumber(hold.number) }
            holds[hold.number] = hold
            lastNumber = hold.number
        case .lift(let lift):
            guard holds.removeValue(forKey: lift.number) != nil else {
                throw .holdUnknown(lift.number)
            }
        case .genesis, .enrol, .tariff, .reversal, .resolution, .release, .rotate, .revoke,
            .decision, .rotateLog, .rotateRecord, .loss, .approve, .close, .export, .snapshot,
            .handover, .bankStatement, .debtor, .settled:
            break
        }
    }

    private var lastNumber: Int64?

    /// Whether `field` of the record at `index` was erased.
    package func covers(_ field: PersonalField, at index: Int64) -> Bool {
        guard let ranges = erased[field] else { return false }
        let next = Self.firstEnding(atOrAfter: index, in: ranges)
        return next < ranges.count && ranges[next].contains(index)
    }

    private mutating func erase(
        _ field: PersonalField, _ range: ClosedRange<Int64>, at index: Int64
    ) throws(ErasureBookError) {
        guard range.upperBound < index else { throw .notThereYet(range.upperBound) }
        if let hold = holds.values.first(where: { $0.overlaps(range) }) {
            throw .held(hold.number)
        }
        var ranges = erased[field] ?? []
        let start = Self.firstEnding(atOrAfter: range.lowerBound - 1, in: ranges)
        var (end, union) = (start, range)
        while end < ranges.count, ranges[end].lowerBound <= range.upperBound + 1 {
            union =
                min(
                    union.lowerBound, ranges[end].lowerBound)...max(
                    union.upperBound, ranges[end].upperBound)
            end += 1
        }
        ranges.replaceSubrange(start..<end, with: [union])
        erased[field] = ranges
    }

    /// The place of the first range that ends at or after `index`.
    private static func firstEnding(
        atOrAfter index: Int64, in ranges: [ClosedRange<Int64>]
    ) -> Int {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < index { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// Why a record about personal data does not fit those before it.
package enum ErasureBookError: Error, Hashable, Sendable {
    /// The erasure names a record that stands behind it.
    case notThereYet(Int64)
    /// The erasure takes what this hold keeps.
    case held(Int64)
    case holdNumber(Int64)
    case holdUnknown(Int64)
}
