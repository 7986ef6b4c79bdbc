package import Ledger
package import Sales
package import Units

// What the account totals of a close say about accounts with a part of their own.

extension CloseTotals {
    /// Debits less credits of an account, all cost centres together.
    package func movement(on account: Account) -> Cents {
        accounts.filter { $0.account == account }.map { $0.debit - $0.credit }.sum()
    }

    /// The clearing accounts of `plan` and those that held something before, by account.
    ///
    /// - Parameter before: what they held before; missing ones nothing.
    package func clearing(
        of plan: AccountPlan, before: [Account: Cents]
    ) -> [ClearingBalance] {
        Set(plan.clearing.values).union(before.keys).sorted().map { account in
            let held = before[account] ?? .zero
            return ClearingBalance(
                account: account, before: held, after: held + movement(on: account))
        }
    }

    /// What was taken for others, by account; empty where the plan names no such account.
    package func thirdParty(of plan: AccountPlan) -> [ThirdPartyMoney] {
        plan.thirdParty.sorted().map { account in
            ThirdPartyMoney(account: account, amount: -movement(on: account))
        }
    }
}

extension [ClearingBalance] {
    /// What the accounts hold afterwards, zero ones left out.
    package var held: [Account: Cents] {
        Dictionary(filter { $0.after != .zero }.map { ($0.account, $0.after) }) { $1 }
    }
}

extension Sequence<DayClose> {
    /// What the clearing accounts of `plan` hold after all these closes, the first ones of a yard:
    /// for the one that follows on a close that does not say it.
    package func clearingHeld(_ plan: AccountPlan) -> [Account: Cents] {
        var held: [Account: Cents] = [:]
        for account in Set(plan.clearing.values) {
            let sum = map { $0.totals.movement(on: account) }.sum()
            if sum != .zero { held[account] = sum }
        }
        return held
    }
}

extension DayClose {
    /// What the close says of clearing and third-party accounts and should not, in a few words; nil
    /// if it fits. What a close of an earlier version does not say is not asked of it.
    ///
    /// - Parameters:
    ///   - plan: the one that the close names.
    ///   - earlier: all closes of the yard before it, in order.
    package func misfitOfAccounts(
        _ plan: AccountPlan, after earlier: ArraySlice<DayClose>
    ) -> String? {
        guard thirdParty == totals.thirdParty(of: plan) else {
            return "says other third-party money than its accounts"
        }
        guard let clearing else { return nil }
        let held = (earlier.last?.mark ?? .start).clearing ?? earlier.clearingHeld(plan)
        guard clearing == totals.clearing(of: plan, before: held) else {
            return "says other clearing balances than its accounts and those before"
        }
        return nil
    }
}
