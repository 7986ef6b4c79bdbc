import Calendars
import DayClosing
import FinanceSamples
import Foundation
import Journal
import Operations
import Reconciliation
import Sales
import Testing
import Units

/// What banks and acquirers write that looks like the same thing twice, or like too much.
struct OddBankFileTests {
    private typealias Entry = SampleStatement.Entry

    /// An MT940 statement of a bank that numbers neither statements nor messages, with one credit
    /// of 23 November.
    private func unnumbered(opening: String, credit: String, closing: String) -> [UInt8] {
        let lines = [
            ":20:STARTUMS", ":25:\(SampleStatement.account)", ":28C:0", ":60F:C\(opening)",
            ":61:2611231123C\(credit)NTRFNONREF",
            ":86:166?00GUTSCHRIFT?20KARTENUMSATZ TID 65010001", ":62F:C\(closing)", "-",
        ]
        return Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
    }

    @Test func `an account of a yard that is not here is refused by the names of both`()
        async throws
    {
        try await withYard { yard in
            let path = yard.directory.settlement
            let settings = try String(contentsOfFile: path, encoding: .utf8)
            try settings.replacing("hof: hof-1", with: "hof: hof-9")
                .write(toFile: path, atomically: true, encoding: .utf8)

            let error = await #expect(throws: OperationsError.self) {
                _ = try await yard.installation.importBankFile(
                    SampleStatement(1, day: "2026-11-23", []).bytes, by: TestYard.office)
            }

            #expect(
                error
                    == .accountYardUnknown(
                        account: SampleStatement.account, yard: "hof-9", known: ["hof-1"]))
            #expect(error?.remedy.contains("names the yard hof-9") == true)
            #expect(try yard.book.series.statements.isEmpty)
        }
    }

    @Test func `credits of one day in two statements of one name are both booked`() async throws {
        try await withYard { yard in
            for cubicMetres in [Int64(1), 2] {
                try await yard.sell("privat: \(cubicMetres) m³ gruenabfall")
                try await yard.close(Tally(count: 1, amount: Cents(1_200 * cubicMetres)))
            }
            yard.clock.advance(minutes: 5 * 24 * 60)
            let files = [
                unnumbered(
                    opening: "261120EUR0,00", credit: "12,00", closing: "261123EUR12,00"),
                unnumbered(
                    opening: "261123EUR12,00", credit: "24,00", closing: "261124EUR36,00"),
            ]
            for file in files {
                let report = try await yard.installation.importBankFile(
                    file, by: TestYard.office)
                #expect(report.bookedCount == 1)
            }

            #expect(try yard.book.settlements.count == 2)
            #expect(try yard.book.board.open.isEmpty)
            #expect(try yard.book.clearing.isEmpty)
        }
    }

    @Test func `what the bank takes back is settled with its entry, and the new credit books`()
        async throws
    {
        try await withYard { yard in
            try await yard.sell("privat: 1 m³ gruenabfall")
            try await yard.close(Tally(count: 1, amount: Cents(1_200)))
            yard.clock.advance(minutes: 5 * 24 * 60)
            let text = "KARTENUMSATZ TID 65010001"
            let statement = SampleStatement(
                1, day: "2026-11-25",
                [
                    Entry("2026-11-23", 1_200, text), Entry("2026-11-24", -1_200, text),
                    Entry("2026-11-25", 1_200, text),
                ])
            let side = "<CdtDbtInd>DBIT</CdtDbtInd>"
            let file = statement.text.replacing(
                side + "<Sts>", with: side + "<RvslInd>true</RvslInd><Sts>")
            _ = try await yard.installation.importBankFile(Array(file.utf8), by: TestYard.office)
            let booked = try #require(try yard.book.settlements.first)
            #expect(try yard.book.board.open.map(\.reason) == [.bankReversal, .cutMissing])

            try await yard.installation.undoSettlement(
                booked.id, reason: "Storno der Bank", by: TestYard.office)
            let codes = try yard.book.lines.map { MatchItem.bank($0.key).code }
            _ = try await yard.settle(.notOurs, received: [codes[0], codes[1]])

            #expect(try await yard.installation.bookMatches(by: TestYard.office) == 1)
            let book = try yard.book
            #expect(book.settlements.map(\.record.rule).sorted() == ["not-ours", "single"])
            #expect(book.board.open.isEmpty)
            #expect(book.clearing.isEmpty)
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test func `two payments that are alike both count, delivered again once`() async throws {
        try await withYard { yard in
            for number in ["1", "2"] {
                let slip = try #require(
                    CardSlip(
                        cardTerminal: "51234567", scheme: .visa, receiptNumber: number,
                        traceNumber: number))
                try await yard.sell("privat: 1 m³ gruenabfall", .card(slip))
            }
            try await yard.close(
                Tally(count: 2, amount: Cents(2_400)),
                of: CardKey(cardTerminal: "51234567", scheme: .visa))
            let heading = "payout,id,date,terminal,brand,gross,fee,net,type\n"
            let line = "PO7,,2026-11-20,65010001,visa,12.00,0.15,11.85,payment\n"
            for file in [heading + line + line, heading + line + line + "\n"] {
                _ = try await yard.installation.importBankFile(
                    Array(file.utf8), profile: "posten", by: TestYard.office)
            }
            #expect(try yard.book.board.matches.map(\.rule) == [.acquirerGross])
            let report = try await yard.take(
                SampleStatement(
                    1, day: "2026-11-25", [Entry("2026-11-25", 2_370, "AUSZAHLUNG PO7")]))

            #expect(report.bookedCount == 1)
            #expect(
                try yard.book.settlements.first?.shares == [
                    SettledShare(.clearing(.visa), Cents(2_400)), SettledShare(.fee, Cents(-30)),
                ])
            #expect(try yard.book.clearing.isEmpty)
        }
    }

    @Test func `a match that no record holds keeps no other from being booked`() async throws {
        try await withYard { yard in
            try await yard.sell("privat: 1 m³ gruenabfall")
            let cuts = (1...300).map { number in
                BatchCut(
                    cardTerminal: "51234567", number: padded(number, 4),
                    totals: [.girocard: Tally(count: 1, amount: Cents(4))])
            }
            try await yard.installation.countClose(
                cuts: cuts, day: yard.installation.calendar.day(of: yard.clock.now),
                at: yard.yard, by: TestYard.cashier)
            try await yard.explain(.missingInLedger, "Viele kleine Schnitte")
            _ = try await yard.installation.approveClose(at: yard.yard, by: TestYard.approver)
            yard.clock.advance(minutes: 5 * 24 * 60)

            let report = try await yard.take(
                SampleStatement(
                    1, day: "2026-11-24",
                    [
                        Entry("2026-11-23", 4, "KARTENUMSATZ TID 65010001"),
                        Entry("2026-11-24", 1_196, "KARTENUMSATZ TID 65010001"),
                    ]))

            #expect(report.matching == .booked(1))
            #expect(try yard.book.settlements.map(\.record.rule) == ["single"])
            #expect(try yard.book.bookable.map(\.rule) == [.consecutive])
        }
    }
}
