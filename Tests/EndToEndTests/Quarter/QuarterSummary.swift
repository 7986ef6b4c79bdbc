import Text
import Units

/// What a played quarter came to, for people to read.
struct QuarterSummary {
    let quarter: Quarter
    let found: QuarterBoard
    let settled: QuarterBoard
    let closes: [String: [JSONValue]]
    let books: QuarterBooks
    let decisions: Int

    var text: String {
        (["", "Quarter: \(quarter.extent.testDescription)"] + business + exceptions + clearing
            + accounts).joined(separator: "\n")
    }

    private var business: [String] {
        let all = closes.values.joined()
        let cuts = all.map { $0["cuts"]?.array?.count ?? 0 }.reduce(0, +)
        let explained = all.flatMap { $0["comparisons"]?.array ?? [] }
            .filter { $0["reason"]?.string != nil }.count
        return [
            "", "Business",
            row("yards", quarter.yards.count),
            row("sales", quarter.yards.map(\.salesCount).reduce(0, +)),
            money("turnover", quarter.yards.map(\.turnover).sum), row("closes", all.count),
            row("batch cuts", cuts), row("differences explained", explained),
            row("bank statements", quarter.bank.statements.count),
            row("bank lines", quarter.bank.linesCount),
            row("acquirer lines", quarter.bank.acquirerRows.count), "", "Booked by rule",
        ] + Self.counts(found.settlements, "rule") + ["", "Open, by reason"]
            + Self.counts(found.open, "reason") + [row("decisions of finance", decisions)]
    }

    private var exceptions: [String] {
        ["", "Exceptions planted, each found by its name"]
            + QuarterException.allCases.map { row($0.rawValue, quarter.truth.planted[$0] ?? 0) }
    }

    private var clearing: [String] {
        ["", "Clearing, every cent with its cause"]
            + settled.clearingBalances.sorted { $0.key < $1.key }.flatMap { scheme, clearing in
                let causes = Dictionary(
                    grouping: settled.clearing.filter { $0.scheme == scheme }, by: \.cause)
                return [
                    money(scheme, clearing.balance), money("  unexplained", clearing.unexplained),
                ]
                    + causes.sorted { $0.key < $1.key }.flatMap { cause, items in
                        [money("  \(cause), \(items.count) items", items.map(\.cents).sum)]
                            + items.map { money("    \($0.day)", $0.cents) }
                    }
            }
    }

    private var accounts: [String] {
        let ours = QuarterBooks.approved(closes)
        return ["", "Accounts by the closes, and by hledger over the exports"]
            + Set(ours.keys).union(books.balances.keys).sorted().map { account in
                let pair = (ours[account] ?? 0, books.balances[account] ?? 0)
                return money(account, pair.0) + Self.padded(GermanFormat.amount(Cents(pair.1)), 16)
                    + (pair.0 == pair.1 ? "" : "  DIFFERS")
            }
    }

    private func row(_ name: String, _ count: Int) -> String { Self.line(name, "\(count)") }

    private func money(_ name: String, _ cents: Int64) -> String {
        Self.line(name, GermanFormat.amount(Cents(cents)))
    }

    private static func counts(_ list: [JSONValue], _ name: String) -> [String] {
        Dictionary(grouping: list.compactMap { $0[name]?.string }) { $0 }
            .sorted { $0.key < $1.key }.map { line($0.key, "\($0.value.count)") }
    }

    private static func line(_ name: String, _ value: String) -> String {
        "  " + name + String(repeating: " ", count: max(1, 36 - name.count)) + padded(value, 16)
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(1, width - text.count)) + text
    }
}
