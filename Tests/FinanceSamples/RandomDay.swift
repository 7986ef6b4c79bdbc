package import DayClosing
import Ledger
package import Sales
import Tariffs
package import Units

/// A day of random sales, refusals, reversals and resolutions with the postings of a plan.
package struct RandomDay {
    package private(set) var records: [ClosedRecord] = []
    private let plan: AccountPlan
    private let day: BusinessDay
    private var generator: SeededGenerator
    private var sales: [Sold] = []

    private struct Sold {
        let reference: SaleReference
        let sale: Sale
        var reversals: [Reversal] = []
        var finding: PaymentResolution.Finding?
    }

    /// - Parameter undone: whether every sale is taken back in the end.
    package init(
        seed: UInt64, sales count: Int, plan: AccountPlan, day: BusinessDay, undone: Bool = false
    ) throws {
        self.plan = plan
        self.day = day
        generator = SeededGenerator(seed: seed)
        for sequence in 1...Int64(count) {
            try addSale(Samples.reference(sequence))
            if Int.random(in: 0..<4, using: &generator) == 0 { try reverseSome() }
        }
        for place in sales.indices where sales[place].sale.settlement.isUnknown {
            try resolve(place, undone: undone)
            if sales[place].finding == .notChargedClaim, Bool.random(using: &generator) {
                try reverse(place, whole: false)
            }
        }
        if undone {
            for place in sales.indices { try reverse(place, whole: true) }
        }
    }

    private mutating func addSale(_ reference: SaleReference) throws {
        let treatments: [VATTreatment] = [.outsideScope, .exempt, Samples.fee19, Samples.fee7]
        var lines: [SaleLine] = []
        for number in 1...Int.random(in: 1...4, using: &generator) {
            let isFee = Bool.random(using: &generator)
            let vat = isFee ? .outsideScope : treatments.randomElement(using: &generator)
            let free = Int.random(in: 0..<6, using: &generator) == 0
            lines.append(
                Samples.line(
                    free ? 0 : Int64.random(in: 1...9_999, using: &generator), "\(number)",
                    isFee ? .fee : .charge, vat ?? .outsideScope))
        }
        let sale = try Samples.sale(lines, settlement(of: lines.map(\.gross).sum()))
        sales.append(Sold(reference: reference, sale: sale))
        append(.sale(reference, sale), try plan.entry(sale: sale))
    }

    private mutating func settlement(of total: Cents) -> Settlement {
        guard total > .zero else { return .free }
        let scheme = CardScheme.allCases.randomElement(using: &generator) ?? .girocard
        let terminal = Bool.random(using: &generator) ? "68100001" : "68100002"
        switch Int.random(in: 0..<10, using: &generator) {
        case 0: return .onAccount
        case 1: return .unknown(cardTerminal: nil)
        default: return .card(Samples.slip(scheme, terminal: terminal))
        }
    }

    private mutating func reverseSome() throws {
        guard let place = sales.indices.randomElement(using: &generator),
            !sales[place].sale.settlement.isUnknown
        else { return }
        try reverse(place, whole: Bool.random(using: &generator))
    }

    private mutating func reverse(_ place: Int, whole: Bool) throws {
        let sold = sales[place]
        let (reference, sale, earlier) = (sold.reference, sold.sale, sold.reversals)
        let left = Reversal.remainder(of: sale, after: earlier)
        guard left.contains(where: { $0 > .zero }) else { return }
        var amounts: [Int: Cents]?
        if !whole, let line = left.indices.filter({ left[$0] > .zero }).first {
            amounts = [line: Cents(Int64.random(in: 1...left[line].value, using: &generator))]
        }
        let reversal = try Reversal.make(
            whole && earlier.isEmpty ? .void : .refund, of: sale, reference: reference,
            earlier: earlier, amounts: amounts, reason: "falsch eingegeben",
            settlement: settlement(reversing: sale))
        let entry = try plan.entry(
            reversal: reversal, of: sale, earlier: earlier, finding: sold.finding)
        sales[place].reversals.append(reversal)
        append(
            .reversal(reversal, of: sale), entry,
            takesClaimBack: reversal.takesClaimBack(of: sale, finding: sold.finding))
    }

    private func settlement(reversing sale: Sale) -> ReversalSettlement {
        switch sale.settlement {
        case .card(let slip): .card(slip)
        case .free, .onAccount, .unknown: .noMoney
        }
    }

    private mutating func resolve(_ place: Int, undone: Bool) throws {
        let (reference, sale) = (sales[place].reference, sales[place].sale)
        let findings: [PaymentResolution.Finding] = [
            .notChargedVoid, .notChargedClaim, .charged(Samples.slip()),
        ]
        let choice = undone ? 0 : Int.random(in: 0..<4, using: &generator)
        guard choice < findings.count else { return }
        let resolution = PaymentResolution(
            original: reference, finding: findings[choice], evidence: .totals, note: "Beleg")
        let entry = try plan.entry(
            resolution: resolution, of: sale, earlier: sales[place].reversals)
        sales[place].finding = resolution.finding
        // What is voided has nothing left to reverse.
        if undone { sales[place].reversals.append(try whole(sale, reference)) }
        append(.resolution(resolution, of: sale), entry)
    }

    private func whole(_ sale: Sale, _ reference: SaleReference) throws -> Reversal {
        try Reversal.make(
            .void, of: sale, reference: reference, earlier: [], amounts: nil, reason: "geklärt",
            settlement: .noMoney)
    }

    private mutating func append(
        _ fact: ClosedRecord.Fact, _ entry: Entry, takesClaimBack: Bool = false
    ) {
        let index = Int64(records.count)
        var record = ClosedRecord(
            index: index, at: Samples.time("2026-11-20T09:00:00.000Z"), day: day, fact: fact,
            flags: [], entry: entry)
        record.takesClaimBack = takesClaimBack
        record.people = Samples.people(of: record)
        records.append(record)
    }
}

extension Settlement {
    fileprivate var isUnknown: Bool {
        if case .unknown = self { true } else { false }
    }
}
