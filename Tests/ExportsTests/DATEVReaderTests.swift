import DayClosing
import FinanceSamples
import Foundation
import Ledger
import Testing
import Units

@testable import Exports

/// DATEV's own sample files in the shared folder, for comparison only.
private enum SharedSamples {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../shared/data/datev").standardized
    static let isThere = FileManager.default.fileExists(atPath: folder.path())

    static func read(_ name: String) throws -> (batch: DATEVBatch?, problems: [DATEVProblem]) {
        DATEVBatch.read([UInt8](try Data(contentsOf: folder.appending(path: name))))
    }
}

struct DATEVReaderTests {
    @Test(
        .enabled(if: SharedSamples.isThere, "the shared folder with DATEV's samples is missing"),
        arguments: [
            "EXTF_Buchungsstapel_musterdaten.cp1252-crlf.csv",
            "EXTF_Buchungsstapel_musterdaten.utf8-lf.csv",
        ])
    func `DATEV's own sample is read in both character sets`(name: String) throws {
        let (found, problems) = try SharedSamples.read(name)
        #expect(problems == [])
        let batch = try #require(found)
        #expect(batch.version == 13 && batch.columnCount == 125)
        #expect(batch.bookings.count == 54)
        #expect(batch.balances.values.sum() == .zero)

        // Lines 35 and 36, and 49 to 56: each original is followed by its reversal.
        let byLine = Dictionary(uniqueKeysWithValues: batch.bookings.map { ($0.line, $0) })
        for line in [35, 49, 51, 53, 55] {
            let original = try #require(byLine[line])
            let reversal = try #require(byLine[line + 1])
            #expect(!original.isReversal && reversal.isReversal)
            #expect(original.isDebit != reversal.isDebit)
            #expect(original.account == reversal.account && original.contra == reversal.contra)
            #expect(original.amount == reversal.amount)
            #expect(original.documentField == reversal.documentField)
        }
    }

    @Test(.enabled(if: SharedSamples.isThere, "the shared folder with DATEV's samples is missing"))
    func `an older layout is read, another kind of file is named`() throws {
        let old = try SharedSamples.read("EXTF_Buchungsstapel_formatversion9_ledermann.csv")
        #expect(old.problems == [])
        #expect(old.batch?.version == 9 && old.batch?.columnCount == 120)
        #expect(old.batch?.bookings.map(\.amount.value).first == 2_495)
        #expect(old.batch?.bookings.count == 2)

        let names = try SharedSamples.read("EXTF_Kontenbeschriftungen_musterdaten.csv")
        #expect(names.batch == nil)
        #expect(names.problems.first?.words.contains("no booking batch") == true)
    }

    private func ours() throws -> (bytes: [UInt8], batch: ClosedBatch) {
        let plan = try Samples.plan()
        let batch = try Samples.batch(try Samples.day(plan: plan), plan: plan)
        let file = try #require(try Samples.datev().files(of: [batch]).first)
        return (file.bytes, batch)
    }

    @Test func `what we write is read back and gives the account totals of the close`() throws {
        let (bytes, batch) = try ours()
        #expect(DATEVBatch.isDATEV(bytes))
        let (read, problems) = DATEVBatch.read(bytes)
        #expect(problems == [])
        let found = try #require(read)
        #expect(found.bookings.allSatisfy { $0.isLocked == false })
        #expect(found.bookings.contains { $0.isReversal })
        var wanted: [String: Cents] = [:]
        for total in batch.close.totals.accounts {
            wanted[total.account.number, default: .zero] += total.debit - total.credit
        }
        #expect(found.balances.filter { $0.value != .zero } == wanted.filter { $0.value != .zero })
    }

    @Test(
        arguments: [
            (";2011;", ";211;", 10, "spreadsheet"), (";2011;", ";3111;", 10, "outside"),
            (";2011;", ";2012;", 10, "outside"), ("412,50", "412.50", 1, "no amount"),
            ("412,50", "-412,50", 1, "no amount"), ("412,50", "0,00", 1, "zero"),
            ("412,50", "", 1, "no amount"), ("\"S\"", "\"X\"", 2, "neither S nor H"),
            (";181900;", ";;", 7, "no account"), (";432100;", ";181900;", 8, "the same"),
            ("\r\n412,50", "\r\n412,50;", nil, "126 cells"),
        ] as [(String, String, Int?, String)])
    func `what an import would take for something else is refused with its place`(
        old: String, new: String, column: Int?, words: String
    ) throws {
        let text = String(String.UnicodeScalarView(try ours().bytes.map { Unicode.Scalar($0) }))
        // The second part of the file: the first line is about the batch.
        let body = try #require(text.range(of: "\r\n412,50"))
        let range = try #require(text[body.lowerBound...].range(of: old), "\(old)")
        let changed = text.replacingCharacters(in: range, with: new)
        let (_, problems) = DATEVBatch.read(
            changed.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) })
        #expect(problems.count == 1)
        #expect(problems.first?.column == column)
        #expect(problems.first?.words.contains(words) == true, "\(problems)")
    }

    @Test func `lines without anything are passed over, and counted`() throws {
        let text = String(String.UnicodeScalarView(try ours().bytes.map { Unicode.Scalar($0) }))
        let body = try #require(text.range(of: "\r\n412,50"))
        let changed = text.replacingCharacters(in: body, with: "\r\n\r\n\r\n412.50")
        let (_, problems) = DATEVBatch.read(
            changed.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) })
        let line = text[..<body.lowerBound].ranges(of: "\r\n").count + 2
        #expect(problems.map(\.line) == [line + 2])
    }

    @Test(arguments: [
        ("EXTF", "XTFE", 3), (";700;", ";510;", 3), (";21;", ";20;", 3), (";13;", ";14;", 5),
        (";20261119;", ";20251119;", 15), (";20261119;", ";20261130;", 15),
    ])
    func `a batch that is none is refused`(old: String, new: String, column: Int) throws {
        let text = String(decoding: try ours().bytes, as: UTF8.self)
        let range = try #require(text.range(of: old), "\(text.prefix(200))")
        let (batch, problems) = DATEVBatch.read(
            Array(text.replacingCharacters(in: range, with: new).utf8))
        #expect(batch == nil)
        #expect(problems.map(\.column) == [column])
    }
}
