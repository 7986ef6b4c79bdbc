import FinanceSamples
import Foundation
import Reconciliation
import Units

/// The bank and the acquirer of the quarter: what they write into their files.
struct QuarterBank {
    private var entries: [BusinessDay: [SampleStatement.Entry]] = [:]
    private(set) var acquirerRows: [String] = []
    private var payouts: [String: (day: BusinessDay, cents: Int64)] = [:]
    /// How often each exception was planted.
    private(set) var planted: [String: Int] = [:]

    mutating func plant(_ exception: String) { planted[exception, default: 0] += 1 }

    /// A line on the `after`th bank day after `day`.
    mutating func line(
        _ day: BusinessDay, after: Int = 1, _ cents: Int64, _ text: String, kind: String? = nil,
        reference: String? = nil
    ) {
        let booked = BankDays.day(after, after: day)
        entries[booked, default: []].append(
            SampleStatement.Entry(
                booked.iso, cents, text, kind: kind, reference: reference))
    }

    mutating func takings(_ day: BusinessDay, after: Int = 1, _ cents: Int64, of yard: QuarterYard)
    {
        line(day, after: after, cents, "KARTENUMSATZ TID \(yard.bankName)", kind: "MCRD/POSP")
    }

    /// An acquirer's line with one and a half per cent of fee; its payout comes weekly.
    mutating func acquire(_ kind: String, _ day: BusinessDay, _ cents: Int64, of yard: QuarterYard)
    {
        let fee = kind == "payment" ? cents * 15 / 1_000 : 0
        row(kind, day, yard.bankName, "visa", cents, fee)
    }

    mutating func acquirerFee(_ day: BusinessDay, _ cents: Int64) {
        row("fee", day, "", "", 0, cents)
    }

    private mutating func row(
        _ kind: String, _ day: BusinessDay, _ terminal: String, _ brand: String, _ gross: Int64,
        _ fee: Int64
    ) {
        let friday = day.adding(days: (12 - day.weekday) % 7) ?? day
        let payout = "PO" + friday.iso.filter { $0 != "-" }
        payouts[payout] = (friday, (payouts[payout]?.cents ?? 0) + gross - fee)
        let id = "t\(acquirerRows.count + 1)"
        acquirerRows.append(
            [
                payout, id, day.iso, terminal, brand, Self.plain(gross), Self.plain(fee),
                Self.plain(gross - fee), kind,
            ].joined(separator: ","))
    }

    /// The payouts on the bank account, three bank days after their Friday.
    mutating func payOut() {
        for (payout, sum) in payouts.sorted(by: { $0.key < $1.key }) {
            line(sum.day, after: 3, sum.cents, "AUSZAHLUNG \(payout)")
        }
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

    private static func plain(_ cents: Int64) -> String {
        "\(cents < 0 ? "-" : "")\(cents.magnitude / 100).\(padded(cents.magnitude % 100, 2))"
    }
}
