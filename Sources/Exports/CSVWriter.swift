import Ledger
import Units

/// Writes lines as a profile wants them, row by row and with memory that does not grow.
package struct CSVWriter: Sendable {
    package let profile: ExportProfile
    private let headingBytes: [UInt8]
    /// Which columns are neither padded, guarded nor quoted but for a byte that needs it.
    private let isBare: [Bool]
    /// The rows of the close at hand, with gaps for what differs from row to row.
    private var templates: [RowTemplate] = []
    private var places: [ExportLine.Key: Int] = [:]
    private var close: (yard: String, number: Int64)?
    private var cell: [UInt8] = []

    /// - Throws: ``ExportError`` if a heading does not fit its column or the character set.
    package init(_ profile: ExportProfile) throws(ExportError) {
        self.profile = profile
        isBare = profile.columns.map(profile.isBare)
        var bytes: [UInt8] = profile.byteOrderMark ? [0xEF, 0xBB, 0xBF] : []
        if profile.hasHeading {
            for (place, column) in profile.columns.enumerated() {
                var cell: [UInt8] = []
                try Self.encode(column.heading, profile.encoding, column, nil, to: &cell)
                // Between separators a width is the most that a value may have, not the heading.
                let heading = ExportProfile.Column(
                    heading: column.heading, source: .constant(column.heading),
                    width: profile.separator == .none ? column.width : nil,
                    fill: column.fill.forWords, codes: nil)
                try profile.finish(cell, heading, isFirst: place == 0, nil, to: &bytes)
            }
            bytes += profile.lineEnd.bytes
        }
        headingBytes = bytes
    }

    /// What stands before the first row: byte order mark and heading, where the profile has them.
    package var heading: [UInt8] { headingBytes }

    /// Appends one row with its line end.
    ///
    /// - Throws: ``ExportError`` `X-E06` to `X-E09`, column by column; `out` then ends in a part
    ///   of a row.
    package mutating func append(
        _ line: ExportLine, to out: inout [UInt8]
    ) throws(ExportError) {
        if close?.number != line.closeNumber || close?.yard != line.yard.text {
            close = (line.yard.text, line.closeNumber)
            places.removeAll(keepingCapacity: true)
            templates.removeAll(keepingCapacity: true)
        }
        let template = try template(of: line)
        for part in template.parts {
            switch part {
            case .text(let start, let end): out.append(contentsOf: template.text[start..<end])
            case .number(let width, let column):
                guard Self.fits(line.number, width) else { return try cell(column, line, &out) }
                out.append(digitsOf: Int64(line.number), width: width)
            case .amount(let column):
                let start = out.count
                profile.decimalMark.append(profile.sign.signed(line), to: &out)
                try quoteIfNeeded(column, line, from: start, &out)
            case .receipt(let column):
                let start = out.count
                try encode(line.receipt, column, line, &out)
                try quoteIfNeeded(column, line, from: start, &out)
            case .cell(let column): try cell(column, line, &out)
            }
        }
    }

    private mutating func template(of line: ExportLine) throws(ExportError) -> RowTemplate {
        if let place = places[line.key], templates[place].name == line.name {
            return templates[place]
        }
        var template = RowTemplate(name: line.name)
        for (place, column) in profile.columns.enumerated() {
            if place > 0, case .byte(let separator) = profile.separator {
                template.append([separator])
            }
            switch column.source {
            case .field(.amount) where isBare[place]: template.append(.amount(place))
            case .field(.receipt) where isBare[place] && column.codes == nil:
                template.append(.receipt(place))
            case .field(.key) where isBare[place]:
                try append(profile.key, place, line, yards: nil, to: &template)
            case .pattern(let pattern) where isBare[place]:
                try append(pattern, place, line, yards: column.codes, to: &template)
            case let source where source.differsByRow: template.append(.cell(place))
            case .field, .constant, .pattern:
                var bytes: [UInt8] = []
                try cell(place, line, &bytes)
                template.append(bytes)
            }
        }
        template.append(profile.lineEnd.bytes)
        places[line.key] = templates.count
        templates.append(template)
        return template
    }

    /// Everything of a pattern but the line's number is the same in all rows of a close.
    private func append(
        _ pattern: KeyPattern, _ place: Int, _ line: ExportLine, yards: CodeTable?,
        to template: inout RowTemplate
    ) throws(ExportError) {
        let column = profile.columns[place]
        let quote = UInt8(ascii: "\"")
        var value: [UInt8] = []
        try pattern.append(line, column, profile.encoding, yards: yards, to: &value)
        guard case .byte(let separator) = profile.separator,
            !value.contains(quote, or: separator, from: 0)
        else { return template.append(.cell(place)) }
        for part in pattern.parts {
            if case .line(let width) = part {
                template.append(.number(width: width, column: place))
            } else {
                var bytes: [UInt8] = []
                try pattern.append(
                    part, line, column, profile.encoding, yards: yards, to: &bytes)
                template.append(bytes)
            }
        }
    }

    private static func fits(_ number: Int, _ width: Int) -> Bool {
        var (rest, digits) = (number, 0)
        while rest > 0 {
            rest /= 10
            digits += 1
        }
        return digits <= width
    }

    /// Appends a column with everything that the profile asks of it, without a separator.
    private mutating func cell(
        _ place: Int, _ line: ExportLine, _ out: inout [UInt8]
    ) throws(ExportError) {
        let column = profile.columns[place]
        cell.removeAll(keepingCapacity: true)
        try profile.append(column, of: line, to: &cell)
        try profile.finish(cell, column, isFirst: true, line, to: &out)
    }

    private func encode(
        _ text: String, _ place: Int, _ line: ExportLine, _ out: inout [UInt8]
    ) throws(ExportError) {
        let start = out.count
        out.append(contentsOf: text.utf8)
        guard !out.isPlain(from: start) else { return }
        out.removeSubrange(start...)
        try Self.encode(text, profile.encoding, profile.columns[place], line, to: &out)
    }

    /// Takes a bare value out again if it has to be quoted, or cannot be.
    private mutating func quoteIfNeeded(
        _ place: Int, _ line: ExportLine, from start: Int, _ out: inout [UInt8]
    ) throws(ExportError) {
        guard case .byte(let separator) = profile.separator,
            out.contains(UInt8(ascii: "\""), or: separator, from: start)
        else { return }
        out.removeSubrange(start...)
        try cell(place, line, &out)
    }

    /// Appends a record about several lines, such as their sum, with its line end.
    ///
    /// - Throws: ``ExportError`` as ``append(_:to:)-(ExportLine,_)``.
    func append(
        _ record: [ExportProfile.Column], _ totals: LineTotals, to out: inout [UInt8]
    ) throws(ExportError) {
        for (place, column) in record.enumerated() {
            var cell: [UInt8] = []
            if let value = totals.value(of: column.source, profile) {
                let code = try profile.coded(value, column, nil)
                try Self.encode(code, profile.encoding, column, nil, to: &cell)
            } else {
                try profile.append(column, of: totals.first, to: &cell)
            }
            try profile.finish(cell, column, isFirst: place == 0, nil, to: &out)
        }
        out += profile.lineEnd.bytes
    }

    static func encode(
        _ text: String, _ encoding: FileEncoding, _ column: ExportProfile.Column,
        _ line: ExportLine?, to out: inout [UInt8]
    ) throws(ExportError) {
        do throws(EncodingProblem) {
            try encoding.append(text, to: &out)
        } catch {
            throw ExportError(error, encoding, line, field: column.heading)
        }
    }
}

extension ExportProfile.Fill {
    /// Headings are words: no zeros in front of them.
    fileprivate var forWords: Self { self == .zerosBefore ? .spacesBefore : self }
}

extension ExportError {
    init(
        _ problem: EncodingProblem, _ encoding: FileEncoding, _ line: ExportLine?, field: String
    ) {
        switch problem {
        case .unknown(let character):
            self.init(
                .characterUnknown, close: line?.closeReference, line: line?.number, field: field,
                value: String(character),
                remedy: "Dieses Zeichen gibt es in \(encoding.rawValue) nicht. Ändern Sie den "
                    + "Namen im Kontenplan oder den Zeichensatz im Profil.")
        case .forbidden(let scalar):
            self.init(
                .characterForbidden, close: line?.closeReference, line: line?.number,
                field: field, value: "U+" + String(scalar.value, radix: 16, uppercase: true),
                remedy: "Steuerzeichen und Zeilenumbrüche sind in Exporten nicht erlaubt. "
                    + "Entfernen Sie das Zeichen im Kontenplan oder im Profil.")
        }
    }
}

extension ExportProfile {
    fileprivate func isBare(_ column: Column) -> Bool {
        guard separator != .none, column.width == nil else { return false }
        let isText = column.source.isText
        return switch quoting {
        case .never, .whereNeeded: !(guardsFormulas && isText)
        case .texts: !isText
        case .always: false
        }
    }
}

extension ExportProfile.Source {
    /// Whether rows of one close with equal keys may differ here.
    fileprivate var differsByRow: Bool {
        switch self {
        case .constant: false
        case .pattern: true
        case .field(let field):
            [.key, .line, .receipt, .amount, .reference].contains(field) || isPerson
        }
    }
}
