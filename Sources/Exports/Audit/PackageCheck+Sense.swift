import DayClosing
import Units

// What the tables say to each other: sums, running totals, gapless numbers.

extension PackageCheck {
    /// Only for tables with our columns, and while every row of them can be read.
    mutating func checkSense(_ contents: [String: TableContent]) {
        let ours = AuditTable.known
        guard contents.values.allSatisfy(\.isWhole), contents.count == ours.count else { return }
        let tables = SenseTables(ours, contents)
        checkBalance(tables["buchungen"])
        checkTax(tables["belegzeilen"], tables["steuer"])
        checkReceipts(tables)
        checkNumbers(tables)
        checkCloses(tables["abschluesse"], tables["belege"])
        checkPositions(tables["abschluesse"], tables["belege"])
        checkAccounts(tables["abschluesse"], tables["buchungen"], tables["konten"])
        checkCards(tables)
        checkClearing(tables)
        checkRegister(tables)
    }

    private mutating func checkBalance(_ postings: SenseTable) {
        var balances: [[String]: Int64] = [:]
        var firstRows: [[String]: Int] = [:]
        for row in postings.rows {
            let key = row.key(2)
            balances[key, default: 0] &+= row.cents("soll") &- row.cents("haben")
            firstRows[key] = firstRows[key] ?? row.number
        }
        for (key, balance) in balances.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) })
        where balance != 0 {
            note(
                .unbalanced, "buchungen.csv", row: firstRows[key],
                "debits and credits of \(key.joined(separator: " ")) differ by \(balance) cents")
        }
    }

    private mutating func checkTax(_ lines: SenseTable, _ tax: SenseTable) {
        let wanted = lines.sums(key: 2, of: "brutto")
        let found = tax.sums(key: 2, of: "brutto")
        let keys = Set(wanted.keys).union(found.keys)
        for key in keys.sorted(by: { $0.lexicographicallyPrecedes($1) })
        where wanted[key, default: 0] != found[key, default: 0] {
            note(
                .taxDiffers, "steuer.csv", row: tax.rows.first { $0.key(2) == key }?.number,
                "\(key.joined(separator: " ")): \(found[key, default: 0]) cents, the lines say "
                    + "\(wanted[key, default: 0])")
        }
    }

    private mutating func checkCloses(_ closes: SenseTable, _ records: SenseTable) {
        let turnovers = records.sums(key: 1, of: "betrag")
        for row in closes.rows {
            if turnovers[row.key(1), default: 0] != row.cents("umsatz") {
                note(
                    .turnoverDiffers, "abschluesse.csv", row: row.number,
                    "the records of \(row.cells[0]) add up to "
                        + "\(turnovers[row.key(1), default: 0]) cents")
            }
            let after = row.cents("summe_vorher") &+ row.cents("umsatz")
            if after != row.cents("summe_nachher") {
                note(
                    .grandTotal, "abschluesse.csv", row: row.number,
                    "total before and turnover do not give the total after")
            }
            if row["gezaehlt_von"] == row["genehmigt_von"] {
                note(
                    .samePerson, "abschluesse.csv", row: row.number,
                    "\(row["gezaehlt_von"]) counted and approved")
            }
        }
        for (before, row) in closes.successions { check(row, after: before) }
    }

    private mutating func check(_ row: SenseTable.Row, after before: SenseTable.Row) {
        guard row.cents("nummer") == before.cents("nummer") &+ 1 else {
            return note(
                .closeGap, "abschluesse.csv", row: row.number,
                "\(row["nummer"]) follows on \(before["nummer"])")
        }
        if row.cents("summe_vorher") != before.cents("summe_nachher") {
            note(
                .grandTotal, "abschluesse.csv", row: row.number,
                "the running total does not go on from \(before.cells[0])")
        }
        if row.cents("von") != before.cents("bis") {
            note(
                .positions, "abschluesse.csv", row: row.number,
                "it does not begin where \(before.cells[0]) ends")
        }
    }

    private mutating func checkPositions(_ closes: SenseTable, _ records: SenseTable) {
        var ranges: [String: Range<Int64>] = [:]
        for row in closes.rows {
            let (from, to) = (row.cents("von"), row.cents("bis"))
            guard from <= to else {
                note(
                    .positions, "abschluesse.csv", row: row.number,
                    "it ends before it begins")
                continue
            }
            ranges[row.cells[0]] = from..<to
        }
        for row in records.rows {
            let index = row.cents("index")
            // What a decision lets count lies before the close that counts it.
            guard let range = ranges[row.cells[0]], index >= range.upperBound else { continue }
            note(
                .positions, "belege.csv", row: row.number,
                "\(row["index"]) lies behind the end of \(row.cells[0])")
        }
    }

    private mutating func checkAccounts(
        _ closes: SenseTable, _ postings: SenseTable, _ accounts: SenseTable
    ) {
        let plans = Dictionary(closes.rows.map { ($0.cells[0], $0["kontenplan"]) }) { $1 }
        let known = Set(accounts.rows.map { $0.key(2) })
        for row in postings.rows {
            guard let plan = plans[row.cells[0]], !known.contains([plan, row["konto"]]) else {
                continue
            }
            note(
                .accountUnknown, "buchungen.csv", row: row.number,
                "the plan of \(row.cells[0]) has no account \(row["konto"])")
        }
    }
}
