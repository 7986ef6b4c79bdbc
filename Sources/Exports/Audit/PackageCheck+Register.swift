import DayClosing
import Signing

// What the package says of programs, tariffs, exports and of its own files.

extension PackageCheck {
    mutating func checkRegister(_ tables: SenseTables) {
        checkPrograms(tables["abschluesse"], tables["programmstaende"])
        checkTariffs(tables["belegzeilen"], tables["tarife"])
        checkExports(tables["exporte"], tables["exportdateien"])
        checkExportedCloses(tables["exporte"], tables["exportabschluesse"])
    }

    private mutating func checkPrograms(_ closes: SenseTable, _ programs: SenseTable) {
        var named: Set<[String]> = []
        for row in programs.rows {
            let (first, last) = (row.cents("erster"), row.cents("letzter"))
            let made = closes.rows.filter { close in
                close["hof"] == row["hof"] && close["programm"] == row["programm"]
                    && close.cents("nummer") >= first && close.cents("nummer") <= last
            }
            if Int64(made.count) != row.cents("anzahl") {
                note(
                    .programsDiffer, programs.file, row: row.number,
                    "\(made.count) closes name \(row["programm"])")
            }
            named.formUnion(made.map { $0.key(1) })
        }
        for row in closes.rows where !named.contains(row.key(1)) {
            note(
                .programsDiffer, closes.file, row: row.number,
                "programmstaende.csv names no \(row["programm"]) for it")
        }
    }

    private mutating func checkTariffs(_ lines: SenseTable, _ tariffs: SenseTable) {
        var counts: [String: Int64] = [:]
        var sums: [String: Int64] = [:]
        for row in lines.rows {
            counts[row["tarif"], default: 0] += 1
            sums[row["tarif"], default: 0] &+= row.cents("brutto")
        }
        for row in tariffs.rows {
            let digest = row["tarif"]
            guard
                counts[digest, default: 0] != row.cents("zeilen")
                    || sums[digest, default: 0] != row.cents("betrag")
            else { continue }
            note(
                .tariffDiffers, tariffs.file, row: row.number,
                "\(counts[digest, default: 0]) lines with \(sums[digest, default: 0]) cents name it"
            )
        }
    }

    private mutating func checkExports(_ exports: SenseTable, _ files: SenseTable) {
        let counts = files.rows.reduce(into: [[String]: Int]()) { $0[$1.key(2), default: 0] += 1 }
        var numbers: [String: Int64] = [:]
        for row in exports.rows {
            let wanted = numbers[row["hof"], default: 0] &+ 1
            if row.cents("nummer") != wanted {
                note(
                    .exportGap, exports.file, row: row.number,
                    "\(row["nummer"]) stands where \(wanted) should")
            }
            numbers[row["hof"]] = row.cents("nummer")
            let count = counts[row.key(2), default: 0]
            if row.cents("dateien") != Int64(count) {
                note(.exportFiles, exports.file, row: row.number, "\(count) files are named")
            }
        }
        for row in files.rows where Digest(hex: row["sha256"]) == nil {
            note(.exportFiles, files.file, row: row.number, "\(row["sha256"]) is no hash")
        }
    }

    private mutating func checkExportedCloses(_ exports: SenseTable, _ closes: SenseTable) {
        let found = Dictionary(grouping: closes.rows) { $0.key(2) }
        for row in exports.rows {
            let wanted = row["abschluesse"].split(separator: " ").map { number in
                DayClose.reference(Int64(number) ?? 0, of: row["hof"])
            }
            guard Set(found[row.key(2), default: []].map { $0["abschluss"] }) != Set(wanted)
            else { continue }
            note(
                .exportClosesDiffer, exports.file, row: row.number,
                "\(closes.file) names other closes than \(row["abschluesse"])")
        }
    }

    /// The list names each file with its hash, size and number of rows. Only for tables with our
    /// columns.
    mutating func checkFileList(_ contents: [String: TableContent]) {
        guard let content = contents[AuditTable.files.name], content.isWhole else { return }
        let list = SenseTable(AuditTable.files, content.rows)
        let named = Set(list.rows.map { $0["datei"] })
        for name in files.keys.sorted() where name != list.file && !named.contains(name) {
            note(.fileListDiffers, list.file, "it does not name \(name)")
        }
        for row in list.rows {
            guard let bytes = files[row["datei"]] else {
                note(
                    .fileListDiffers, list.file, row: row.number,
                    "\(row["datei"]) is not in the package")
                continue
            }
            let table = contents.first { "\($0.key).csv" == row["datei"] }?.value
            let isCounted = table.map { $0.isWhole } ?? true
            if Digest.sha256(bytes).hex != row["sha256"] || Int64(bytes.count) != row.cents("bytes")
                || (isCounted && Int64(table?.rows.count ?? 0) != row.cents("zeilen"))
            {
                note(
                    .fileDiffers, row["datei"],
                    "\(list.file), row \(row.number), says another hash, size or number of rows")
            }
        }
    }
}
