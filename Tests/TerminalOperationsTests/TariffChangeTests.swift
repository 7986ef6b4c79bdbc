// swift-format-ignore-file: NeverForceUnwrap
// Sample names that are not names would be a mistake of these tests.

import Calendars
import Journal
import Remote
import Sales
import Signing
import Tariffs
import TerminalOperations
import TerminalStorage
import Testing
import Units

/// A change of tariff as a terminal lives through it. The clock starts at 2026-11-23T09:00Z.
struct TariffChangeTests {
    private static let hour: Int64 = 3_600_000
    private static let day = 24 * hour

    private static let next = Array(
        String(decoding: Yard.tariff, as: UTF8.self)
            .replacing("probe-2026", with: "probe-2027")
            .replacing("5,00 € je Stück", with: "6,00 € je Stück")
            .replacing("summe: 10,00 €", with: "summe: 12,00 €").utf8)

    private static func version(_ bytes: [UInt8], _ from: String, _ to: String?) -> TariffVersion {
        TariffVersion(
            digest: Digest.sha256(bytes).hex, id: "probe", from: BusinessDay(iso: from)!,
            to: to.map { BusinessDay(iso: $0)! })
    }

    /// The yard changes over at the start of `first`.
    private func announce(_ first: String, after last: String, at yard: Yard) async {
        await yard.server.set {
            $0.tariffs = [Yard.tariff, Self.next]
            $0.book = [
                Self.version(Yard.tariff, "2026-01-01", last), Self.version(Self.next, first, nil),
            ]
        }
    }

    private func total(_ number: DeliveryNumber, _ session: YardTerminalSession) async throws
        -> Cents
    {
        guard case .priced(let quote) = try await session.quote(number) else {
            throw TerminalError(.internalFault, "no price", .unchanged, "")
        }
        return quote.total
    }

    @Test func `offline at midnight the new tariff is used, without a restart`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open()
        await announce("2026-11-26", after: "2026-11-25", at: yard)
        #expect(try await session.refreshTariffs())
        await yard.server.set { $0.isAway = true }

        yard.clock.advance(milliseconds: 2 * Self.day + 15 * Self.hour - 1)
        let before = try await session.tyreDelivery()
        #expect(try await session.status().tariff == "probe-2026")
        #expect(try await total(before, session) == Cents(1_000))

        yard.clock.advance(milliseconds: 1)
        let after = try await session.tyreDelivery()
        #expect(try await session.status().tariff == "probe-2027")
        #expect(try await total(after, session) == Cents(1_200))
        // The day on which it was begun prices a delivery, also when it is paid after midnight.
        #expect(try await total(before, session) == Cents(1_000))
        try await session.close()

        let restarted = try yard.open()
        #expect(try await restarted.status().tariff == "probe-2027")
        #expect(try await total(before, restarted) == Cents(1_000))
        try await restarted.close()
    }

    @Test(arguments: [
        // Midnight in Germany at the end of a day of 25 and of 23 hours, and before them.
        ("2026-10-24T21:59:59.999Z", "2026-10-25", "2026-10-24"),
        ("2026-10-25T22:59:59.999Z", "2026-10-26", "2026-10-25"),
        ("2027-03-27T22:59:59.999Z", "2027-03-28", "2027-03-27"),
        ("2027-03-28T21:59:59.999Z", "2027-03-29", "2027-03-28"),
    ])
    func `midnight is that of the yard's clock`(
        lastMoment: String, first: String, last: String
    ) async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let calendar = try #require(LocalCalendar(zone: "Europe/Berlin"))
        let moment = try #require(Timestamp(iso: lastMoment))
        yard.clock.advance(milliseconds: moment.milliseconds - yard.clock.now.milliseconds)
        let session = try yard.open(calendar: calendar)
        await announce(first, after: last, at: yard)
        _ = try await session.refreshTariffs()
        #expect(try await session.status().tariff == "probe-2026")

        yard.clock.advance(milliseconds: 1)

        #expect(try await session.status().tariff == "probe-2027")
        try await session.close()
    }

    @Test func `what the server names anew replaces what it named before`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open()
        await announce("2026-11-25", after: "2026-11-24", at: yard)
        _ = try await session.refreshTariffs()
        // The version was replaced by one that begins later.
        await announce("2026-11-27", after: "2026-11-26", at: yard)
        _ = try await session.refreshTariffs()
        yard.clock.advance(milliseconds: 3 * Self.day)

        #expect(try await session.status().tariff == "probe-2026")
        yard.clock.advance(milliseconds: Self.day)
        #expect(try await session.status().tariff == "probe-2027")
        try await session.close()
    }

    @Test func `after a failed payment the tariff of the day prices again, for claims too`()
        async throws
    {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open()
        let delivery = try await session.tyreDelivery()
        _ = try await session.beginPayment(delivery, amount: Cents(1_000))
        await announce("2026-11-23", after: "2026-11-22", at: yard)
        _ = try await session.refreshTariffs()
        // What is being paid keeps the price that was asked for.
        #expect(try await total(delivery, session) == Cents(1_000))

        _ = try await session.recordOutcome(delivery, .declined)

        #expect(try await total(delivery, session) == Cents(1_200))
        await #expect(throws: TerminalError.of(.priceChanged)) {
            try await session.claim(delivery, amount: Cents(1_000), debtor: "Erika Muster")
        }
        #expect(try await session.delivery(delivery).draft.personal.isEmpty)
        let sequence = try await session.claim(
            delivery, amount: Cents(1_200), debtor: "Erika Muster")
        #expect(try await session.receipt(sequence).entry.sale?.total == Cents(1_200))
        try await session.close()
    }

    @Test func `a file is fetched once, and only as the one that was named`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open()
        let asked = await yard.server.filesAsked
        await announce("2026-11-26", after: "2026-11-25", at: yard)
        await yard.server.set { $0.isSwappingFiles = true }
        await #expect(throws: ServerFailure.self) { try await session.refreshTariffs() }
        await yard.server.set { $0.isSwappingFiles = false }
        for _ in 0..<3 { _ = try await session.refreshTariffs() }

        #expect(await yard.server.filesAsked == asked + 2)
        try await session.close()
    }

    @Test func `a later file that cannot be read leaves today's price alone`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open()
        let broken = Array("kaputt: ja\n".utf8)
        await yard.server.set {
            $0.tariffs = [Self.next, broken]
            $0.book = [
                Self.version(Self.next, "2026-01-01", "2026-11-25"),
                Self.version(broken, "2026-11-26", nil),
            ]
        }

        await #expect(throws: TerminalError.of(.tariffUnreadable)) {
            try await session.refreshTariffs()
        }

        #expect(try await session.status().tariff == "probe-2027")
        try await session.close()
    }

    @Test func `without a tariff for today nothing is sold`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open()
        let ended = Array(
            String(decoding: Yard.tariff, as: UTF8.self).replacing(
                "gültig ab: 01.01.2026", with: "gültig ab: 01.01.2026\ngültig bis: 24.11.2026"
            ).utf8)
        await yard.server.set {
            $0.tariffs = [ended]
            $0.book = [Self.version(ended, "2026-01-01", "2026-11-24")]
        }
        #expect(try await session.refreshTariffs())
        yard.clock.advance(milliseconds: 2 * Self.day)

        for _ in 0..<2 {
            await #expect(throws: TerminalError.of(.tariffMissing)) {
                try await session.startDelivery(.household)
            }
            _ = try await session.refreshTariffs()
        }
        try await session.close()
    }
}
