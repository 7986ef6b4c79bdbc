/// Why a bank or acquirer file is refused whole: what, where, and what to do
/// (docs/errors/statements.md). Equal by all its fields.
package struct StatementError: Error, Hashable, Sendable {
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// More bytes, depth, elements or entries than allowed.
        case tooLarge = "B-E01"
        /// Neither camt nor MT940.
        case formatUnknown = "B-E02"
        /// A document type declaration: the way to entity tricks.
        case doctype = "B-E03"
        /// Not well-formed XML.
        case brokenXML = "B-E04"
        /// The namespace is not that of a camt message we read.
        case namespace = "B-E05"
        /// A camt message of another kind, such as camt.052.
        case wrongMessage = "B-E06"
        /// An element or field that must be there is missing.
        case missing = "B-E07"
        /// An amount that is no amount in whole cents.
        case amount = "B-E08"
        /// A date that does not exist.
        case date = "B-E09"
        /// A word outside the list the format allows.
        case word = "B-E10"
        /// A line of an MT940 file that no field explains.
        case brokenMT940 = "B-E11"
        /// The columns of an acquirer's file are not those of the profile.
        case columns = "B-E12"
        /// A line of an acquirer's file whose sums or signs do not fit.
        case lineDiffers = "B-E13"
        /// Two currencies in one acquirer's file, or another than the profile names.
        case currency = "B-E14"
        /// A byte that the character set does not have.
        case characters = "B-E15"
    }

    package let code: Code
    /// From 1; nil if it is about the whole file.
    package let line: Int?
    /// Where on the line the reader stopped, from 1; of XML that is broken alone.
    package let column: Int?
    /// Element path, field or column.
    package let field: String?
    /// What was found, at most 80 characters.
    package let value: String?
    /// What to do, in German.
    package let remedy: String

    package init(
        _ code: Code, line: Int? = nil, column: Int? = nil, field: String? = nil,
        value: String? = nil, remedy: String
    ) {
        self.code = code
        self.line = line
        self.column = column
        self.field = field
        self.value = value.map { String($0.prefix(80)) }
        self.remedy = remedy
    }
}

extension StatementError: CustomStringConvertible {
    /// One German sentence or two for a page or a terminal.
    package var description: String {
        let place = [
            line.map { "Zeile \($0)" }, column.map { "Spalte \($0)" },
            field.map { "Feld \($0)" }, value.map { "Wert „\($0)“" },
        ]
        let found = place.compactMap(\.self).joined(separator: ", ")
        return "\(code.rawValue)\(found.isEmpty ? "" : " (\(found))"): \(remedy)"
    }
}
