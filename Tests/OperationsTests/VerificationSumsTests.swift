import Operations
import Testing

struct VerificationSumsTests {
    /// Each sum with a value of its own.
    private static var counted: VerificationSums {
        var sums = VerificationSums()
        sums.entries = 1
        sums.signatures = 2
        sums.terminals = 3
        sums.checkpoints = 4
        sums.closes = 5
        sums.exports = 6
        sums.repriced = 7
        sums.erased = 8
        sums.secondOpinions = 9
        sums.cosignatures = 10
        sums.unknownSignatures = 11
        sums.stamps = 12
        return sums
    }

    private static func values(_ sums: VerificationSums) -> [Int] {
        Mirror(reflecting: sums).children.compactMap { child in
            child.value as? Int ?? (child.value as? Int64).map { Int($0) }
        }
    }

    @Test func `what is added up loses no sum`() {
        var sums = Self.counted
        sums += Self.counted

        // A sum that is added to the type and not here shows as zero.
        #expect(Self.values(Self.counted).sorted() == Array(1...12))
        #expect(Self.values(sums) == Self.values(Self.counted).map { 2 * $0 })
    }

    @Test func `a report reads its sums as its own`() {
        var report = VerificationReport()
        report.sums = Self.counted
        report.stamps += 1

        #expect(report.entries == 1)
        #expect(report.sums.stamps == 13)
    }
}
