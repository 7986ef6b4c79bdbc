import Sales
import Units

extension TerminalRecord {
    /// How long after a sale its terminal alone may begin to take it back, in milliseconds (design
    /// decision 15).
    package static let voidMilliseconds: Int64 = 120_000

    /// Whether this is a void that needed a second person: signed too long after `sale` or before
    /// it, by the terminal's own times, or recorded when a close held the sale.
    ///
    /// The time allowed ends later than the terminal's own limit, by what lies between beginning
    /// and signature.
    package func isLateVoid(of sale: TerminalRecord, inClose isClosed: Bool) -> Bool {
        guard case .void(let reversal) = fact else { return false }
        let age = head.at.milliseconds - sale.head.at.milliseconds
        let limit = Self.voidMilliseconds + reversal.settlement.signingMilliseconds
        return isClosed || !(0...limit).contains(age)
    }
}

extension ReversalSettlement {
    /// What may lie between the beginning of a void and its signature, in milliseconds: the card
    /// terminal's work and the typing of its slip, or nothing but the signing.
    fileprivate var signingMilliseconds: Int64 {
        switch self {
        case .card: 600_000
        case .bankTransfer, .noMoney: 5_000
        }
    }
}
