import Journal
import Testing
import Units

struct ErasureBookTests {
    private static func erasure(_ ranges: [ClosedRange<Int64>]) -> ServerFact {
        .erase(
            Erasure(
                cause: .retention, reason: "90 days", requestedBy: nil, approvedBy: nil,
                fields: [.init(name: .plate, ranges: ranges)]))
    }

    private static func hold(_ number: Int64, _ first: Int64, _ last: Int64?) -> ServerFact {
        .hold(
            LegalHold(
                number: number, first: first, last: last, reason: "Klage",
                requestedBy: Samples.named("anna"), approvedBy: Samples.named("bernd")))
    }

    private static func lift(_ number: Int64) -> ServerFact {
        .lift(
            HoldLift(
                number: number, reason: "erledigt", requestedBy: Samples.named("anna"),
                approvedBy: Samples.named("bernd")))
    }

    @Test func `ranges in any order cover what they name, and nothing between`() throws {
        var book = ErasureBook()
        let all: [[ClosedRange<Int64>]] = [
            [7...9, 20...20], [1...2], [10...12], [8...15], [2...3],
        ]
        for (place, ranges) in all.enumerated() {
            try book.apply(Self.erasure(ranges), at: 100 + Int64(place))
        }
        let covered = (0...25).filter { book.covers(.plate, at: $0) }
        #expect(covered == [1, 2, 3, 7, 8, 9, 10, 11, 12, 13, 14, 15, 20])
        #expect(!book.covers(.note, at: 8))
    }

    @Test func `what is held, or not there yet, is erased by nobody`() throws {
        var book = ErasureBook()
        try book.apply(Self.hold(1, 5, 6), at: 10)
        try book.apply(Self.hold(2, 90, nil), at: 11)
        let held: [[ClosedRange<Int64>]] = [[4...5], [1...2, 6...8], [95...95]]
        for ranges in held {
            #expect(throws: ErasureBookError.self) {
                try book.apply(Self.erasure(ranges), at: 100)
            }
        }
        #expect(throws: ErasureBookError.notThereYet(100)) {
            try book.apply(Self.erasure([100...100]), at: 100)
        }
        #expect(throws: ErasureBookError.holdNumber(2)) {
            try book.apply(Self.hold(2, 0, 0), at: 12)
        }
        #expect(throws: ErasureBookError.holdUnknown(3)) { try book.apply(Self.lift(3), at: 12) }
        try book.apply(Self.lift(1), at: 12)
        try book.apply(Self.erasure([4...5]), at: 100)
        #expect(book.covers(.plate, at: 5) && Array(book.holds.keys) == [2])
    }

    @Test func `a hold and a lift read back as they were signed`() throws {
        for fact in [Self.hold(1, 5, 6), Self.hold(2, 0, nil), Self.lift(7)] {
            let record = ServerRecord(
                log: Samples.log, yard: Samples.yard, at: Samples.at, fact: fact)
            #expect(try ServerRecord(payload: record.payload) == record)
        }
    }
}
