import Reconciliation
import Testing
import Units

@testable import Statements

/// Large files are read piece by piece: what is behind a piece is not looked at before it comes.
struct PieceTests {
    private static let entryLine = ":61:2611231123CR1,00NTRFREF1//BANK1"
    private static let head = ":20:STARTUMS\r\n:25:12345678/1234567890\r\n:28C:7/1\r\n"

    @Test func `a camt entry is delivered before the rest of the file is read`() throws {
        let entry = "<d><e>1</e></d>"
        // Behind the first pieces the file breaks; more than the parser takes at once lies between.
        let text = "<a><b><c>" + String(repeating: entry, count: 20_000) + "</wrong>"
        var delivered = 0
        let stop = StatementError(.missing, remedy: "genug")

        let error = #expect(throws: StatementError.self) {
            try XMLReader.read(
                Array(text.utf8), piecesAt: 4, checkRoot: { (_, _) throws(StatementError) in },
                deliver: { (_, element) throws(StatementError) in
                    #expect(element.children.map(\.name) == ["e"])
                    delivered += 1
                    if delivered == 10 { throw stop }
                })
        }

        #expect(error == stop && delivered == 10)
    }

    @Test func `a field of MT940 comes before a broken line behind it`() throws {
        var fields = MT940Fields(
            Self.head + Self.entryLine + "\r\nTEXT\r\n\r\n-\r\n:86:166?00A\r\n:XXXX\r\n")

        var found: [String] = []
        for _ in 1...5 {
            let field = try #require(try fields.next())
            found.append("\(field.line) \(field.tag) \(field.value)")
            guard found.count < 4 else { break }
        }
        #expect(
            found == [
                "1 20 STARTUMS", "2 25 12345678/1234567890", "3 28C 7/1",
                "4 61 2611231123CR1,00NTRFREF1//BANK1\nTEXT",
            ])
        let error = #expect(throws: StatementError.self) { try fields.next() }
        #expect(error?.line == 9 && error?.code == .brokenMT940)
    }

    @Test func `a field without anything behind it is the last, an empty file has none`() throws {
        var fields = MT940Fields(":20:A")
        #expect(try fields.next()?.value == "A")
        #expect(try fields.next() == nil)
        var none = MT940Fields("\r\n-\n")
        #expect(try none.next() == nil)
    }

    @Test func `a byte order mark changes neither a statement nor the number of a line`() throws {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = Self.head + ":60F:C261120EUR0,00\r\n:62F:C261123EUR0,00"
        let plain = try StatementFile.read(Array(text.utf8))

        #expect(plain.count == 1 && plain.first?.closing != nil)
        #expect(try StatementFile.read(mark + Array(text.utf8)) == plain)
        let error = #expect(throws: StatementError.self) {
            try StatementFile.read(mark + Array((Self.head + ":XXXX\r\n").utf8))
        }
        #expect(error?.code == .brokenMT940 && error?.line == 4)
    }

    @Test func `a row of an acquirer comes before an open quote behind it`() throws {
        let text = "a;b\r\n\r\n\"c;\"\"d\"\"\r\ne\";f\n;\"open"
        var rows = AcquirerCells(Array(text.utf8)[...], UInt8(ascii: ";"))
        func cells(_ row: [[UInt8]]?) -> [String]? {
            row?.map { String(decoding: $0, as: UTF8.self) }
        }

        #expect(cells(try rows.next()) == ["a", "b"])
        #expect(cells(try rows.next()) == ["c;\"d\"\r\ne", "f"])
        let error = #expect(throws: StatementError.self) { try rows.next() }
        #expect(error?.code == .columns && error?.line == 3)
    }

    @Test func `a file of many entries is read whole, in its order`() throws {
        let count = 30_000
        let text =
            Self.head + ":60F:C261120EUR0,00\r\n"
            + String(repeating: Self.entryLine + "\r\n:86:166?00GUTSCHRIFT\r\n", count: count)
            + ":62F:C261123EUR\(count),00\r\n-\r\n"
        let statement = try #require(try MT940Reader.read(Array(text.utf8)).first)

        #expect(statement.entries.count == count)
        #expect(statement.closing?.amount == Cents(Int64(count) * 100))
        #expect(statement.findings.isEmpty)
    }
}
