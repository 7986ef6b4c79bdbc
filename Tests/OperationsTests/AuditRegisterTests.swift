import Calendars
import DayClosing
import Exports
import Foundation
import Journal
import Operations
import People
import Sales
import Signing
import Testing
import Units

/// The auditor's package of a yard that sells, takes back, closes and exports.
struct AuditRegisterTests {
    private func package(_ closes: [Int64], _ yard: TestYard) async throws
        -> [(name: String, bytes: [UInt8])]
    {
        let export = try await yard.installation.createExport(
            "gobd", of: closes, at: yard.yard, by: TestYard.office)
        return try export.files.map { file in
            let bytes = try yard.installation.exportFile(
                file.name, ofExport: export.number, at: yard.yard, by: TestYard.auditor)
            return (file.name, bytes)
        }
    }

    private func rows(_ name: String, _ files: [(name: String, bytes: [UInt8])]) throws
        -> [[String]]
    {
        let file = try #require(files.first { $0.name == name })
        return String(decoding: file.bytes, as: UTF8.self).components(separatedBy: "\r\n")
            .dropFirst().dropLast().map { row in
                row.components(separatedBy: ";").map {
                    $0.trimmingCharacters(in: CharacterSet(charactersIn: "\""))
                }
            }
    }

    @Test func `tariffs, exports and people stand in it as the log had them at the last close`()
        async throws
    {
        try await withYard { yard in
            let installation = yard.installation
            let sale = try await yard.sell("privat: 1 m³ gruenabfall")
            try await yard.sell("gewerblich: 1 m³ sperrmuell; 2 Sack restabfall")
            try await yard.close(Tally(count: 2, amount: Cents(7_180)))
            let datev = try await installation.createExport(
                "datev", of: [1], at: yard.yard, by: TestYard.office)
            try await installation.rejectExport(
                datev.number, reason: "Konto fehlt", at: yard.yard, by: TestYard.office)
            yard.clock.advance(minutes: 24 * 60)
            try await yard.sell("privat: 2 m³ gruenabfall")
            try await yard.close(Tally(count: 1, amount: Cents(2_400)))

            let first = try await package([1], yard)
            let both = try await package([1, 2], yard)

            for files in [first, both] { #expect(PackageCheck.problems(in: files) == []) }
            #expect(try rows("exporte.csv", first).isEmpty)
            #expect(
                try rows("exporte.csv", both).map { Array($0[1...3]) + [$0[6], $0[9]] }
                    == [["1", "datev", "1", "abgelehnt", "Konto fehlt"]])
            #expect(
                try rows("exportdateien.csv", both).map { $0[3] }
                    == datev.files.map(\.digest.hex))
            #expect(try rows("tarifversionen.csv", both).count == 1)
            #expect(try rows("tarife.csv", both).map { $0[3] } == ["4"])
            #expect(
                try rows("programmstaende.csv", both)
                    == [["hof-1", "1", Program.name, "1", "2", "2"]])
            let sold = try rows("belege.csv", both)
            #expect(sold.first?[4] == sale.receiptNumber)
            let at = try #require(sold.first.flatMap { Timestamp(iso: $0[2]) })
            let calendar = installation.calendar
            #expect(sold.first?[12] == "\(calendar.day(of: at).iso) \(calendar.time(of: at))")
            #expect(Set(sold.map { $0[9] }).count == 1 && sold.first?[9] != "")
            let lines = try rows("belegzeilen.csv", both)
            #expect(Array(lines[0][8...11]) == ["1000,0000", "l", "1000,0000", "0,01200"])

            #expect(
                try rows("exportabschluesse.csv", both) == [["hof-1", "1", "hof-1-000001"]])
            #expect(
                try rows("nummernkreise.csv", both).map { Array($0[2...]) }
                    == [["1", "2", "2", "0", ""], ["3", "3", "1", "0", ""]])
            let index = String(decoding: try #require(first.first).bytes, as: UTF8.self)
            #expect(index.contains("<Name>\(yard.yard.genesis.town)</Name>"))

            // Exports that came later do not change what the same closes give.
            let again = try await package([1, 2], yard)
            #expect(again.map(\.bytes) == both.map(\.bytes))
        }
    }

    @Test func `a void stands with a number of its own beside that of its sale`() async throws {
        try await withYard { yard in
            let reference = try await yard.sell("privat: 1 m³ gruenabfall")
            let sale = try yard.installation.sale(reference, of: yard.yard).sale
            let void = try Reversal.make(
                .void, of: sale, reference: reference, earlier: [], amounts: nil,
                reason: "vertippt", settlement: .card(TestYard.slip(2)))
            _ = try await yard.admit(yard.terminal.sign(.void(void)))
            try await yard.close(Tally(count: 2, amount: .zero))

            let files = try await package([1], yard)

            let terminal = yard.terminal.id.text
            #expect(
                try rows("belege.csv", files).map { [$0[4], $0[5], $0[10], $0[11]] } == [
                    [reference.receiptNumber, "Kartenzahlung", terminal, "1"],
                    [reference.receiptNumber, "Storno", terminal, "2"],
                ])
            #expect(
                try rows("nummernkreise.csv", files)
                    == [["hof-1-000001", terminal, "1", "2", "2", "0", ""]])
            #expect(
                try rows("kartenzahlungen.csv", files).map { [$0[2], $0[7]] }
                    == [["51234567", "12,00"], ["51234567", "-12,00"]])
            #expect(PackageCheck.problems(in: files) == [])
        }
    }
}
