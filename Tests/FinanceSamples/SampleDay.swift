package import DayClosing
package import Sales
import Tariffs
import Units

extension Samples {
    /// A day with one of everything: the same records every time, for files compared by byte.
    package static func day(plan: AccountPlan) throws -> [ClosedRecord] {
        let today = "2026-11-20"
        let fees = try sale([line(41_250)])
        let mixed = try sale(
            [line(1_000), line(1_190, "2", .charge, fee19), line(0, "3", .charge, fee7)],
            .card(slip(.visa)))
        let claim = try sale([line(500), line(2_140, "3", .charge, fee7)], .onAccount)
        let unknown = try sale([line(700)], .unknown(cardTerminal: "68100001"))
        let lost = try sale([line(119, "2", .charge, fee19)], .unknown(cardTerminal: nil))
        let late = try sale([line(1_200)], day: "2026-11-19")
        let void = try Reversal.make(
            .void, of: late, reference: reference(6), earlier: [], amounts: nil,
            reason: "falsche Abfallart", settlement: .card(slip()))
        let refund = try Reversal.make(
            .refund, of: mixed, reference: reference(2), earlier: [], amounts: [1: Cents(595)],
            reason: "Kompost zurückgenommen", settlement: .bankTransfer)
        func found(
            _ sequence: Int64, _ finding: PaymentResolution.Finding
        ) -> PaymentResolution {
            PaymentResolution(
                original: reference(sequence), finding: finding, evidence: .totals, note: "")
        }
        return try records(
            [
                (.sale(reference(1), fees), today), (.sale(reference(2), mixed), today),
                (.sale(reference(3), claim), today), (.sale(reference(4), unknown), today),
                (.sale(reference(5), lost), today), (.sale(reference(6), late), "2026-11-19"),
                (.sale(reference(7), try sale([line(0)])), today),
                (.noSale(reference(8), noSale(.refused)), today),
                (.reversal(void, of: late), today), (.reversal(refund, of: mixed), today),
                (.resolution(found(4, .charged(slip())), of: unknown), today),
                (.resolution(found(5, .notChargedVoid), of: lost), today),
            ], plan: plan)
    }
}
