/// Why an export cannot be made: where, what, and what to do. Equal by all its fields.
package struct ExportError: Error, Hashable, Sendable {
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// The account plan given is not the one that the close names.
        case planDiffers = "X-E03"
        /// The records do not add up to the account totals that were approved.
        case totalsDiffer = "X-E04"
        /// The clearing accounts do not hold what the card totals say.
        case clearingDiffers = "X-E05"
        /// A character that the character set does not have and no rule replaces.
        case characterUnknown = "X-E06"
        /// A line break, a tabulator or another control character inside a value.
        case characterForbidden = "X-E07"
        /// A value longer than its field.
        case tooLong = "X-E08"
        /// A separator or quote inside a value of a profile that never quotes.
        case quoteNeeded = "X-E09"
        /// An account whose length is not the one that DATEV was told.
        case accountLength = "X-E10"
        /// Debit and credit on the same account.
        case sameAccount = "X-E11"
        /// A date that the format cannot write.
        case dateOutOfRange = "X-E13"
        /// A value that the column's code table does not know.
        case codeMissing = "X-E14"
        /// A Kassenzeichen with a check digit that is not made of digits.
        case notDigits = "X-E15"
        /// Nobody is named whom a transfer is paid to, or who owes a claim.
        case nobodyNamed = "X-E16"
    }

    package let code: Code
    /// The close, such as `mitte-000317`; nil if it is not about one.
    package let close: String?
    /// The line of that close, from 1.
    package let line: Int?
    /// The field as the file's heading names it.
    package let field: String?
    /// What was found.
    package let value: String?
    /// What to do, in German.
    package let remedy: String

    package init(
        _ code: Code, close: String? = nil, line: Int? = nil, field: String? = nil,
        value: String? = nil, remedy: String
    ) {
        self.code = code
        self.close = close
        self.line = line
        self.field = field
        self.value = value
        self.remedy = remedy
    }
}

extension ExportError: CustomStringConvertible {
    /// One German sentence or two for a page or a terminal.
    package var description: String {
        let place = [
            close.map { "Abschluss \($0)" }, line.map { "Zeile \($0)" }, field.map { "Feld \($0)" },
            value.map { "Wert „\($0)“" },
        ]
        let found = place.compactMap(\.self).joined(separator: ", ")
        return "\(code.rawValue)\(found.isEmpty ? "" : " (\(found))"): \(remedy)"
    }
}
