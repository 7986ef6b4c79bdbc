import Foundation
import GRDB
import Units

extension Reading {
    /// The records that `filter` lets through, newest first, at most `limit`, before `cursor`.
    package func records(
        yard: Int64, _ filter: RecordFilter, before cursor: LogPosition?, limit: Int
    ) throws -> [FoundRecord] {
        guard let search = try RecordSearch(filter, yard: yard, before: cursor, self) else {
            return []
        }
        let sql = """
            SELECT \(RecordRow.columns), standing.standing AS standing
            FROM record LEFT JOIN standing ON standing.position = record.position
            WHERE record.position IN (
              SELECT record.position \(search.source) \(search.condition)
              ORDER BY record.position DESC LIMIT ?)
            ORDER BY record.position DESC
            """
        return try Row.fetchAll(connection, sql: sql, arguments: search.arguments + [limit])
            .map { row in
                let record = try RecordRow(row)
                let changed: String? = row["standing"]
                return FoundRecord(
                    row: record,
                    standing: changed.flatMap(SaleStanding.init)
                        ?? SaleStanding(state: record.state))
            }
    }

    /// How many records `filter` lets through, and their sum.
    package func sum(yard: Int64, _ filter: RecordFilter) throws -> RecordSum {
        guard let search = try RecordSearch(filter, yard: yard, before: nil, self) else {
            return RecordSum(count: 0, total: .zero)
        }
        let row = try Row.fetchOne(
            connection,
            sql: "SELECT count(*), coalesce(sum(record.total), 0) "
                + "\(search.countingSource) \(search.condition)",
            arguments: search.arguments)
        return RecordSum(count: row?[0] ?? 0, total: Cents(row?[1] ?? 0))
    }

    /// The numbers of the lines whose name holds `text`, or whose fraction is `text`.
    ///
    /// `%`, `_` and `\` stand for themselves.
    fileprivate func lines(matching text: String) throws -> [Int64] {
        let folded = text.lowercased()
        var pattern = ""
        for character in folded {
            if ["%", "_", "\\"].contains(character) { pattern.append("\\") }
            pattern.append(character)
        }
        return try Int64.fetchAll(
            connection,
            sql: #"""
                SELECT number FROM line_name WHERE folded LIKE ? ESCAPE '\' OR fraction = ?
                """#,
            arguments: ["%\(pattern)%", folded])
    }

    /// Whether at most `limit` records have one of these lines.
    fileprivate func areRare(_ lines: String, limit: Int) throws -> Bool {
        let count = try Int.fetchOne(
            connection,
            sql: """
                SELECT count(*) FROM (SELECT 1 FROM sale_line WHERE line IN (\(lines)) LIMIT ?)
                """, arguments: [limit + 1])
        return (count ?? 0) <= limit
    }
}

/// A filter as SQL with bound values, and the way to its records that reads the least.
private struct RecordSearch {
    /// `FROM …` for a page, and for sums over all records.
    let source: String
    let countingSource: String
    private var conditions: [String] = []
    private(set) var arguments: StatementArguments = []

    var condition: String { "WHERE " + conditions.joined(separator: " AND ") }

    /// Above this many records with a line, a walk from the newest on finds a page sooner.
    private static let rareMax = 5_000

    /// Nil where nothing can be found.
    init?(
        _ filter: RecordFilter, yard: Int64, before cursor: LogPosition?, _ reading: Reading
    ) throws {
        let lines = try filter.text.map { try reading.lines(matching: $0) }
        guard lines?.isEmpty != true else { return nil }
        let list = lines.map { $0.map(String.init).joined(separator: ", ") }
        let isByLine = try list.map { try reading.areRare($0, limit: Self.rareMax) } ?? false
        (source, countingSource) = Self.sources(filter, lines: isByLine ? list : nil)
        let upper = cursor ?? LogPosition(yard: yard + 1, index: 0)
        add("record.position >= ?", LogPosition(yard: yard, index: 0).number)
        add("record.position < ?", upper.number)
        if let list, !isByLine {
            conditions.append(
                "EXISTS (SELECT 1 FROM sale_line WHERE line IN (\(list)) "
                    + "AND sale_line.position = record.position)")
        }
        add(filter)
    }

    private static func sources(_ filter: RecordFilter, lines: String?) -> (String, String) {
        if filter.plate != nil {
            let source =
                "FROM plate_search CROSS JOIN record ON record.position = plate_search.position"
            return (source, source)
        }
        if filter.terminal != nil, filter.sequence != nil {
            return ("FROM record INDEXED BY record_identity", "FROM record")
        }
        if let lines {
            let source =
                "FROM (SELECT DISTINCT position AS hit FROM sale_line WHERE line IN (\(lines))) "
                + "CROSS JOIN record ON record.position = hit"
            return (source, source)
        }
        let byDay = "FROM record INDEXED BY record_day"
        return (filter.criteria.isNarrow ? byDay : "FROM record NOT INDEXED", byDay)
    }

    private mutating func add(_ filter: RecordFilter) {
        if let plate = filter.plate {
            add("plate_search.digest = ?", Data(plate))
        }
        if let terminal = filter.terminal { add("record.terminal = ?", terminal) }
        if let sequence = filter.sequence { add("record.seq = ?", sequence) }
        // Without a first and last day the index would be taken for useless.
        if filter.plate == nil, filter.sequence == nil, filter.criteria.isNarrow {
            add("record.day >= ?", filter.dayFrom?.ordinal ?? Int.min)
            add("record.day <= ?", filter.dayTo?.ordinal ?? Int.max)
        } else {
            if let day = filter.dayFrom { add("record.day >= ?", day.ordinal) }
            if let day = filter.dayTo { add("record.day <= ?", day.ordinal) }
        }
        if let since = filter.since { add("record.at >= ?", since.milliseconds) }
        if let before = filter.before { add("record.at < ?", before.milliseconds) }
        if let total = filter.totalFrom { add("record.total >= ?", total.value) }
        if let total = filter.totalTo { add("record.total <= ?", total.value) }
        if let lastFour = filter.lastFour { add("record.last_four = ?", lastFour) }
        if let state = filter.state { add("record.state = ?", state) }
        if let standing = filter.standing { add(Self.standing, standing.rawValue) }
    }

    private mutating func add(_ condition: String, _ value: some DatabaseValueConvertible) {
        conditions.append(condition)
        arguments += [value]
    }

    /// As ``SaleStanding/init(state:)`` says, unless a later record changed it.
    private static let standing = """
        coalesce(
          (SELECT standing FROM standing WHERE standing.position = record.position),
          CASE record.state WHEN 'card' THEN 'paid' WHEN 'free' THEN 'free'
            WHEN 'on-account' THEN 'on-account' WHEN 'unknown' THEN 'unknown'
            WHEN 'void' THEN 'reversed' ELSE 'not-sold' END) = ?
        """
}

extension RecordCriteria {
    /// Whether few records are expected, so that one pass over the covering index is shorter than
    /// a walk over whole records.
    fileprivate var isNarrow: Bool {
        dayFrom != nil || dayTo != nil || totalFrom != nil || totalTo != nil || lastFour != nil
            || since != nil || before != nil || standing != nil
    }
}
