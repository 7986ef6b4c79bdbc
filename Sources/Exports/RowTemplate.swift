import Units

/// A finished row whose varying columns are left open.
struct RowTemplate {
    /// No part holds a reference, so that a row is written without counting any.
    enum Part {
        /// Bytes of ``text`` between two places.
        case text(Int, Int)
        /// The number of the line inside its close, by the column's pattern.
        case number(width: Int, column: Int)
        /// Columns between separators that are written as they are, unless a byte needs quotes.
        case amount(Int), receipt(Int)
        /// A column that is coded, guarded, padded or quoted.
        case cell(Int)
    }

    /// The name of the lines that it is for.
    let name: String
    private(set) var text: [UInt8] = []
    private(set) var parts: [Part] = []

    init(name: String) {
        self.name = name
    }

    mutating func append(_ bytes: [UInt8]) {
        let start = text.count
        text += bytes
        if case .text(let first, start) = parts.last {
            parts[parts.count - 1] = .text(first, text.count)
        } else {
            parts.append(.text(start, text.count))
        }
    }

    mutating func append(_ part: Part) { parts.append(part) }
}

extension [UInt8] {
    /// Whether every byte from `start` on is printable ASCII.
    func isPlain(from start: Int) -> Bool {
        for place in start..<count where self[place] < 0x20 || self[place] > 0x7E { return false }
        return true
    }

    /// Whether one of the two stands at `start` or later.
    func contains(_ first: UInt8, or second: UInt8, from start: Int) -> Bool {
        for place in start..<count where self[place] == first || self[place] == second {
            return true
        }
        return false
    }
}
