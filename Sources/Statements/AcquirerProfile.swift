import Reconciliation
import Sales

/// How an acquirer's statement is laid out: a profile as decoded from a file
/// (docs/formats/statements.md).
package struct AcquirerProfile: Hashable, Sendable {
    /// The id inside the file (`abrechnung:`).
    package let id: String
    package let title: String
    package let note: String
    let isUTF8: Bool
    /// An ASCII character: semicolon, comma, bar or tabulator.
    let separator: UInt8
    let decimalMark: UInt8
    let dateStyle: DateStyle
    let hasHeading: Bool
    /// ``BankLine/currency``; a column `währung` must hold it.
    package let currency: String
    /// In file order.
    let columns: [Column]
    /// The word in the file and what it means; nil skips the line, such as the payout itself.
    let kinds: [String: AcquirerLine.Kind?]
    /// The word in the file for each card scheme.
    let schemes: [String: CardScheme]

    enum DateStyle: Hashable, Sendable { case iso, dotted, yearFirst }

    struct Column: Hashable, Sendable {
        let heading: String
        /// Nil for a column nobody needs.
        let field: Field?
        /// Turns the sign of an amount: debit columns, fees written as negative numbers.
        let isNegated: Bool
    }

    /// What a column says. Amount fields may occur several times and are added up.
    enum Field: String, Hashable, Sendable, CaseIterable {
        case kind = "art"
        case reference = "referenz"
        case day = "tag"
        case terminal = "terminal"
        case scheme = "kartenmarke"
        case cut = "schnitt"
        case gross = "brutto"
        case fee = "gebühr"
        case net = "netto"
        case payout = "auszahlung"
        case currency = "währung"

        var isAmount: Bool { [.gross, .fee, .net].contains(self) }
    }
}
