package import Ledger
package import Tariffs
package import Units

/// Which finance account each kind of money goes to (Kontenplan): one version of the plan that the
/// municipality's finance department agreed to (design decision 16).
///
/// Invariants of a decoded plan: no account plays two parts (see ``AccountRole``), at most one row
/// of ``revenue`` is the most specific for any line.
package struct AccountPlan: Hashable, Sendable {
    /// The id inside the file (`kontenplan:`).
    package let id: String
    package let title: String
    /// The first business day that this version posts.
    package let validFrom: BusinessDay
    /// What the finance department has to know or agree to; may be empty.
    package let note: String
    /// SHA-256 of the file's bytes, 64 lowercase hex digits.
    package let digest: String
    /// The name of each account, 1 to 30 characters.
    package let names: [Account: String]
    /// In file order.
    package let revenue: [RevenueRow]
    package let vat: [VATRate: Account]
    /// Card clearing (Geldtransit) until the bank has credited the money.
    package let clearing: [CardScheme: Account]
    /// Claims under public law for fees, under private law for charges.
    package let receivables: [LegalForm: Account]
    /// Card payments whose outcome nobody knows yet.
    package let unresolved: Account
    /// Refunds that finance still has to pay out by bank transfer.
    package let refunds: Account
    /// Nil where the finance software posts bank statements itself: then nothing here does.
    package let bank: BankAccounts?
    /// Revenue accounts that hold what the yard takes for somebody else (Fremdgelder, KomHVO NRW
    /// section 31); their totals stand apart in each close.
    package let thirdParty: Set<Account>

    package init(
        id: String, title: String, validFrom: BusinessDay, note: String, digest: String,
        names: [Account: String], revenue: [RevenueRow], vat: [VATRate: Account],
        clearing: [CardScheme: Account], receivables: [LegalForm: Account], unresolved: Account,
        refunds: Account, bank: BankAccounts? = nil, thirdParty: Set<Account> = []
    ) {
        self.id = id
        self.title = title
        self.validFrom = validFrom
        self.note = note
        self.digest = digest
        self.names = names
        self.revenue = revenue
        self.vat = vat
        self.clearing = clearing
        self.receivables = receivables
        self.unresolved = unresolved
        self.refunds = refunds
        self.bank = bank
        self.thirdParty = thirdParty
    }
}

/// The accounts of the payment traffic itself (Zahlungsverkehr).
package struct BankAccounts: Hashable, Sendable {
    /// The municipality's bank account.
    package let account: Account
    /// Expense: what bank and acquirer keep.
    package let fees: Account
    /// Claims against cardholders whose bank took a payment back.
    package let chargebacks: Account

    package init(account: Account, fees: Account, chargebacks: Account) {
        self.account = account
        self.fees = fees
        self.chargebacks = chargebacks
    }
}

/// What an account is for; an account has one role in a plan, so that no posting can meet itself.
package enum AccountRole: String, Hashable, Sendable, CaseIterable {
    case revenue, vat, clearing, receivable, unresolved, refunds, bank, fees, chargebacks
}

/// The revenue that a line brings: all that decides its account.
package struct RevenueUse: Hashable, Sendable {
    /// The id of the tariff.
    package let tariff: String
    /// The number of the position in that tariff.
    package let position: String
    package let legalForm: LegalForm
    package let vat: VATTreatment

    package init(tariff: String, position: String, legalForm: LegalForm, vat: VATTreatment) {
        self.tariff = tariff
        self.position = position
        self.legalForm = legalForm
        self.vat = vat
    }
}

/// A row of the plan that gives revenue its account and cost centre.
package struct RevenueRow: Hashable, Sendable {
    package let legalForm: LegalForm
    package let vat: VATTreatment
    /// Only for this tariff; nil for every tariff.
    package let tariff: String?
    /// Only for these positions; empty for every position.
    package let positions: [String]
    package let account: Account
    /// Cost centre (Kostenstelle): 1 to 36 ASCII letters, digits or underscores.
    package let costCentre: String?

    package init(
        legalForm: LegalForm, vat: VATTreatment, tariff: String?, positions: [String],
        account: Account, costCentre: String?
    ) {
        self.legalForm = legalForm
        self.vat = vat
        self.tariff = tariff
        self.positions = positions
        self.account = account
        self.costCentre = costCentre
    }

    /// How many of tariff and position the row names: the larger wins.
    package var specificity: Int { (tariff == nil ? 0 : 1) + (positions.isEmpty ? 0 : 1) }

    package func matches(_ use: RevenueUse) -> Bool {
        legalForm == use.legalForm && vat == use.vat && (tariff ?? use.tariff) == use.tariff
            && (positions.isEmpty || positions.contains(use.position))
    }

    /// Whether some line matches both rows and neither is more specific.
    package func competes(with other: RevenueRow) -> Bool {
        guard legalForm == other.legalForm, vat == other.vat, specificity == other.specificity
        else { return false }
        if let tariff, let theirs = other.tariff, tariff != theirs { return false }
        return positions.isEmpty || other.positions.isEmpty
            || positions.contains(where: other.positions.contains)
    }
}

extension AccountPlan {
    /// The plan of `plans` in force on `day`: the latest that has begun; nil before the first.
    package static func inForce(_ plans: [AccountPlan], on day: BusinessDay) -> AccountPlan? {
        plans.filter { $0.validFrom <= day }.max { $0.validFrom < $1.validFrom }
    }

    /// The most specific row for `use`.
    ///
    /// - Throws: ``LedgerError/noAccount(use:plan:)``.
    package func row(for use: RevenueUse) throws(LedgerError) -> RevenueRow {
        var best: RevenueRow?
        for row in revenue where row.matches(use) {
            if row.specificity >= (best?.specificity ?? 0) { best = row }
        }
        guard let best else { throw none(use.words) }
        return best
    }

    /// - Throws: ``LedgerError/noAccount(use:plan:)``.
    package func vatAccount(for rate: VATRate) throws(LedgerError) -> Account {
        guard let account = vat[rate] else { throw none("Umsatzsteuer \(rate.words)") }
        return account
    }

    /// - Throws: ``LedgerError/noAccount(use:plan:)``.
    package func clearingAccount(for scheme: CardScheme) throws(LedgerError) -> Account {
        guard let account = clearing[scheme] else {
            throw none("Kartenzahlung \(scheme.rawValue)")
        }
        return account
    }

    /// - Throws: ``LedgerError/noAccount(use:plan:)``.
    package func receivable(for legalForm: LegalForm) throws(LedgerError) -> Account {
        guard let account = receivables[legalForm] else {
            throw none("Forderungen \(legalForm.words)")
        }
        return account
    }

    /// Every account that sales with these positions would lack, each named once, in the order of
    /// `uses`; to be empty before a tariff comes into force.
    package func missing(for uses: [RevenueUse]) -> [LedgerError] {
        var found: [LedgerError] = []
        func note(_ step: () throws(LedgerError) -> Void) {
            do throws(LedgerError) {
                try step()
            } catch {
                if !found.contains(error) { found.append(error) }
            }
        }
        for use in uses {
            note { () throws(LedgerError) in _ = try row(for: use) }
            note { () throws(LedgerError) in _ = try receivable(for: use.legalForm) }
            guard use.vat.rate > .zero else { continue }
            note { () throws(LedgerError) in _ = try vatAccount(for: use.vat.rate) }
        }
        return found
    }

    private func none(_ use: String) -> LedgerError { .noAccount(use: use, plan: id) }
}

extension RevenueUse {
    /// The use in the words of a finance department, for a message.
    package var words: String {
        "Erlöse Tarif \(tariff), Position \(position) (\(legalForm.words), "
            + "Umsatzsteuer \(vat.words))"
    }
}

extension LegalForm {
    /// The German office term, as account plans spell it.
    package var words: String { self == .fee ? "Gebühr" : "Entgelt" }
}

extension VATTreatment {
    /// The German office term as account plans spell it: `nicht steuerbar`, `steuerfrei` or a
    /// rate.
    package var words: String {
        switch self {
        case .outsideScope: "nicht steuerbar"
        case .exempt: "steuerfrei"
        case .taxable(let rate): rate.words
        }
    }
}

extension VATRate {
    /// `19 %`, `5,5 %`.
    package var words: String { GermanFormat.decimal(basisPoints, scale: 100) + " %" }
}
