import Journal
import Ledger
import Sales
import Text
import Units

extension ExportProfile {
    /// Runs one example of the file: the line that it describes must give the row that it shows.
    func run(_ node: SourceNode, _ problems: inout FileProblems) {
        guard var fields = FileFields(node, &problems) else { return }
        let line = Self.exampleLine(&fields, &problems)
        let wanted = fields.text("ergebnis", &problems)
        fields.finish(&problems)
        guard let line, let wanted else { return }
        do throws(ExportError) {
            var writer = try CSVWriter(self)
            var out: [UInt8] = []
            try writer.append(line, to: &out)
            let expected = try encoded(wanted, line) + lineEnd.bytes
            guard out != expected else { return }
            problems.error(
                9, at: node.position,
                "Das Beispiel ergibt nicht die Zeile „\(wanted)“, sondern „\(shown(out))“.")
        } catch {
            problems.error(9, at: node.position, "Das Beispiel scheitert: \(error)")
        }
    }

    /// Runs the example of a whole file: the lines under `zeilen`, grouped and summed up, must
    /// give the records under `ergebnis`.
    func run(file node: SourceNode, _ problems: inout FileProblems) {
        guard var fields = FileFields(node, &problems) else { return }
        let lines = fields.list("zeilen", &problems).compactMap { node -> ExportLine? in
            guard var fields = FileFields(node, &problems) else { return nil }
            defer { fields.finish(&problems) }
            return Self.exampleLine(&fields, &problems)
        }
        let wanted = fields.list("ergebnis", &problems).compactMap(\.scalar)
        fields.finish(&problems)
        guard let first = lines.first, !problems.hasErrors else { return }
        do throws(ExportError) {
            var writer = try CSVWriter(self)
            let out = try writer.records(lines, closes: first.closeReference)
            var expected: [UInt8] = []
            for row in wanted { expected += try encoded(row, first) + lineEnd.bytes }
            guard out != expected else { return }
            problems.error(
                9, at: node.position,
                "Die Beispieldatei ergibt nicht die gezeigten Sätze, sondern „\(shown(out))“.")
        } catch {
            problems.error(9, at: node.position, "Die Beispieldatei scheitert: \(error)")
        }
    }

    /// A row as an example shows it: an arrow stands for a tabulator, which YAML files lack.
    private func encoded(_ row: String, _ line: ExportLine) throws(ExportError) -> [UInt8] {
        let column = Column(
            heading: "ergebnis", source: .constant(""), width: nil, fill: .none, codes: nil)
        let isTabbed = separator == .byte(0x09)
        let cells =
            isTabbed ? row.split(separator: "→", omittingEmptySubsequences: false) : [row[...]]
        var bytes: [UInt8] = []
        for (place, cell) in cells.enumerated() {
            if place > 0 { bytes.append(0x09) }
            try CSVWriter.encode(String(cell), encoding, column, line, to: &bytes)
        }
        return bytes
    }

    private func shown(_ row: [UInt8]) -> String {
        let bytes = row.dropLast(lineEnd.bytes.count)
        guard encoding == .utf8 else {
            return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func exampleLine(
        _ fields: inout FileFields, _ problems: inout FileProblems
    ) -> ExportLine? {
        let day = "ein Datum wie 2026-11-20"
        let account = "4 bis 9 Ziffern"
        let number = "eine Zahl ab 1"
        let yard = fields.value("hof", wanted: "ein Kurzname", &problems, YardID.init)
        let close = fields.value("abschluss", wanted: number, &problems, Self.count)
        let closeDay = fields.value(
            "buchungsdatum", wanted: day, &problems, BusinessDay.init(iso:))
        let place = fields.value("zeile", wanted: number, &problems, Self.count)
        let date = fields.value("belegdatum", wanted: day, &problems, BusinessDay.init(iso:))
        let debit = fields.value("sollkonto", wanted: account, &problems, Account.init)
        let credit = fields.value("habenkonto", wanted: account, &problems, Account.init)
        let centre = fields.text("kostenstelle", required: false, &problems)
        let name = fields.text("bezeichnung", &problems)
        let channel = fields.value(
            "zahlweg", wanted: PaymentChannel.allCases.map(\.words).joined(separator: ", "),
            &problems
        ) { text in PaymentChannel.allCases.first { $0.words == text } }
        let reversal = fields.word("storno", of: ProfileWords.truths, &problems)
        let cents = fields.value("cent", wanted: number, &problems, Self.count)
        let receipt = fields.text("belegnummer", required: false, &problems)
        var people: [PersonalField: String] = [:]
        for (field, key) in ExportProfile.Field.people {
            people[field] = fields.text(key.rawValue, required: false, &problems)
        }
        guard let yard, let close, let closeDay, let place, let date, let debit, let credit,
            let name, let channel, let reversal, let cents
        else { return nil }
        let key = ExportLine.Key(
            date: date, kind: reversal ? .reversal : .posting, debit: debit, credit: credit,
            costCentre: centre, channel: channel)
        return ExportLine(
            yard: yard, closeNumber: Int64(close), closeDay: closeDay, number: place, key: key,
            amount: Cents(Int64(cents)), name: name, receipt: receipt ?? "", people: people)
    }

    private static func count(_ text: String) -> Int? {
        decimal(Array(text.utf8)[...]).flatMap { $0 >= 1 ? $0 : nil }
    }
}
