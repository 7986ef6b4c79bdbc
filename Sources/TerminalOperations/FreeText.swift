import Foundation
import Sales
import Text

/// Text that people type: composed, on one line, short enough for a record (trust.md 6).
package enum FreeText {
    /// `text` trimmed and in normalisation form C.
    ///
    /// - Parameter field: its German name with article, such as "das Kennzeichen".
    /// - Throws: ``TerminalError`` `text-missing` if nothing is left, `text-invalid` for too many
    ///   characters, control or text direction characters.
    package static func checked(_ text: String, field: String) throws(TerminalError) -> String {
        let composed = text.precomposedStringWithCanonicalMapping
            .trimmingCharacters(in: .whitespacesAndNewlines)
        guard !composed.isEmpty else {
            throw TerminalError(
                .textMissing, "Es fehlt \(field).", .entered, "Bitte tragen Sie das noch ein.")
        }
        guard !composed.isTooLong, composed.unicodeScalars.allSatisfy(\.isPlain) else {
            throw TerminalError(
                .textInvalid,
                "\(field.prefix(1).uppercased() + field.dropFirst()) ist zu lang oder enthält "
                    + "Steuerzeichen.",
                .entered,
                "Bitte kürzen Sie auf eine Zeile mit höchstens \(ShortText.charactersMax) "
                    + "Zeichen.")
        }
        guard !composed.holdsCardNumber else {
            throw TerminalError(
                .textInvalid,
                "\(field.prefix(1).uppercased() + field.dropFirst()) enthält eine Kartennummer.",
                .entered, "Schreiben Sie höchstens die letzten vier Ziffern.")
        }
        return composed
    }
}
