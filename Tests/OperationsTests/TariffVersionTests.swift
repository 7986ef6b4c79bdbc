import Calendars
import Foundation
import Journal
import Operations
import People
import Sales
import Storage
import Tariffs
import Testing
import Units

/// A version of the sample tariff with its own first and last day, and one price of its own.
struct SampleTariff: Sendable {
    let id: String
    let from: String
    let to: String?
    let price: String

    init(_ id: String, from: String, to: String? = nil, price: String = "13,00") {
        self.id = id
        self.from = from
        self.to = to
        self.price = price
    }

    var bytes: [UInt8] {
        get throws {
            var text = String(decoding: TestYard.tariff, as: UTF8.self)
            let end = to.map { "\ngültig bis: \(Self.german($0))" } ?? ""
            for (old, new) in [
                ("tarif: goettingen-2024", "tarif: \(id)"),
                ("gültig ab: 05.01.2024", "gültig ab: \(Self.german(from))\(end)"),
                ("datum: 05.01.2024", "datum: \(Self.german(from))"),
                ("preis: 12,00 € je m³", "preis: \(price) € je m³"),
            ] {
                try #require(text.contains(old))
                text = text.replacing(old, with: new)
            }
            return Array((try examplesAtThisPrice(text)).utf8)
        }
    }

    /// Each position needs an example: those with green waste are worked out again.
    private func examplesAtThisPrice(_ text: String) throws -> String {
        let start = try #require(text.range(of: "\nbeispiele:\n")).upperBound
        let mark = "\n  - nr: "
        let kept = "\n\(text[start...])".components(separatedBy: mark).dropFirst()
            .filter { !$0.contains("grünabfall") }
        let own = [("1 m³ grünabfall", price), ("1 Sack grünabfall", "3,20")].map { bring, sum in
            """
            \(bring) für sich
                datum: \(Self.german(from))
                wer: privat
                anlieferung: \(bring)
                summe: \(sum) €

            """
        }
        return text[..<start] + (kept + own).map { mark.dropFirst() + $0 }.joined(separator: "\n")
    }

    private static func german(_ iso: String) -> String {
        iso.split(separator: "-").reversed().joined(separator: ".")
    }
}

struct TariffVersionTests {
    private static let phrase = "privat: 1 m³ gruenabfall"

    private func day(_ iso: String) throws -> BusinessDay { try #require(BusinessDay(iso: iso)) }

    private func propose(_ tariff: SampleTariff, at yard: TestYard) async throws -> String {
        try await yard.installation.proposeTariff(
            tariff.bytes, for: yard.yard, by: TestYard.office)
    }

    private func approve(_ digest: String, at yard: TestYard) async throws {
        try await yard.installation.approveTariff(
            digest, for: yard.yard, by: TestYard.approver)
    }

    @discardableResult
    private func activate(_ tariff: SampleTariff, at yard: TestYard) async throws -> String {
        let digest = try await propose(tariff, at: yard)
        try await approve(digest, at: yard)
        return digest
    }

    private func id(on iso: String, at yard: TestYard) throws -> String {
        try yard.installation.tariff(of: yard.yard, on: day(iso)).row.id
    }

    private func verified(_ yard: TestYard) throws -> VerificationReport {
        let report = try yard.installation.verify()
        #expect(report.misfit == nil)
        return report
    }

    @Test func `a successor ends the tariff in force on the day before, and the log says so`()
        async throws
    {
        try await withYard { yard in
            let installation = yard.installation
            let old = try #require(try installation.tariffs(of: yard.yard).first).digest
            let digest = try await activate(.init("neu-2027", from: "2027-01-01"), at: yard)

            #expect(try id(on: "2026-12-31", at: yard) == "goettingen-2024")
            #expect(try id(on: "2027-01-01", at: yard) == "neu-2027")
            let rows = try installation.tariffs(of: yard.yard)
            #expect(rows.map(\.digest) == [old, digest])
            #expect(try rows.map(\.to) == [day("2026-12-31"), nil])
            #expect(rows.map(\.approvedBy) == [TestYard.approver.id, TestYard.approver.id])
            #expect(rows[1].proposedAt == yard.clock.now)
            let index = try #require(rows[1].position)
            let record = try installation.record(
                at: LogPosition(yard: yard.yard.number, index: index))
            guard case .server(let said) = record.fact, case .tariff(let activation) = said.fact
            else {
                Issue.record("no tariff record")
                return
            }
            #expect(activation.digest == digest)
            #expect(try activation.ends == TariffEnding(digest: old, on: day("2026-12-31")))
            #expect(activation.proposedBy == TestYard.office.id)
            let book = try installation.tariffBook(of: yard.yard, from: day("2026-11-20"))
            #expect(book.map(\.id) == ["goettingen-2024", "neu-2027"])
            let later = try installation.tariffBook(of: yard.yard, from: day("2027-01-01"))
            #expect(later.map(\.id) == ["neu-2027"])
            _ = try verified(yard)
        }
    }

    @Test func `days with two tariffs or none are refused, when proposed and when approved`()
        async throws
    {
        try await withYard(terminals: 0) { yard in
            let other = try await propose(.init("c", from: "2026-12-01"), at: yard)
            try await activate(.init("b", from: "2027-01-01", to: "2027-12-31"), at: yard)
            let overlap = OperationsError.tariffOverlaps(
                id: "b", from: try day("2027-01-01"), to: try day("2027-12-31"))

            await #expect(throws: overlap) { try await approve(other, at: yard) }
            await #expect(throws: overlap) {
                try await propose(.init("d", from: "2026-12-01", to: "2027-01-01"), at: yard)
            }
            await #expect(
                throws: OperationsError.tariffGap(
                    from: try day("2028-01-01"), to: try day("2028-01-31"))
            ) { try await propose(.init("d", from: "2028-02-01"), at: yard) }
            await #expect(
                throws: OperationsError.tariffGap(
                    from: try day("2026-12-02"), to: try day("2026-12-31"))
            ) {
                try await propose(.init("d", from: "2026-12-01", to: "2026-12-01"), at: yard)
            }
            #expect(
                try yard.installation.tariffs(of: yard.yard).map(\.id).sorted() == [
                    "b", "c", "goettingen-2024",
                ])
            try await activate(.init("d", from: "2028-01-01"), at: yard)
            #expect(try id(on: "2027-12-31", at: yard) == "b")
            #expect(try id(on: "2028-01-01", at: yard) == "d")
            _ = try verified(yard)
        }
    }

    @Test func `a version that has not begun is replaced by one of the same day`() async throws {
        try await withYard(terminals: 0) { yard in
            try await activate(.init("b", from: "2027-01-01"), at: yard)
            try await activate(.init("c", from: "2027-01-01", price: "14,00"), at: yard)

            #expect(try id(on: "2026-12-31", at: yard) == "goettingen-2024")
            #expect(try id(on: "2027-01-01", at: yard) == "c")
            let book = try yard.installation.tariffBook(of: yard.yard, from: day("2026-11-20"))
            #expect(book.map(\.id) == ["goettingen-2024", "c"])
            _ = try verified(yard)
        }
    }

    @Test func `a version begins in the past only where no sale was priced`() async throws {
        try await withYard { yard in
            try await yard.sell(Self.phrase)
            yard.clock.advance(minutes: 3 * 1_440)
            let sold = OperationsError.tariffBackdated(
                from: try day("2026-11-20"), sold: try day("2026-11-20"))

            await #expect(throws: sold) {
                try await propose(.init("b", from: "2026-11-20"), at: yard)
            }
            let digest = try await propose(.init("b", from: "2026-11-21"), at: yard)
            try await approve(digest, at: yard)

            #expect(try id(on: "2026-11-20", at: yard) == "goettingen-2024")
            #expect(try id(on: "2026-11-21", at: yard) == "b")
            #expect(try yard.sale(Self.phrase).total == Cents(1_300))
        }
    }

    @Test func `a sale made since the proposal stops its approval, a day ahead never does`()
        async throws
    {
        try await withYard { yard in
            let today = try await propose(.init("b", from: "2026-11-20"), at: yard)
            let tomorrow = try await propose(.init("c", from: "2026-11-21"), at: yard)
            try await yard.sell(Self.phrase)

            await #expect(
                throws: OperationsError.tariffBackdated(
                    from: try day("2026-11-20"), sold: try day("2026-11-20"))
            ) { try await approve(today, at: yard) }
            try await approve(tomorrow, at: yard)
            #expect(try id(on: "2026-11-21", at: yard) == "c")
        }
    }

    @Test func `a sale that no tariff priced holds up no version`() async throws {
        try await withYard { yard in
            let old = try yard.sale(Self.phrase)
            try await activate(.init("b", from: "2026-11-20"), at: yard)
            let late = try yard.terminal.sign(.sale(old))
            #expect(try await yard.admit(late).flags == ["tariff-unknown"])

            try await activate(.init("c", from: "2026-11-20", price: "14,00"), at: yard)

            #expect(try verified(yard).repriced == 0)
        }
    }

    @Test func `a proposal can be withdrawn, put forward again, and by whom is kept`()
        async throws
    {
        try await withYard(terminals: 0) { yard in
            let installation = yard.installation
            let tariff = SampleTariff("b", from: "2027-01-01")
            let digest = try await propose(tariff, at: yard)
            await #expect(throws: OperationsError.self) {
                try await installation.withdrawTariff(
                    digest, for: yard.yard, by: TestYard.cashier)
            }
            try await installation.withdrawTariff(digest, for: yard.yard, by: TestYard.approver)

            let withdrawn = try #require(try installation.tariffs(of: yard.yard).last)
            #expect(withdrawn.state == .withdrawn)
            #expect(withdrawn.withdrawnBy == TestYard.approver.id)
            let refusal = OperationsError.tariffState(digest, found: "withdrawn")
            await #expect(throws: refusal) { try await approve(digest, at: yard) }
            await #expect(throws: refusal) {
                try await installation.withdrawTariff(
                    digest, for: yard.yard, by: TestYard.office)
            }
            yard.clock.advance(minutes: 5)
            let again = try await installation.proposeTariff(
                tariff.bytes, for: yard.yard, by: TestYard.everybody)
            #expect(again == digest)
            let row = try #require(try installation.tariffs(of: yard.yard).last)
            #expect(row.state == .proposed && row.proposedBy == TestYard.everybody.id)
            #expect(row.proposedAt == yard.clock.now)
            try await approve(digest, at: yard)
            await #expect(throws: OperationsError.tariffState(digest, found: "approved")) {
                try await installation.withdrawTariff(
                    digest, for: yard.yard, by: TestYard.office)
            }
        }
    }

    /// The last moment of a day in Germany and the first of the next: in winter, in summer, and
    /// around both changes of the clock.
    @Test(arguments: [
        ("2026-12-31T22:59:59.999Z", "2027-01-01"), ("2027-06-30T21:59:59.999Z", "2027-07-01"),
        // 25 hours long, from 22:00 to 23:00.
        ("2027-10-30T21:59:59.999Z", "2027-10-31"), ("2027-10-31T22:59:59.999Z", "2027-11-01"),
        // 23 hours long, from 23:00 to 22:00.
        ("2027-03-27T22:59:59.999Z", "2027-03-28"), ("2027-03-28T21:59:59.999Z", "2027-03-29"),
    ])
    func `the delivery's local date decides, to the millisecond`(
        lastMoment: String, first: String
    ) async throws {
        try await withYard { yard in
            try await activate(.init("neu", from: first), at: yard)
            yard.clock.set(lastMoment)
            let before = try yard.sale(Self.phrase)
            #expect(before.total == Cents(1_200))
            yard.clock.advance(milliseconds: 1)
            let after = try yard.sale(Self.phrase)
            #expect(after.total == Cents(1_300))
            #expect(after.delivery.day.iso == first)

            // Both arrive after midnight.
            #expect(try await yard.admit(yard.terminal.sign(.sale(before))).flags == [])
            #expect(try await yard.admit(yard.terminal.sign(.sale(after))).flags == [])
            let stale = try Sale(
                delivery: after.delivery, tariff: before.tariff, lines: before.lines, quota: [],
                settlement: before.settlement, attempts: [])
            #expect(
                try await yard.admit(yard.terminal.sign(.sale(stale))).flags
                    == ["tariff-unknown"])
            #expect(try verified(yard).repriced == 2)
        }
    }

    @Test func `a sale and a change of tariff at one moment never contradict each other`()
        async throws
    {
        for _ in 0..<8 {
            try await withYard { yard in
                let digest = try await propose(.init("b", from: "2026-11-20"), at: yard)
                let signed = try yard.terminal.sign(.sale(yard.sale(Self.phrase)))
                async let admitted = yard.admit(signed)
                var isApproved = true
                do { try await approve(digest, at: yard) } catch {
                    #expect((error as? OperationsError)?.code == "tariff-backdated")
                    isApproved = false
                }

                #expect(try await admitted.flags == (isApproved ? ["tariff-unknown"] : []))
                #expect(try verified(yard).repriced == (isApproved ? 0 : 1))
            }
        }
    }

    @Test func `any old sale is priced again to the same cent from its own file`() async throws {
        try await withYard { yard in
            let old = try await yard.sell(Self.phrase + "; 3 Sack restabfall")
            try await activate(.init("b", from: "2026-11-21"), at: yard)
            yard.clock.advance(minutes: 1_440)
            let new = try await yard.sell(Self.phrase)

            for (reference, id) in [(old, "goettingen-2024"), (new, "b")] {
                let again = try yard.installation.reprice(reference, of: yard.yard)
                #expect(again.agrees && again.difference == .zero)
                #expect(again.tariff.id == id)
                #expect(again.stored == again.computed)
                #expect(again.flags == [] && again.refused == [])
            }
        }
    }

    @Test func `a sale at another price shows its difference`() async throws {
        try await withYard { yard in
            let right = try yard.sale(Self.phrase)
            let line = right.lines[0]
            let cheap = SaleLine(
                position: line.position, paragraph: line.paragraph, fraction: line.fraction,
                name: line.name, billed: line.billed, legalForm: line.legalForm, vat: line.vat,
                gross: Cents(1_150), explanation: line.explanation)
            let sale = try Sale(
                delivery: right.delivery, tariff: right.tariff, lines: [cheap], quota: [],
                settlement: right.settlement, attempts: [])
            let signed = try yard.terminal.sign(.sale(sale))
            #expect(try await yard.admit(signed).flags == ["price-differs"])

            let again = try yard.installation.reprice(signed.reference, of: yard.yard)

            #expect(!again.agrees && again.difference == Cents(50))
            #expect(again.flags == ["price-differs"])
            #expect(try verified(yard).repriced == 0)
            let nowhere = SaleReference(terminal: signed.reference.terminal, sequence: 9)
            #expect(throws: OperationsError.saleUnknown(nowhere.receiptNumber)) {
                try yard.installation.reprice(nowhere, of: yard.yard)
            }
        }
    }

    @Test func `a sale of a tariff that is not stored cannot be priced again`() async throws {
        try await withYard { yard in
            let right = try yard.sale(Self.phrase)
            let strange = String(repeating: "ab", count: 32)
            let sale = try Sale(
                delivery: right.delivery,
                tariff: TariffReference(id: "x", title: "X", digest: strange),
                lines: right.lines, quota: [], settlement: right.settlement, attempts: [])
            let signed = try yard.terminal.sign(.sale(sale))
            _ = try await yard.admit(signed)

            #expect(throws: OperationsError.tariffFileUnknown(strange)) {
                try yard.installation.reprice(signed.reference, of: yard.yard)
            }
        }
    }

    @Test func `the book is the same after a restart`() async throws {
        try await withFolder { folder in
            let clock = TestClock(TestClock.morning)
            let yard = try await TestYard.open(
                folder + "/data", clock: clock, terminals: 0, hasTariff: true)
            try await activate(.init("b", from: "2027-01-01"), at: yard)
            _ = try await propose(.init("c", from: "2028-01-01"), at: yard)
            let before = try yard.installation.tariffs(of: yard.yard)
            try yard.installation.close()

            let again = try Installation(
                directory: yard.directory, clock: { clock.now }, logger: .silent)

            #expect(try again.tariffs(of: yard.yard) == before)
            #expect(try again.tariff(of: yard.yard, on: day("2027-01-01")).row.id == "b")
            #expect(try again.tariff(of: yard.yard, on: day("2026-12-31")).row.id != "b")
            try again.close()
        }
    }
}
