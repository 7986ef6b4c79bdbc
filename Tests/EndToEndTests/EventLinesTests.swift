import Testing

@testable import hofbuch

struct EventLinesTests {
    @Test func `events come whole, however their bytes are cut`() {
        let text = "retry: 3000\n\n:\n\nid: a\nevent: sale\ndata: {\"ü\":1}\n\nid: b\ndata: {}\n\n"
        let bytes = Array(text.utf8)
        for size in 1...bytes.count {
            var lines = EventLines()
            let found = stride(from: 0, to: bytes.count, by: size).flatMap {
                lines.take(bytes[$0..<min($0 + size, bytes.count)])
            }
            #expect(found == ["{\"ü\":1}", "{}"])
        }
    }
}
