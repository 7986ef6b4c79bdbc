import Calendars
import Journal
import Sales
import Storage
import Units

// A slip of a card terminal stands for one payment or one refund.
extension Installation {
    /// Refuses a slip that stands for something else already: for the sale itself or what became of
    /// it, or for another refund or resolution that the server recorded. For the writer's turn.
    ///
    /// Of other sales only the last 90 days count, as at a terminal: a card terminal that was
    /// exchanged or set up anew counts from one again.
    ///
    /// - Throws: ``OperationsError`` `slipUsed`.
    func requireFresh(
        _ slip: CardSlip, for reference: SaleReference, _ sale: Sale, at position: LogPosition,
        now: Timestamp, _ reading: Reading
    ) throws {
        let (reversals, resolution) = try consequences(of: position, reading)
        let own =
            [sale.settlement.slip, resolution?.finding.slip] + reversals.map(\.settlement.slip)
        for used in own.compactMap(\.self) where used.isSameStep(as: slip) {
            throw OperationsError.slipUsed(slip, by: reference)
        }
        let today = calendar.day(of: now)
        let recent = try reading.serverRecords(
            yard: position.yard, kinds: [.void, .refund, .resolution],
            from: today.adding(days: -Self.slipDays) ?? today, to: today)
        for place in recent {
            guard case .server(let record) = try record(at: place, reading).fact,
                let (used, original) = record.fact.slip, used.isSameStep(as: slip)
            else { continue }
            throw OperationsError.slipUsed(slip, by: original)
        }
    }

    private static let slipDays = 90
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
