package import Reconciliation
import Units

/// Reads MT940 files as German banks wrote them until November 2025 (SWIFT MT940, field 86 in the
/// structure of the Deutsche Kreditwirtschaft).
package enum MT940Reader {
    /// The statements of a file, in file order; the pages of one that goes on in further messages
    /// are one statement. Read field by field: beside the file and its text, only what the entries
    /// hold is kept.
    ///
    /// - Throws: `B-E01`, then the first in file order of `B-E07` to `B-E11`.
    package static func read(_ bytes: [UInt8]) throws(StatementError) -> [BankStatement] {
        try StatementLimits.check(byteCount: bytes.count)
        var messages = MT940Messages()
        var draft: MT940Draft?
        var fields = MT940Fields(text(bytes))
        while let field = try fields.next() {
            if field.tag == "20" {
                if let draft { try messages.append(draft) }
                draft = MT940Draft(
                    message: try FieldReading.id(field.value, line: field.line, field: ":20:"),
                    line: field.line)
            } else {
                guard draft != nil else { throw .missing(":20:", line: field.line) }
                try draft?.take(field)
            }
        }
        if let draft { try messages.append(draft) }
        return try messages.finished()
    }

    /// UTF-8 where it is valid, else ISO 8859-1, which every byte sequence is.
    private static func text(_ bytes: [UInt8]) -> String {
        String(validating: bytes, as: UTF8.self)
            ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }
}

/// The messages of a file: each a statement, or a further page of the one before.
private struct MT940Messages {
    private var statements: [BankStatement] = []
    /// The statement that the last message belongs to.
    private var last: MT940Draft?

    mutating func append(_ message: MT940Draft) throws(StatementError) {
        try message.check()
        if last?.isContinued(by: message) == true {
            last?.append(message)
        } else {
            if let last { statements.append(try last.finished()) }
            last = message
        }
    }

    func finished() throws(StatementError) -> [BankStatement] {
        guard let last else { return statements }
        return try statements + [last.finished()]
    }
}

/// A tagged field with its continuation lines.
struct MT940Field {
    let tag: String
    /// Lines joined by a line feed.
    var value: String
    /// From 1.
    let line: Int
}

/// The fields of a file, one after the other; blank lines and the dash that ends a statement are
/// skipped. Never more than one field is held.
struct MT940Fields {
    private var rest: Substring
    /// Of the line last taken.
    private var line = 0
    /// The field whose lines are being joined.
    private var held: MT940Field?

    init(_ text: String) { rest = text[...] }

    /// The next field with all its lines; nil at the end of the file.
    ///
    /// - Throws: `B-E11` for a line that belongs to no field.
    mutating func next() throws(StatementError) -> MT940Field? {
        while let text = nextLine() {
            guard !text.isEmpty, text != "-" else { continue }
            if let (tag, value) = Self.tagged(text) {
                let whole = held
                held = MT940Field(tag: tag, value: value, line: line)
                if let whole { return whole }
            } else if text.first == ":" || held == nil {
                throw StatementError(
                    .brokenMT940, line: line, value: String(text),
                    remedy: "Hier wird ein Feld wie :61: erwartet. Holen Sie die Datei neu ab.")
            } else {
                held?.value += "\n" + text
            }
        }
        defer { held = nil }
        return held
    }

    private mutating func nextLine() -> Substring? {
        guard !rest.isEmpty else { return nil }
        line += 1
        let end = rest.firstIndex(where: \.isNewline) ?? rest.endIndex
        defer { rest = end == rest.endIndex ? "" : rest[rest.index(after: end)...] }
        return rest[..<end]
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
