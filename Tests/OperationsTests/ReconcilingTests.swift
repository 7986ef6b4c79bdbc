import Calendars
import CloseSheets
import DayClosing
import Exports
import FinanceSamples
import Foundation
import Journal
import Ledger
import Operations
import People
import Reconciliation
import Sales
import Statements
import Storage
import Testing
import Text
import Units

/// Bank statements through the whole server: stored, matched, booked, decided by people, posted in
/// the next close.
struct ReconcilingTests {
    private typealias Entry = SampleStatement.Entry

    /// A yard with one close of 12 euros by girocard on a Friday.
    private func withClosedDay(_ body: (TestYard) async throws -> Void) async throws {
        try await withYard { yard in
            try await yard.sell("privat: 1 m³ gruenabfall")
            try await yard.close(Tally(count: 1, amount: Cents(1_200)))
            yard.clock.advance(minutes: 4 * 24 * 60)
            try await body(yard)
        }
    }

    private let credit = Entry("2026-11-23", 1_200, "KARTENUMSATZ TID 65010001")

    @Test func `a credit to the cent is booked by its rule and empties clearing`() async throws {
        try await withClosedDay { yard in
            #expect(try yard.book.clearing.map(\.balance) == [Cents(1_200)])
            let report = try await yard.take(SampleStatement(1, day: "2026-11-23", [credit]))

            #expect(report.bookedCount == 1)
            let book = try yard.book
            let settlement = try #require(book.settlements.first)
            #expect(settlement.record.rule == "single")
            #expect(settlement.record.reason == nil)
            #expect(settlement.shares == [SettledShare(.clearing(.girocard), Cents(1_200))])
            #expect(book.board.open.isEmpty)
            #expect(book.clearing.isEmpty)
            let close = try await yard.close(nil)
            #expect(close.totals.counts == ["match": 1])
            let sheet = try yard.installation.closeSheet(close.number, of: yard.yard).text
            #expect(sheet.contains("Zugeordnete Bankumsätze"))
            #expect(close.balance("181100") == Cents(1_200))
            #expect(close.balance("181900") == Cents(-1_200))
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test func `a statement delivered twice is named and counts once`() async throws {
        try await withClosedDay { yard in
            let statement = SampleStatement(1, day: "2026-11-23", [credit])
            _ = try await yard.take(statement)
            let again = SampleStatement(1, day: "2026-11-23", [credit], message: "another")
            let report = try await yard.take(again)

            #expect(report.parts.map(\.isDuplicate) == [true])
            #expect(report.bookedCount == 0)
            #expect(try yard.book.lines.count == 1)
        }
    }

    @Test func `another content under a known name refuses the whole file`() async throws {
        try await withClosedDay { yard in
            _ = try await yard.take(SampleStatement(1, day: "2026-11-23", [credit]))
            let altered = SampleStatement(
                1, day: "2026-11-23", [Entry("2026-11-23", 1_200, "KARTENUMSATZ TID 65010002")])
            await #expect(
                throws: OperationsError.statementConflict(
                    account: SampleStatement.account, name: "S1 Nr. 1")
            ) { _ = try await yard.take(altered) }
            #expect(try yard.book.series.statements.count == 1)
        }
    }

    @Test func `gaps and broken chains are told with the import`() async throws {
        try await withClosedDay { yard in
            _ = try await yard.take(SampleStatement(1, day: "2026-11-23", [credit]))
            let report = try await yard.take(
                SampleStatement(4, day: "2026-11-24", opening: 1_000, []))
            #expect(report.parts.first?.findings.map(\.code) == [.empty, .gap, .chainBroken])
        }
    }

    @Test func `a foreign account, a broken file and a cashier are refused by name`() async throws {
        try await withClosedDay { yard in
            let foreign = SampleStatement(
                1, day: "2026-11-23", [], account: "DE89370400440532013000")
            await #expect(
                throws: OperationsError.bankAccountUnknown("DE89370400440532013000")
            ) { _ = try await yard.take(foreign) }
            let trick = Array(
                "<?xml version=\"1.0\"?><!DOCTYPE d [<!ENTITY y \"1\">]><Document/>".utf8)
            await #expect {
                _ = try await yard.installation.importBankFile(trick, by: TestYard.office)
            } throws: { error in
                guard case .statement(let error) = error as? OperationsError else { return false }
                return error.code == .doctype
            }
            await #expect(
                throws: OperationsError.forbidden(
                    .roleMissing(act: .importStatement, person: TestYard.cashier.id))
            ) {
                _ = try await yard.installation.importBankFile(
                    SampleStatement(1, day: "2026-11-23", []).bytes, by: TestYard.cashier)
            }
            let kept = try yard.book.series.statements
            #expect(kept.isEmpty)
        }
    }

    @Test func `what almost fits is proposed and booked only by a person with a reason`()
        async throws
    {
        try await withClosedDay { yard in
            let netted = Entry("2026-11-23", 1_188, "KARTENUMSATZ TID 65010001")
            let report = try await yard.take(SampleStatement(1, day: "2026-11-23", [netted]))
            #expect(report.bookedCount == 0)
            let line = try #require(try yard.book.board.open.first { $0.reason == .feeNetted })
            let cut = try #require(line.candidates.first)
            await #expect(
                throws: OperationsError.settlementRefused(
                    .differs(expected: Cents(1_200), received: Cents(1_188)))
            ) {
                _ = try await yard.settle(
                    .match(difference: nil), expected: [cut.code], received: [line.item.code])
            }

            _ = try await yard.settle(
                .match(difference: .fee), expected: [cut.code], received: [line.item.code])

            let settlement = try #require(try yard.book.settlements.first)
            #expect(settlement.record.rule == "manual")
            #expect(settlement.record.reason == "geprüft")
            #expect(
                settlement.shares == [
                    SettledShare(.clearing(.girocard), Cents(1_200)),
                    SettledShare(.fee, Cents(-12)),
                ])
            #expect(try yard.book.clearing.isEmpty)
            let close = try await yard.close(nil)
            #expect(close.balance("549500") == Cents(12))
            #expect(close.balance("181100") == Cents(1_188))
        }
    }

    @Test func `an item named twice is refused by name and nothing is booked`() async throws {
        try await withClosedDay { yard in
            let rent = Entry("2026-11-23", 9_000, "MIETE STELLPLATZ")
            _ = try await yard.take(SampleStatement(1, day: "2026-11-23", [rent]))
            let line = MatchItem.bank(try #require(try yard.book.lines.first).key)
            let cut = try #require(try yard.book.board.open.first { $0.item != line }).item
            let refusal = OperationsError.settlementRefused(.twice(SettledItem(line)))

            await #expect(throws: refusal) {
                _ = try await yard.settle(.notOurs, received: [line.code, line.code])
            }
            await #expect(
                throws: OperationsError.settlementRefused(.twice(SettledItem(cut)))
            ) {
                _ = try await yard.settle(
                    .match(difference: .unresolved), expected: [cut.code, cut.code],
                    received: [line.code])
            }

            #expect(refusal.status == 422 && refusal.remedy.contains(line.code))
            #expect(try yard.book.settlements.isEmpty)
        }
    }

    @Test func `what is taken back is open again and no rule books it the same way`() async throws {
        try await withClosedDay { yard in
            _ = try await yard.take(SampleStatement(1, day: "2026-11-23", [credit]))
            let settlement = try #require(try yard.book.settlements.first)
            let item = try #require(settlement.record.received.first)
            await #expect(
                throws: OperationsError.settledBefore(item.code, by: settlement.id)
            ) { _ = try await yard.settle(.fee, received: [item.code]) }

            try await yard.installation.undoSettlement(
                settlement.id, reason: "falsches Terminal", by: TestYard.office)

            let book = try yard.book
            #expect(book.settlements.isEmpty)
            #expect(book.clearing.map(\.balance) == [Cents(1_200)])
            #expect(book.board.matches.map(\.rule) == [.single])
            #expect(book.bookable.isEmpty)
            #expect(try await yard.installation.bookMatches(by: TestYard.office) == 0)
            await #expect(throws: OperationsError.settlementUnknown(settlement.id)) {
                try await yard.installation.undoSettlement(
                    settlement.id, reason: "noch einmal", by: TestYard.office)
            }
            let cut = try #require(book.board.matches.first?.expected.first)
            _ = try await yard.settle(
                .match(difference: nil), expected: [cut.code], received: [item.code])
            let close = try await yard.close(nil)
            #expect(close.totals.counts == ["match": 2, "unmatch": 1])
            #expect(close.balance("181900") == Cents(-1_200))
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test func `fees, chargebacks, foreign money and claims are records of the next close`()
        async throws
    {
        try await withClosedDay { yard in
            let claim = try await yard.sell("privat: 1 m³ gruenabfall", .onAccount)
            _ = try await yard.take(
                SampleStatement(
                    1, day: "2026-11-24",
                    [
                        credit, Entry("2026-11-24", -490, "ENTGELT KARTENTERMINAL"),
                        Entry("2026-11-24", -1_200, "RÜCKBELASTUNG", reference: "c1"),
                        Entry("2026-11-24", 9_000, "MIETE STELLPLATZ"),
                        Entry("2026-11-24", 500, "t1-000002 RATE"),
                        Entry("2026-11-24", 800, "t1-000002 REST"),
                    ]))
            func line(_ cents: Int64) throws -> String {
                let book = try yard.book
                return try #require(
                    book.lines.first { $0.amount == Cents(cents) }.map {
                        MatchItem.bank($0.key).code
                    })
            }
            _ = try await yard.settle(.fee, received: [try line(-490)])
            _ = try await yard.settle(.chargeback, received: [try line(-1_200)])
            _ = try await yard.settle(.notOurs, received: [try line(9_000)])
            _ = try await yard.settle(.claimPaid, received: [try line(500)], about: claim)
            await #expect(
                throws: OperationsError.sale(
                    .aboveRemainder(wanted: Cents(800), left: Cents(700)))
            ) { _ = try await yard.settle(.claimPaid, received: [try line(800)], about: claim) }

            let open = try yard.installation.openClaims(of: yard.yard)
            #expect(open.map(\.open) == [Cents(700)])
            #expect(open.map(\.paid) == [Cents(500)])
            let close = try await yard.close(nil)
            #expect(
                close.totals.counts == [
                    "on-account": 1, "match": 2, "bank-fee": 1, "chargeback": 1, "claim-paid": 1,
                ])
            #expect(close.balance("549500") == Cents(490))
            #expect(close.balance("171190") == Cents(1_200))
            #expect(close.balance("161100") == Cents(700))
            #expect(close.balance("181100") == Cents(1_200 - 490 - 1_200 + 500))
            let export = try await yard.installation.createExport(
                "hledger", of: [1, 2], at: yard.yard, by: TestYard.office)
            #expect(export.files.count == 1)
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test func `a claim that is not paid goes to the treasury, and a payment can go back`()
        async throws
    {
        try await withClosedDay { yard in
            let claim = try await yard.sell("privat: 1 m³ gruenabfall", .onAccount)
            _ = try await yard.settle(.claimUnpaid, about: claim)
            _ = try await yard.take(
                SampleStatement(
                    1, day: "2026-11-24",
                    [
                        Entry("2026-11-24", 1_200, "LASTSCHRIFT"),
                        Entry("2026-11-24", -1_200, "RETOURE"),
                    ]))
            let lines = try yard.book.lines.sorted { $0.amount > $1.amount }
            _ = try await yard.settle(
                .claimPaid, received: [MatchItem.bank(lines[0].key).code], about: claim)
            #expect(try yard.installation.openClaims(of: yard.yard).isEmpty)
            _ = try await yard.settle(
                .claimUnpaid, received: [MatchItem.bank(lines[1].key).code], about: claim)
            #expect(
                try yard.installation.openClaims(of: yard.yard).map(\.open) == [Cents(1_200)])
            let paid = try await yard.sell("privat: 1 m³ gruenabfall")
            await #expect(throws: OperationsError.notAClaim(paid.receiptNumber)) {
                _ = try await yard.settle(.claimUnpaid, about: paid)
            }
        }
    }

    @Test func `an acquirer's payout is booked with its fees, once`() async throws {
        try await withYard { yard in
            let slip = try #require(
                CardSlip(
                    cardTerminal: "51234567", scheme: .visa, receiptNumber: "1", traceNumber: "1"))
            try await yard.sell("privat: 1 m³ gruenabfall", .card(slip))
            try await yard.close(
                Tally(count: 1, amount: Cents(1_200)),
                of: CardKey(cardTerminal: "51234567", scheme: .visa))
            let file = """
                payout,id,date,terminal,brand,gross,fee,net,type
                PO7,t1,2026-11-20,65010001,visa,12.00,0.15,11.85,payment
                PO7,t2,2026-11-24,,,0.00,4.90,-4.90,fee
                """
            for isKnown in [false, true] {
                let report = try await yard.installation.importBankFile(
                    Array(file.utf8), profile: "posten", by: TestYard.office)
                #expect(report.parts.map(\.isDuplicate) == [isKnown])
            }
            #expect(try yard.book.board.matches.map(\.rule) == [.acquirerGross])
            #expect(try yard.book.clearing.first?.items.map(\.cause) == [.onTheWay])
            _ = try await yard.take(
                SampleStatement(
                    1, day: "2026-11-25", [Entry("2026-11-25", 695, "AUSZAHLUNG PO7")]))

            let settlement = try #require(try yard.book.settlements.first)
            #expect(settlement.record.rule == "acquirer-payout")
            #expect(
                settlement.shares == [
                    SettledShare(.clearing(.visa), Cents(1_200)), SettledShare(.fee, Cents(-505)),
                ])
            #expect(try yard.book.clearing.isEmpty)
            #expect(
                try yard.installation.acquirerFormats()
                    == [AcquirerFormat(profile: "posten", title: "Auszahlung mit Einzelposten")])
            let preview = try yard.installation.previewBankFile(
                Array(file.utf8), profile: "posten", by: TestYard.office)
            #expect(preview.isKnown && preview.parts.map(\.kind) == [.acquirer])
            await #expect(throws: OperationsError.profileUnknown("x", known: ["posten"])) {
                _ = try await yard.installation.importBankFile(
                    [], profile: "x", by: TestYard.office)
            }
        }
    }

    @Test func `without a bank account in the plan nothing is posted twice`() async throws {
        try await withFolder { folder in
            let yard = try await TestYard.open(
                folder + "/data", clock: TestClock(TestClock.morning), terminals: 1,
                hasTariff: true)
            let plan = yard.directory.accountPlan
            let text = try String(contentsOfFile: plan, encoding: .utf8)
            let start = try #require(text.range(of: "zahlungsverkehr:"))
            try yard.installation.close()
            try String(text[..<start.lowerBound]).write(
                toFile: plan, atomically: true, encoding: .utf8)
            let again = try Installation(
                directory: yard.directory, clock: { yard.clock.now }, logger: .silent)
            _ = try await again.importBankFile(
                SampleStatement(1, day: "2026-11-20", [Entry("2026-11-20", -490, "ENTGELT")])
                    .bytes, by: TestYard.office)
            let line = try #require(try again.bankBook().board.open.first)
            _ = try await again.settle(
                SettlementWish(.fee, received: [line.item.code], reason: "x"), by: TestYard.office)
            try await again.countClose(
                [:], day: again.calendar.day(of: yard.clock.now), at: yard.yard,
                by: TestYard.cashier)
            let close = try await again.approveClose(at: yard.yard, by: TestYard.approver)
            #expect(close.totals.counts == ["bank-fee": 1])
            #expect(close.totals.accounts.isEmpty)
            #expect(close.totals.settled.isEmpty)
            try again.close()
        }
    }
}

extension TestYard {
    var book: BankBook { get throws { try installation.bankBook() } }

    func take(_ statement: SampleStatement) async throws -> ImportReport {
        try await installation.importBankFile(statement.bytes, by: Self.office)
    }

    func settle(
        _ decision: SettlementWish.Decision, expected: [String] = [], received: [String] = [],
        about sale: SaleReference? = nil
    ) async throws -> String {
        try await installation.settle(
            SettlementWish(
                decision, expected: expected, received: received,
                original: sale.map { (yard, $0) }, reason: "geprüft"), by: Self.office)
    }
}

extension DayClose {
    /// Debits less credits of an account over this close.
    func balance(_ number: String) -> Cents {
        totals.accounts.filter { $0.account.number == number }.map { $0.debit - $0.credit }.sum()
    }
}
