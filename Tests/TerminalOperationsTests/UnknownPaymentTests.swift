import CardTerminals
import Journal
import Remote
import Sales
import TerminalOperations
import TerminalStorage
import Testing
import Units

/// What happens when the program ends, or the card terminal falls silent, at the worst moment.
struct UnknownPaymentTests {
    /// A card terminal that charges and then takes the program down before it can answer.
    struct Killing: CardTerminal {
        struct Killed: Error {}
        let inner: SimulatedCardTerminal
        let crash: @Sendable () async -> Void
        var identity: CardTerminalIdentity { inner.identity }

        func pay(_ amount: Cents, reference: String) async throws -> CardStep {
            _ = try await inner.pay(amount, reference: reference)
            await crash()
            // The caller's process is gone: nothing after this may reach the store.
            while true { try await Task.sleep(for: .seconds(3_600)) }
        }
        func reverse(
            _ slip: CardSlip, amount: Cents, reference: String
        ) async throws -> CardStep {
            _ = try await inner.reverse(slip, amount: amount, reference: reference)
            await crash()
            while true { try await Task.sleep(for: .seconds(3_600)) }
        }
        func enquire(reference: String) async throws -> CardOutcome? {
            try await inner.enquire(reference: reference)
        }
        func totals() async throws -> [SchemeTotal]? { try await inner.totals() }
    }

    /// Starts `work` in a session that is abandoned once the card was charged.
    private func crash(
        _ yard: Yard, _ card: SimulatedCardTerminal,
        _ work: @escaping @Sendable (YardTerminalSession) async throws -> Void
    ) async throws {
        let (charged, signal) = AsyncStream<Void>.makeStream()
        let session = try yard.open(Killing(inner: card, crash: { signal.yield() }))
        let task = Task { try await work(session) }
        for await _ in charged { break }
        try await session.close()
        task.cancel()
    }

    @Test func `A47: killed after approval and before signing it restarts into unknown`()
        async throws
    {
        let yard = try await Yard()
        defer { yard.remove() }
        let card = try yard.simulated()
        try await crash(yard, card) { session in
            _ = try await session.beginPayment(
                try await session.tyreDelivery(), amount: Cents(1_000))
        }

        let session = try yard.open(card)

        #expect(try await session.status().unknown == 1)
        #expect(try await session.queueLength() == 0)
        let view = try #require(try await session.openDeliveries().first)
        #expect(view.state == .unknown)
        #expect(view.attempts.map(\.outcome) == [.unknown])
        await #expect(throws: TerminalError.of(.wrongState)) {
            try await session.beginPayment(view.number, amount: Cents(1_000))
        }
        await #expect(throws: TerminalError.of(.wrongState)) {
            try await session.claim(view.number, amount: Cents(1_000), debtor: "Wer")
        }
        #expect(try await session.enquire(view.number) == .sold(sequence: 1))
        #expect(await card.paymentCount == 1)
        #expect(try await session.status().unknown == 0)
        try await session.close()
    }

    @Test func `A47: killed between question and command the enquiry finds that nothing started`()
        async throws
    {
        let yard = try await Yard()
        defer { yard.remove() }
        var session = try yard.open()
        let delivery = try await session.tyreDelivery()
        // The stand-alone terminal leaves the attempt unanswered, as a crash would.
        _ = try await session.beginPayment(delivery, amount: Cents(1_000))
        try await session.close()
        session = try yard.open()

        #expect(try await session.delivery(delivery).state == .unknown)
        await #expect(throws: TerminalError.of(.enquiryWithoutAnswer)) {
            try await session.enquire(delivery)
        }
        #expect(try await session.recordOutcome(delivery, .declined) == .failed(.declined))
        #expect(try await session.delivery(delivery).state == .open)
        try await session.close()
    }

    @Test func `a device without memory leaves it to a person`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let card = try yard.simulated([.silentAfterApproval], memory: .keepsSilent)
        let session = try yard.open(card)
        let delivery = try await session.tyreDelivery()

        #expect(try await session.beginPayment(delivery, amount: Cents(1_000)) == .unknown)
        await #expect(throws: TerminalError.of(.enquiryWithoutAnswer)) {
            try await session.enquire(delivery)
        }
        #expect(
            try await session.recordOutcome(delivery, .approved(slip(1))) == .sold(sequence: 1))
        #expect(await card.paymentCount == 1)
        try await session.close()
    }

    @Test(arguments: [
        PaymentResolution.Finding.charged(slip(9)), .notChargedClaim, .notChargedVoid,
    ])
    func `an unknown sale is signed as such and resolved by a record`(
        finding: PaymentResolution.Finding
    ) async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open(try yard.simulated([.silentAfterApproval]))
        let sequence = try await session.signUnknownTyres()
        #expect(try await session.status().unknown == 1)
        guard case .sale(let sale) = try await session.receipt(sequence).entry.record.fact else {
            Issue.record("no sale")
            return
        }
        #expect(sale.settlement == .unknown(cardTerminal: "51234567"))
        await #expect(throws: TerminalError.of(.paymentUnknown)) {
            try await session.beginVoid(sequence, reason: "x")
        }
        if finding == .notChargedClaim {
            await #expect(throws: TerminalError.of(.textMissing)) {
                try await session.resolve(sequence, finding, evidence: .totals, note: "n")
            }
        }
        let resolution = try await session.resolve(
            sequence, finding, evidence: .repeatReceipt, note: "Belegkopie geprüft",
            debtor: finding == .notChargedClaim ? "Erika Muster" : nil)

        #expect(resolution == sequence + 1)
        #expect(try await session.status().unknown == 0)
        await #expect(throws: TerminalError.of(.notUnknown)) {
            try await session.resolve(
                sequence, .notChargedVoid, evidence: .person, note: "noch einmal")
        }
        #expect(try await session.verifyChain().isEmpty)
        try await session.close()
    }

    @Test func `what the office resolved is no longer unknown here`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open(try yard.simulated([.silentAfterApproval]))
        let sequence = try await session.signUnknownTyres()
        #expect(try await session.status().unknownHereOnly == 1)

        _ = try await session.flush()

        // The server has the sale now and names it itself.
        #expect(try await session.status().unknown == 1)
        #expect(await yard.server.heartbeats.map(\.unknown) == [1, 0])
        #expect(await yard.server.askedAbout == [sequence])
        await yard.server.set { $0.resolved = [sequence, 99] }
        _ = try await session.flush()
        #expect(try await session.status().unknown == 0)
        #expect(try await !session.receipt(sequence).entry.isUnresolved)
        await #expect(throws: TerminalError.of(.notUnknown)) {
            try await session.resolve(
                sequence, .notChargedVoid, evidence: .person, note: "noch einmal")
        }
        _ = try await session.flush()
        #expect(await yard.server.askedAbout.isEmpty)
        try await session.close()
    }

    @Test func `a log that was lost is asked again what is resolved`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open(try yard.simulated([.approve, .silentAfterApproval]))
        try await session.sellTyres()
        let sequence = try await session.signUnknownTyres()
        await yard.server.set { $0.resolved = [sequence] }
        _ = try await session.flush()
        #expect(try await session.status().unknown == 0)

        try await yard.server.lose(from: 1)
        await yard.server.set { $0.resolved = [] }
        _ = try await session.flush()
        _ = try await session.flush()

        #expect(try await session.status().unknown == 1)
        #expect(await yard.server.askedAbout == [sequence])
        try await session.close()
    }

    @Test func `killed while a reversal was asked the void stays open until it is known`()
        async throws
    {
        let yard = try await Yard()
        defer { yard.remove() }
        let card = try yard.simulated()
        let first = try yard.open(card)
        let sequence = try await first.sellTyres()
        try await first.close()
        try await crash(yard, card) { session in
            _ = try await session.beginVoid(sequence, reason: "falsch erfasst")
        }

        let session = try yard.open(card)
        #expect(try await session.status().unknownReversals == 1)
        await #expect(throws: TerminalError.of(.reversalUnknown)) {
            try await session.beginVoid(sequence, reason: "falsch erfasst")
        }
        yard.clock.advance(milliseconds: 600_000)
        #expect(try await session.enquireVoid(sequence) == .sold(sequence: 2))
        #expect(try await session.status().unknown == 0)
        #expect(
            try await card.totals() == [
                SchemeTotal(scheme: .girocard, count: 2, amount: .zero)
            ])
        try await session.close()
    }
}
