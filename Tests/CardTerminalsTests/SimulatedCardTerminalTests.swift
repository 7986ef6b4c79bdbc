import CardTerminals
import Foundation
import Sales
import Testing
import Units

final class SimulatedCardTerminalTests {
    private let path = NSTemporaryDirectory() + "card-\(UUID().uuidString).jsonl"

    deinit { unlink(path) }

    @Test func `numbers count up and totals survive a restart`() async throws {
        var card = try SimulatedCardTerminal(path: path, script: [.approve, .decline])
        guard case .finished(.approved(let first)) = try await card.pay(Cents(500), reference: "a")
        else {
            Issue.record("not approved")
            return
        }
        #expect(try await card.pay(Cents(700), reference: "b") == .finished(.declined))
        card = try SimulatedCardTerminal(path: path)
        guard case .finished(.approved(let second)) = try await card.pay(Cents(700), reference: "c")
        else {
            Issue.record("not approved")
            return
        }

        #expect((first.receiptNumber, first.traceNumber) == ("0001", "000001"))
        #expect((second.receiptNumber, second.traceNumber) == ("0002", "000002"))
        #expect(
            try await card.totals() == [
                SchemeTotal(scheme: .girocard, count: 2, amount: Cents(1_200))
            ])
        #expect(try await card.endDay().count == 1)
        #expect(try await card.totals() == [])
        #expect(try await card.enquire(reference: "a") == .approved(first))
        #expect(try await card.enquire(reference: "b") == .declined)
        #expect(try await card.enquire(reference: "z") == .notStarted)
    }

    @Test func `silence after approval has charged the card`() async throws {
        let card = try SimulatedCardTerminal(path: path, script: [.silentAfterApproval])

        #expect(try await card.pay(Cents(500), reference: "a") == .finished(.unknown))
        #expect(await card.paymentCount == 1)
        guard case .approved = try await card.enquire(reference: "a") else {
            Issue.record("forgotten")
            return
        }
    }

    @Test func `a payment is reversed once, with its amount, before the day end`() async throws {
        let card = try SimulatedCardTerminal(path: path)
        guard case .finished(.approved(let slip)) = try await card.pay(Cents(500), reference: "a")
        else {
            Issue.record("not approved")
            return
        }

        let wrong = try await card.reverse(slip, amount: Cents(499), reference: "r1")
        let right = try await card.reverse(slip, amount: Cents(500), reference: "r2")
        let again = try await card.reverse(slip, amount: Cents(500), reference: "r3")

        #expect(wrong == .finished(.declined))
        guard case .finished(.approved(let reversal)) = right else {
            Issue.record("not reversed")
            return
        }
        #expect(reversal.receiptNumber == "0002")
        #expect(again == .finished(.declined))
        #expect(try await card.totals()?.map(\.amount) == [.zero])
    }

    @Test func `a damaged memory is not guessed at`() async throws {
        try Data("{\"kind\":\"day-end\"}\nhalf".utf8).write(to: URL(filePath: path))

        #expect(throws: CardTerminalError.journal(path: path, line: 2)) {
            _ = try SimulatedCardTerminal(path: path)
        }
    }

    @Test(arguments: [0, -1])
    func `only positive amounts are charged`(cents: Int64) async throws {
        let card = try SimulatedCardTerminal(path: path)

        await #expect(throws: CardTerminalError.amount(Cents(cents))) {
            try await card.pay(Cents(cents), reference: "a")
        }
    }

    @Test func `a stand-alone terminal leaves every answer to its slip`() async throws {
        let card = StandAloneCardTerminal(number: "1")
        #expect(try await card.pay(Cents(1), reference: "a") == .awaitsSlip)
        #expect(try await card.enquire(reference: "a") == nil)
        #expect(try await card.totals() == nil)
    }
}
