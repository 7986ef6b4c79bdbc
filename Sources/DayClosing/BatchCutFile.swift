import Sales
import Units

/// A file of batch cuts: a line for each card terminal, cut and scheme.
///
/// Text in UTF-8 with semicolons, first line
/// `geraet;schnitt;zeit;marke;anzahl;summe`; `schnitt` and `zeit` may be empty, `zeit` is
/// `2026-11-20 18:05`, `summe` euros with a decimal comma (docs/formats/close.md).
package enum BatchCutFile {
    package static let header = "geraet;schnitt;zeit;marke;anzahl;summe"
    /// More lines are refused.
    package static let linesMax = 2_000
    /// More bytes are refused; as many lines of the longest cells have fewer.
    package static let bytesMax = 262_144

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    private static let lineFeed: UInt8 = 0x0A

    /// As ``parse(bytes:)``.
    package static func parse(_ text: String) throws(BatchCutFileError) -> [BatchCut] {
        try parse(bytes: Array(text.utf8))
    }

    /// The cuts in the order in which they first stand in the file; blank lines count as nothing.
    ///
    /// - Throws: ``BatchCutFileError``: no header, too long, not UTF-8, then the first by line.
    package static func parse(bytes: [UInt8]) throws(BatchCutFileError) -> [BatchCut] {
        let bytes = bytes.starts(with: byteOrderMark) ? bytes[byteOrderMark.count...] : bytes[...]
        guard bytes.starts(with: header.utf8) else {
            throw BatchCutFileError(line: 1, what: .header)
        }
        guard bytes.count <= bytesMax else {
            throw BatchCutFileError(line: linesMax + 1, what: .tooLong)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw BatchCutFileError(line: firstUnreadableLine(of: bytes), what: .encoding)
        }
        return try parse(lines: text.split(omittingEmptySubsequences: false) { $0.isNewline })
    }

    /// Of bytes that are not UTF-8, which holds no line feed inside a character.
    private static func firstUnreadableLine(of bytes: ArraySlice<UInt8>) -> Int {
        let lines = bytes.split(separator: lineFeed, omittingEmptySubsequences: false)
        return 1 + (lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0)
    }

    private static func parse(lines: [Substring]) throws(BatchCutFileError) -> [BatchCut] {
        guard let first = lines.first, first.utf8.elementsEqual(header.utf8) else {
            throw BatchCutFileError(line: 1, what: .header)
        }
        guard lines.count <= linesMax else {
            throw BatchCutFileError(line: linesMax + 1, what: .tooLong)
        }
        var order: [Place] = []
        var found: [Place: (printedAt: String?, totals: [CardScheme: Tally])] = [:]
        for (index, line) in lines.enumerated().dropFirst() where !line.utf8.isEmpty {
            let row: Row
            do { row = try Row(line) } catch {
                throw BatchCutFileError(line: index + 1, what: error)
            }
            if found[row.place] == nil {
                order.append(row.place)
                found[row.place] = (row.printedAt, [:])
            }
            guard found[row.place]?.totals[row.scheme] == nil else {
                throw BatchCutFileError(line: index + 1, what: .twice)
            }
            guard found[row.place]?.printedAt == row.printedAt else {
                throw BatchCutFileError(line: index + 1, what: .time)
            }
            found[row.place]?.totals[row.scheme] = row.tally
        }
        return order.compactMap { place in
            found[place].map {
                BatchCut(
                    cardTerminal: place.cardTerminal, number: place.number,
                    printedAt: $0.printedAt, source: .uploaded, totals: $0.totals)
            }
        }
    }

    private struct Place: Hashable {
        let cardTerminal: String
        let number: String?
    }

    private struct Row {
        let place: Place
        let printedAt: String?
        let scheme: CardScheme
        let tally: Tally

        init(_ line: Substring) throws(BatchCutFileError.What) {
            let cells = line.split(separator: ";", omittingEmptySubsequences: false)
                .map(String.init)
            guard cells.count == 6 else { throw .cells }
            guard CardSlip.isCode(cells[0]) else { throw .cardTerminal }
            guard cells[1].isEmpty || CardSlip.isCode(cells[1]) else { throw .number }
            guard cells[2].isEmpty || BatchCut.isTime(cells[2]) else { throw .time }
            guard let scheme = CardScheme(rawValue: cells[3]) else { throw .scheme }
            guard let count = decimal(Array(cells[4].utf8)[...]), count <= BatchCut.countMax else {
                throw .count
            }
            guard let amount = Self.cents(cells[5]) else { throw .amount }
            place = Place(cardTerminal: cells[0], number: cells[1].isEmpty ? nil : cells[1])
            printedAt = cells[2].isEmpty ? nil : cells[2]
            self.scheme = scheme
            tally = Tally(count: Int64(count), amount: amount)
        }

        /// Euros with exactly two digits behind the comma, a hyphen in front of what is negative;
        /// nil beyond ``BatchCut/amountMax``.
        private static func cents(_ text: String) -> Cents? {
            let isNegative = text.hasPrefix("-")
            let bytes = Array(text.utf8.dropFirst(isNegative ? 1 : 0))
            guard (4...13).contains(bytes.count), bytes[bytes.count - 3] == 0x2C,
                let euros = decimal(bytes[..<(bytes.count - 3)]),
                let rest = decimal(bytes[(bytes.count - 2)...])
            else { return nil }
            let cents = Int64(euros) * 100 + Int64(rest)
            guard cents <= BatchCut.amountMax else { return nil }
            return Cents(isNegative ? -cents : cents)
        }
    }
}

/// What is wrong with a file of batch cuts.
package struct BatchCutFileError: Error, Hashable, Sendable {
    package enum What: Error, Hashable, Sendable {
        case header, tooLong, encoding, cells, cardTerminal, number, time, scheme, count, amount
        /// Card terminal, cut and scheme stand in two lines.
        case twice

        /// What is wanted there, in English.
        package var wanted: String {
            switch self {
            case .header: "the first line \(BatchCutFile.header)"
            case .tooLong: "at most \(BatchCutFile.linesMax) lines"
            case .encoding: "text in UTF-8"
            case .cells: "six cells with semicolons between"
            case .cardTerminal: "a card terminal of 1 to 16 digits or capital letters"
            case .number: "a cut number of 1 to 16 digits or capital letters, or nothing"
            case .time: "a time such as 2026-11-20 18:05, the same in all lines of a cut"
            case .scheme: "one of \(CardScheme.allCases.map(\.rawValue).joined(separator: ", "))"
            case .count: "a count from 0 to \(BatchCut.countMax)"
            case .amount: "euros such as 613,80 or -4,00, at most a billion"
            case .twice: "each scheme of a cut in one line"
            }
        }
    }

    /// From 1.
    package let line: Int
    package let what: What
}
