// swift-format-ignore-file: NeverForceUnwrap
// Sample names that are not names would be a mistake of these tests.

import CardTerminals
import GRDB
import Remote
import Sales
import Tariffs
import TerminalOperations
import TerminalStorage
import Testing
import Units

/// Two cubic metres of green waste a year are free for each household, then 10.00 each.
struct QuotaTests {
    private static func key(_ household: String = "4711") -> QuotaKey {
        QuotaKey(
            rule: "1", kind: .free, holder: .household, key: HolderKey(household)!,
            periodStart: BusinessDay(iso: "2026-01-01")!)
    }

    private func open(
        _ test: (Yard, YardTerminalSession) async throws -> Void
    ) async throws {
        let yard = try await Yard(tariff: richTariff)
        defer { yard.remove() }
        let session = try yard.open()
        try await test(yard, session)
        #expect(try await session.verifyChain().isEmpty)
        try await session.close()
    }

    @Test func `the server's word decides the price, and the sale carries it`() async throws {
        try await open { yard, session in
            await yard.server.set { $0.quotas = [Self.key(): 1_500_000] }
            let number = try await session.green("1 m³")
            let quote = try await session.priced(number)
            #expect(quote.total == Cents(500))

            _ = try await session.beginPayment(number, amount: quote.total)
            _ = try await session.recordOutcome(number, .approved(slip(1)))

            let sale = try #require(try await session.receipt(1).entry.sale)
            #expect(
                sale.quota == [QuotaUse(key: Self.key(), used: 1_500_000, taken: 500_000)])
        }
    }

    @Test func `without a network its own sales count, for each household apart`() async throws {
        try await open { yard, session in
            await yard.server.set { $0.isAway = true }
            _ = try await session.settleFree(try await session.green("1,5 m³"))

            #expect(try await session.priced(try await session.green("1 m³")).total == Cents(500))
            let other = try await session.green("1 m³", of: "4712")
            #expect(try await session.priced(other).total == .zero)
        }
    }

    @Test func `what was heard last counts on while the server is away`() async throws {
        try await open { yard, session in
            await yard.server.set { $0.quotas = [Self.key(): 1_000_000] }
            let first = try await session.green("0,5 m³")
            #expect(try await session.priced(first).total == .zero)
            _ = try await session.settleFree(first)
            await yard.server.set { $0.isAway = true }
            yard.clock.advance(milliseconds: 3_600_000)

            let quote = try await session.priced(try await session.green("1 m³"))

            #expect(quote.total == Cents(500))
            #expect(quote.quota.map(\.used) == [1_500_000])
        }
    }

    @Test func `a sale counts once, before and after the server has it`() async throws {
        try await open { yard, session in
            _ = try await session.settleFree(try await session.green("1 m³"))
            await yard.server.set { $0.quotas = [Self.key(): 500_000] }
            let before = try await session.priced(try await session.green("1 m³"))
            #expect(before.quota.map(\.used) == [1_500_000])

            #expect(try await session.flush().acknowledged == 1)
            await yard.server.set { $0.quotas = [Self.key(): 1_500_000] }
            yard.clock.advance(milliseconds: 60_000)

            let after = try await session.priced(try await session.green("1 m³"))
            #expect(after.quota.map(\.used) == [1_500_000])
        }
    }

    @Test func `a sale that is taken back gives its quantity back`() async throws {
        try await open { yard, session in
            await yard.server.set { $0.isAway = true }
            let sequence = try await session.settleFree(try await session.green("2 m³"))
            #expect(try await session.priced(try await session.green("1 m³")).total == Cents(1_000))

            guard case .sold = try await session.beginVoid(sequence, reason: "vertippt") else {
                Issue.record("not voided")
                return
            }

            #expect(try await session.priced(try await session.green("1 m³")).total == .zero)
        }
    }

    @Test func `a void that the server does not know yet is given back here`() async throws {
        try await open { yard, session in
            let sequence = try await session.settleFree(try await session.green("2 m³"))
            _ = try await session.flush()
            await yard.server.set { $0.quotas = [Self.key(): 2_000_000] }
            guard case .sold = try await session.beginVoid(sequence, reason: "vertippt") else {
                Issue.record("not voided")
                return
            }

            let quote = try await session.priced(try await session.green("1 m³"))

            #expect(quote.quota.map(\.used) == [0])
        }
    }

    @Test func `the price that is being paid stays, and others count it`() async throws {
        try await open { yard, session in
            let paying = try await session.green("3 m³")
            #expect(try await session.priced(paying).total == Cents(1_000))
            #expect(
                try await session.beginPayment(paying, amount: Cents(1_000)) == .awaitsSlip)

            let other = try await session.green("1 m³")
            #expect(try await session.priced(other).total == Cents(1_000))
            await yard.server.set { $0.quotas = [Self.key(): 2_000_000] }
            yard.clock.advance(milliseconds: 60_000)
            #expect(try await session.priced(other).total == Cents(1_000))

            #expect(
                try await session.recordOutcome(paying, .approved(slip(1)))
                    == .sold(sequence: 1))
            let sale = try #require(try await session.receipt(1).entry.sale)
            #expect(sale.total == Cents(1_000))
            #expect(sale.quota == [QuotaUse(key: Self.key(), used: 0, taken: 2_000_000)])
        }
    }

    @Test func `after a declined card the quota is looked at again`() async throws {
        try await open { yard, session in
            let number = try await session.green("3 m³")
            _ = try await session.priced(number)
            _ = try await session.beginPayment(number, amount: Cents(1_000))
            _ = try await session.recordOutcome(number, .declined)
            await yard.server.set { $0.quotas = [Self.key(): 2_000_000] }
            yard.clock.advance(milliseconds: 60_000)

            #expect(try await session.priced(number).total == Cents(3_000))
            await #expect(throws: TerminalError.of(.priceChanged)) {
                try await session.beginPayment(number, amount: Cents(1_000))
            }
        }
    }

    @Test func `an unknown payment counts until it is found to be none`() async throws {
        try await open { yard, session in
            await yard.server.set { $0.isAway = true }
            let number = try await session.green("3 m³")
            _ = try await session.beginPayment(number, amount: Cents(1_000))
            _ = try await session.recordOutcome(number, .unknown)
            #expect(try await session.priced(try await session.green("1 m³")).total == Cents(1_000))
            let sequence = try await session.signUnknown(number)
            #expect(try await session.priced(try await session.green("1 m³")).total == Cents(1_000))

            _ = try await session.resolve(
                sequence, .notChargedVoid, evidence: .totals, note: "Grüngut ging wieder mit")

            #expect(try await session.priced(try await session.green("1 m³")).total == .zero)
        }
    }

    @Test func `a silent server is not asked at every key stroke`() async throws {
        try await open { yard, session in
            await yard.server.set { $0.isAway = true }
            let number = try await session.green("1 m³")
            let before = await yard.server.quotaQuestions
            for _ in 1...5 { _ = try await session.priced(number) }
            #expect(await yard.server.quotaQuestions == before + 1)
            yard.clock.advance(milliseconds: 30_000)
            _ = try await session.priced(number)
            #expect(await yard.server.quotaQuestions == before + 2)

            let nobody = try await session.startDelivery(.household)
            try await session.addItems(phrase: "1 m³ boden", to: nobody)
            yard.clock.advance(milliseconds: 60_000)
            _ = try await session.priced(nobody)
            #expect(await yard.server.quotaQuestions == before + 2)
        }
    }

    @Test func `a clock that was ahead silences nothing once it is right`() async throws {
        try await open { yard, session in
            yard.clock.advance(milliseconds: 86_400_000)
            await yard.server.set { $0.isAway = true }
            let number = try await session.green("1 m³")
            #expect(try await session.priced(number).total == .zero)

            yard.clock.advance(milliseconds: -86_400_000)
            await yard.server.set {
                $0.isAway = false
                $0.quotas = [Self.key(): 2_000_000]
            }
            #expect(try await session.priced(number).total == Cents(1_000))

            // What was answered counts as fresh for seconds, not until tomorrow.
            yard.clock.advance(milliseconds: -3_600_000)
            await yard.server.set { $0.quotas = [Self.key(): 1_500_000] }
            #expect(try await session.priced(number).total == Cents(500))
        }
    }

    @Test func `more than the limit of a day is refused, also in a second delivery`() async throws {
        try await open { yard, session in
            await yard.server.set { $0.isAway = true }
            func asbestos(_ count: Int) async throws -> DeliveryNumber {
                let number = try await session.startDelivery(.household)
                try await session.addItems(
                    phrase: "privat, Haushalt 4711: \(count) Stück asbest mit staubdicht",
                    to: number)
                return number
            }
            _ = try await session.claim(
                try await asbestos(3), amount: Cents(1_200), debtor: "Erika Muster")

            guard case .refused(let refusals) = try await session.quote(try await asbestos(3))
            else {
                Issue.record("not refused")
                return
            }
            #expect(refusals.map(\.code) == ["too-much"])
            #expect(try await session.priced(try await asbestos(2)).total == Cents(800))
            yard.clock.advance(milliseconds: 86_400_000)
            #expect(try await session.priced(try await asbestos(3)).total == Cents(1_200))
        }
    }

    @Test func `the price of an item being typed counts what is entered already`() async throws {
        try await open { yard, session in
            await yard.server.set { $0.quotas = [Self.key(): 500_000] }
            let number = try await session.green("1 m³")
            let item = DeliveryItem(
                fraction: FractionID("gruengut")!, amount: .volume(Millilitres(1_000_000)),
                source: .estimated)

            let more = try await session.price(adding: item, to: number)

            guard case .adds(let amount, let reasons) = more else {
                Issue.record("refused")
                return
            }
            #expect(amount == Cents(500))
            #expect(reasons.count == 1)
        }
    }

    @Test(arguments: [
        "UPDATE quota_taken SET taken = 1", "DELETE FROM quota_taken",
    ])
    func `what a record took stays as it is`(sql: String) async throws {
        let yard = try await Yard(tariff: richTariff)
        defer { yard.remove() }
        let session = try yard.open()
        _ = try await session.settleFree(try await session.green("1 m³"))
        try await session.close()
        let raw = try DatabaseQueue(path: yard.folder + "/terminal.db")

        #expect(throws: DatabaseError.self) { try raw.write { try $0.execute(sql: sql) } }
    }
}

extension YardTerminalSession {
    /// A delivery of green waste of a household.
    fileprivate func green(
        _ amount: String, of household: String = "4711"
    ) throws -> DeliveryNumber {
        let number = try startDelivery(.household)
        try addItems(phrase: "privat, Haushalt \(household): \(amount) gruengut", to: number)
        return number
    }

    fileprivate func priced(_ number: DeliveryNumber) async throws -> Quote {
        guard case .priced(let quote) = try await quote(number) else {
            throw TerminalError(.refusedByTariff, "refused", .unchanged, "")
        }
        return quote
    }
}
