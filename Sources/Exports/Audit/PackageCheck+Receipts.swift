// What lines, records and clearing accounts say to each other.

extension PackageCheck {
    mutating func checkReceipts(_ tables: SenseTables) {
        let lines = tables["belegzeilen"]
        let sums = lines.sums(key: 2, of: "brutto")
        for row in tables["belege"].rows where sums[row.key(2), default: 0] != row.cents("betrag") {
            note(
                .receiptDiffers, "belege.csv", row: row.number,
                "its lines add up to \(sums[row.key(2), default: 0]) cents")
        }
        for row in lines.rows { checkPrice(of: row) }
        checkReversals(tables, lines: sums)
        checkFlags(tables["belege"], tables["auffaelligkeiten"])
        checkDetails(tables["belege"], "Ohne Verkauf", tables["ohneverkauf"])
        checkDetails(tables["belege"], "Klärung", tables["klaerungen"])
    }

    /// Quantity with four decimals times price with five is the amount, up to the rounding of the
    /// price.
    private mutating func checkPrice(of row: SenseTable.Row) {
        let quantity = Int128(row.cents("menge_berechnet"))
        guard quantity != 0 else { return }
        let product = quantity * Int128(row.cents("einzelpreis"))
        let wanted = Int128(row.cents("brutto")) * 10_000_000
        guard (product - wanted).magnitude * 2 > quantity.magnitude else { return }
        note(
            .priceDiffers, "belegzeilen.csv", row: row.number,
            "\(row["menge_berechnet"]) times \(row["einzelpreis"]) is not \(row["brutto"])")
    }

    private static let reversals = ["Storno", "Erstattung"]

    private mutating func checkReversals(_ tables: SenseTables, lines: [[String]: Int64]) {
        let reversals = tables["ruecknahmen"]
        let told = Set(reversals.rows.map { $0.key(2) })
        for row in tables["belege"].rows
        where Self.reversals.contains(row["art"]) && !told.contains(row.key(2)) {
            note(
                .reversalDiffers, "belege.csv", row: row.number,
                "ruecknahmen.csv says nothing of this \(row["art"])")
        }
        for row in reversals.rows {
            if row.cents("betrag") != 0 &- lines[row.key(2), default: 0] {
                note(
                    .reversalDiffers, "ruecknahmen.csv", row: row.number,
                    "its lines add up to \(lines[row.key(2), default: 0]) cents")
            }
            if Self.reversals.contains(row["art"]), row["grund"].isEmpty || row["von"].isEmpty {
                note(
                    .reversalUnreasoned, "ruecknahmen.csv", row: row.number,
                    "nobody said why, or who")
            }
        }
    }

    private mutating func checkFlags(_ records: SenseTable, _ flags: SenseTable) {
        let told = Dictionary(grouping: flags.rows) { $0.key(2) }
        for row in records.rows {
            let found = told[row.key(2), default: []].map { $0["auffaelligkeit"] }
            guard found.sorted() != row["merkmale"].split(separator: " ").map(String.init).sorted()
            else { continue }
            note(
                .detailDiffers, records.file, row: row.number,
                "\(flags.file) says other flags than \(row["merkmale"])")
        }
    }

    /// Each record of a kind has a row in the table that says more of it, and no other has.
    private mutating func checkDetails(
        _ records: SenseTable, _ kind: String, _ details: SenseTable
    ) {
        let known = records.rows.filter { $0["art"] == kind }
        let told = Set(details.rows.map { $0.key(2) })
        for row in known where !told.contains(row.key(2)) {
            note(
                .detailDiffers, records.file, row: row.number,
                "\(details.file) says nothing of this \(kind)")
        }
        let keys = Set(known.map { $0.key(2) })
        for row in details.rows where !keys.contains(row.key(2)) {
            note(
                .detailDiffers, details.file, row: row.number,
                "\(records.file) names no such \(kind)")
        }
    }

    mutating func checkClearing(_ tables: SenseTables) {
        var moved: [[String]: Int64] = [:]
        for row in tables["buchungen"].rows {
            let key = [row.cells[0], row["konto"]]
            moved[key, default: 0] &+= row.cents("soll") &- row.cents("haben")
        }
        let balances = tables["geldtransit"].rows
        for row in balances
        where row.cents("vorher") &+ moved[row.key(2), default: 0] != row.cents("nachher") {
            note(
                .clearingDiffers, "geldtransit.csv", row: row.number,
                "the postings move \(moved[row.key(2), default: 0]) cents")
        }
        checkClearingGoesOn(tables["abschluesse"], balances)
    }

    /// A close without any balance was made by a program that did not say them; one with some has
    /// all that still held something.
    private mutating func checkClearingGoesOn(_ closes: SenseTable, _ rows: [SenseTable.Row]) {
        let balances = Dictionary(grouping: rows) { $0.cells[0] }
        for (before, close) in closes.successions {
            guard let held = balances[before.cells[0]], let taken = balances[close.cells[0]]
            else { continue }
            let after = held.map { ($0["konto"], $0.cents("nachher")) }
            let accounts = Dictionary(after) { $1 }
            for row in taken where row.cents("vorher") != accounts[row["konto"], default: 0] {
                note(
                    .clearingDiffers, "geldtransit.csv", row: row.number,
                    "it does not go on from \(before.cells[0])")
            }
            let named = Set(taken.map { $0["konto"] })
            for row in held where row.cents("nachher") != 0 && !named.contains(row["konto"]) {
                note(
                    .clearingDiffers, "geldtransit.csv", row: row.number,
                    "\(close.cells[0]) does not go on with \(row["konto"])")
            }
        }
    }
}
