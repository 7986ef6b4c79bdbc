import FinanceSamples
import Operations
import People
import Reconciliation
import Testing
import Units

/// What a bank file is, before anything of it is kept.
struct PreviewBankFileTests {
    private typealias Entry = SampleStatement.Entry

    private func preview(_ statement: SampleStatement, _ yard: TestYard) throws
        -> BankFilePreview
    {
        try yard.installation.previewBankFile(statement.bytes, by: TestYard.office)
    }

    @Test func `a preview says what a file is, what is known and what is missing, keeps nothing`()
        async throws
    {
        try await withYard { yard in
            yard.clock.advance(minutes: 4 * 24 * 60)
            let credit = Entry("2026-11-23", 1_200, "KARTENUMSATZ TID 65010001")
            let first = SampleStatement(1, day: "2026-11-23", [credit])
            let fresh = try preview(first, yard)
            let part = try #require(fresh.parts.first)
            #expect(part.kind == .statement && part.name == "S1 Nr. 1" && part.yard.text == "hof-1")
            #expect(part.account == SampleStatement.account && part.currency == "EUR")
            #expect(part.lineCount == 1 && part.total == Cents(1_200))
            #expect(part.opening == .zero && part.closing == Cents(1_200))
            #expect(part.days?.lowerBound.iso == "2026-11-23" && part.findings == [])
            #expect(!part.isDuplicate && !fresh.isKnown)
            #expect(try yard.installation.bankBook().lines.isEmpty)

            _ = try await yard.installation.importBankFile(first.bytes, by: TestYard.office)
            #expect(try preview(first, yard).isKnown)
            let later = try preview(
                SampleStatement(4, day: "2026-11-24", opening: 1_000, []), yard)
            #expect(later.parts.first?.findings.map(\.code) == [.empty, .gap, .chainBroken])
            #expect(later.parts.first?.days?.upperBound.iso == "2026-11-24")
            let altered = SampleStatement(
                1, day: "2026-11-23", [Entry("2026-11-23", 1_200, "KARTENUMSATZ TID 65010002")])
            #expect(
                throws: OperationsError.statementConflict(
                    account: SampleStatement.account, name: "S1 Nr. 1")
            ) { _ = try preview(altered, yard) }
            #expect(
                throws: OperationsError.forbidden(
                    .roleMissing(act: .importStatement, person: TestYard.cashier.id))
            ) { _ = try yard.installation.previewBankFile(first.bytes, by: TestYard.cashier) }
        }
    }
}
