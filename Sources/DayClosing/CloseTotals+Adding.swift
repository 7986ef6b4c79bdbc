import Journal
import Ledger
package import Sales
import Tariffs
package import Units

extension CloseTotals {
    /// The totals of `records`, in the order of the log; see ``RunningTotals``.
    package init(
        records: [ClosedRecord], businessDay: BusinessDay, terminals: [TerminalRange],
        unresolvedBefore: [SaleReference]
    ) {
        var running = RunningTotals(
            businessDay: businessDay, unresolvedBefore: unresolvedBefore)
        for record in records { running.add(record) }
        self = running.totals(terminals: terminals)
    }
}

/// The fold that adds up a close record by record, in the order of the log.
///
/// Each record adds one to the count of every tally it touches, reversals too (a card terminal
/// counts transactions the same way); amounts are sales less what was taken back. A payment found
/// not to be charged and not owed (``Sales/PaymentResolution/Finding/notChargedVoid``) takes its
/// sale back in the same way as a reversal.
package struct RunningTotals: Sendable {
    private let businessDay: BusinessDay
    private var counts: [String: Int64] = [:]
    private var positions: [PositionKey: Tally] = [:]
    private var vat: [VATTreatment: VATBlock] = [:]
    private var tenders: [Tender: Tally] = [:]
    private var cards: [CardKey: Tally] = [:]
    private var accounts = AccountSums()
    private var turnover = Cents.zero
    private var unknown: Set<SaleReference>
    private var late: [SaleReference] = []
    private var flagged: [Int64] = []
    private var settled: [SettledShare] = []
    private var course = CloseCourse()
    /// Claims taken back that came out of an unknown payment.
    private var lateClaims = Tally()

    /// - Parameter unresolvedBefore: payments that earlier closes carried over as unknown.
    package init(businessDay: BusinessDay, unresolvedBefore: [SaleReference]) {
        self.businessDay = businessDay
        unknown = Set(unresolvedBefore)
    }

    package mutating func add(_ record: ClosedRecord) {
        switch record.fact {
        case .sale(let reference, let sale): add(sale, reference, on: record.day)
        case .noSale(_, let end): count(end.cause.rawValue)
        case .reversal(let reversal, of: let sale):
            add(reversal, of: sale, takesClaimBack: record.takesClaimBack)
        case .resolution(let resolution, of: let sale): add(resolution, of: sale)
        case .withheld: count("withheld")
        case .unmatched: break
        case .settlement(let settlement):
            count(settlement.kind.rawValue, settlement.shares.total)
            if !record.entry.postings.isEmpty {
                settled = (settled + settlement.shares).added
            }
        }
        if record.isReceipt { course.add(record.at) }
        accounts.add(record.entry)
        if !record.flags.isEmpty { flagged.append(record.index) }
    }

    /// Everything added so far, sorted; `terminals` as counted from the sequence numbers.
    package func totals(terminals: [TerminalRange]) -> CloseTotals {
        var totals = CloseTotals()
        totals.counts = counts
        totals.positions = positions.sorted { $0.key < $1.key }.map { $0.key.total($0.value) }
        totals.vat = vat.values.sorted { $0.treatment.order < $1.treatment.order }
        totals.tenders = tenders
        totals.cards = cards
        totals.accounts = accounts.totals
        totals.terminals = terminals.sorted { $0.terminal < $1.terminal }
        totals.turnover = turnover
        totals.unknown = unknown.sorted()
        totals.late = late.sorted()
        totals.flagged = flagged.sorted()
        totals.settled = settled
        totals.course = course
        return totals
    }

    /// ``totals(terminals:)`` and then, if it is another one, what programs of before said: a claim
    /// out of an unknown payment stayed in its tender when it was taken back.
    package func tellings(terminals: [TerminalRange]) -> [CloseTotals] {
        let totals = totals(terminals: terminals)
        guard lateClaims.count > 0, let tally = tenders[.onAccount] else { return [totals] }
        var older = totals
        let rest = Tally(
            count: tally.count - lateClaims.count, amount: tally.amount - lateClaims.amount)
        older.tenders[.onAccount] = rest.count == 0 ? nil : rest
        return [totals, older]
    }

    private mutating func count(_ kind: String, _ amount: Cents = .zero) {
        counts[kind, default: 0] += 1
        course.add(amount, of: kind)
    }

    private mutating func add(_ sale: Sale, _ reference: SaleReference, on day: BusinessDay) {
        switch sale.settlement {
        case .free: count("free")
        case .card(let slip):
            count("sale", sale.total)
            add(slip, sale.total)
        case .onAccount:
            count("on-account", sale.total)
            tenders[.onAccount, default: Tally()].add(sale.total)
        case .unknown:
            count("unknown", sale.total)
            unknown.insert(reference)
        }
        for line in sale.lines { addPosition(line, of: sale, line.gross) }
        for block in sale.vat { add(block) }
        turnover = turnover + sale.total
        if day < businessDay { late.append(reference) }
    }

    private mutating func add(_ reversal: Reversal, of sale: Sale, takesClaimBack: Bool) {
        count(reversal.kind.rawValue, -reversal.amount)
        switch reversal.settlement {
        case .card(let slip): add(slip, -reversal.amount)
        case .bankTransfer: tenders[.bankTransfer, default: Tally()].add(-reversal.amount)
        case .noMoney where takesClaimBack:
            tenders[.onAccount, default: Tally()].add(-reversal.amount)
            if sale.settlement.isUnknown { lateClaims.add(-reversal.amount) }
        case .noMoney: break
        }
        for line in reversal.lines {
            let name = sale.lines.indices.contains(line.index) ? sale.lines[line.index].name : ""
            let key = PositionKey(
                tariff: sale.tariff.id, position: line.position, name: name,
                legalForm: line.legalForm, vat: line.vat)
            positions[key, default: Tally()].add(-line.gross)
        }
        for block in reversal.vat { add(block.negated) }
        turnover = turnover - reversal.amount
    }

    private mutating func add(_ resolution: PaymentResolution, of sale: Sale) {
        count("resolution", resolution.finding == .notChargedVoid ? -sale.total : .zero)
        unknown.remove(resolution.original)
        switch resolution.finding {
        case .charged(let slip): add(slip, sale.total)
        case .notChargedClaim: tenders[.onAccount, default: Tally()].add(sale.total)
        case .notChargedVoid:
            for line in sale.lines { addPosition(line, of: sale, -line.gross) }
            for block in sale.vat { add(block.negated) }
            turnover = turnover - sale.total
        }
    }

    private mutating func add(_ slip: CardSlip, _ amount: Cents) {
        tenders[slip.scheme.tender, default: Tally()].add(amount)
        let key = CardKey(cardTerminal: slip.cardTerminal, scheme: slip.scheme)
        cards[key, default: Tally()].add(amount)
    }

    private mutating func addPosition(_ line: SaleLine, of sale: Sale, _ amount: Cents) {
        let key = PositionKey(
            tariff: sale.tariff.id, position: line.position, name: line.name,
            legalForm: line.legalForm, vat: line.vat)
        positions[key, default: Tally()].add(amount)
    }

    private mutating func add(_ block: VATBlock) {
        let before = vat[block.treatment]
        vat[block.treatment] = VATBlock(
            treatment: block.treatment, gross: (before?.gross ?? .zero) + block.gross,
            tax: (before?.tax ?? .zero) + block.tax)
    }
}

extension CloseCourse {
    fileprivate mutating func add(_ amount: Cents, of kind: String) {
        guard amount != .zero else { return }
        let sum = (amounts[kind] ?? .zero) + amount
        amounts[kind] = sum == .zero ? nil : sum
    }

    fileprivate mutating func add(_ time: Timestamp) {
        let range = receipts ?? time...time
        receipts = min(range.lowerBound, time)...max(range.upperBound, time)
    }
}

extension ClosedRecord {
    /// Whether it is about a delivery and counts: not what the bank showed, nor what is withheld.
    fileprivate var isReceipt: Bool {
        switch fact {
        case .sale, .noSale, .reversal, .resolution: true
        case .withheld, .unmatched, .settlement: false
        }
    }
}

extension CloseTotals {
    /// Whether a record that says these totals says what `recorded` does: a record of an earlier
    /// version is not held to what it did not say.
    package func agrees(with recorded: CloseTotals) -> Bool {
        var ours = self
        if recorded.course == nil { ours.course = nil }
        return ours == recorded
    }
}

extension VATBlock {
    fileprivate var negated: VATBlock {
        VATBlock(treatment: treatment, gross: -gross, tax: -tax)
    }
}

private struct PositionKey: Hashable, Comparable {
    let tariff: String
    let position: String
    let name: String
    let legalForm: LegalForm
    let vat: VATTreatment

    // Position and tax tell nearly all keys apart; hashing the words too would only cost time.
    func hash(into hasher: inout Hasher) {
        hasher.combine(position)
        hasher.combine(vat.order)
    }

    func total(_ tally: Tally) -> PositionTotal {
        PositionTotal(
            tariff: tariff, position: position, name: name, legalForm: legalForm, vat: vat,
            tally: tally)
    }

    static func < (left: Self, right: Self) -> Bool {
        (left.tariff, left.position, left.name, left.legalForm.rawValue, left.vat.order)
            < (
                right.tariff, right.position, right.name, right.legalForm.rawValue,
                right.vat.order
            )
    }
}
