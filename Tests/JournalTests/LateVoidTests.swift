import Journal
import Sales
import Testing
import Units

struct LateVoidTests {
    private func record(_ fact: TerminalFact, milliseconds: Int64) -> TerminalRecord {
        let head = Samples.record(fact).head
        return TerminalRecord(
            head: RecordHead(
                log: head.log, yard: head.yard, terminal: head.terminal, sequence: head.sequence,
                previous: head.previous, at: head.at.adding(milliseconds: milliseconds),
                attendant: head.attendant), fact: fact, personal: [])
    }

    private let sale = Samples.record(.sale(Samples.sale()), sequence: 1)

    @Test(
        arguments: [
            (.noMoney, -1, true), (.noMoney, 0, false), (.noMoney, 120_000, false),
            (.noMoney, 125_000, false), (.noMoney, 125_001, true),
            (.bankTransfer, 125_001, true), (.card(Samples.slip(2)), -1, true),
            (.card(Samples.slip(2)), 125_001, false), (.card(Samples.slip(2)), 720_000, false),
            (.card(Samples.slip(2)), 720_001, true),
        ] as [(ReversalSettlement, Int64, Bool)])
    func `a void is late after the terminal's limit and what its signing takes`(
        settlement: ReversalSettlement, age: Int64, isLate: Bool
    ) {
        let void = record(.void(Samples.reversal(settlement)), milliseconds: age)
        #expect(void.isLateVoid(of: sale, inClose: false) == isLate)
        #expect(void.isLateVoid(of: sale, inClose: true))
    }

    @Test func `nothing but a void is a late void`() {
        for fact: TerminalFact in [
            .sale(Samples.sale()), .resolution(Samples.resolution(.notChargedVoid)),
        ] {
            let later = record(fact, milliseconds: 10_000_000)
            #expect(!later.isLateVoid(of: sale, inClose: true))
        }
    }
}
