import ArgumentParser
import Exports
import Foundation
import Glibc
import Ledger
import Sales
import SourceFiles
import Text
import Units

extension BenchCommand {
    struct Exports: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export",
            abstract: "Measure writing rows as CSV beside the sqlite3 command line.",
            discussion: """
                Both write the same columns of the same rows to a file, in turn: we from lines as \
                they come out of closes, sqlite3 from a table.
                """)

        @Option(help: "Rounds; medians are printed.")
        var rounds = 5
        @Option(help: "Rows.")
        var rows = 1_000_000
        @Flag(help: "One round of few rows, to see that the bench works.")
        var short = false
        @Flag(help: "Print JSON at the end instead of lines.")
        var json = false

        func validate() throws {
            guard rounds >= 1, rows >= 1 else {
                throw ValidationError("--rounds and --rows from 1")
            }
        }

        func run() async throws {
            try await reporting {
                try ExportBench(
                    rounds: short ? 1 : rounds, rows: short ? 1_000 : rows,
                    report: BenchReport(isJSON: json)
                ).run()
            }
        }
    }
}

/// How fast rows become CSV, and what memory that takes.
private struct ExportBench {
    let rounds: Int
    let rows: Int
    let report: BenchReport

    func run() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "hofbuch-export-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        let outcome = Result { try measure(in: folder) }
        try FileManager.default.removeItem(atPath: folder)
        try outcome.get()
        try report.finish()
    }

    private func measure(in folder: String) throws {
        let profile = try Self.profile()
        let sqlite = Tool.path(of: "sqlite3")
        if let sqlite { try fill("\(folder)/rows.db", sqlite) }
        let before = try Usage.residentMegabytes
        var (ours, theirs): ([Double], [Double]) = ([], [])
        for _ in 0..<rounds {
            ours.append(
                try rate(of: "\(folder)/ours.csv") {
                    try write(profile, to: "\(folder)/ours.csv")
                })
            guard let sqlite else { continue }
            theirs.append(
                try rate(of: "\(folder)/theirs.csv") {
                    try export("\(folder)/rows.db", to: "\(folder)/theirs.csv", sqlite)
                })
        }
        if sqlite == nil { report.note("sqlite3 is not installed; nothing to compare with") }
        let floor = theirs.isEmpty ? nil : theirs.median
        report.add(
            BenchFigure(
                name: "export-csv", what: "\(rows) rows as CSV", value: ours.median, unit: "MB/s",
                floor: floor, floorWhat: floor.map { _ in "sqlite3 -csv" },
                ratio: floor.map { ours.median / $0 }, aim: "at least 1.25"))
        report.add(
            BenchFigure(
                name: "export-memory", what: "memory taken while writing",
                value: try Usage.residentMegabytes - before, unit: "MB", aim: "flat"))
    }

    private static func profile() throws -> ExportProfile {
        let tree = try SourceFile.tree(of: Array(BenchProfile.text(lineDigits: 4).utf8))
        let (profile, problems) = ExportProfile.decode(tree)
        guard let profile else {
            throw Failure("the profile of the bench: \(problems.map(\.line))", Exit.bug)
        }
        return profile
    }

    /// Megabytes a second of wall time.
    private func rate(of path: String, _ body: () throws -> Void) throws -> Double {
        let time = try ContinuousClock().measure(body)
        var status = stat()
        guard stat(path, &status) == 0 else { throw Failure("\(path) is missing", Exit.bug) }
        return Double(status.st_size) / 1e6 / (time / .seconds(1))
    }

    /// Writes all rows in pieces of about 64 kB, so that no more is ever held.
    private func write(_ profile: ExportProfile, to path: String) throws {
        guard let file = fopen(path, "w") else { throw Failure("\(path)", Exit.inputOutput) }
        defer { fclose(file) }
        var writer = try CSVWriter(profile)
        var out = writer.heading
        out.reserveCapacity(1 << 17)
        for number in 0..<rows {
            try writer.append(Self.line(number), to: &out)
            guard out.count > 1 << 16 else { continue }
            try Self.flush(&out, to: file)
        }
        try Self.flush(&out, to: file)
    }

    private static func flush(_ bytes: inout [UInt8], to file: UnsafeMutablePointer<FILE>) throws {
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else {
            throw Failure("writing failed", Exit.inputOutput)
        }
        bytes.removeAll(keepingCapacity: true)
    }

    /// A close has a thousand receipts on a handful of accounts.
    private static func line(_ number: Int) -> ExportLine {
        ExportLine(
            yard: yard, closeNumber: Int64(number / 1_000 + 1), closeDay: day,
            number: number % 1_000 + 1, key: keys[number % keys.count],
            amount: Cents(Int64(number % 9_973 + 100)), name: "Benutzungsgebühren",
            receipt: "t1-\(padded(number + 1, 6))")
    }

    private static let yard = known(YardID("mitte"))
    private static let day = known(BusinessDay(year: 2026, month: 11, day: 20))
    private static let keys: [ExportLine.Key] = ["432100", "432200", "446100"].flatMap { revenue in
        [PaymentChannel.debitCard, .creditCard].map { channel in
            ExportLine.Key(
                date: day, kind: .posting, debit: known(Account("181900")),
                credit: known(Account(revenue)), costCentre: "5370", channel: channel)
        }
    }

    private static func known<Value>(_ value: Value?) -> Value {
        guard let value else { preconditionFailure("the bench names what exists") }
        return value
    }

    // sqlite3

    private func fill(_ path: String, _ sqlite: String) throws {
        let csv = path + ".csv"
        try write(try Self.profile(), to: csv)
        try run(
            sqlite, path,
            """
            CREATE TABLE rows(key TEXT, date TEXT, account INTEGER, contra INTEGER, centre TEXT,
              amount TEXT, side TEXT, text TEXT, receipt TEXT, channel TEXT);
            .mode csv
            .separator ; "\\r\\n"
            .import '\(csv)' rows
            """)
    }

    private func export(_ path: String, to csv: String, _ sqlite: String) throws {
        try run(
            sqlite, path,
            """
            .mode csv
            .separator ; "\\r\\n"
            .output '\(csv)'
            SELECT * FROM rows;
            """)
    }

    private func run(_ sqlite: String, _ database: String, _ commands: String) throws {
        let (status, _) = try Tool(path: sqlite, arguments: ["-bail", database])
            .run(input: Array((commands + "\n").utf8))
        guard status == 0 else { throw Failure("sqlite3 ended with \(status)", Exit.unavailable) }
    }
}

/// A profile that writes ten columns for each pair of accounts of each receipt.
enum BenchProfile {
    static let name = "bench"

    /// - Parameter lineDigits: how many digits the number of a line has in its key.
    static func text(lineDigits: Int) -> String {
        """
        profil: \(name)
        titel: Bench
        zeilen: Belege
        zeichensatz: UTF-8
        zeilenende: CRLF
        trennzeichen: Semikolon
        anführungszeichen: bei Bedarf
        dezimalzeichen: Komma
        datum: JJJJ-MM-TT
        vorzeichen: Kennzeichen
        kopfzeile: nein
        tabellenkalkulation: nein
        fremdkennzeichen: "{hof}-{abschluss:6}-{zeile:\(lineDigits)}"
        spalten:
          - {titel: Fremdkennzeichen, feld: fremdkennzeichen}
          - {titel: Belegdatum, feld: belegdatum}
          - {titel: Konto, feld: konto}
          - {titel: Gegenkonto, feld: gegenkonto}
          - {titel: Kostenstelle, feld: kostenstelle}
          - {titel: Betrag, feld: betrag}
          - {titel: Soll/Haben, feld: soll/haben}
          - {titel: Text, feld: text}
          - {titel: Belegnummer, feld: belegnummer}
          - {titel: Zahlweg, feld: zahlweg}
        beispiele:
          - hof: mitte
            abschluss: 317
            buchungsdatum: 2026-11-20
            zeile: 1
            belegdatum: 2026-11-20
            sollkonto: 181900
            habenkonto: 432100
            kostenstelle: 5370
            bezeichnung: Gebühren
            zahlweg: Debitkarte
            storno: nein
            cent: 41250
            belegnummer: t1-000042
            ergebnis: >-
              mitte-000317-\(padded(1, lineDigits));2026-11-20;181900;432100;5370;412,50;S;Abschluss
              317 Gebühren;t1-000042;Debitkarte

        """
    }
}
