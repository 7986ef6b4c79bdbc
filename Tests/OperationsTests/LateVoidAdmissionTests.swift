import DayClosing
import Foundation
import GRDB
import Journal
import Operations
import Sales
import Storage
import Testing
import Units

/// Abuse case A1 at the server: what a terminal signed alone and too late is recorded and marked,
/// and verification finds the same marks.
struct LateVoidAdmissionTests {
    private static let phrase = "privat: 1 m³ gruenabfall"

    /// A void by card, signed now as the terminal's next record.
    private func void(_ reference: SaleReference, in yard: TestYard) throws -> SignedRecord {
        let sale = try yard.installation.sale(reference, of: yard.yard).sale
        return try yard.terminal.sign(.void(try reversal(of: sale, reference)))
    }

    private func reversal(of sale: Sale, _ reference: SaleReference) throws -> Reversal {
        try Reversal.make(
            .void, of: sale, reference: reference, earlier: [], amounts: nil, reason: "vertippt",
            settlement: .card(TestYard.slip(2)))
    }

    @Test(arguments: [(0, []), (2, []), (180, ["void-late"])] as [(Int64, [String])])
    func `A1 a terminal's void is marked when it comes too late`(
        minutes: Int64, flags: [String]
    ) async throws {
        try await withYard { yard in
            let reference = try await yard.sell(Self.phrase)
            yard.clock.advance(minutes: minutes)
            let answer = try await yard.admit(void(reference, in: yard))

            #expect(answer.flags == flags)
            let totals = try yard.installation.closeProgress(of: yard.yard).totals
            #expect(totals.counts == ["sale": 1, "void": 1])
            #expect(totals.turnover == .zero)
            #expect(totals.flagged == (flags.isEmpty ? [] : [answer.index]))
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test func `a void that was signed in time may arrive hours later`() async throws {
        try await withYard { yard in
            let reference = try await yard.sell(Self.phrase)
            yard.clock.advance(minutes: 1)
            let signed = try void(reference, in: yard)
            yard.clock.advance(minutes: 180)

            #expect(try await yard.admit(signed).flags.isEmpty)
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test func `A1 a void of a sale that a close holds is marked, one of the next day is not`()
        async throws
    {
        try await withYard { yard in
            let closed = try await yard.sell(Self.phrase)
            try await yard.close(Tally(count: 1, amount: Cents(1_200)))
            let open = try await yard.sell(Self.phrase)

            #expect(try await yard.admit(void(closed, in: yard)).flags == ["void-late"])
            #expect(try await yard.admit(void(open, in: yard)).flags.isEmpty)
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test func `a close that comes after the void does not make it late`() async throws {
        try await withYard { yard in
            let reference = try await yard.sell(Self.phrase)
            #expect(try await yard.admit(void(reference, in: yard)).flags.isEmpty)
            let cards = try yard.installation.closeProgress(of: yard.yard).totals.cards
            try await yard.close(cards.values.first)
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test func `a void recorded before its sale lacks the original and is not late`() async throws {
        try await withYard { yard in
            let sale = try yard.sale(Self.phrase)
            let sold = try yard.terminal.sign(.sale(sale))
            yard.clock.advance(minutes: 180)
            let taken = try yard.terminal.sign(.void(try reversal(of: sale, sold.reference)))

            #expect(try await yard.admit(taken).flags == ["gap", "original-missing"])
            #expect(try await yard.admit(sold).flags == ["late"])
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    /// Whether a void is late, and how its mark is taken away or added: in the entry and in the
    /// search table, whose row would else tell it.
    @Test(
        arguments: [
            (
                true, "replace(CAST(bytes AS TEXT), char(10) || 'flags void-late', '')", "",
                "no flag says so"
            ),
            (
                false, "CAST(bytes AS TEXT) || 'flags void-late' || char(10)", "void-late",
                "marked as a late void"
            ),
        ])
    func `a mark taken away or added is found at the void`(
        isLate: Bool, bytes: String, flags: String, what: String
    ) async throws {
        try await withFolder { folder in
            let yard = try await TestYard.open(
                folder + "/data", clock: TestClock(TestClock.morning), terminals: 1,
                hasTariff: true)
            let reference = try await yard.sell(Self.phrase)
            yard.clock.advance(minutes: isLate ? 180 : 1)
            let index = try await yard.admit(void(reference, in: yard)).index
            try yard.installation.close()
            #expect(try Installation.verify(yard.directory).misfit == nil)

            let queue = try DatabaseQueue(path: yard.directory.database)
            try await queue.write { database in
                let position = LogPosition(yard: 1, index: index).number
                try database.execute(
                    sql: "DROP TRIGGER entry_no_update; DROP TRIGGER record_no_update")
                try database.execute(
                    sql: "UPDATE entry SET bytes = CAST(\(bytes) AS BLOB) WHERE position = ?",
                    arguments: [position])
                try database.execute(
                    sql: "UPDATE record SET flags = ? WHERE position = ?",
                    arguments: [flags, position])
            }
            try queue.close()

            let misfit = try Installation.verify(yard.directory).misfit
            #expect(misfit?.index == index)
            #expect(misfit?.what.contains(what) == true, "\(String(describing: misfit))")
        }
    }
}
