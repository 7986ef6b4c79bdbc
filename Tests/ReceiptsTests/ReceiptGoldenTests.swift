import Foundation
import Receipts
import Sales
import Testing

/// Compares each receipt with its golden file byte for byte. `HOFBUCH_GOLDEN=write` writes the
/// files anew and fails, so that nobody updates one unseen; a changed one needs its reason in the
/// commit.
struct ReceiptGoldenTests {
    @Test(arguments: [
        "mixed", "fee-copy", "free", "on-account", "unknown", "weighed", "manual", "figures",
        "refund", "void",
    ])
    func `slip and page are those of the golden files`(name: String) throws {
        let fixture = try #require(try ReceiptFixtures.all().first { $0.name == name })

        try expect(ReceiptTemplates.embedded.slip(fixture.receipt), file: "\(name).txt")
        try expect(ReceiptTemplates.embedded.html(fixture.receipt), file: "\(name).html")
    }

    @Test func `no line of a slip is wider than the paper`() throws {
        for (name, receipt) in try ReceiptFixtures.all() {
            let lines = ReceiptTemplates.embedded.slip(receipt).split(separator: "\n")
            #expect(lines.allSatisfy { $0.count <= 42 }, "\(name)")
        }
    }

    private func expect(_ text: String, file: String) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "golden")
        let url = folder.appending(path: file)
        if ProcessInfo.processInfo.environment["HOFBUCH_GOLDEN"] == "write" {
            try Data(text.utf8).write(to: url)
            Issue.record("golden file \(file) written; look at it, then test again")
            return
        }
        let golden = try String(contentsOf: url, encoding: .utf8)
        let isSame = text.utf8.elementsEqual(golden.utf8)
        #expect(isSame, "\(file) differs:\n\(text)")
    }
}
