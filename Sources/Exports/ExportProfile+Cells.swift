import Ledger
import Units

extension ExportProfile {
    /// Appends the encoded value of a column, neither padded nor quoted.
    func append(
        _ column: Column, of line: ExportLine, to cell: inout [UInt8]
    ) throws(ExportError) {
        switch column.source {
        case .constant(let text):
            try CSVWriter.encode(text, encoding, column, line, to: &cell)
        case .field(let field):
            if field.isText {
                try appendText(field, column, of: line, to: &cell)
            } else {
                appendPlain(field, of: line, to: &cell)
            }
        }
    }

    /// Fields that hold only ASCII that no reader mistakes: numbers, dates, accounts, words.
    private func appendPlain(_ field: Field, of line: ExportLine, to cell: inout [UInt8]) {
        switch field {
        case .yard: cell.append(contentsOf: line.yard.text.utf8)
        case .closeNumber: cell.append(contentsOf: String(line.closeNumber).utf8)
        case .close: cell.append(contentsOf: line.closeReference.utf8)
        case .line: cell.append(contentsOf: String(line.number).utf8)
        case .receipt: cell.append(contentsOf: line.receipt.utf8)
        case .date: dateStyle.append(line.key.date, to: &cell)
        case .closeDate: dateStyle.append(line.closeDay, to: &cell)
        case .budgetYear: cell.append(contentsOf: String(line.key.date.year).utf8)
        case .account: cell.append(contentsOf: line.account.number.utf8)
        case .contra: cell.append(contentsOf: line.contra.number.utf8)
        case .debitAccount: cell.append(contentsOf: line.key.debit.number.utf8)
        case .creditAccount: cell.append(contentsOf: line.key.credit.number.utf8)
        case .costCentre: cell.append(contentsOf: (line.key.costCentre ?? "").utf8)
        case .amount: decimalMark.append(sign.signed(line), to: &cell)
        case .reversal: cell.append(UInt8(ascii: line.key.kind == .reversal ? "1" : "0"))
        case .currency: cell.append(contentsOf: "EUR".utf8)
        case .key, .side, .text, .name, .channel: break
        }
    }

    private func appendText(
        _ field: Field, _ column: Column, of line: ExportLine, to cell: inout [UInt8]
    ) throws(ExportError) {
        let text: String
        switch field {
        case .key:
            try key.append(line, column, encoding, to: &cell)
            return
        case .side: text = sign.words(line.side)
        case .text: text = line.text
        case .name: text = line.name
        case .channel: text = line.key.channel.words
        default: text = ""
        }
        try CSVWriter.encode(text, encoding, column, line, to: &cell)
    }

    /// Guards, cuts, pads and quotes a cell and appends it with the separator before it.
    func finish(
        _ value: [UInt8], _ column: Column, isFirst: Bool, _ line: ExportLine?,
        to out: inout [UInt8]
    ) throws(ExportError) {
        var cell = value
        if guardsFormulas && column.source.isText, let first = cell.first,
            Self.formulaStarts.contains(first)
        {
            cell.insert(UInt8(ascii: "'"), at: 0)
        }
        if let width = column.width { try fit(&cell, width, column, line) }
        if case .byte(let separator) = separator {
            if !isFirst { out.append(separator) }
            try appendQuoted(cell, column, separator, line, to: &out)
        } else {
            out.append(contentsOf: cell)
        }
    }

    /// What a spreadsheet takes for the start of a formula.
    private static let formulaStarts: Set<UInt8> = Set("=+-@".utf8)

    private func fit(
        _ cell: inout [UInt8], _ width: Int, _ column: Column, _ line: ExportLine?
    ) throws(ExportError) {
        // A continuation byte of UTF-8 begins no character.
        func count(_ bytes: [UInt8]) -> Int {
            encoding == .utf8 ? bytes.count { $0 & 0xC0 != 0x80 } : bytes.count
        }
        var length = count(cell)
        while column.cuts && length > width {
            while encoding == .utf8, let last = cell.last, last & 0xC0 == 0x80 {
                cell.removeLast()
            }
            cell.removeLast()
            length -= 1
        }
        guard length <= width else {
            throw ExportError(
                .tooLong, close: line?.closeReference, line: line?.number, field: column.heading,
                value: String(decoding: cell, as: UTF8.self),
                remedy: "Der Wert hat \(length) Zeichen, das Feld \(width). Vergrößern Sie die "
                    + "Breite im Profil oder kürzen Sie den Namen im Kontenplan.")
        }
        let missing = width - length
        switch column.fill {
        case .none: break
        case .spacesBehind: cell += [UInt8](repeating: 0x20, count: missing)
        case .spacesBefore: cell = [UInt8](repeating: 0x20, count: missing) + cell
        case .zerosBefore:
            let sign = cell.first == UInt8(ascii: "-") ? 1 : 0
            cell.insert(contentsOf: [UInt8](repeating: 0x30, count: missing), at: sign)
        }
    }

    private func appendQuoted(
        _ cell: [UInt8], _ column: Column, _ separator: UInt8, _ line: ExportLine?,
        to out: inout [UInt8]
    ) throws(ExportError) {
        let quote = UInt8(ascii: "\"")
        let isOdd = cell.contains { $0 == quote || $0 == separator }
        let isQuoted =
            switch quoting {
            case .never: false
            case .whereNeeded: isOdd
            case .texts: isOdd || column.source.isText
            case .always: true
            }
        guard isQuoted else {
            guard !isOdd else {
                throw ExportError(
                    .quoteNeeded, close: line?.closeReference, line: line?.number,
                    field: column.heading, value: String(decoding: cell, as: UTF8.self),
                    remedy: "Der Wert enthält das Trennzeichen oder ein Anführungszeichen. "
                        + "Erlauben Sie Anführungszeichen im Profil oder ändern Sie den Namen.")
            }
            out.append(contentsOf: cell)
            return
        }
        out.append(quote)
        for byte in cell {
            if byte == quote { out.append(quote) }
            out.append(byte)
        }
        out.append(quote)
    }
}

extension ExportProfile.Field {
    /// Fields that may hold letters of any language or signs of the profile.
    var isText: Bool {
        switch self {
        case .key, .side, .text, .name, .channel: true
        default: false
        }
    }
}

extension ExportProfile.Source {
    /// Whether a reader takes the cell for text: quoted as such and guarded against formulas.
    var isText: Bool {
        switch self {
        case .constant: true
        case .field(let field):
            field.isText || [.yard, .close, .receipt, .costCentre, .currency].contains(field)
        }
    }
}

extension ExportLine {
    /// The words of a line for people (Buchungstext).
    var text: String {
        let storno = key.kind == .reversal ? "Storno " : ""
        return "Abschluss \(closeNumber) \(storno)\(name)"
    }
}

extension ExportProfile.SignStyle {
    func signed(_ line: ExportLine) -> Cents {
        switch self {
        case .mark: line.amount
        case .debitPositive: line.side == .debit ? line.amount : -line.amount
        case .creditPositive: line.side == .credit ? line.amount : -line.amount
        }
    }

    func words(_ side: Side) -> String {
        switch (self, side) {
        case (.mark(let debit, _), .debit): debit
        case (.mark(_, let credit), .credit): credit
        case (_, .debit): "S"
        case (_, .credit): "H"
        }
    }
}

extension ExportProfile.DecimalMark {
    func append(_ amount: Cents, to cell: inout [UInt8]) {
        if amount.isNegative { cell.append(UInt8(ascii: "-")) }
        let magnitude = amount.magnitude.value
        guard self != .none else {
            cell.append(contentsOf: String(magnitude).utf8)
            return
        }
        cell.append(contentsOf: String(magnitude / 100).utf8)
        cell.append(self == .comma ? UInt8(ascii: ",") : UInt8(ascii: "."))
        cell.append(UInt8(0x30 + magnitude / 10 % 10))
        cell.append(UInt8(0x30 + magnitude % 10))
    }
}

extension ExportProfile.DateStyle {
    func append(_ day: BusinessDay, to cell: inout [UInt8]) {
        let (dd, mm) = (padded(day.day, 2), padded(day.month, 2))
        let text =
            switch self {
            case .dotted: "\(dd).\(mm).\(day.year)"
            case .iso: day.iso
            case .dayFirst: "\(dd)\(mm)\(day.year)"
            case .yearFirst: "\(day.year)\(mm)\(dd)"
            case .dottedShort: "\(dd).\(mm).\(padded(day.year % 100, 2))"
            }
        cell.append(contentsOf: text.utf8)
    }
}

extension KeyPattern {
    /// - Throws: ``ExportError`` `X-E08` for a number wider than its place, because the key would
    ///   no longer be unique.
    func append(
        _ line: ExportLine, _ column: ExportProfile.Column, _ encoding: FileEncoding,
        to cell: inout [UInt8]
    ) throws(ExportError) {
        for part in parts {
            switch part {
            case .literal(let text): try CSVWriter.encode(text, encoding, column, line, to: &cell)
            case .yard: cell.append(contentsOf: line.yard.text.utf8)
            case .close(let width):
                try append(line.closeNumber, width, line, column, to: &cell)
            case .line(let width):
                try append(Int64(line.number), width, line, column, to: &cell)
            }
        }
    }

    private func append(
        _ number: Int64, _ width: Int, _ line: ExportLine, _ column: ExportProfile.Column,
        to cell: inout [UInt8]
    ) throws(ExportError) {
        var rest = number
        cell.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: width))
        for place in 1...width {
            cell[cell.count - place] += UInt8(rest % 10)
            rest /= 10
        }
        guard rest == 0 else {
            throw ExportError(
                .tooLong, close: line.closeReference, line: line.number, field: column.heading,
                value: String(number),
                remedy: "Das Fremdkennzeichen hat dafür nur \(width) Stellen. Vergrößern Sie die "
                    + "Breite im Muster des Profils.")
        }
    }
}
