import Calendars
import DayClosing
import Journal
import Operations
import People
import Sales
import Testing
import Units

struct CloseTests {
    private let girocard = TestYard.girocard

    @Test func `nothing is compared before somebody counted`() async throws {
        try await withYard { yard in
            try await yard.sell("privat: 1 m³ gruenabfall")
            let before = try yard.installation.closeProgress(of: yard.yard)
            #expect(before.draft == nil)
            #expect(before.number == 1)
            await #expect(throws: OperationsError.notCounted) {
                _ = try await yard.installation.approveClose(
                    at: yard.yard, by: TestYard.approver)
            }

            try await yard.count(Tally(count: 1, amount: Cents(1_200)))

            let draft = try #require(try yard.installation.closeProgress(of: yard.yard).draft)
            #expect(draft.comparisons.map(\.key) == [girocard])
            #expect(draft.comparisons.map(\.agrees) == [true])
            #expect(draft.countedBy == TestYard.cashier.id)
        }
    }

    @Test func `a difference stops the close until it has a reason`() async throws {
        try await withYard { yard in
            let installation = yard.installation
            try await yard.sell("privat: 1 m³ gruenabfall")
            await #expect(throws: OperationsError.notCounted) {
                try await yard.explain(.testTransaction, "Probe")
            }
            try await yard.count(Tally(count: 2, amount: Cents(1_700)))

            await #expect(
                throws: OperationsError.unexplained(
                    cardTerminal: "51234567", scheme: "girocard")
            ) {
                _ = try await installation.approveClose(at: yard.yard, by: TestYard.approver)
            }
            await #expect(throws: OperationsError.reasonMissing) {
                try await yard.explain(.testTransaction, " ")
            }
            try await yard.explain(.testTransaction, "Probezahlung")
            let close = try await installation.approveClose(at: yard.yard, by: TestYard.approver)

            #expect(close.comparisons.map(\.difference) == [Cents(500)])
            #expect(close.comparisons.map(\.reason) == [.testTransaction])
        }
    }

    @Test func `counting again takes back cut and reasons`() async throws {
        try await withYard { yard in
            try await yard.sell("privat: 1 m³ gruenabfall")
            try await yard.count(Tally(count: 2, amount: Cents(1_700)))
            try await yard.explain(.testTransaction, "Probezahlung")
            try await yard.sell("privat: 1 m³ gruenabfall")

            try await yard.count(Tally(count: 2, amount: Cents(2_399)))

            let progress = try yard.installation.closeProgress(of: yard.yard)
            #expect(progress.totals.turnover == Cents(2_400))
            #expect(!progress.isExplained)
        }
    }

    @Test func `who counted does not approve`() async throws {
        try await withYard { yard in
            try await yard.sell("privat: 1 m³ gruenabfall")
            try await yard.count(
                Tally(count: 1, amount: Cents(1_200)), by: TestYard.everybody)

            await #expect(
                throws: OperationsError.forbidden(
                    .samePerson(act: .approveClose, person: TestYard.everybody.id))
            ) {
                _ = try await yard.installation.approveClose(
                    at: yard.yard, by: TestYard.everybody)
            }
            await #expect(
                throws: OperationsError.forbidden(
                    .roleMissing(act: .approveClose, person: TestYard.cashier.id))
            ) {
                _ = try await yard.installation.approveClose(at: yard.yard, by: TestYard.cashier)
            }
            await #expect(
                throws: OperationsError.forbidden(
                    .roleMissing(act: .countClose, person: TestYard.approver.id))
            ) {
                try await yard.count(Tally(), by: TestYard.approver)
            }
            #expect(try yard.installation.closes(of: yard.yard).isEmpty)
        }
    }

    @Test func `closes are numbered without gaps and carry the grand total on`() async throws {
        try await withYard { yard in
            var sum = Cents.zero
            for number in 1...3 as ClosedRange<Int64> {
                let amount = Cents(1_200 * number)
                try await yard.sell("privat: \(number) m³ gruenabfall")
                let close = try await yard.close(Tally(count: 1, amount: amount))
                #expect(close.number == number)
                #expect(close.totals.turnover == amount)
                #expect(close.grandTotalBefore == sum)
                sum = sum + amount
                #expect(close.grandTotalAfter == sum)
            }
            let closes = try yard.installation.closes(of: yard.yard)
            #expect(closes.map(\.number) == [1, 2, 3])
            #expect(closes.map(\.software) == Array(repeating: Program.name, count: 3))
            let clearing = closes.map { $0.clearing?.first }
            #expect(clearing.map { $0?.before.value } == [0, 1_200, 3_600])
            #expect(clearing.map { $0?.after.value } == [1_200, 3_600, 7_200])
            #expect(zip(closes, closes.dropFirst()).allSatisfy { $0.to == $1.from })
            #expect(try yard.installation.close(2, of: yard.yard) == closes[1])
            #expect(throws: OperationsError.closeUnknown(4)) {
                _ = try yard.installation.close(4, of: yard.yard)
            }
            let report = try yard.installation.verify()
            #expect(report.misfit == nil)
            #expect(report.closes == 3)
        }
    }

    @Test func `what comes after the count belongs to the next close`() async throws {
        try await withYard { yard in
            try await yard.sell("privat: 1 m³ gruenabfall")
            let late = try yard.terminal.sign(.sale(try yard.sale("privat: 2 m³ gruenabfall")))
            try await yard.count(Tally(count: 1, amount: Cents(1_200)))
            _ = try await yard.admit(late)
            let first = try await yard.installation.approveClose(
                at: yard.yard, by: TestYard.approver)
            yard.clock.advance(minutes: 24 * 60)

            let second = try await yard.close(Tally(count: 1, amount: Cents(2_400)))

            #expect(first.totals.turnover == Cents(1_200))
            #expect(first.totals.late.isEmpty)
            #expect(second.totals.turnover == Cents(2_400))
            #expect(second.totals.late == [late.reference])
            #expect(second.day.iso == "2026-11-21")
        }
    }

    @Test func `an unknown payment is carried over by name until it is resolved`() async throws {
        try await withYard { yard in
            let unknown = try await yard.sell(
                "privat: 1 m³ gruenabfall", .unknown(cardTerminal: "51234567"))
            let first = try await yard.close(nil, unknown: .carriedOver)
            try await yard.sell("privat: 1 m³ gruenabfall")
            let second = try await yard.close(
                Tally(count: 1, amount: Cents(1_200)), unknown: .carriedOver)
            try await yard.installation.resolve(
                PaymentResolution(
                    original: unknown, finding: .charged(TestYard.slip(9)),
                    evidence: .repeatReceipt, note: "Beleg"), debtor: nil, at: yard.yard,
                by: TestYard.cashier)
            let third = try await yard.close(Tally(count: 1, amount: Cents(1_200)))

            #expect(first.totals.unknown == [unknown])
            #expect(second.totals.unknown == [unknown])
            #expect(third.totals.unknown.isEmpty)
            #expect(third.totals.turnover == .zero)
            #expect(third.totals.cards == [girocard: Tally(count: 1, amount: Cents(1_200))])
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test func `a count is sent back by an approver`() async throws {
        try await withYard { yard in
            try await yard.count(Tally(count: 1, amount: Cents(1)))
            await #expect(
                throws: OperationsError.forbidden(
                    .roleMissing(act: .approveClose, person: TestYard.cashier.id))
            ) {
                try await yard.installation.rejectClose(
                    reason: "prüfen", at: yard.yard, by: TestYard.cashier)
            }
            try await yard.installation.rejectClose(
                reason: "prüfen", at: yard.yard, by: TestYard.approver)
            #expect(try yard.installation.closeProgress(of: yard.yard).draft == nil)
        }
    }

    @Test func `differences are explained all or none, and sent back, as they were seen`()
        async throws
    {
        try await withYard { yard in
            let installation = yard.installation
            try await yard.sell("privat: 1 m³ gruenabfall")
            try await yard.count(nil)
            let seen = try #require(try installation.closeProgress(of: yard.yard).draft).mark
            let words = (reason: DifferenceReason.cutMissing, text: "Bonrolle leer.")
            let other = CardKey(cardTerminal: "51234567", scheme: .visa)
            await #expect {
                try await installation.explainDifferences(
                    [TestYard.girocard: words, other: words], at: yard.yard, by: TestYard.cashier)
            } throws: { error in
                (error as? OperationsError)?.code == "input-invalid"
            }
            await #expect(throws: OperationsError.closeChanged) {
                try await installation.explainDifferences(
                    [TestYard.girocard: words], seen: "0123456789abcdef", at: yard.yard,
                    by: TestYard.cashier)
            }
            #expect(try !installation.closeProgress(of: yard.yard).isExplained)

            try await installation.explainDifferences(
                [TestYard.girocard: words], seen: seen, at: yard.yard, by: TestYard.cashier)
            #expect(try installation.closeProgress(of: yard.yard).isExplained)
            await #expect(throws: OperationsError.closeChanged) {
                try await installation.rejectClose(
                    reason: "prüfen", at: yard.yard, by: TestYard.approver, seen: seen)
            }
            let now = try #require(try installation.closeProgress(of: yard.yard).draft).mark
            try await installation.rejectClose(
                reason: "prüfen", at: yard.yard, by: TestYard.approver, seen: now)
            #expect(try installation.closeProgress(of: yard.yard).sentBack.count == 1)
        }
    }
}

/// Reasons, purposes and the like, which all go through the same check.
struct ShortReasonTests {
    @Test(arguments: ["x", "ü", "\u{1F600}"] as [Character])
    func `a reason has at most two hundred characters, whatever their bytes`(
        character: Character
    ) async throws {
        try await withYard { yard in
            try await yard.sell("privat: 1 m³ gruenabfall")
            try await yard.count(nil)
            await #expect(throws: OperationsError.reasonMissing) {
                try await yard.explain(.cutMissing, String(repeating: character, count: 201))
            }
            try await yard.explain(.cutMissing, String(repeating: character, count: 200))
            let close = try await yard.installation.approveClose(
                at: yard.yard, by: TestYard.approver)
            #expect(
                close.comparisons.first?.explanation == String(repeating: character, count: 200))
            await #expect(throws: OperationsError.reasonMissing) {
                _ = try await yard.installation.takeSnapshot(
                    reason: String(repeating: character, count: 201), at: yard.yard,
                    by: TestYard.auditor)
            }
        }
    }
}

extension TestYard {
    /// What sales by card are counted under.
    static let girocard = CardKey(cardTerminal: "51234567", scheme: .girocard)

    /// Counts a total of the card terminal, that of girocard if none is named; nil counts nothing.
    func count(
        _ tally: Tally?, of key: CardKey = girocard, by person: Person = cashier,
        unknown: UnknownPayments = .refused
    ) async throws {
        try await installation.countClose(
            tally.map { [key: $0] } ?? [:], day: installation.calendar.day(of: clock.now),
            at: yard, by: person, unknown: unknown)
    }

    /// Names the reason of the girocard difference.
    func explain(
        _ reason: DifferenceReason, _ text: String, by person: Person = cashier
    ) async throws {
        try await installation.explainDifference(
            Self.girocard, reason: reason, text: text, at: yard, by: person)
    }

    /// Counts without difference and approves.
    @discardableResult
    func close(
        _ tally: Tally?, of key: CardKey = girocard, unknown: UnknownPayments = .refused
    ) async throws -> DayClose {
        try await count(tally, of: key, unknown: unknown)
        return try await installation.approveClose(at: yard, by: Self.approver)
    }
}
