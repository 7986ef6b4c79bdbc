package import DayClosing
import Ledger
import Units

extension ExportProfile {
    /// Whether the file has records besides its lines.
    var hasRecordTypes: Bool { !(head.isEmpty && group.isEmpty && trailer.isEmpty) }
}

/// Writes the files of a profile, one for each budget year of the lines, ascending: rows as they
/// come. Of a profile with groups, head or trailer the lines are held, because sums come first.
package struct ProfileWriter: ExportWriter {
    /// A file that is being written.
    private struct Part {
        let year: Int
        var writer: CSVWriter
        var file: GrowingFile
        /// Lines whose sums come before them.
        var held: [ExportLine] = []

        mutating func append(_ line: ExportLine) throws(ExportError) {
            file.rowCount = (file.rowCount ?? 0) + 1
            if writer.profile.hasRecordTypes {
                held.append(line)
            } else {
                try writer.append(line, to: &file.bytes)
            }
        }
    }

    private let profile: ExportProfile
    private let span: String
    /// Ascending by year.
    private var parts: [Part] = []
    private var close: PlannedClose?
    /// Of the last line of the close, whether the file is about it or not.
    private var number = 0

    /// - Parameter closes: all that will go by, in their order: files are called by them.
    package init(_ profile: ExportProfile, of closes: [PlannedClose]) {
        self.profile = profile
        span = closes.span
    }

    package mutating func begin(_ close: PlannedClose) {
        self.close = close
        number = 0
    }

    package mutating func add(_ record: ClosedRecord) throws(ExportError) {
        guard profile.rows == .receipts, let close else { return }
        for line in try close.lines(of: record, after: number) { try append(line) }
    }

    package mutating func end(_ totals: TotalLines) throws(ExportError) {
        guard profile.rows == .totals, let close else { return }
        for line in try totals.lines(of: close) { try append(line) }
    }

    package mutating func finish() throws(ExportError) {
        guard profile.hasRecordTypes else { return }
        for place in parts.indices {
            parts[place].file.bytes += try parts[place].writer.records(
                parts[place].held, closes: span)
            parts[place].held = []
        }
    }

    package mutating func eachFile(_ body: (inout GrowingFile) throws -> Void) rethrows {
        for place in parts.indices { try body(&parts[place].file) }
    }

    /// Lines that the file is not about are numbered too.
    private mutating func append(_ line: ExportLine) throws(ExportError) {
        number = line.number
        guard profile.content.holds(line) else { return }
        try parts[place(of: line.key.date.year)].append(line)
    }

    private mutating func place(of year: Int) throws(ExportError) -> Int {
        let next = parts.firstIndex { $0.year >= year } ?? parts.count
        if next == parts.count || parts[next].year != year {
            parts.insert(try part(year), at: next)
        }
        return next
    }

    private func part(_ year: Int) throws(ExportError) -> Part {
        let writer = try CSVWriter(profile)
        return Part(
            year: year, writer: writer,
            file: GrowingFile(
                name: "\(span)_\(profile.id)_\(year).csv", bytes: writer.heading, rowCount: 0))
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
        case .field(.orderYear): String(closeDay.year)
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
