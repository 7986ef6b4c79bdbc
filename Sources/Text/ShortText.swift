/// The short texts that people type: reasons, purposes, notes, names and addresses beside a record.
package enum ShortText {
    /// The most characters. Each is a Unicode scalar, so that a composed umlaut is one; as UTF-8
    /// they are at most four times as many bytes.
    package static let charactersMax = 200

    /// As many of the longest characters: what has room for these has room for any.
    package static var longest: String { String(repeating: "\u{10FFFD}", count: charactersMax) }
}

extension StringProtocol {
    /// Whether the text says nothing: no character of it lies above the space, U+0020.
    package var isBlank: Bool { utf8.allSatisfy { $0 <= 0x20 } }

    /// Whether the text has more characters than a short one, counted as Unicode scalars.
    package var isTooLong: Bool { isLonger(than: ShortText.charactersMax) }

    /// Whether the text has more than so many characters, counted as Unicode scalars.
    package func isLonger(than count: Int) -> Bool {
        unicodeScalars.dropFirst(count).first != nil
    }
}

extension Unicode.Scalar {
    /// Whether the character can stand in one line of text: no control, no end of a line or
    /// paragraph, and none that changes the direction of writing.
    package var isPlain: Bool {
        switch value {
        case 0..<0x20, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069: false
        default: true
        }
    }
}

extension String {
    /// This text in normalisation form C, with a space for each character that is not plain; line
    /// feeds stay.
    package var plain: String {
        guard !isComposed || unicodeScalars.contains(where: { !$0.isPlain }) else { return self }
        var kept = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            kept.append(scalar.isPlain || scalar == "\n" ? scalar : " ")
        }
        return String(kept).composed
    }

    /// Lines joined with spaces: records hold no line breaks.
    package var asOneLine: String { replacing("\n", with: " ") }
}
