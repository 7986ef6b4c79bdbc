import CardTerminals
import Journal
import Sales
import Tariffs
import TerminalOperations
import TerminalStorage
import Testing
import Units

struct DeliveryTests {
    @Test func `weigh in, park, tip, weigh out, pay, also across a restart`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        var session = try yard.open()
        let delivery = try await session.startDelivery(.commercial)
        try await session.weighIn(
            delivery, fraction: FractionID("bauschutt")!, scale: "W1", ticket: "0815",
            gross: Grams(3_400_000))
        await #expect(throws: TerminalError.of(.weighingOpen)) {
            try await session.weighIn(
                delivery, fraction: FractionID("bauschutt")!, scale: "W1", ticket: "0816",
                gross: Grams(3_400_000))
        }
        await #expect(throws: TerminalError.of(.nothingEntered)) {
            try await session.refuse(delivery, reason: "leer")
        }
        try await session.park(delivery)
        await #expect(throws: TerminalError.of(.wrongState)) {
            try await session.weighOut(delivery, ticket: "0817", tare: Grams(2_150_000))
        }
        #expect(try await session.status().parked == 1)
        try await session.close()

        yard.clock.advance(milliseconds: 600_000)
        session = try yard.open()
        try await session.resume(delivery)
        await #expect(throws: TerminalError.of(.weighingInvalid)) {
            try await session.weighOut(delivery, ticket: "0817", tare: Grams(3_400_000))
        }
        try await session.weighOut(delivery, ticket: "0817", tare: Grams(2_150_000))

        let draft = try await session.delivery(delivery).draft
        #expect(draft.items.first?.amount == .weight(Grams(1_250_000)))
        guard case .weighed(let weighing) = draft.items.first?.source else {
            Issue.record("not weighed")
            return
        }
        #expect(weighing.ticket == "0815/0817")
        let times = try #require(draft.times.first ?? nil)
        #expect(times.weighedOut.milliseconds - times.weighedIn.milliseconds == 600_000)
        guard case .priced(let quote) = try await session.quote(delivery) else {
            Issue.record("refused")
            return
        }
        #expect(quote.total == Cents(12_500))
        _ = try await session.beginPayment(delivery, amount: quote.total)
        #expect(
            try await session.recordOutcome(delivery, .approved(slip(1))) == .sold(sequence: 1))
        #expect(try await session.verifyChain().isEmpty)
        try await session.close()
    }

    @Test func `a load on the scale cannot be paid`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open()
        let delivery = try await session.tyreDelivery()
        try await session.weighIn(
            delivery, fraction: FractionID("bauschutt")!, scale: "W1", ticket: "1",
            gross: Grams(1_000))

        await #expect(throws: TerminalError.of(.weighingOpen)) {
            try await session.beginPayment(delivery, amount: Cents(1_000))
        }
        try await session.cancelWeighing(delivery)
        #expect(try await session.beginPayment(delivery, amount: Cents(1_000)) == .awaitsSlip)
        try await session.close()
    }

    @Test func `a phrase adds its items`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open()
        let delivery = try await session.startDelivery(.household)

        try await session.addItems(phrase: "2 Stück Reifen; 1 Stück Papier", to: delivery)

        #expect(try await session.delivery(delivery).draft.items.count == 2)
        await #expect(throws: DeliveryPhraseError.self) {
            try await session.addItems(phrase: "2 Stück Mondgestein", to: delivery)
        }
        try await session.close()
    }

    @Test(arguments: ["\u{7}Klingel", "rechts\u{202E}links", String(repeating: "ä", count: 201)])
    func `text that no record can carry is refused`(text: String) async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open()
        let delivery = try await session.tyreDelivery()

        await #expect(throws: TerminalError.of(.textInvalid)) {
            try await session.setPlate(text, of: delivery)
        }
        try await session.close()
    }

    @Test func `two hundred letters fit, whatever they are`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open()
        let delivery = try await session.tyreDelivery()

        for letter in ["ä", "a\u{308}", "\u{1F600}"] {
            let text = String(repeating: letter, count: 200)
            try await session.setPlate(text, of: delivery)
            let kept = try #require(try await session.delivery(delivery).draft.personal[.plate])
            #expect(kept.unicodeScalars.count == 200)
        }
        try await session.close()
    }

    @Test func `decomposed text is composed, an empty one removes the field`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open()
        let delivery = try await session.tyreDelivery()

        try await session.setPlate(" GO\u{308} AB 1 ", of: delivery)
        let plate = try #require(try await session.delivery(delivery).draft.personal[.plate])
        #expect(Array(plate.utf8) == Array("GÖ AB 1".utf8))
        try await session.setPlate("", of: delivery)
        #expect(try await session.delivery(delivery).draft.personal.isEmpty)
        try await session.close()
    }

    @Test func `a delivery that is dropped empty keeps nothing about people`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open()
        let delivery = try await session.startDelivery(.commercial)
        try await session.setPlate("MU-X 123", of: delivery)
        try await session.setCustomer("Erika Muster", of: delivery)

        #expect(try await session.abandon(delivery, reason: "fährt weiter") == nil)

        let view = try await session.delivery(delivery)
        #expect(view.state == .abandoned)
        #expect(view.draft == DeliveryDraft(day: yard.clock.now.dayUTC, group: .commercial))
        try await session.close()
    }

    @Test func `two programs cannot have the same terminal`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open()

        #expect(throws: TerminalError.of(.inUse)) { _ = try yard.open() }
        try await session.close()
        try await yard.open().close()
    }
}
