import Journal

// What records and numbers of the yard's terminals say to each other.

extension PackageCheck {
    /// Each number of a terminal stands once, in the range that its close names, and is not called
    /// missing there. Records that speak of no sale take a number and stand in no row.
    mutating func checkNumbers(_ tables: SenseTables) {
        let rows = tables["nummernkreise"].rows
        for row in rows { checkMissing(in: row) }
        let ranges = Dictionary(rows.map { ($0.key(2), NumberRange($0)) }) { $1 }
        var counts: [[String]: Int64] = [:]
        var seen: Set<[String]> = []
        for row in tables["belege"].rows where row.isNumberedHere {
            let key = [row.cells[0], row["hofterminal"]]
            let isNew = seen.insert([row["hofterminal"], row["folge"]]).inserted
            counts[key, default: 0] += 1
            let range = ranges[key]
            guard let words = isNew ? range.misfit(of: row.cents("folge")) : "it stands twice"
            else { continue }
            note(
                .numbersDiffer, "belege.csv", row: row.number,
                "\(row["hofterminal"]) \(row["folge"]): \(words)")
        }
        for row in rows where counts[row.key(2), default: 0] > row.cents("anzahl") {
            note(
                .numbersDiffer, "nummernkreise.csv", row: row.number,
                "belege.csv has \(counts[row.key(2), default: 0]) of these numbers")
        }
    }

    private mutating func checkMissing(in row: SenseTable.Row) {
        guard NumberRuns(row["fehlende"])?.count != row.cents("fehlend") else { return }
        note(
            .numbersDiffer, "nummernkreise.csv", row: row.number,
            "\(row["fehlende"]) are not \(row["fehlend"]) numbers")
    }
}

/// A row of `nummernkreise`.
private struct NumberRange {
    let first: Int64
    let last: Int64
    let missing: NumberRuns?

    init(_ row: SenseTable.Row) {
        first = row.cents("erste")
        last = row.cents("letzte")
        missing = NumberRuns(row["fehlende"])
    }
}

extension NumberRange? {
    /// What is wrong about a number of a record that came in the range, in a few words; nil if it
    /// fits.
    fileprivate func misfit(of number: Int64) -> String? {
        guard let range = self else { return "nummernkreise.csv names none of this terminal" }
        guard range.first <= number, number <= range.last else {
            return "nummernkreise.csv names \(range.first) to \(range.last)"
        }
        return range.missing?.contains(number) == true ? "it is called missing" : nil
    }
}

extension SenseTable.Row {
    /// Whether a record was numbered by a terminal in its own close: what a decision lets count
    /// was numbered in an earlier one.
    fileprivate var isNumberedHere: Bool {
        !self["hofterminal"].isEmpty
            && !self["merkmale"].split(separator: " ").contains {
                $0 == RecordFlag.revokedKey.rawValue
            }
    }
}
