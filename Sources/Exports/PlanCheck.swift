import DayClosing
import Journal
import Ledger
package import Sales
package import Units

// What an account plan would make impossible to export, found when plan and profile are
// configured and not at the first close that meets it.

extension ExportProfile {
    /// Errors that lines of this plan would meet in the profile: names too long, outside the
    /// character set, accounts without a code. Numbers of closes and amounts are as small as can
    /// be, so a file can still fail for its width.
    package func errors(with plan: AccountPlan, yards: [YardID]) -> [ExportError] {
        var errors: [ExportError] = []
        do throws(ExportError) {
            var writer = try CSVWriter(self)
            for line in plan.possibleLines(yards: yards) where content.holds(line) {
                var out: [UInt8] = []
                do throws(ExportError) { try writer.append(line, to: &out) } catch {
                    errors.note(error)
                }
            }
        } catch {
            errors.note(error)
        }
        return errors
    }
}

extension DATEVSettings {
    /// Errors that lines of this plan would meet in DATEV's columns.
    package func errors(with plan: AccountPlan, yards: [YardID]) -> [ExportError] {
        var errors: [ExportError] = []
        for line in plan.possibleLines(yards: yards) {
            var rows = DATEVRows(settings: self)
            do throws(ExportError) { try rows.append(line) } catch { errors.note(error) }
        }
        return errors
    }
}

extension [ExportError] {
    /// The same complaint about another line says nothing new.
    fileprivate mutating func note(_ error: ExportError) {
        let seen = contains {
            $0.code == error.code && $0.field == error.field && $0.value == error.value
        }
        if !seen {
            append(
                ExportError(
                    error.code, field: error.field, value: error.value, remedy: error.remedy))
        }
    }
}

extension AccountPlan {
    /// One line for each pair of accounts that a posting of this plan can join, each kind and
    /// channel.
    fileprivate func possibleLines(yards: [YardID]) -> [ExportLine] {
        let traffic = bank.map { [$0.account, $0.fees, $0.chargebacks] } ?? []
        let money = Set(clearing.values).union(receivables.values)
            .union([unresolved, refunds] + traffic)
        let sources =
            revenue.map { (account: $0.account, centre: $0.costCentre) }
            + vat.values.map { (account: $0, centre: nil) }
            + money.map { (account: $0, centre: nil) }
        guard let day = BusinessDay(year: 2026, month: 1, day: 1) else { return [] }
        var lines: [ExportLine] = []
        for yard in yards {
            for debit in money.sorted() {
                for credit in sources where credit.account != debit {
                    lines += possibleLines(yard, day, debit, credit.account, credit.centre)
                }
            }
        }
        return lines
    }

    private func possibleLines(
        _ yard: YardID, _ day: BusinessDay, _ debit: Account, _ credit: Account, _ centre: String?
    ) -> [ExportLine] {
        PaymentChannel.allCases.flatMap { channel in
            LineKind.allCases.map { kind in
                let (to, from) = kind == .posting ? (debit, credit) : (credit, debit)
                return ExportLine(
                    yard: yard, closeNumber: 1, closeDay: day, number: 1,
                    key: ExportLine.Key(
                        date: day, kind: kind, debit: to, credit: from, costCentre: centre,
                        channel: channel),
                    amount: Cents(1), name: names[credit] ?? credit.number, receipt: "",
                    people: [.payee: "Name", .iban: "DE02120300000000202051", .debtor: "Name, Ort"])
            }
        }
    }
}
