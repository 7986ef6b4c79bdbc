import Journal
import Testing
import Text
import Units

struct ErasureTests {
    private static let erasure = Erasure(
        cause: .request, reason: "Antrag vom 20.11.2026", requestedBy: Samples.named("anna"),
        approvedBy: Samples.named("bernd"),
        fields: [
            .init(name: .plate, ranges: [3...3, 7...12]), .init(name: .note, ranges: [3...3]),
        ])

    private static func record(_ erasure: Erasure) -> ServerRecord {
        ServerRecord(
            log: Samples.log, yard: Samples.yard, at: Samples.at, fact: .erase(erasure))
    }

    @Test func `what is signed reads back the same, with the same bytes`() throws {
        let alone = Erasure(
            cause: .retention, reason: "13 Monate", requestedBy: nil, approvedBy: nil,
            fields: [.init(name: .plate, ranges: [0...0])])
        for erasure in [Self.erasure, alone] {
            let record = Self.record(erasure)
            let read = try ServerRecord(payload: record.payload)
            #expect(read == record)
            #expect(read.payload == record.payload)
        }
    }

    @Test func `it covers the field of the records within its ranges, and no other`() {
        let covered = (0...13).filter { Self.erasure.covers(.plate, at: $0) }
        #expect(covered == [3, 7, 8, 9, 10, 11, 12])
        #expect((0...13).filter { Self.erasure.covers(.note, at: $0) } == [3])
        #expect(!Self.erasure.covers(.debtor, at: 3))
    }

    @Test(arguments: [
        "[[7,12],[3,3]]", "[[3,3],[3,4]]", "[[4,3]]", "[[-1,3]]", "[[3]]", "[3]", "[[3,\"4\"]]",
    ])
    func `ranges that are no ascending pairs are refused`(ranges: String) throws {
        let text = String(decoding: Self.record(Self.erasure).payload, as: UTF8.self)
        try #require(text.contains("[[3,3],[7,12]]"))
        let changed = text.replacing("[[3,3],[7,12]]", with: ranges)
        #expect(throws: PayloadError.self) { try ServerRecord(payload: Array(changed.utf8)) }
    }

    @Test func `the longest one still fits into an entry`() throws {
        let far: Int64 = 1 << 39
        let ranges = (0..<Int64(Erasure.rangesMax)).map { far + 3 * $0...far + 3 * $0 + 1 }
        let longest = Erasure(
            cause: .request, reason: ShortText.longest,
            requestedBy: Samples.named(String(repeating: "a", count: 64)),
            approvedBy: Samples.named(String(repeating: "b", count: 64)),
            fields: [.init(name: .customer, ranges: ranges)])
        #expect(Self.record(longest).payload.count <= 11_900)
    }
}
