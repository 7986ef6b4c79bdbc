import DayClosing
import HTTPTypes
import Journal
import Operations
import People
import Reconciliation
import Sales
import Storage
import Testing
import Text
import Units

@testable import Console

struct ProblemWordsTests {
    @Test func `a read that was ended because it took too long is told by name`() throws {
        let words = try #require(ProblemWords(StorageError.readTooLong))
        #expect(words.status == .serviceUnavailable)
        #expect(words.code == "read-too-long")
        #expect(words.todo.first?.contains("kürzeren Zeitraum") == true)
    }

    /// What the console's own forms and links can meet.
    private static let met: [OperationsError] = [
        .cardNumber, .input(field: "text", wanted: "one line"), .input(field: "day", wanted: "x"),
        .keyRequestOpen(3), .keyRefused(.announcement),
        .keyMissing(purpose: "a", key: "b", folder: "c"), .keyInForce("a"), .keyUnknown("a"),
        .terminalRevoked("t1"), .notWithheld("t1-000001"),
        .decidedBefore("t1-000001"), .withheld("t1-000001"), .settlementRefused(.empty),
        .settlementRefused(.accountUnknown("DE02")), .settlementRefused(.noDifference),
        .settlementRefused(.differs(expected: Cents(1), received: Cents(2))),
        .settlementRefused(.twice(.payout("PO7"))),
        .settlementFileInvalid(path: "finance/abgleich.yaml", []), .closeNotWitnessed(3),
        .accountYardUnknown(account: "DE02", yard: "hof-9", known: ["hof-1"]),
        .closeChanged, .pointsNew([]), .cursorInvalid, .passwordTooShort, .reasonMissing,
        .passwordUnchanged,
        .notCounted, .countFirst, .requestUnknown(1), .saleUnknown("t1-000001"), .signInFailed,
        .notPublished(index: 3),
    ]

    @Test(arguments: met)
    func `what people meet is told in German, by name`(error: OperationsError) {
        let words = GermanWords.words(for: error)
        #expect(words.what != error.remedy && !words.todo.contains(error.remedy))
        #expect(words.title != GermanWords.unnamed.title, "\(error.code)")
    }

    @Test(arguments: [
        OperationsError.tooManyStreams, .nothingToErase, .folderExists(path: "data"),
        .holdUnknown(1),
    ])
    func `what nobody is led to has no English words either`(error: OperationsError) {
        let words = GermanWords.words(for: error)
        #expect(words.what != error.remedy && words.code == error.code)
    }
}
