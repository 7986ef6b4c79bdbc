/// The rows of a delimited file (RFC 4180): quoted cells may hold separators, doubled quotes and
/// line ends.
enum AcquirerCells {
    /// Rows of cells as bytes; a blank line is no row. `line` is the number of the first one.
    static func split(
        _ bytes: [UInt8], _ separator: UInt8, line: Int
    ) throws(StatementError) -> [[[UInt8]]] {
        var rows: [[[UInt8]]] = []
        var row: [[UInt8]] = []
        var cell: [UInt8] = []
        var quoted = false
        var place = 0
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            if quoted {
                if byte != 0x22 {
                    cell.append(byte)
                } else if place < bytes.count, bytes[place] == 0x22 {
                    cell.append(0x22)
                    place += 1
                } else {
                    quoted = false
                }
            } else if byte == 0x22 && cell.isEmpty {
                quoted = true
            } else if byte == separator {
                row.append(cell)
                cell = []
            } else if byte == 0x0A {
                append(&row, &cell, to: &rows)
            } else if byte != 0x0D {
                cell.append(byte)
            }
        }
        guard !quoted else {
            throw StatementError(
                .columns, line: line + rows.count,
                remedy: "Ein Anführungszeichen wird nicht geschlossen. Holen Sie die Datei neu ab.")
        }
        append(&row, &cell, to: &rows)
        return rows
    }

    private static func append(
        _ row: inout [[UInt8]], _ cell: inout [UInt8], to rows: inout [[[UInt8]]]
    ) {
        if !row.isEmpty || !cell.isEmpty { rows.append(row + [cell]) }
        row = []
        cell = []
    }
}
