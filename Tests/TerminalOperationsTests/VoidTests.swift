import CardTerminals
import Journal
import Sales
import TerminalOperations
import TerminalStorage
import Testing
import Units

struct VoidTests {
    @Test(arguments: [(0, true), (119_999, true), (120_000, true), (120_001, false), (-1, false)])
    func `a void needs to come within two minutes`(age: Int64, isAllowed: Bool) async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let card = try yard.simulated()
        let session = try yard.open(card)
        let sequence = try await session.sellTyres()
        yard.clock.advance(milliseconds: age)

        if isAllowed {
            #expect(try await session.listToday()[0].isVoidable)
            #expect(
                try await session.beginVoid(sequence, reason: "vertippt") == .sold(sequence: 2))
            #expect(try await session.receipt(2).entry.stored.total == Cents(-1_000))
            #expect(try await card.totals()?.map(\.amount) == [.zero])
        } else {
            await #expect(throws: TerminalError.of(.tooLateForVoid)) {
                try await session.beginVoid(sequence, reason: "vertippt")
            }
            #expect(try await session.queueLength() == 1)
        }
        try await session.close()
    }

    @Test func `a sale is voided once`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open(try yard.simulated())
        let sequence = try await session.sellTyres()
        _ = try await session.beginVoid(sequence, reason: "vertippt")

        await #expect(throws: TerminalError.of(.alreadyVoided)) {
            try await session.beginVoid(sequence, reason: "noch einmal")
        }
        await #expect(throws: TerminalError.of(.notASale)) {
            try await session.beginVoid(2, reason: "Storno vom Storno")
        }
        await #expect(throws: TerminalError.of(.recordUnknown)) {
            try await session.beginVoid(99, reason: "?")
        }
        try await session.close()
    }

    @Test func `a claim is voided without money`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open()
        let sequence = try await session.claim(
            try await session.tyreDelivery(), amount: Cents(1_000), debtor: "Erika Muster")

        #expect(try await session.beginVoid(sequence, reason: "Irrtum") == .sold(sequence: 2))
        guard case .void(let reversal) = try await session.receipt(2).entry.record.fact else {
            Issue.record("no void")
            return
        }
        #expect(reversal.settlement == .noMoney)
        #expect(reversal.original.sequence == sequence)
        try await session.close()
    }

    @Test func `the slip of a reversal is typed, a failed one leaves the sale`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open()
        let sequence = try await session.sellTyres(slip: 1)

        #expect(try await session.beginVoid(sequence, reason: "vertippt") == .awaitsSlip)
        await #expect(throws: TerminalError.of(.slipUsed)) {
            try await session.recordVoidOutcome(sequence, .approved(slip(1)))
        }
        await #expect(throws: TerminalError.of(.reversalFailed)) {
            try await session.recordVoidOutcome(sequence, .declined)
        }
        #expect(try await session.beginVoid(sequence, reason: "vertippt") == .awaitsSlip)
        #expect(
            try await session.recordVoidOutcome(sequence, .approved(slip(2)))
                == .sold(sequence: 2))
        #expect(try await session.listToday().map(\.isVoided) == [true, false])
        #expect(try await session.verifyChain().isEmpty)
        try await session.close()
    }

    @Test func `what this terminal allows is no late void for the server`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open()
        let sequence = try await session.sellTyres(slip: 1)
        yard.clock.advance(milliseconds: 120_000)
        #expect(try await session.beginVoid(sequence, reason: "vertippt") == .awaitsSlip)
        yard.clock.advance(milliseconds: 600_000)
        #expect(
            try await session.recordVoidOutcome(sequence, .approved(slip(2)))
                == .sold(sequence: 2))

        let sale = try await session.receipt(sequence).entry.record
        let void = try await session.receipt(2).entry.record
        #expect(!void.isLateVoid(of: sale, inClose: false))
        #expect(void.head.at.milliseconds - sale.head.at.milliseconds == 720_000)
        try await session.close()
    }
}
