import Units

/// What does not fit in or between bank statements. Findings never stop an import; they stand on
/// the board until somebody has asked the bank.
package struct StatementFinding: Hashable, Sendable {
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// Opening plus entries is not closing.
        case balanceDiffers = "balance-differs"
        /// Opening or closing balance is missing.
        case balanceMissing = "balance-missing"
        /// A balance or an entry in another currency than the statement, or a statement that is not
        /// in Euro, whose entries are not booked.
        case currencyDiffers = "currency-differs"
        /// The details of a batch entry do not add up to it.
        case detailsDiffer = "details-differ"
        /// No entry at all: nothing wrong, but said.
        case empty
        /// The same statement again.
        case duplicate
        /// The same statement id with other content.
        case conflict
        /// A sequence number is missing between two statements.
        case gap
        /// The opening balance is not the closing balance before.
        case chainBroken = "chain-broken"
    }

    package let code: Code
    package let account: String
    /// The statement's id and number.
    package let statement: String
    /// Which entry, from 1; nil if it is about the whole statement.
    package let entry: Int?
    /// What was found beside what was expected, in German.
    package let detail: String

    package init(
        _ code: Code, _ statement: BankStatement, entry: Int? = nil, detail: String
    ) {
        self.code = code
        self.account = statement.account
        self.statement = statement.name
        self.entry = entry
        self.detail = detail
    }
}

extension StatementFinding: CustomStringConvertible {
    package var description: String {
        let place = entry.map { ", Umsatz \($0)" } ?? ""
        return "\(code.rawValue) (Konto \(account), Auszug \(statement)\(place)): \(detail)"
    }
}

extension BankStatement {
    /// Id and number as people and findings name the statement.
    package var name: String { sequence.map { "\(id) Nr. \($0)" } ?? id }

    /// What does not fit inside this statement, in the order of ``StatementFinding/Code``.
    package var findings: [StatementFinding] {
        var found = kind == .statement ? balanceFindings : []
        if !currency.isEmpty, currency != BankLine.currency {
            found.append(
                StatementFinding(
                    .currencyDiffers, self,
                    detail: "Auszug in \(currency). Gebucht werden nur Umsätze in "
                        + "\(BankLine.currency)."))
        }
        for (place, entry) in entries.enumerated() {
            if entry.currency != currency {
                found.append(
                    StatementFinding(
                        .currencyDiffers, self, entry: place + 1,
                        detail: "Umsatz in \(entry.currency), Auszug in \(currency)."))
            }
            if let sum = entry.detailSum, sum != entry.amount {
                found.append(
                    StatementFinding(
                        .detailsDiffer, self, entry: place + 1,
                        detail:
                            "Einzelposten \(GermanFormat.amount(sum)), "
                            + "Umsatz \(GermanFormat.amount(entry.amount))."
                    ))
            }
        }
        if entries.isEmpty {
            found.append(StatementFinding(.empty, self, detail: "Der Auszug hat keine Umsätze."))
        }
        return found
    }

    private var balanceFindings: [StatementFinding] {
        guard let opening, let closing else {
            let which = opening == nil ? "Anfangssaldo" : "Schlusssaldo"
            return [StatementFinding(.balanceMissing, self, detail: "Der \(which) fehlt.")]
        }
        guard opening.currency == closing.currency else {
            return [
                StatementFinding(
                    .currencyDiffers, self,
                    detail: "Anfangssaldo in \(opening.currency), "
                        + "Schlusssaldo in \(closing.currency).")
            ]
        }
        let sum = opening.amount + bookedSum
        guard sum != closing.amount else { return [] }
        return [
            StatementFinding(
                .balanceDiffers, self,
                detail: "Anfangssaldo und Umsätze ergeben \(GermanFormat.amount(sum)), "
                    + "Schlusssaldo ist \(GermanFormat.amount(closing.amount)).")
        ]
    }

    /// The sum of booked entries; pending ones are in no balance.
    private var bookedSum: Cents {
        entries.filter { $0.status == .booked && $0.currency == currency }.map(\.amount).sum()
    }
}

extension StatementEntry {
    /// The sum of the details; nil if there are none or one says no amount.
    var detailSum: Cents? {
        let amounts = details.compactMap(\.amount)
        guard !details.isEmpty, amounts.count == details.count else { return nil }
        return amounts.sum()
    }
}
