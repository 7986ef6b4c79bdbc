/// What a spreadsheet does with a cell of a CSV file.
package enum SpreadsheetCell {
    /// Whether a spreadsheet would run a text that begins with these bytes instead of showing it:
    /// the signs of a formula, their full-width forms, and white space that it skips before one.
    ///
    /// - Parameter text: UTF-8.
    package static func wouldRun(_ text: some Sequence<UInt8>) -> Bool {
        let start = Array(text.prefix(3))
        guard let first = start.first else { return false }
        return signs.contains(first) || wideSigns.contains(start)
    }

    /// = + - @ and tabulator, line feed, carriage return.
    private static let signs: Set<UInt8> = [0x3D, 0x2B, 0x2D, 0x40, 0x09, 0x0A, 0x0D]

    /// U+FF1D, U+FF0B, U+FF0D, U+FF20.
    private static let wideSigns: Set<[UInt8]> = [
        [0xEF, 0xBC, 0x9D], [0xEF, 0xBC, 0x8B], [0xEF, 0xBC, 0x8D], [0xEF, 0xBC, 0xA0],
    ]
}
