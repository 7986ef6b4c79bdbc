import Ledger

/// What stands in a file for a value of ours (Codetabelle), such as `10` for a fee account.
package struct CodeTable: Hashable, Sendable {
    /// By our value.
    package let codes: [String: String]
    /// For every value not in ``codes``; nil refuses them.
    package let otherwise: String?

    package init(codes: [String: String], otherwise: String?) {
        self.codes = codes
        self.otherwise = otherwise
    }

    /// Nil for a value that the table does not know.
    package subscript(value: String) -> String? {
        codes.first { $0.key.utf8.elementsEqual(value.utf8) }?.value ?? otherwise
    }
}

/// What a line is to the treasury (field `art`).
package enum LineCategory: String, Hashable, Sendable, CaseIterable {
    case income = "Einnahme"
    case incomeReversed = "Einnahmestorno"
    /// A debtor owes it (Sollstellung).
    case claim = "Sollstellung"
    case claimReversed = "Sollabgang"
    /// Finance has to transfer it (Auszahlungsanordnung).
    case payment = "Auszahlung"
    /// What a bank account showed: payouts, fees, chargebacks, payments of claims.
    case bank = "Bankbuchung"
    case bankReversed = "Bankstorno"

    package init(_ line: ExportLine) {
        let isReversal = line.key.kind == .reversal
        switch line.key.channel {
        case .onAccount: self = isReversal ? .claimReversed : .claim
        case .bankTransfer: self = .payment
        case .bank: self = isReversal ? .bankReversed : .bank
        case .debitCard, .creditCard, .unresolved: self = isReversal ? .incomeReversed : .income
        }
    }
}

extension ExportProfile.Content {
    /// Whether a file of this content has the line.
    func holds(_ line: ExportLine) -> Bool {
        switch self {
        case .all: true
        case .claims: line.key.channel == .onAccount
        case .payments: line.key.channel == .bankTransfer
        }
    }
}

extension ExportLine {
    /// Account and cost centre that the budget knows (Buchungsstelle), `432100.5370`.
    var budgetLine: String {
        key.costCentre.map { "\(contra.number).\($0)" } ?? contra.number
    }
}
