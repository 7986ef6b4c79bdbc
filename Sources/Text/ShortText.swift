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
