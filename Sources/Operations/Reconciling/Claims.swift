import Calendars
import Journal
package import Sales
import Storage
import Tariffs
package import Units

/// A sale that somebody owes, and what was paid for it.
package struct Claim: Hashable, Sendable {
    package let yard: Yard
    package let sale: SaleReference
    package let day: BusinessDay
    /// What is owed by legal form after what was taken back; fees first.
    let owed: [(form: LegalForm, amount: Cents)]
    let payments: [SettledShare]
    /// Days since the delivery, never negative.
    package let ageDays: Int
    /// Whether name and address of who owes it are stored.
    package let hasDebtor: Bool

    package var amount: Cents { owed.map(\.amount).sum() }
    package var paid: Cents { payments.total }
    /// What is left to pay; negative where the sale was taken back after it was paid: that much is
    /// to be paid back.
    package var open: Cents { amount - paid }

    /// An amount that came (or, negative, went back) by legal form: payments together are divided
    /// as the claim is.
    func shares(of amount: Cents) -> [SettledShare] {
        let whole = Allocation.split(paid + amount, by: owed.map(\.amount.value))
        return zip(owed, whole).map { owed, whole in
            let before = payments.filter { $0.matter == .claim(owed.form) }.total
            return SettledShare(.claim(owed.form), whole - before)
        }.added
    }

    package static func == (left: Self, right: Self) -> Bool {
        left.yard == right.yard && left.sale == right.sale && left.payments == right.payments
            && left.amount == right.amount
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(sale) }
}

extension Installation {
    /// Claims of a yard with something left to pay, or to pay back, oldest first.
    package func openClaims(of yard: Yard) throws -> [Claim] {
        try database.read { reading in
            let book = try SettlementBook(yards: yards, reading)
            return try reading.claims(yard: yard.number).compactMap { position in
                guard
                    case .terminal(let record) = try record(at: position, reading).fact,
                    case .sale(let sale) = record.fact,
                    let claim = try claim(
                        record.head.reference, sale, at: position, of: yard, book, reading),
                    claim.open != .zero
                else { return nil }
                return claim
            }
        }
    }

    /// - Throws: ``OperationsError`` (`saleUnknown`, `notAClaim`).
    func claim(_ reference: SaleReference, of yard: Yard, _ reading: Reading) throws -> Claim {
        let (position, sale) = try sale(reference, of: yard, reading)
        let book = try SettlementBook(yards: yards, reading)
        guard
            let claim = try claim(reference, sale, at: position, of: yard, book, reading)
        else { throw OperationsError.notAClaim(reference.receiptNumber) }
        return claim
    }

    /// Nil for a sale that nobody owes.
    private func claim(
        _ reference: SaleReference, _ sale: Sale, at position: LogPosition, of yard: Yard,
        _ book: SettlementBook, _ reading: Reading
    ) throws -> Claim? {
        let after = try consequences(of: position, reading)
        let isOwed =
            sale.settlement == .onAccount || after.resolution?.finding == .notChargedClaim
        guard isOwed else { return nil }
        let left = Reversal.remainder(of: sale, after: after.reversals)
        let owed = LegalForm.allCases.map { form in
            (
                form: form,
                amount: zip(sale.lines, left).filter { $0.0.legalForm == form }.map(\.1).sum()
            )
        }
        let age = calendar.day(of: clock()).ordinal - sale.delivery.day.ordinal
        return Claim(
            yard: yard, sale: reference, day: sale.delivery.day, owed: owed,
            payments: book.paid(reference, at: yard), ageDays: max(0, age),
            hasDebtor: try reading.hasDebtor(position))
    }
}
