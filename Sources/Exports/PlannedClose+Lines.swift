package import DayClosing
import Journal
import Ledger
import Sales
import Units

/// Records of a close added up by date, kind, pair of accounts, cost centre and channel.
package struct TotalLines {
    private var sums: [ExportLine.Key: Cents] = [:]

    /// Of nothing yet.
    package init() {}

    package mutating func add(_ record: ClosedRecord) {
        for pair in record.entry.pairs {
            sums[ExportLine.Key(pair, of: record), default: .zero] += pair.amount
        }
    }

    /// One line for each date, kind, pair of accounts, cost centre and channel; sorted in this
    /// order of fields and numbered from 1.
    ///
    /// - Throws: ``ExportError`` with `X-E11` for a pair with one account on both sides.
    package func lines(of close: PlannedClose) throws(ExportError) -> [ExportLine] {
        var lines: [ExportLine] = []
        for (key, amount) in sums.sorted(by: { $0.key < $1.key }) {
            lines.append(try close.line(lines.count + 1, key, amount, receipt: ""))
        }
        return lines
    }
}

extension PlannedClose {
    /// The lines of one record, numbered on from `number`.
    ///
    /// - Throws: ``ExportError`` with `X-E11` for a pair with one account on both sides.
    func lines(
        of record: ClosedRecord, after number: Int
    ) throws(ExportError) -> [ExportLine] {
        var lines: [ExportLine] = []
        for pair in record.entry.pairs {
            lines.append(
                try line(
                    number + lines.count + 1, ExportLine.Key(pair, of: record), pair.amount,
                    receipt: record.receiptNumber, people: record.people,
                    firstNumber: number + 1))
        }
        return lines
    }

    fileprivate func line(
        _ number: Int, _ key: ExportLine.Key, _ amount: Cents, receipt: String,
        people: [PersonalField: String] = [:], firstNumber: Int? = nil
    ) throws(ExportError) -> ExportLine {
        guard key.debit != key.credit else {
            throw ExportError(
                .sameAccount, close: reference, line: number, field: "Gegenkonto",
                value: key.credit.number,
                remedy: "Soll und Haben stehen auf demselben Konto. Trennen Sie im Kontenplan "
                    + "die Kostenstellen dieses Kontos auf verschiedene Konten.")
        }
        let moneyIsCredited = moneyIsCredited(key)
        let contra = moneyIsCredited ? key.debit : key.credit
        return ExportLine(
            yard: close.yard, closeNumber: close.number, closeDay: close.day, number: number,
            key: key, amount: amount, name: plan.names[contra] ?? contra.number,
            receipt: receipt, people: people, firstNumber: firstNumber,
            moneyIsCredited: moneyIsCredited)
    }

    /// What bank or acquirer keep or take back is credited without being a reversal: there the
    /// bank account counts, then that of clearing.
    private func moneyIsCredited(_ key: ExportLine.Key) -> Bool {
        guard key.channel == .bank else { return key.kind == .reversal }
        for accounts in [plan.bank.map { [$0.account] } ?? [], Array(plan.clearing.values)] {
            let isCredited = accounts.contains(key.credit)
            if isCredited != accounts.contains(key.debit) { return isCredited }
        }
        return key.kind == .reversal
    }
}

extension ExportLine.Key {
    fileprivate init(_ pair: Pair, of record: ClosedRecord) {
        self.init(
            date: record.day, kind: record.kind, debit: pair.debit, credit: pair.credit,
            costCentre: pair.costCentre, channel: record.channel)
    }
}

extension [PlannedClose] {
    /// The first and the last close, such as `mitte-000317_mitte-000320`: what files are called by.
    package var span: String {
        [first?.reference, count > 1 ? last?.reference : nil].compactMap(\.self)
            .joined(separator: "_")
    }
}

extension PlannedClose {
    /// - Throws: ``ExportError`` `X-E03`.
    func checkPlan() throws(ExportError) {
        guard plan.id == close.accountPlan, plan.digest == close.accountPlanDigest else {
            throw ExportError(
                .planDiffers, close: reference, field: "Kontenplan", value: plan.id,
                remedy: "Verwenden Sie den Kontenplan \(close.accountPlan) mit der Prüfsumme "
                    + "\(close.accountPlanDigest).")
        }
    }

    /// - Parameter accounts: all records of the close, added up.
    /// - Throws: ``ExportError`` `X-E04`, `X-E05`.
    func check(_ accounts: AccountSums) throws(ExportError) {
        guard accounts.totals == close.totals.accounts else {
            throw ExportError(
                .totalsDiffer, close: reference,
                remedy: "Die Belege ergeben andere Kontensummen als der genehmigte Abschluss. "
                    + "Prüfen Sie das Journal (hofbuch verify), bevor Sie weitermachen.")
        }
        try checkClearing()
    }

    /// The clearing accounts hold exactly what the card terminals should have taken, less what bank
    /// and acquirer paid out.
    private func checkClearing() throws(ExportError) {
        let booked = close.totals.accounts.filter { plan.clearing.values.contains($0.account) }
        for (account, expected) in expectedClearing() {
            let found = booked.filter { $0.account == account }.map { $0.debit - $0.credit }.sum()
            guard found == expected else {
                throw ExportError(
                    .clearingDiffers, close: reference, field: account.number,
                    value: GermanFormat.amount(found),
                    remedy: "Nach den Kartenzahlungen müssten es "
                        + "\(GermanFormat.amount(expected)) sein. Prüfen Sie das Journal.")
            }
        }
    }

    /// The clearing accounts with the card totals of their schemes, by account.
    func expectedClearing() -> [(account: Account, amount: Cents)] {
        var sums: [Account: Cents] = [:]
        for account in plan.clearing.values { sums[account] = .zero }
        for (key, tally) in close.totals.cards {
            guard let account = plan.clearing[key.scheme] else { continue }
            sums[account, default: .zero] += tally.amount
        }
        for share in close.totals.settled {
            guard case .clearing(let scheme) = share.matter, let account = plan.clearing[scheme]
            else { continue }
            sums[account, default: .zero] -= share.amount
        }
        return sums.sorted { $0.key < $1.key }.map { (account: $0.key, amount: $0.value) }
    }
}
