import Calendars
import Journal
import Sales
import Storage
import Units

// A slip of a card terminal stands for one payment or one refund.
extension Installation {
    /// Looks for a slip in what the terminals of a yard recorded. Each record is read: so it is
    /// done before the writer's turn, which reads only those since.
    func search(for slip: CardSlip, at yard: Yard, now: Timestamp) async throws -> SlipSearch {
        let first = firstSlipDay(now)
        return try await onThread { [self] in
            let (size, places) = try database.read { reading in
                (
                    try reading.logSize(yard: yard.number),
                    try reading.slipBearers(yard: yard.number, from: 0, since: first)
                )
            }
            // Portion by portion: who reads for long holds up checkpoints.
            for start in stride(from: 0, to: places.count, by: Self.slipPortion) {
                let part = places[start..<min(start + Self.slipPortion, places.count)]
                if let sale = try database.read({ try bearer(of: slip, among: part, $0) }) {
                    return SlipSearch(slip: slip, bearer: sale, size: size)
                }
            }
            return SlipSearch(slip: slip, bearer: nil, size: size)
        }
    }

    /// Refuses a slip that stands for something else already: for the sale itself or what became of
    /// it, for another sale, or for another refund or resolution. For the writer's turn.
    ///
    /// Of other sales only the last 90 days count, as at a terminal: a card terminal that was
    /// exchanged or set up anew counts from one again.
    ///
    /// - Parameter search: for the slip at the yard of the sale.
    /// - Throws: ``OperationsError`` `slipUsed`.
    func requireFresh(
        after search: SlipSearch, for reference: SaleReference, _ sale: Sale,
        at position: LogPosition, now: Timestamp, _ reading: Reading
    ) throws {
        let slip = search.slip
        let (reversals, resolution) = try consequences(of: position, reading)
        let own =
            [sale.settlement.slip, resolution?.finding.slip] + reversals.map(\.settlement.slip)
        for used in own.compactMap(\.self) where used.isSameStep(as: slip) {
            throw OperationsError.slipUsed(slip, by: reference)
        }
        let first = firstSlipDay(now)
        let since = try reading.slipBearers(yard: position.yard, from: search.size, since: first)
        if let other = try search.bearer ?? bearer(of: slip, among: since[...], reading) {
            throw OperationsError.slipUsed(slip, by: other)
        }
        let recent = try reading.serverRecords(
            yard: position.yard, kinds: [.void, .refund, .resolution], from: first,
            to: calendar.day(of: now))
        for place in recent {
            guard case .server(let record) = try record(at: place, reading).fact,
                let (used, original) = record.fact.slip, used.isSameStep(as: slip)
            else { continue }
            throw OperationsError.slipUsed(slip, by: original)
        }
    }

    /// The sale that a terminal's record with this slip is about; nil where none of them has it.
    /// What came under a revoked key and does not count bears nothing.
    private func bearer(
        of slip: CardSlip, among places: ArraySlice<LogPosition>, _ reading: Reading
    ) throws -> SaleReference? {
        for place in places {
            let stored = try record(at: place, reading)
            guard case .terminal(let record) = stored.fact,
                let (used, original) = record.slip, used.isSameStep(as: slip),
                try Withholding.effective(stored, reading) != nil
            else { continue }
            return original
        }
        return nil
    }

    private func firstSlipDay(_ now: Timestamp) -> BusinessDay {
        let today = calendar.day(of: now)
        return today.adding(days: -Self.slipDays) ?? today
    }

    private static let slipDays = 90
    private static let slipPortion = 1_000
}

/// What ``Installation/search(for:at:now:)`` found.
struct SlipSearch: Sendable {
    let slip: CardSlip
    /// The sale that the slip stands for; nil for none.
    let bearer: SaleReference?
    /// The size of the yard's log that was searched.
    let size: Int64
}

extension CardSlip {
    /// Whether both are of one step of a card terminal; zeros in front do not count.
    fileprivate func isSameStep(as other: CardSlip) -> Bool { step == other.step }

    private var step: [Substring] {
        [cardTerminal, receiptNumber, traceNumber].map { text in text.drop { $0 == "0" } }
    }
}

extension Settlement {
    fileprivate var slip: CardSlip? { if case .card(let slip) = self { slip } else { nil } }
}

extension ReversalSettlement {
    fileprivate var slip: CardSlip? { if case .card(let slip) = self { slip } else { nil } }
}

extension PaymentResolution.Finding {
    fileprivate var slip: CardSlip? { if case .charged(let slip) = self { slip } else { nil } }
}

extension TerminalRecord {
    /// The slip of a sale by card, a void or a resolution, and the sale that it is about.
    fileprivate var slip: (CardSlip, SaleReference)? {
        switch fact {
        case .sale(let sale): sale.settlement.slip.map { ($0, head.reference) }
        case .noSale: nil
        case .void(let reversal): reversal.settlement.slip.map { ($0, reversal.original) }
        case .resolution(let resolution):
            resolution.finding.slip.map { ($0, resolution.original) }
        }
    }
}

extension ServerFact {
    /// The slip of a refund or a resolution, and the sale that it is about.
    fileprivate var slip: (CardSlip, SaleReference)? {
        if case .reversal(let reversal, _, _) = self {
            return reversal.settlement.slip.map { ($0, reversal.original) }
        }
        if case .resolution(let resolution, _) = self {
            return resolution.finding.slip.map { ($0, resolution.original) }
        }
        return nil
    }
}
