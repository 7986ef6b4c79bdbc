import Operations
import Sales
import Units

/// The records of a day that a filter lets through: a page of them, and the sums over all.
struct SalesSelection {
    static let pageLength = 50

    let state: SaleState?
    /// The page begins below this log index.
    let start: Int64?
    private(set) var found: [SaleSummary] = []
    private(set) var count: Int64 = 0
    private(set) var sum = Cents.zero
    /// Where the next page begins.
    private(set) var next: Int64?

    init(state: SaleState?, start: Int64?) {
        self.state = state
        self.start = start
    }

    mutating func collect(
        day: BusinessDay, terminal: TerminalID?, at yard: Yard, of installation: Installation
    ) throws {
        var cursor: Int64?
        repeat {
            let page = try installation.sales(
                of: yard, day: day, terminal: terminal, state: nil, before: cursor, limit: 500)
            for row in page.rows where state.map({ $0 == row.standing }) ?? true { add(row) }
            cursor = page.next
        } while cursor != nil
    }

    private mutating func add(_ row: SaleSummary) {
        count += 1
        sum = sum + row.total
        guard start.map({ row.index < $0 }) ?? true else { return }
        if found.count < Self.pageLength {
            found.append(row)
        } else {
            next = found.last?.index
        }
    }
}
