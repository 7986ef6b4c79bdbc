package import Reconciliation
import Units

/// Reads MT940 files as German banks wrote them until November 2025 (SWIFT MT940, field 86 in the
/// structure of the Deutsche Kreditwirtschaft).
package enum MT940Reader {
    /// The statements of a file, in file order.
    ///
    /// - Throws: `B-E01`; `B-E11` for the first line that belongs to no field; then the first in
    ///   file order of `B-E07` to `B-E11`.
    package static func read(_ bytes: [UInt8]) throws(StatementError) -> [BankStatement] {
        try StatementLimits.check(byteCount: bytes.count)
        var statements: [BankStatement] = []
        var draft: MT940Draft?
        for field in try MT940Field.fields(of: text(bytes)) {
            if field.tag == "20" {
                if let draft { statements.append(try draft.finished()) }
                draft = MT940Draft(message: field.value, line: field.line)
            } else {
                guard draft != nil else { throw .missing(":20:", line: field.line) }
                try draft?.take(field)
            }
        }
        if let draft { statements.append(try draft.finished()) }
        return statements
    }

    /// UTF-8 where it is valid, else ISO 8859-1, which every byte sequence is.
    private static func text(_ bytes: [UInt8]) -> String {
        String(validating: bytes, as: UTF8.self)
            ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }
}

/// A tagged field with its continuation lines.
struct MT940Field {
    let tag: String
    /// Lines joined by a line feed.
    var value: String
    /// From 1.
    let line: Int

    /// Splits a file into fields; blank lines and the dash that ends a statement are skipped.
    static func fields(of text: String) throws(StatementError) -> [MT940Field] {
        var fields: [MT940Field] = []
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (place, line) in lines.enumerated() where !line.isEmpty && line != "-" {
            if let (tag, rest) = tagged(line) {
                fields.append(MT940Field(tag: tag, value: rest, line: place + 1))
            } else if line.first == ":" || fields.isEmpty {
                throw StatementError(
                    .brokenMT940, line: place + 1, value: String(line),
                    remedy: "Hier wird ein Feld wie :61: erwartet. Holen Sie die Datei neu ab.")
            } else {
                fields[fields.count - 1].value += "\n" + line
            }
        }
        return fields
    }

    private static func tagged(_ line: Substring) -> (String, String)? {
        guard line.first == ":", let end = line.dropFirst().firstIndex(of: ":") else { return nil }
        let tag = line[line.index(after: line.startIndex)..<end]
        guard (2...3).contains(tag.count), tag.allSatisfy({ $0.isASCII && $0.isLetterOrDigit })
        else { return nil }
        return (String(tag), String(line[line.index(after: end)...]))
    }
}

extension Character {
    fileprivate var isLetterOrDigit: Bool { isLetter || isNumber }
}
