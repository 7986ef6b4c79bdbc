import FinanceSamples
import Foundation
import Reconciliation
import Units

/// The bank and the acquirer of the quarter: what they write into their files.
struct QuarterBank {
    private var entries: [BusinessDay: [SampleStatement.Entry]] = [:]
    private var lineCount = 0
    private var payouts: [String: Payout] = [:]
    private(set) var acquirerRows: [String] = []
    /// Fees kept back by the acquirer from what it paid.
    private(set) var acquirerFees: Int64 = 0

    private struct Payout {
        let day: BusinessDay
        var net: Int64 = 0
        var fees: Int64 = 0
        var gross: [(day: BusinessDay, cents: Int64)] = []
    }

    /// A line on the `after`th bank day after `day`.
    ///
    /// - Returns: the reference that its text ends with, on no other line.
    @discardableResult
    mutating func line(
        _ day: BusinessDay, after: Int = 1, _ cents: Int64, _ text: String, kind: String? = nil,
        transaction: String? = nil
    ) -> String {
        lineCount += 1
        let reference = "Q\(padded(lineCount, 6))"
        entries[BankDays.day(after, after: day), default: []].append(
            SampleStatement.Entry(
                BankDays.day(after, after: day).iso, cents, "\(text) REF \(reference)", kind: kind,
                reference: transaction))
        return reference
    }

    @discardableResult
    mutating func takings(
        _ day: BusinessDay, after: Int = 1, _ cents: Int64, of yard: QuarterYard
    ) -> String {
        line(
            day, after: after, cents, "KARTENUMSATZ TID \(yard.bankName)",
            kind: cents < 0 ? "MCRD/RIMB" : "MCRD/POSP")
    }

    /// An acquirer's line with one and a half per cent of fee; its payout comes weekly.
    mutating func acquire(_ day: BusinessDay, _ cents: Int64, of yard: QuarterYard) {
        row("payment", day, yard.bankName, "visa", cents, cents * 15 / 1_000)
    }

    mutating func acquirerFee(_ day: BusinessDay, _ cents: Int64) {
        row("fee", day, "", "", 0, cents)
    }

    private mutating func row(
        _ kind: String, _ day: BusinessDay, _ terminal: String, _ brand: String, _ gross: Int64,
        _ fee: Int64
    ) {
        let friday = day.adding(days: (12 - day.weekday) % 7) ?? day
        let name = "PO" + friday.iso.filter { $0 != "-" }
        var payout = payouts[name] ?? Payout(day: friday)
        payout.net += gross - fee
        payout.fees += fee
        if gross != 0 { payout.gross.append((day, gross)) }
        payouts[name] = payout
        acquirerRows.append(
            [
                name, "t\(acquirerRows.count + 1)", day.iso, terminal, brand, Self.plain(gross),
                Self.plain(fee), Self.plain(gross - fee), kind,
            ].joined(separator: ","))
    }

    /// The payouts on the bank account, three bank days after their Friday, but for the last, which
    /// is on the way.
    ///
    /// - Returns: net and gross lines of the last.
    mutating func payOut() -> (net: Int64, gross: [(day: BusinessDay, cents: Int64)]) {
        let sorted = payouts.sorted { $0.key < $1.key }
        for (name, payout) in sorted.dropLast() {
            line(payout.day, after: 3, payout.net, "AUSZAHLUNG \(name)")
            acquirerFees += payout.fees
        }
        return sorted.last.map { ($0.value.net, $0.value.gross) } ?? (0, [])
    }

    var acquirerFile: String {
        (["payout,id,date,terminal,brand,gross,fee,net,type"] + acquirerRows)
            .joined(separator: "\n") + "\n"
    }

    /// One statement a booking day, numbered and chained, and an empty one at the end.
    var statements: [SampleStatement] {
        var balance: Int64 = 1_000_000
        var statements: [SampleStatement] = []
        for (day, lines) in entries.sorted(by: { $0.key < $1.key }) {
            let statement = SampleStatement(
                Int64(statements.count + 1), day: day.iso, opening: balance, lines)
            balance = statement.closing
            statements.append(statement)
        }
        let last = entries.keys.max().map { BankDays.day(1, after: $0).iso } ?? ""
        return statements + [
            SampleStatement(Int64(statements.count + 1), day: last, opening: balance, [])
        ]
    }

    var sum: Int64 { entries.values.flatMap(\.self).reduce(0) { $0 + $1.cents } }
    var linesCount: Int { lineCount }

    private static func plain(_ cents: Int64) -> String {
        "\(cents < 0 ? "-" : "")\(cents.magnitude / 100).\(padded(cents.magnitude % 100, 2))"
    }
}
