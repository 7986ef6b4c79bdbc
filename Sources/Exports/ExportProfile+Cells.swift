import Ledger
import Text
import Units

extension ExportProfile {
    /// Appends the encoded value of a column of a line, neither padded nor quoted.
    func append(
        _ column: Column, of line: ExportLine, to cell: inout [UInt8]
    ) throws(ExportError) {
        switch column.source {
        case .constant(let text):
            try CSVWriter.encode(text, encoding, column, line, to: &cell)
        case .pattern(let pattern):
            try pattern.append(line, column, encoding, yards: column.codes, to: &cell)
        case .field(.key): try key.append(line, column, encoding, to: &cell)
        case .field(.amount): decimalMark.append(sign.signed(line), to: &cell)
        case .field(let field) where column.source.isPerson:
            let value = try field.person(of: line, heading: column.heading)
            try CSVWriter.encode(value, encoding, column, line, to: &cell)
        case .field(let field):
            let value = try coded(try value(of: field, line), column, line)
            try CSVWriter.encode(value, encoding, column, line, to: &cell)
        }
    }

    /// The value by the code table of its column.
    func coded(
        _ value: String, _ column: Column, _ line: ExportLine?
    ) throws(ExportError) -> String {
        guard let codes = column.codes else { return value }
        guard let code = codes[value] else {
            throw ExportError(
                .codeMissing, close: line?.closeReference, line: line?.number,
                field: column.heading, value: value,
                remedy: "Die Codetabelle der Spalte kennt diesen Wert nicht. Ergänzen Sie ihn "
                    + "im Profil unter „codes“ oder geben Sie „sonst“ an.")
        }
        return code
    }

    private func value(of field: Field, _ line: ExportLine) throws(ExportError) -> String {
        switch field {
        case .yard: line.yard.text
        case .closeNumber: String(line.closeNumber)
        case .close, .closes: line.closeReference
        case .line: String(line.number)
        case .receipt: line.receipt
        case .date: dateStyle.text(line.key.date)
        case .closeDate: dateStyle.text(line.closeDay)
        case .dueDate: dateStyle.text(due(line.key.date))
        case .budgetYear: String(line.key.date.year)
        case .orderYear: String(line.closeDay.year)
        case .account: line.account.number
        case .contra: line.contra.number
        case .debitAccount: line.key.debit.number
        case .creditAccount: line.key.credit.number
        case .costCentre: line.key.costCentre ?? ""
        case .budgetLine: line.budgetLine
        case .category: LineCategory(line).rawValue
        case .reversal: line.key.kind == .reversal ? "1" : "0"
        case .currency: "EUR"
        case .side: sign.words(line.side)
        case .text: line.text
        case .name: line.name
        case .channel: line.key.channel.words
        case .reference: try reference?.text(of: line) ?? ""
        case .key, .amount, .count, .order: ""
        case .payee, .iban, .debtor, .debtorName, .debtorAddress: ""
        }
    }

    /// The day some days after `date`; the date itself at the edge of the calendar.
    func due(_ date: BusinessDay) -> BusinessDay {
        BusinessDay(ordinal: date.ordinal + dueDays) ?? date
    }

    /// Guards, pads and quotes a cell and appends it with the separator before it.
    func finish(
        _ value: [UInt8], _ column: Column, isFirst: Bool, _ line: ExportLine?,
        to out: inout [UInt8]
    ) throws(ExportError) {
        var cell = value
        if guardsFormulas && column.source.isText && SpreadsheetCell.wouldRun(cell) {
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

    private func fit(
        _ cell: inout [UInt8], _ width: Int, _ column: Column, _ line: ExportLine?
    ) throws(ExportError) {
        // A continuation byte of UTF-8 begins no character.
        func count(_ bytes: [UInt8]) -> Int {
            encoding == .utf8 ? bytes.count { $0 & 0xC0 != 0x80 } : bytes.count
        }
        let length = count(cell)
        guard length <= width else {
            throw ExportError(
                .tooLong, close: line?.closeReference, line: line?.number, field: column.heading,
                value: column.shown(cell),
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
                    field: column.heading, value: column.shown(cell),
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
        case .key, .side, .text, .name, .channel, .category: true
        case .payee, .iban, .debtor, .debtorName, .debtorAddress: true
        default: false
        }
    }
}

extension ExportProfile.Source {
    /// Whether a reader takes the cell for text: quoted as such and guarded against formulas.
    var isText: Bool {
        switch self {
        case .constant, .pattern: true
        case .field(let field):
            field.isText
                || [
                    .yard, .close, .receipt, .costCentre, .currency, .reference, .order, .closes,
                    .budgetLine,
                ].contains(field)
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
        signed(line.side == .debit ? line.amount : -line.amount)
    }

    /// - Parameter balance: debits less credits.
    func signed(_ balance: Cents) -> Cents {
        switch self {
        case .mark: balance.magnitude
        case .debitPositive: balance
        case .creditPositive: -balance
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
    func text(_ amount: Cents) -> String {
        var bytes: [UInt8] = []
        append(amount, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    func append(_ amount: Cents, to cell: inout [UInt8]) {
        if amount.isNegative { cell.append(UInt8(ascii: "-")) }
        let magnitude = amount.magnitude.value
        guard self != .none else { return cell.append(digitsOf: magnitude) }
        cell.append(digitsOf: magnitude / 100)
        cell.append(self == .comma ? UInt8(ascii: ",") : UInt8(ascii: "."))
        cell.append(UInt8(0x30 + magnitude / 10 % 10))
        cell.append(UInt8(0x30 + magnitude % 10))
    }
}

extension ExportProfile.DateStyle {
    func text(_ day: BusinessDay) -> String {
        let (dd, mm) = (padded(day.day, 2), padded(day.month, 2))
        return
            switch self
        {
        case .dotted: "\(dd).\(mm).\(day.year)"
        case .iso: day.iso
        case .dayFirst: "\(dd)\(mm)\(day.year)"
        case .yearFirst: "\(day.year)\(mm)\(dd)"
        case .dottedShort: "\(dd).\(mm).\(padded(day.year % 100, 2))"
        }
    }
}

extension KeyPattern {
    /// - Parameter yards: what stands for each yard instead of its name.
    /// - Throws: ``ExportError`` `X-E08` for a number wider than its place, because the key would
    ///   no longer be unique; `X-E14` for a yard that `yards` lacks.
    func append(
        _ line: ExportLine, _ column: ExportProfile.Column, _ encoding: FileEncoding,
        yards: CodeTable? = nil, to cell: inout [UInt8]
    ) throws(ExportError) {
        for part in parts {
            try append(part, line, column, encoding, yards: yards, to: &cell)
        }
    }

    /// One part of the pattern; throws as the whole does.
    func append(
        _ part: Part, _ line: ExportLine, _ column: ExportProfile.Column,
        _ encoding: FileEncoding, yards: CodeTable?, to cell: inout [UInt8]
    ) throws(ExportError) {
        switch part {
        case .literal(let text): try CSVWriter.encode(text, encoding, column, line, to: &cell)
        case .yard: cell.append(contentsOf: try yard(of: line, column, yards).utf8)
        case .close(let width): try append(line.closeNumber, width, line, column, to: &cell)
        case .line(let width): try append(Int64(line.number), width, line, column, to: &cell)
        }
    }

    private func yard(
        of line: ExportLine, _ column: ExportProfile.Column, _ yards: CodeTable?
    ) throws(ExportError) -> String {
        guard let yards else { return line.yard.text }
        guard let code = yards[line.yard.text] else {
            throw ExportError(
                .codeMissing, close: line.closeReference, line: line.number,
                field: column.heading, value: line.yard.text,
                remedy: "Für diesen Hof fehlt die Kennung. Ergänzen Sie ihn im Profil.")
        }
        return code
    }

    private func append(
        _ number: Int64, _ width: Int, _ line: ExportLine, _ column: ExportProfile.Column,
        to cell: inout [UInt8]
    ) throws(ExportError) {
        let start = cell.count
        cell.append(digitsOf: number, width: width)
        guard cell.count - start == width else {
            throw ExportError(
                .tooLong, close: line.closeReference, line: line.number, field: column.heading,
                value: String(number),
                remedy: "Das Fremdkennzeichen hat dafür nur \(width) Stellen. Vergrößern Sie die "
                    + "Breite im Muster des Profils.")
        }
    }
}
