import Operations
import Sales
import Units

/// The records of a day that a filter lets through: a page of them, and the sums over all.
struct SalesSelection {
    /// No page is longer: each row is read from its record.
    static let pageLength = 12

    let state: SaleState?
    /// The page begins below this log index.
    let start: Int64?
    private(set) var found: [SaleDetail] = []
    private(set) var count: Int64 = 0
    private(set) var sum = Cents.zero
    /// Where the next page begins.
    private(set) var next: Int64?
    private var last: Int64?

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
            for row in page.rows {
                try add(row) { try installation.saleDetail(row.reference, of: yard) }
            }
            cursor = page.next
        } while cursor != nil
    }

    /// Reads a record only where the filter or the page needs it.
    private mutating func add(_ row: SaleSummary, detail read: () throws -> SaleDetail) throws {
        let isOnPage = start.map { row.index < $0 } ?? true
        let isShown = isOnPage && found.count < Self.pageLength
        let detail = isShown || state != nil ? try read() : nil
        if let state, detail?.state != state { return }
        count += 1
        sum = sum + row.total
        if let detail, isShown {
            found.append(detail)
            last = row.index
        } else if isOnPage {
            next = last
        }
    }
}
