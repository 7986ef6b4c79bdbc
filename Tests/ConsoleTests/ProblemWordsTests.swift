import HTTPTypes
import Storage
import Testing

@testable import Console

struct ProblemWordsTests {
    @Test func `a read that was ended because it took too long is told by name`() throws {
        let words = try #require(ProblemWords(StorageError.readTooLong))
        #expect(words.status == .serviceUnavailable)
        #expect(words.code == "read-too-long")
        #expect(words.todo.first?.contains("kürzeren Zeitraum") == true)
    }
}
