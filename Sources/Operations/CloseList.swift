package import DayClosing
import Storage

/// A page of approved closes, newest first.
package struct CloseList: Sendable {
    /// A close with its seal.
    package struct Row: Sendable {
        package let close: DayClose
        /// What others have signed about it.
        package let seal: CloseSeal
    }

    package let rows: [Row]
    /// Continues after the last row, whatever is approved meanwhile; nil at the end.
    package let next: String?
}

extension Installation {
    /// The closes of a yard, newest first.
    ///
    /// - Parameters:
    ///   - cursor: `next` of the page before; nil for the newest.
    ///   - limit: most rows of the page, brought to 1 … ``pageMax``.
    /// - Throws: ``OperationsError/cursorInvalid`` for what is no cursor of this list.
    package func closeList(of yard: Yard, after cursor: String? = nil, limit: Int = 100) throws
        -> CloseList
    {
        try published(yard) { log in
            let cursors = PageCursors(key: plates.key, yard: yard.number, filter: "closes")
            let start = try cursor.map { try cursors.position(of: $0) }
            let limit = min(max(limit, 1), Self.pageMax)
            let found = try log.reading.closes(
                yard: yard.number, before: start, limit: limit + 1)
            let rows = try found.prefix(limit).map { row in
                CloseList.Row(
                    close: try close(row, of: yard, log.reading), seal: try seal(of: row, log))
            }
            let last = found.count > limit ? found[limit - 1].position : nil
            return CloseList(rows: rows, next: last.map { cursors.text(after: $0) })
        }
    }

    /// The numbers of all closes of a yard, ascending.
    package func closeNumbers(of yard: Yard) throws -> [Int64] {
        try database.read { try $0.closes(yard: yard.number).map(\.number) }
    }

    /// The number of the close that holds an entry of a yard's log; nil if none does yet.
    package func closeNumber(holding index: Int64, of yard: Yard) throws -> Int64? {
        try database.read {
            try $0.closeNumber(holding: LogPosition(yard: yard.number, index: index))
        }
    }
}
