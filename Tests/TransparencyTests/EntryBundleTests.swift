import Testing
import Transparency

@Suite struct EntryBundleTests {
    @Test(arguments: [1, 2, 255, 256]) func `entries come back from their bundle`(count: Int)
        throws
    {
        let entries = (0..<count).map { [UInt8](repeating: UInt8($0 & 0xFF), count: $0 * 7) }
        let bytes = try #require(EntryBundle.bytes(entries))

        #expect(EntryBundle.entries(bytes) == entries)
        #expect(EntryBundle.entries(bytes + [0]) == nil)
        if count > 1 { #expect(EntryBundle.entries(Array(bytes.dropLast())) == nil) }
    }

    @Test func `count and length have limits`() {
        let longest = [UInt8](repeating: 1, count: 65_535)

        #expect(EntryBundle.bytes([]) == nil)
        #expect(EntryBundle.bytes([[UInt8]](repeating: [], count: 257)) == nil)
        #expect(EntryBundle.bytes([longest])?.prefix(3) == [0xFF, 0xFF, 1])
        #expect(EntryBundle.bytes([longest + [1]]) == nil)
        #expect(EntryBundle.entries([]) == nil)
        #expect(EntryBundle.entries([0]) == nil)
        #expect(EntryBundle.entries([0, 0]) == [[]])
        #expect(EntryBundle.entries([UInt8](repeating: 0, count: 2 * 257)) == nil)
    }
}
