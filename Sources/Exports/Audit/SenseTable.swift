/// The tables of a package that has all of ours, for checks of what they say to each other.
struct SenseTables {
    private var tables: [String: SenseTable] = [:]

    /// - Parameter contents: by name of the table; rows of as many cells as columns.
    init(_ ours: [AuditTable], _ contents: [String: TableContent]) {
        for table in ours {
            tables[table.name] = SenseTable(table, contents[table.name]?.rows ?? [])
        }
    }

    /// Empty for a table that is none of ours.
    subscript(_ name: String) -> SenseTable { tables[name] ?? SenseTable() }
}

/// Rows of a table whose columns are ours; what is no number counts as 0, because its own problem
/// is noted already.
struct SenseTable {
    struct Row {
        let number: Int
        let cells: [String]
        fileprivate let places: [String: Int]

        func key(_ count: Int) -> [String] { Array(cells.prefix(count)) }

        /// The cell of a column; empty for one that the table does not have.
        subscript(_ column: String) -> String { places[column].map { cells[$0] } ?? "" }

        /// A number without its comma: cents of an amount. Sums wrap around instead of ending the
        /// program, because the files are anybody's.
        func cents(_ column: String) -> Int64 {
            Int64(self[column].replacing(",", with: "")) ?? 0
        }
    }

    let file: String
    let rows: [Row]

    fileprivate init() {
        file = ""
        rows = []
    }

    init(_ table: AuditTable, _ rows: [(number: Int, cells: [String])]) {
        file = table.file
        let names = table.columns.enumerated().map { ($1.name, $0) }
        let places = Dictionary(names) { first, _ in first }
        self.rows = rows.map { Row(number: $0.number, cells: $0.cells, places: places) }
    }

    /// Of `abschluesse`: each close of a yard after the one before, by number; yards ascending.
    var successions: [(before: Row, close: Row)] {
        Dictionary(grouping: rows) { $0["hof"] }.sorted { $0.key < $1.key }.flatMap { _, closes in
            let sorted = closes.sorted { $0.cents("nummer") < $1.cents("nummer") }
            return zip(sorted, sorted.dropFirst()).map { (before: $0, close: $1) }
        }
    }

    func sums(key count: Int, of column: String) -> [[String]: Int64] {
        rows.reduce(into: [:]) { $0[$1.key(count), default: 0] &+= $1.cents(column) }
    }

    /// How many payments the rows of each key stand for, and the cents in `betrag`.
    ///
    /// - Parameter count: how many payments a row stands for.
    func tallies(
        by key: (Row) -> [String], count: (Row) -> Int64 = { $0.cents("anzahl") }
    ) -> [[String]: (count: Int64, amount: Int64)] {
        rows.reduce(into: [:]) { found, row in
            let part = key(row)
            let before = found[part] ?? (0, 0)
            found[part] = (before.count &+ count(row), before.amount &+ row.cents("betrag"))
        }
    }
}
