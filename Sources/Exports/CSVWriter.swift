import Ledger
import Units

/// Writes lines as a profile wants them, row by row and with memory that does not grow.
package struct CSVWriter: Sendable {
    package let profile: ExportProfile
    private let headingBytes: [UInt8]
    /// The rows of the close at hand, with gaps for what differs from row to row.
    private var templates: [ExportLine.Key: RowTemplate] = [:]
    private var close: (yard: YardID, number: Int64)?
    private var cell: [UInt8] = []

    /// - Throws: ``ExportError`` if a heading does not fit its column or the character set.
    package init(_ profile: ExportProfile) throws(ExportError) {
        self.profile = profile
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
        if close?.number != line.closeNumber || close?.yard != line.yard {
            close = (line.yard, line.closeNumber)
            templates.removeAll()
        }
        for part in try template(of: line).parts {
            switch part {
            case .bytes(let bytes): out.append(contentsOf: bytes)
            case .column(let place): try append(place, of: line, to: &out)
            }
        }
    }

    private mutating func template(of line: ExportLine) throws(ExportError) -> RowTemplate {
        if let known = templates[line.key], known.name == line.name { return known }
        var template = RowTemplate(name: line.name)
        for (place, column) in profile.columns.enumerated() {
            if column.source.differsByRow {
                template.parts.append(.column(place))
            } else {
                var bytes: [UInt8] = []
                try append(place, of: line, to: &bytes)
                template.append(bytes)
            }
        }
        template.append(profile.lineEnd.bytes)
        templates[line.key] = template
        return template
    }

    private mutating func append(
        _ place: Int, of line: ExportLine, to out: inout [UInt8]
    ) throws(ExportError) {
        let column = profile.columns[place]
        cell.removeAll(keepingCapacity: true)
        try profile.append(column, of: line, to: &cell)
        try profile.finish(cell, column, isFirst: place == 0, line, to: &out)
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

/// A finished row whose varying columns are left open.
private struct RowTemplate {
    enum Part {
        case bytes([UInt8])
        case column(Int)
    }

    let name: String
    var parts: [Part] = []

    init(name: String) {
        self.name = name
    }

    mutating func append(_ bytes: [UInt8]) {
        guard case .bytes(let before) = parts.last else {
            parts.append(.bytes(bytes))
            return
        }
        parts[parts.count - 1] = .bytes(before + bytes)
    }
}

extension ExportProfile.Source {
    /// Whether rows of one close with equal keys may differ here.
    fileprivate var differsByRow: Bool {
        switch self {
        case .constant: false
        case .pattern: true
        case .field(let field): [.key, .line, .receipt, .amount, .reference].contains(field)
        }
    }
}
