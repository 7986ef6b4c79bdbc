import CardTerminals
import Foundation
import Journal
import Sales
import Tariffs
import TerminalOperations
import TerminalStorage
import Testing
import Units

struct PaymentTests {
    @Test func `a typed slip becomes a signed sale`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open(StandAloneCardTerminal(number: "61234567"))
        let delivery = try await session.tyreDelivery()
        try await session.setPlate("GÖ-AB 123", of: delivery)

        #expect(try await session.beginPayment(delivery, amount: Cents(1_000)) == .awaitsSlip)
        #expect(try await session.delivery(delivery).state == .paying)
        #expect(
            try await session.recordOutcome(delivery, .approved(slip(7))) == .sold(sequence: 1))

        let matter = try await session.receipt(1)
        guard case .sale(let sale) = matter.entry.record.fact else {
            Issue.record("no sale")
            return
        }
        #expect(sale.settlement == .card(slip(7)))
        #expect(sale.total == Cents(1_000))
        #expect(matter.entry.record.head.attendant == PersonID("mueller")!)
        #expect(matter.disclosures.map(\.name) == [.plate])
        #expect(matter.disclosures.map(\.digest) == matter.entry.record.personal)
        #expect(!String(decoding: matter.entry.record.payload, as: UTF8.self).contains("AB 123"))
        #expect(try await session.delivery(delivery).state == .done)
        #expect(try await session.queueLength() == 1)
        try await session.close()
    }

    @Test(arguments: [
        (SimulatedCardTerminal.Behaviour.decline, FailedAttempt.Outcome.declined),
        (.abort, .aborted), (.notStarted, .notStarted),
    ])
    func `a failed card step leaves the delivery open and stands in the later sale`(
        behaviour: SimulatedCardTerminal.Behaviour, outcome: FailedAttempt.Outcome
    ) async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open(try yard.simulated([behaviour]))
        let delivery = try await session.tyreDelivery()

        #expect(
            try await session.beginPayment(delivery, amount: Cents(1_000)) == .failed(outcome))
        #expect(try await session.delivery(delivery).state == .open)
        #expect(
            try await session.beginPayment(delivery, amount: Cents(1_000)) == .sold(sequence: 1))

        guard case .sale(let sale) = try await session.receipt(1).entry.record.fact else {
            Issue.record("no sale")
            return
        }
        #expect(sale.attempts.map(\.outcome) == [outcome])
        try await session.close()
    }

    @Test func `a declined card after unloading becomes a claim against a named debtor`()
        async throws
    {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open(try yard.simulated([.decline]))
        let delivery = try await session.tyreDelivery()
        _ = try await session.beginPayment(delivery, amount: Cents(1_000))

        await #expect(throws: TerminalError.of(.textMissing)) {
            try await session.claim(delivery, amount: Cents(1_000), debtor: "  ")
        }
        let sequence = try await session.claim(
            delivery, amount: Cents(1_000), debtor: "Erika Muster, Weg 1, 37073 Stadt")

        let matter = try await session.receipt(sequence)
        guard case .sale(let sale) = matter.entry.record.fact else {
            Issue.record("no sale")
            return
        }
        #expect(sale.settlement == .onAccount)
        #expect(sale.attempts.map(\.outcome) == [.declined])
        #expect(matter.disclosures.map(\.name) == [.debtor])
        try await session.close()
    }

    @Test func `the shown amount must still be the price`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let card = try yard.simulated()
        let session = try yard.open(card)
        let delivery = try await session.tyreDelivery()

        await #expect(throws: TerminalError.of(.priceChanged)) {
            try await session.beginPayment(delivery, amount: Cents(999))
        }
        #expect(await card.paymentCount == 0)
        #expect(try await session.delivery(delivery).attempts.isEmpty)
        try await session.close()
    }

    @Test func `a free delivery is sold without payment and nothing else is`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open(try yard.simulated())
        let free = try await session.startDelivery(.household)
        try await session.addItem(paper, to: free)
        let paid = try await session.tyreDelivery()

        await #expect(throws: TerminalError.of(.nothingToPay)) {
            try await session.beginPayment(free, amount: .zero)
        }
        await #expect(throws: TerminalError.of(.nothingToPay)) {
            try await session.claim(free, amount: .zero, debtor: "Wer")
        }
        await #expect(throws: TerminalError.of(.somethingToPay)) {
            try await session.settleFree(paid)
        }
        #expect(try await session.settleFree(free) == 1)
        try await session.close()
    }

    @Test func `a slip is accepted once`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open()
        try await session.sellTyres(slip: 5)
        let second = try await session.payTyres()

        await #expect(throws: TerminalError.of(.slipUsed)) {
            try await session.recordOutcome(second, .approved(slip(5)))
        }
        #expect(try await session.delivery(second).state == .paying)
        #expect(
            try await session.recordOutcome(second, .approved(slip(6))) == .sold(sequence: 2))
        try await session.close()
    }

    @Test func `a slip is known with noughts in front, and for ninety days`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open()
        try await session.sellTyres(slip: 5)
        let second = try await session.payTyres()
        let typed = CardOutcome.approved(
            CardSlip(
                cardTerminal: "51234567", scheme: .girocard, receiptNumber: "0005",
                traceNumber: "000005")!)

        yard.clock.advance(milliseconds: 90 * 86_400_000)
        let refusal = await #expect(throws: TerminalError.self) {
            try await session.recordOutcome(second, typed)
        }
        #expect(refusal?.code == .slipUsed)
        #expect(refusal?.what.contains("gehört schon zu Beleg t1-000001") == true)

        // A card terminal that was exchanged counts from one again.
        yard.clock.advance(milliseconds: 1)
        #expect(try await session.recordOutcome(second, typed) == .sold(sequence: 2))
        try await session.close()
    }

    @Test func `a slip belongs to the reversal that it was typed for`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open()
        try await session.sellTyres(slip: 5)
        _ = try await session.beginVoid(1, reason: "vertippt")
        _ = try await session.recordVoidOutcome(1, .approved(slip(6)))
        let second = try await session.payTyres()

        let refusal = await #expect(throws: TerminalError.self) {
            try await session.recordOutcome(second, .approved(slip(6)))
        }

        #expect(refusal?.what.contains("zum Storno von Beleg t1-000001") == true)
        try await session.close()
    }

    @Test func `a delivery too long for a record is refused before the card is asked`()
        async throws
    {
        let yard = try await Yard()
        defer { yard.remove() }
        let card = try yard.simulated()
        let session = try yard.open(card)
        let delivery = try await session.startDelivery(.household)
        var count = 0
        var amount = Int64(0)
        for _ in 0..<60 {
            do {
                try await session.addItem(tyres, to: delivery)
                (count, amount) = (count + 1, amount + 1_000)
            } catch let error as TerminalError {
                #expect(error == .of(.tooLarge))
                break
            }
        }

        await #expect(throws: TerminalError.of(.tooLarge)) {
            try await session.beginPayment(delivery, amount: Cents(amount))
        }
        #expect(await card.paymentCount == 0)
        while true {
            try await session.removeItem(at: 0, from: delivery)
            (count, amount) = (count - 1, amount - 1_000)
            do {
                guard
                    case .sold(let sequence) = try await session.beginPayment(
                        delivery, amount: Cents(amount))
                else { break }
                let bytes = try await session.receipt(sequence).entry.stored.jws.count
                #expect(bytes <= Envelope.jwsBytesMax)
                #expect(bytes > Envelope.jwsBytesMax - 1_500)
                break
            } catch let error as TerminalError where error == .of(.tooLarge) {
                continue
            }
        }
        #expect(await card.paymentCount == 1)
        #expect(count > 10)
        try await session.close()
    }

    @Test func `without an attendant nothing starts`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open()

        await #expect(throws: TerminalError.of(.attendantUnknown)) {
            try await session.chooseAttendant(PersonID("niemand")!)
        }
        #expect(try await session.status().attendant == PersonID("mueller")!)
        try await session.close()
    }

    @Test func `a refused and an abandoned delivery leave a record, an empty one none`()
        async throws
    {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open(try yard.simulated([.decline]))
        let refused = try await session.tyreDelivery()
        let declined = try await session.tyreDelivery()
        let empty = try await session.startDelivery(.commercial)
        _ = try await session.beginPayment(declined, amount: Cents(1_000))

        #expect(try await session.refuse(refused, reason: "Asbest dabei") == 1)
        #expect(try await session.abandon(declined, reason: "nimmt alles wieder mit") == 2)
        #expect(try await session.abandon(empty, reason: "nichts") == nil)
        await #expect(throws: TerminalError.of(.nothingEntered)) {
            try await session.refuse(try await session.startDelivery(.household), reason: "leer")
        }

        let causes = try await session.listToday().compactMap { entry -> NoSale.Cause? in
            if case .noSale(let ending) = entry.record.fact { ending.cause } else { nil }
        }
        #expect(causes == [.refused, .declined])
        #expect(try await session.listToday().count == 2)
        try await session.close()
    }

    @Test func `the last item stays after a card was asked`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open(try yard.simulated([.abort]))
        let delivery = try await session.tyreDelivery()
        _ = try await session.beginPayment(delivery, amount: Cents(1_000))

        await #expect(throws: TerminalError.of(.itemNeeded)) {
            try await session.removeItem(at: 0, from: delivery)
        }
        try await session.close()
    }
}

extension TerminalError {
    /// Errors are equal by code.
    static func of(_ code: Code) -> TerminalError { TerminalError(code, "", .unchanged, "") }
}
