package import Sales
package import Units

/// One line of the statement of an acquirer (Zahlungsdienstleister): gross, fee and net.
///
/// Invariant: net is gross less fee, to the cent.
package struct AcquirerLine: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case payment, refund, chargeback, fee
        /// A chargeback that was won back.
        case chargebackReversal = "chargeback-reversal"
    }

    package let kind: Kind
    /// The acquirer's id of the line.
    package let reference: String
    /// The day of the sale or event.
    package let day: BusinessDay
    /// As the acquirer numbers it; nil where the statement names none.
    package let terminal: String?
    package let scheme: CardScheme?
    /// The number of the batch cut that it was part of; nil where the statement names none.
    package let cut: String?
    /// Negative for refunds and chargebacks.
    package let gross: Cents
    /// Positive for what the acquirer keeps.
    package let fee: Cents
    package var net: Cents { gross - fee }
    /// The payout it is part of, as it stands in the bank's text.
    package let payout: String

    /// Nil if the sign of `gross` does not belong to `kind`: it is never turned.
    package init?(
        kind: Kind, reference: String, day: BusinessDay, terminal: String?, scheme: CardScheme?,
        cut: String? = nil, gross: Cents, fee: Cents, payout: String
    ) {
        let fits =
            switch kind {
            case .payment, .chargebackReversal: gross > .zero
            case .refund, .chargeback: gross < .zero
            case .fee: gross == .zero
            }
        guard fits else { return nil }
        self.kind = kind
        self.reference = reference
        self.day = day
        self.terminal = terminal
        self.scheme = scheme
        self.cut = cut
        self.gross = gross
        self.fee = fee
        self.payout = payout
    }

    /// The lines of several files of acquirers, those that are alike in every way as often as in
    /// the file that has them most often: two payments may be alike in one file, while another
    /// file may be the same delivered again.
    ///
    /// - Parameter files: each in any order.
    package static func counted(_ files: [[AcquirerLine]]) -> [AcquirerLine] {
        var counts: [AcquirerLine: Int] = [:]
        for file in files {
            let ofFile = Dictionary(file.map { ($0, 1) }, uniquingKeysWith: +)
            counts.merge(ofFile, uniquingKeysWith: max)
        }
        return counts.flatMap { Array(repeating: $0.key, count: $0.value) }
    }
}
