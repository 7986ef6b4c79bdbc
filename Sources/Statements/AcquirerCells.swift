/// The rows of a delimited file (RFC 4180), one after the other: quoted cells may hold separators,
/// doubled quotes and line ends. Never more than one row is held.
struct AcquirerCells {
    private let bytes: ArraySlice<UInt8>
    private let separator: UInt8
    private var place: Int
    /// Of the row last taken, from 1.
    private(set) var line = 0

    init(_ bytes: ArraySlice<UInt8>, _ separator: UInt8) {
        self.bytes = bytes
        self.separator = separator
        place = bytes.startIndex
    }

    /// The cells of the next row as bytes; a blank line is no row. Nil at the end of the file.
    ///
    /// - Throws: `B-E12` where the row's quotation mark is not closed.
    mutating func next() throws(StatementError) -> [[UInt8]]? {
        var row: [[UInt8]] = []
        var cell: [UInt8] = []
        while place < bytes.endIndex {
            let byte = bytes[place]
            place += 1
            if byte == 0x22 && cell.isEmpty {
                try quoted(into: &cell)
            } else if byte == separator {
                row.append(cell)
                cell = []
            } else if byte == 0x0A {
                if let whole = finished(row, cell) { return whole }
            } else if byte != 0x0D {
                cell.append(byte)
            }
        }
        return finished(row, cell)
    }

    private mutating func finished(_ row: [[UInt8]], _ cell: [UInt8]) -> [[UInt8]]? {
        guard !row.isEmpty || !cell.isEmpty else { return nil }
        line += 1
        return row + [cell]
    }

    /// What stands between quotation marks.
    private mutating func quoted(into cell: inout [UInt8]) throws(StatementError) {
        while place < bytes.endIndex {
            let byte = bytes[place]
            place += 1
            guard byte == 0x22 else {
                cell.append(byte)
                continue
            }
            guard place < bytes.endIndex, bytes[place] == 0x22 else { return }
            cell.append(0x22)
            place += 1
        }
        throw StatementError(
            .columns, line: line + 1,
            remedy: "Ein Anführungszeichen wird nicht geschlossen. Holen Sie die Datei neu ab.")
    }
}
