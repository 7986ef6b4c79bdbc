import CloseSheets
import DayClosing
import Journal
import Operations
import People
import Sales
import Testing
import Units

/// Audits at any moment, and looks between.
struct SnapshotTests {
    @Test func `a snapshot freezes the books and the day goes on`() async throws {
        try await withYard { yard in
            let installation = yard.installation
            try await yard.sell("privat: 1 m³ gruenabfall")
            let first = try await installation.takeSnapshot(
                reason: "Unvermutete Prüfung", at: yard.yard, by: TestYard.auditor)
            try await yard.sell("privat: 2 m³ gruenabfall")
            let second = try await installation.takeSnapshot(
                reason: "Nachschau", at: yard.yard, by: TestYard.approver)
            let close = try await yard.close(Tally(count: 2, amount: Cents(3_600)))
            let third = try await installation.takeSnapshot(
                reason: "Nach dem Abschluss", at: yard.yard, by: TestYard.auditor)

            #expect([first, second, third].map(\.number) == [1, 2, 3])
            #expect(first.totals.turnover == Cents(1_200))
            #expect(second.totals.turnover == Cents(3_600))
            #expect(close.totals.turnover == Cents(3_600))
            #expect(third.afterClose == 1 && third.totals.turnover == .zero)
            #expect(third.grandTotalAfter == close.grandTotalAfter)
            let all = try installation.snapshots(of: yard.yard, for: TestYard.auditor)
            #expect(all == [first, second, third])
            let sheet = try installation.snapshotSheet(1, of: yard.yard, for: TestYard.auditor)
            #expect(sheet.text.contains("Unvermutete Prüfung"))
            #expect(sheet.text.contains("david") && !sheet.text.contains("David Prüfer"))
            let auditor = Person(
                id: TestYard.auditor.id, name: "David Prüfer", roles: [.auditor])
            try await installation.save(auditor, password: "richtig-und-lang")
            let named = try installation.snapshotSheet(1, of: yard.yard, for: TestYard.auditor)
            #expect(named.text.contains("David Prüfer"))
            #expect(throws: OperationsError.snapshotUnknown(4)) {
                _ = try installation.snapshot(4, of: yard.yard, for: TestYard.auditor)
            }
            #expect(try installation.verify().misfit == nil)
        }
    }

    @Test func `while another day is counted a snapshot holds all since the last close`()
        async throws
    {
        try await withYard { yard in
            let installation = yard.installation
            try await yard.sell("privat: 1 m³ gruenabfall")
            yard.clock.set("2026-11-21T10:00:00.000Z")
            try await yard.sell("privat: 2 m³ gruenabfall")
            let friday = try #require(BusinessDay(iso: "2026-11-20"))
            try await installation.countClose(
                [
                    CardKey(cardTerminal: "51234567", scheme: .girocard):
                        Tally(count: 1, amount: Cents(1_200))
                ], day: friday, at: yard.yard, by: TestYard.cashier)

            let during = try await installation.takeSnapshot(
                reason: "Prüfung", at: yard.yard, by: TestYard.auditor)
            let close = try await installation.approveClose(at: yard.yard, by: TestYard.approver)
            let after = try await installation.takeSnapshot(
                reason: "Nachschau", at: yard.yard, by: TestYard.auditor)

            #expect(during.day.iso == "2026-11-21" && during.afterClose == 0)
            #expect(during.totals.turnover == Cents(3_600))
            #expect(during.totals.late.map(\.sequence) == [1])
            #expect(close.day == friday && close.totals.turnover == Cents(1_200))
            #expect(after.afterClose == 1 && after.totals.turnover == Cents(2_400))
            #expect(try installation.verify().misfit == nil)
        }
    }

    @Test func `while a count waits the look between shows what came after it, but not blindly`()
        async throws
    {
        try await withYard { yard in
            let installation = yard.installation
            try await yard.sell("privat: 1 m³ gruenabfall")
            try await yard.count(Tally(count: 1, amount: Cents(1_200)))
            _ = try yard.terminal.sign(.sale(try yard.sale("privat: 1 m³ gruenabfall")))
            try await yard.sell("privat: 2 m³ gruenabfall")
            func shows(_ words: String, to person: Person) throws -> Bool {
                try installation.interimSheet(of: yard.yard, for: person).text.contains(words)
            }

            #expect(try shows("36,00", to: TestYard.auditor))
            #expect(try !shows("36,00", to: TestYard.cashier))
            #expect(try shows("12,00", to: TestYard.cashier))
            let open = try installation.openTotals(of: yard.yard)
            #expect(open.previous == nil && open.totals.turnover == Cents(3_600))
            // A number is missing before the last sale.
            #expect(open.totals.flagged.count == 1)
            #expect(try installation.closeProgress(of: yard.yard).totals.flagged.isEmpty)
        }
    }

    @Test func `who counts blind takes and sees no snapshot of what is not counted`()
        async throws
    {
        try await withYard { yard in
            let installation = yard.installation
            try await yard.sell("privat: 1 m³ gruenabfall")
            await #expect(throws: OperationsError.countFirst) {
                _ = try await installation.takeSnapshot(
                    reason: "Neugier", at: yard.yard, by: TestYard.everybody)
            }
            await #expect(throws: OperationsError.self) {
                _ = try await installation.takeSnapshot(
                    reason: "Neugier", at: yard.yard, by: TestYard.cashier)
            }
            _ = try await installation.takeSnapshot(
                reason: "Prüfung", at: yard.yard, by: TestYard.auditor)
            #expect(throws: OperationsError.countFirst) {
                _ = try installation.snapshots(of: yard.yard, for: TestYard.everybody)
            }
            #expect(throws: OperationsError.countFirst) {
                _ = try installation.interimSheet(of: yard.yard, for: TestYard.cashier)
            }
            let seen = try installation.interimSheet(of: yard.yard, for: TestYard.auditor)
            #expect(seen.text.contains("12,00"))
        }
    }

    @Test func `the sheet of a close keeps the names of its day`() async throws {
        try await withYard { yard in
            let installation = yard.installation
            try await installation.save(TestYard.cashier, password: "kasse-kasse")
            try await yard.sell("privat: 1 m³ gruenabfall")
            try await yard.close(Tally(count: 1, amount: Cents(1_200)))
            let sheet = try installation.closeSheet(1, of: yard.yard)
            #expect(sheet.text.contains("Gezählt von") && sheet.text.contains("Anna (anna)"))
            let renamed = Person(
                id: TestYard.cashier.id, name: "Anna Neu", roles: [.cashier])
            try await installation.save(renamed, password: "kasse-kasse")
            #expect(try installation.closeSheet(1, of: yard.yard) == sheet)
            #expect(throws: OperationsError.closeUnknown(2)) {
                _ = try installation.closeSheet(2, of: yard.yard)
            }
        }
    }
}
