import CardTerminals
import GRDB
import Journal
import Remote
import Sales
import Signing
import Tariffs
import TerminalOperations
import TerminalStorage
import Testing
import Transparency
import Units

struct FlushTests {
    private func sell(_ count: Int, at yard: Yard) async throws {
        let session = try yard.open()
        for number in 1...count { try await session.sellTyres(slip: number) }
        try await session.close()
    }

    @Test func `the queue survives and arrives in order, one first and then in batches`()
        async throws
    {
        let yard = try await Yard()
        defer { yard.remove() }
        try await sell(300, at: yard)
        let session = try yard.open()
        #expect(try await session.queueLength() == 300)

        let report = try await session.flush()

        #expect(report.acknowledged == 300)
        #expect(report.isComplete)
        #expect(await yard.server.batchSizes == [1, 256, 43])
        #expect(await yard.server.entries.count == 300)
        let heartbeat = try #require(await yard.server.heartbeats.last)
        #expect(heartbeat.head == 300)
        #expect(heartbeat.queued == 0)
        #expect(heartbeat.version == "test")
        let note = try SignedNote.parse(try #require(heartbeat.checkpoint))
        #expect(Checkpoint(body: note.text)?.size == 300)
        #expect(try await session.status().contact == yard.clock.now)
        #expect(try await session.receipt(300).entry.stored.state == .acknowledged(index: 299))
        #expect(try await session.verifyChain().isEmpty)
        try await session.close()
    }

    @Test func `with the server away sales go on and nothing is lost`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        await yard.server.set { $0.isAway = true }
        let session = try yard.open()
        try await session.sellTyres(slip: 1)

        let away = try await session.flush()
        #expect(away.stop == .server(.unreachable("away")))
        #expect(away.queued == 1)
        try await session.sellTyres(slip: 2)
        await yard.server.set { $0.isAway = false }
        let back = try await session.flush()

        #expect(back.acknowledged == 2)
        #expect(await yard.server.entries.count == 2)
        try await session.close()
    }

    @Test func `a lost answer leads to a repeat and to one entry`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        try await sell(3, at: yard)
        let session = try yard.open()
        await yard.server.set { $0.loseAnswers = 1 }

        #expect(try await session.flush().queued == 3)
        #expect(try await session.flush().acknowledged == 3)
        #expect(await yard.server.entries.count == 3)
        try await session.close()
    }

    @Test func `a refused record is marked and does not hold up the others`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        try await sell(4, at: yard)
        let session = try yard.open()
        await yard.server.set { $0.refusedSequences = [1, 3] }

        let report = try await session.flush()

        #expect(report.acknowledged == 2)
        #expect(report.refused == 2)
        #expect(try await session.status().queue.refused == 2)
        #expect(
            try await session.receipt(1).entry.stored.state
                == .refused(problem: "payload-malformed: test"))
        await yard.server.set { $0.refusedSequences = [] }
        #expect(try await session.flush().acknowledged == 0)
        #expect(try await session.flush(retryRefused: true).acknowledged == 2)
        #expect(try await session.status().queue.refused == 0)
        try await session.close()
    }

    @Test(arguments: [
        (FakeYardServer.Lie.otherEntry, "other-entry"), (.otherIndex, "other-index"),
        (.otherKey, "proof-no-known-signature"),
    ])
    func `an answer that proves nothing acknowledges nothing`(
        lie: FakeYardServer.Lie, code: String
    ) async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        try await sell(1, at: yard)
        let session = try yard.open()
        await yard.server.set { $0.lie = lie }

        let report = try await session.flush()

        guard case .unproven(1, let fault) = report.stop else {
            Issue.record("accepted: \(report)")
            return
        }
        if lie != .otherKey {
            #expect(fault.code == code)
        } else {
            #expect(fault.code.hasPrefix("proof-"))
        }
        #expect(report.queued == 1)
        #expect(try await session.status().alarm == fault.code)
        await yard.server.set { $0.lie = .none }
        #expect(try await session.flush().acknowledged == 1)
        #expect(try await session.status().alarm == nil)
        try await session.close()
    }

    @Test func `a log that became shorter is noticed`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        try await sell(3, at: yard)
        let session = try yard.open()
        #expect(try await session.flush().acknowledged == 3)
        try await session.sellTyres(slip: 4)
        await yard.server.set { $0.lie = .shrunkenLog }

        let report = try await session.flush()

        #expect(report.stop == .unproven(sequence: 4, .logShrunk(from: 3, to: 1)))
        #expect(try await session.queueLength() == 1)
        try await session.close()
    }

    @Test(arguments: [TerminalStanding.State.quarantined, .revoked])
    func `a blocked terminal sells nothing and still hands in what it has`(
        state: TerminalStanding.State
    ) async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open()
        let started = try await session.tyreDelivery()
        await yard.server.set { $0.state = state }
        _ = try await session.flush()

        await #expect(throws: TerminalError.of(.blocked)) {
            try await session.startDelivery(.household)
        }
        await #expect(throws: TerminalError.of(.blocked)) {
            try await session.beginPayment(started, amount: Cents(1_000))
        }
        await #expect(throws: TerminalError.of(.blocked)) {
            try await session.claim(started, amount: Cents(1_000), debtor: "Wer")
        }
        _ = try await session.abandon(started, reason: "gesperrt")
        #expect(try await session.flush().acknowledged == 1)
        await yard.server.set { $0.state = .active }
        _ = try await session.flush()
        _ = try await session.startDelivery(.household)
        try await session.close()
    }

    @Test func `an equivocation blocks at once`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        try await sell(1, at: yard)
        let session = try yard.open()
        await yard.server.set {
            $0.refusedSequences = [1]
            $0.refusal = ServerProblem(status: 409, code: "equivocation", detail: "")
            $0.state = .quarantined
        }

        #expect(try await session.flush().refused == 1)
        #expect(try await session.status().state == .quarantined)
        try await session.close()
    }

    @Test func `an unknown token is nobody's fault but the queue's to wait`() {
        for status in [401, 403, 404, 408, 429, 500, 503] {
            #expect(!ServerProblem(status: status, code: "", detail: "").isAboutTheRecord)
        }
        for status in [400, 409, 413, 422] {
            #expect(ServerProblem(status: status, code: "", detail: "").isAboutTheRecord)
        }
    }

    @Test func `waiting doubles up to five minutes and starts again after success`() {
        var pace = FlushPace()
        var away = FlushReport()
        away.stop = .server(.unreachable(""))
        let waits = (0..<10).map { _ in pace.waitSeconds(after: away) }
        #expect(waits == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
        #expect(pace.waitSeconds(after: FlushReport()) == FlushPace.idleSeconds)
        away.stop = .server(.busy(retryAfterSeconds: 17))
        #expect(pace.waitSeconds(after: away) == 17)
        away.stop = .server(.busy(retryAfterSeconds: 100_000))
        #expect(pace.waitSeconds(after: away) == 300)
    }

    @Test func `personal data goes 90 days after the acknowledgement and the chain stays`()
        async throws
    {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open()
        let delivery = try await session.tyreDelivery()
        let sequence = try await session.claim(
            delivery, amount: Cents(1_000), debtor: "Erika Muster")
        _ = try await session.flush()
        yard.clock.advance(milliseconds: 90 * 86_400_000)
        _ = try await session.flush()
        #expect(try await session.receipt(sequence).disclosures.count == 1)
        // It looks once a day.
        yard.clock.advance(milliseconds: 86_400_000)

        _ = try await session.flush()

        #expect(try await session.receipt(sequence).disclosures.isEmpty)
        #expect(try await session.verifyChain().isEmpty)
        try await session.close()
    }

    @Test func `what is erased is erased once and not written again`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open()
        let delivery = try await session.tyreDelivery()
        _ = try await session.claim(delivery, amount: Cents(1_000), debtor: "Erika Muster")
        _ = try await session.flush()
        yard.clock.advance(milliseconds: 91 * 86_400_000)
        _ = try await session.flush()
        try await session.close()
        let raw = try DatabaseQueue(path: yard.folder + "/terminal.db")
        let drafts = try await raw.read {
            try String.fetchAll($0, sql: "SELECT draft FROM delivery")
        }
        #expect(drafts == ["{}"])
        try await raw.write {
            try $0.execute(
                sql: """
                    CREATE TRIGGER not_again BEFORE UPDATE ON delivery WHEN OLD.draft = '{}'
                    BEGIN SELECT RAISE(ABORT, 'written again'); END;
                    """)
        }
        try raw.close()

        let again = try yard.open()
        #expect(try await again.flush().isComplete)
        try await again.close()
    }

    @Test func `what receipts print comes with the standing`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open()
        try await session.sellTyres()
        let enrolled = try await session.receipt(1).identity
        #expect(enrolled.yardName == "Wertstoffhof Süd")
        #expect(enrolled.receiptOrigin == "https://alt.musterstadt.example")

        _ = try await session.flush()

        let heard = try await session.receipt(1).identity
        #expect(heard.yardName == "Wertstoffhof Süd-Ost" && heard.address == "Am Hof 2")
        #expect(heard.receiptOrigin == "https://hof.musterstadt.example")
        try await session.close()
    }

    @Test func `a tariff that cannot be read does not displace the one that can`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open()
        await yard.server.set { $0.tariffs.append(Array("kaputt: ja\n".utf8)) }

        await #expect(throws: TerminalError.of(.tariffUnreadable)) {
            try await session.refreshTariffs()
        }
        #expect(try await session.status().tariff == "probe-2026")
        try await session.close()
    }

    @Test func `on a later day without server the last tariff serves while it is valid`()
        async throws
    {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open()
        yard.clock.advance(milliseconds: 10 * 86_400_000)

        _ = try await session.startDelivery(.household)

        #expect(try await session.status().tariff == "probe-2026")
        try await session.close()
    }
}
