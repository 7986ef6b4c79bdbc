package import DayClosing
import Ledger
import Units

extension ExportProfile {
    /// Whether the file has records besides its lines.
    var hasRecordTypes: Bool { !(head.isEmpty && group.isEmpty && trailer.isEmpty) }

    /// The file of all lines of `batches`, whatever their year: heading, then the records. Close
    /// by close in the order given, or group by group where the profile has groups.
    ///
    /// - Throws: ``ExportError``, the checks of the batches first.
    package func bytes(of batches: [ClosedBatch]) throws(ExportError) -> [UInt8] {
        try batches.check()
        return try bytes(of: batches, year: nil)
    }

    /// The files of `batches`, one for each budget year of their lines, ascending; none where no
    /// money moved. A late sale of last year so stands in a file of its own year.
    ///
    /// - Throws: ``ExportError``, the checks of the batches first.
    package func files(
        of batches: [ClosedBatch]
    ) throws(ExportError) -> [(year: Int, bytes: [UInt8])] {
        try batches.check()
        var years: Set<Int> = []
        for batch in batches {
            try forEachLine(of: batch) { line in years.insert(line.key.date.year) }
        }
        var files: [(year: Int, bytes: [UInt8])] = []
        for year in years.sorted() { files.append((year, try bytes(of: batches, year: year))) }
        return files
    }

    private func bytes(
        of batches: [ClosedBatch], year: Int?
    ) throws(ExportError) -> [UInt8] {
        var writer = try CSVWriter(self)
        var out = writer.heading
        var kept: [ExportLine] = []
        for batch in batches {
            try forEachLine(of: batch) { line throws(ExportError) in
                guard year == nil || line.key.date.year == year else { return }
                if hasRecordTypes { kept.append(line) } else { try writer.append(line, to: &out) }
            }
        }
        guard hasRecordTypes else { return out }
        let names = [batches.first?.reference, batches.count > 1 ? batches.last?.reference : nil]
        return out
            + (try writer.records(
                kept, closes: names.compactMap(\.self).joined(separator: "_")))
    }

    /// The lines that the file is about, numbered among all lines of the close.
    private func forEachLine(
        of batch: ClosedBatch, _ body: (ExportLine) throws(ExportError) -> Void
    ) throws(ExportError) {
        switch rows {
        case .totals:
            for line in try batch.totalLines() where content.holds(line) { try body(line) }
        case .receipts:
            var number = 0
            for record in batch.records {
                for line in try batch.lines(of: record, after: number) {
                    number = line.number
                    if content.holds(line) { try body(line) }
                }
            }
        }
    }
}

/// What a record about several lines says (Sammelanordnung, file head or trailer).
struct LineTotals {
    /// Speaks for what all lines have in common.
    let first: ExportLine
    let count: Int
    /// Debits of `konto` less credits.
    let sum: Cents
    /// The number of the collective order; empty for the whole file.
    let order: String
    let closes: String
    let closeDay: BusinessDay

    /// Nil for no lines.
    init?(_ lines: [ExportLine], order: String, closes: String) {
        guard let first = lines.first else { return nil }
        self.first = first
        count = lines.count
        sum = lines.map { $0.side == .debit ? $0.amount : -$0.amount }.sum()
        self.order = order
        self.closes = closes
        closeDay = lines.map(\.closeDay).max() ?? first.closeDay
    }

    /// The value of a field that the lines have together; nil for what ``first`` says.
    func value(of source: ExportProfile.Source, _ profile: ExportProfile) -> String? {
        switch source {
        case .field(.count): String(count)
        case .field(.order): order
        case .field(.closes): closes
        case .field(.closeDate): profile.dateStyle.text(closeDay)
        case .field(.side): profile.sign.words(sum.isNegative ? .credit : .debit)
        case .field(.amount): profile.decimalMark.text(profile.sign.signed(sum))
        default: nil
        }
    }
}

extension CSVWriter {
    /// Head, groups with their lines, trailer; nothing for no lines.
    mutating func records(
        _ lines: [ExportLine], closes: String
    ) throws(ExportError) -> [UInt8] {
        var out: [UInt8] = []
        guard let all = LineTotals(lines, order: "", closes: closes) else { return out }
        if !profile.head.isEmpty { try append(profile.head, all, to: &out) }
        for (place, group) in groups(of: lines).enumerated() {
            let order = "\(closes)/\(padded(place + 1, 3))"
            if !profile.group.isEmpty,
                let totals = LineTotals(group, order: order, closes: closes)
            {
                try append(profile.group, totals, to: &out)
            }
            for line in group { try append(line, to: &out) }
        }
        if !profile.trailer.isEmpty { try append(profile.trailer, all, to: &out) }
        return out
    }

    /// Lines of one budget year, category, way of payment and budget line, in this order of
    /// fields; inside a group as they came.
    private func groups(of lines: [ExportLine]) -> [[ExportLine]] {
        guard !profile.group.isEmpty else { return [lines] }
        return Dictionary(grouping: lines, by: GroupKey.init)
            .sorted { $0.key < $1.key }.map(\.value)
    }
}

private struct GroupKey: Hashable, Comparable {
    let year: Int
    let category: String
    let channel: PaymentChannel
    let budgetLine: String

    init(_ line: ExportLine) {
        year = line.key.date.year
        category = LineCategory(line).rawValue
        channel = line.key.channel
        budgetLine = line.budgetLine
    }

    static func < (left: Self, right: Self) -> Bool {
        (left.year, left.category, left.channel, left.budgetLine)
            < (right.year, right.category, right.channel, right.budgetLine)
    }
}
