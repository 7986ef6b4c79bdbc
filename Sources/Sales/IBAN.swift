/// A bank account's number by ISO 13616: country, two check digits, the bank's own number.
///
/// Invariant: its length is the country's, and its check digits are right (ISO 7064, MOD 97-10).
package struct IBAN: Hashable, Sendable {
    /// Capital letters and digits without spaces, 15 to 34 bytes.
    package let text: String

    /// Why a text is no IBAN.
    package enum Problem: Error, Hashable, Sendable {
        case empty
        /// A character at this place, from 1, that is neither letter, digit nor space.
        case character(place: Int)
        /// It does not begin with two letters and two digits.
        case beginning
        /// Characters without spaces; of a country without a known length 15 to 34.
        case length(found: Int, wanted: ClosedRange<Int>)
        case checkDigits
    }

    /// Reads what a person typed: small letters and spaces are as good as none.
    ///
    /// - Throws: ``Problem``, the first in the order of its cases.
    package init(_ input: String) throws(Problem) {
        var bytes: [UInt8] = []
        for (place, scalar) in input.unicodeScalars.enumerated() where !Self.isSpace(scalar) {
            switch scalar {
            case "0"..."9", "A"..."Z": bytes.append(UInt8(scalar.value))
            case "a"..."z": bytes.append(UInt8(scalar.value) - 0x20)
            default: throw .character(place: place + 1)
            }
        }
        guard !bytes.isEmpty else { throw .empty }
        guard bytes.count >= 4, Self.isLetter(bytes[0]), Self.isLetter(bytes[1]),
            !Self.isLetter(bytes[2]), !Self.isLetter(bytes[3])
        else { throw .beginning }
        let text = String(decoding: bytes, as: UTF8.self)
        let wanted = Self.lengths[String(text.prefix(2))].map { $0...$0 } ?? 15...34
        guard wanted.contains(bytes.count) else {
            throw .length(found: bytes.count, wanted: wanted)
        }
        guard Self.isChecked(bytes) else { throw .checkDigits }
        self.text = text
    }

    /// In groups of four, as people write it.
    package var grouped: String { Self.grouped(text.utf8.map { Character(Unicode.Scalar($0)) }) }
    /// In groups of four with all but the last four characters hidden.
    package var masked: String { Self.masked(text) }

    /// What may be shown of a text that was typed for an IBAN: its last four characters, none of a
    /// text of at most eight.
    package static func masked(_ input: String) -> String {
        let signs = input.unicodeScalars.filter { !isSpace($0) }.map { Character($0) }
        let shown = signs.count > 8 ? 4 : 0
        return grouped(
            [Character](repeating: "*", count: signs.count - shown) + signs.suffix(shown))
    }

    private static func grouped(_ signs: [Character]) -> String {
        stride(from: 0, to: signs.count, by: 4).map { start in
            String(signs[start..<min(start + 4, signs.count)])
        }.joined(separator: " ")
    }

    /// A space, one that does not break, or a narrow one: papers and pages have all of them.
    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        [" ", "\u{00A0}", "\u{202F}"].contains(scalar)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "A") }

    /// Check digits are 02 to 98; others that leave the same remainder are no IBAN.
    private static func isChecked(_ bytes: [UInt8]) -> Bool {
        let check = Int(bytes[2] - 0x30) * 10 + Int(bytes[3] - 0x30)
        guard (2...98).contains(check) else { return false }
        let remainder = (bytes[4...] + bytes[..<4]).reduce(0) { rest, byte in
            isLetter(byte)
                ? (rest * 100 + Int(byte - UInt8(ascii: "A")) + 10) % 97
                : (rest * 10 + Int(byte - 0x30)) % 97
        }
        return remainder == 1
    }

    /// Lengths in the countries of SEPA (IBAN registry of SWIFT, EPC409-09).
    private static let lengths: [String: Int] = [
        "AD": 24, "AL": 28, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22,
        "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GI": 23, "GR": 27, "HR": 21,
        "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27,
        "MD": 24, "ME": 22, "MK": 19, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24,
        "RS": 22, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "VA": 22,
    ]
}
