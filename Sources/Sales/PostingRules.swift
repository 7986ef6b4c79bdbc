package import Ledger
import Tariffs
import Units

/// The postings that an account plan makes of each fact. Revenue is credited net by account, tax
/// by rate; tax is the receipt's own, divided over the receipt's accounts by their gross.
extension AccountPlan {
    /// Card: clearing to revenue and tax. On account: receivable by legal form. Unknown: the
    /// account of unresolved payments. Free: no posting.
    ///
    /// - Throws: ``LedgerError/noAccount(use:plan:)`` for the first account missing.
    package func entry(sale: Sale) throws(LedgerError) -> Entry {
        var book = Book()
        for share in try revenue(of: sale) { book.credit(share) }
        switch sale.settlement {
        case .free: break
        case .card(let slip):
            book.debit(Share(try clearingAccount(for: slip.scheme), sale.total))
        case .onAccount:
            for share in try claims(of: sale.lines.map { ($0.legalForm, $0.gross) }) {
                book.debit(share)
            }
        case .unknown:
            book.debit(Share(unresolved, sale.total))
        }
        return try book.entry()
    }

    /// A delivery that ended without a sale moves no money.
    package func entry(noSale: NoSale) throws(LedgerError) -> Entry { try Entry([]) }

    /// The original's revenue and tax taken back, against what gives the money back: clearing for
    /// a card, the liability of refunds for a bank transfer; where no money moves, the claim or
    /// the unresolved payment of the original.
    ///
    /// All reversals of a sale together bring each account back to zero, because each takes what
    /// is taken back so far less what the earlier ones took.
    ///
    /// - Parameters:
    ///   - earlier: the reversals of the same sale before this one, in any order.
    ///   - finding: how an unknown payment of the original turned out, if that is known.
    /// - Throws: ``LedgerError/noAccount(use:plan:)``; ``LedgerError/unbalanced(debit:credit:)``
    ///   if the tax blocks do not fit the lines.
    package func entry(
        reversal: Reversal, of sale: Sale, earlier: [Reversal] = [],
        finding: PaymentResolution.Finding? = nil
    ) throws(LedgerError) -> Entry {
        var book = Book()
        for share in try revenue(takenBackFrom: sale, by: earlier + [reversal]) {
            book.debit(share)
        }
        for share in try revenue(takenBackFrom: sale, by: earlier) { book.credit(share) }
        switch reversal.settlement {
        case .card(let slip):
            book.credit(Share(try clearingAccount(for: slip.scheme), reversal.amount))
        case .bankTransfer:
            book.credit(Share(refunds, reversal.amount))
        case .noMoney where reversal.takesClaimBack(of: sale, finding: finding):
            for share in try claims(of: reversal.lines.map { ($0.legalForm, $0.gross) }) {
                book.credit(share)
            }
        case .noMoney:
            // A card sale taken back without money leaves a debt to the customer: to be clarified.
            book.credit(Share(unresolved, reversal.amount))
        }
        return try book.entry()
    }

    /// Moves an unknown payment to where it belongs: charged to clearing, a claim to receivables,
    /// a void back to revenue and tax.
    ///
    /// - Parameter earlier: reversals of the sale before this finding; a claim or a void takes
    ///   only what they left.
    /// - Throws: ``LedgerError/noAccount(use:plan:)``.
    package func entry(
        resolution: PaymentResolution, of sale: Sale, earlier: [Reversal] = []
    ) throws(LedgerError) -> Entry {
        var book = Book()
        switch resolution.finding {
        case .charged(let slip):
            book.debit(Share(try clearingAccount(for: slip.scheme), sale.total))
            book.credit(Share(unresolved, sale.total))
        case .notChargedClaim:
            let left = Reversal.remainder(of: sale, after: earlier)
            let owed = zip(sale.lines, left).map { ($0.legalForm, $1) }
            for share in try claims(of: owed) { book.debit(share) }
            book.credit(Share(unresolved, left.sum()))
        case .notChargedVoid:
            for share in try revenue(of: sale) { book.debit(share) }
            for share in try revenue(takenBackFrom: sale, by: earlier) { book.credit(share) }
            book.credit(Share(unresolved, Reversal.remainder(of: sale, after: earlier).sum()))
        }
        return try book.entry()
    }
}

extension AccountPlan {
    /// What came on the bank account, against what it was for; what went, the other way round.
    /// Nothing where the plan leaves the bank to the finance software.
    ///
    /// - Throws: ``LedgerError/noAccount(use:plan:)``.
    package func entry(settling shares: [SettledShare]) throws(LedgerError) -> Entry {
        guard let bank else { return try Entry([]) }
        var book = Book()
        for share in shares {
            book.credit(Share(try account(of: share.matter, bank), share.amount))
        }
        book.debit(Share(bank.account, shares.total))
        return try book.entry()
    }

    private func account(
        of matter: SettledMatter, _ bank: BankAccounts
    ) throws(LedgerError) -> Account {
        switch matter {
        case .clearing(let scheme): try clearingAccount(for: scheme)
        case .fee: bank.fees
        case .chargeback: bank.chargebacks
        case .claim(let form): try receivable(for: form)
        case .unresolved: unresolved
        }
    }

    /// The part of a line that decides account and amount.
    private struct Part {
        let use: RevenueUse
        let gross: Cents
    }

    private func revenue(of sale: Sale) throws(LedgerError) -> [Share] {
        let parts = sale.lines.map { line in
            Part(
                use: RevenueUse(
                    tariff: sale.tariff.id, position: line.position, legalForm: line.legalForm,
                    vat: line.vat),
                gross: line.gross)
        }
        return try shares(of: parts, vat: sale.vat)
    }

    private func revenue(
        takenBackFrom sale: Sale, by reversals: [Reversal]
    ) throws(LedgerError) -> [Share] {
        let parts = reversals.flatMap(\.lines).map { line in
            Part(
                use: RevenueUse(
                    tariff: sale.tariff.id, position: line.position, legalForm: line.legalForm,
                    vat: line.vat),
                gross: line.gross)
        }
        return try shares(of: parts, vat: reversals.flatMap(\.vat))
    }

    /// Net revenue by account and cost centre, and tax by rate.
    private func shares(of parts: [Part], vat blocks: [VATBlock]) throws(LedgerError) -> [Share] {
        var result: [Share] = []
        for treatment in Self.treatments(of: blocks) {
            var gross: [Share] = []
            for part in parts where part.use.vat == treatment && part.gross != .zero {
                let row = try row(for: part.use)
                gross.add(Share(row.account, costCentre: row.costCentre, part.gross))
            }
            // Grouping does not depend on the order of lines, so neither does the odd cent.
            gross.sort { ($0.account, $0.costCentre ?? "") < ($1.account, $1.costCentre ?? "") }
            var (whole, tax, lines) = (Cents.zero, Cents.zero, Cents.zero)
            for block in blocks where block.treatment == treatment {
                whole += block.gross
                tax += block.tax
            }
            for share in gross { lines += share.amount }
            guard whole == lines else { throw .unbalanced(debit: lines, credit: whole) }
            let taxes =
                gross.count == 1
                ? [tax] : Allocation.split(tax, by: gross.map { $0.amount.magnitude.value })
            for (share, tax) in zip(gross, taxes) {
                result.add(Share(share.account, costCentre: share.costCentre, share.amount - tax))
            }
            if tax != .zero { result.add(Share(try vatAccount(for: treatment.rate), tax)) }
        }
        return result
    }

    private static func treatments(of blocks: [VATBlock]) -> [VATTreatment] {
        var found: [VATTreatment] = []
        for block in blocks where !found.contains(block.treatment) {
            found.append(block.treatment)
        }
        return found.sorted { $0.order < $1.order }
    }

    private func claims(of parts: [(LegalForm, Cents)]) throws(LedgerError) -> [Share] {
        var result: [Share] = []
        for (legalForm, gross) in parts where gross != .zero {
            result.add(Share(try receivable(for: legalForm), gross))
        }
        return result
    }
}

/// An amount of one account and cost centre; may be negative.
private struct Share {
    let account: Account
    let costCentre: String?
    var amount: Cents

    init(_ account: Account, costCentre: String? = nil, _ amount: Cents) {
        self.account = account
        self.costCentre = costCentre
        self.amount = amount
    }
}

extension [Share] {
    /// Adds to the share of the same account and cost centre. A linear search, because an entry
    /// has a handful of accounts.
    fileprivate mutating func add(_ share: Share) {
        let place = firstIndex {
            $0.account == share.account && $0.costCentre == share.costCentre
        }
        guard let place else {
            append(share)
            return
        }
        self[place].amount = self[place].amount + share.amount
    }
}

/// Collects an entry: one posting for each account and cost centre, debits first, each side by
/// account and cost centre; what cancels out is left out.
private struct Book {
    /// Debits positive, credits negative.
    private var shares: [Share] = []

    mutating func debit(_ share: Share) { shares.add(share) }

    mutating func credit(_ share: Share) {
        shares.add(Share(share.account, costCentre: share.costCentre, -share.amount))
    }

    func entry() throws(LedgerError) -> Entry {
        let sorted = shares.sorted {
            ($0.account, $0.costCentre ?? "") < ($1.account, $1.costCentre ?? "")
        }
        let debits = sorted.compactMap {
            Posting(.debit, $0.account, costCentre: $0.costCentre, $0.amount)
        }
        let credits = sorted.compactMap {
            Posting(.credit, $0.account, costCentre: $0.costCentre, -$0.amount)
        }
        return try Entry(debits + credits)
    }
}
