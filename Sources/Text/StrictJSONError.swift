/// Why bytes are not a document of ``StrictJSON``, and where.
package struct StrictJSONError: Error, Hashable, Sendable {
    /// What is wrong. The raw values are stable.
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// Starts with U+FEFF.
        case byteOrderMark = "byte-order-mark"
        /// A byte that cannot stand here, a second value or a trailing comma among them.
        case unexpectedByte = "unexpected-byte"
        /// The bytes end inside the document.
        case unexpectedEnd = "unexpected-end"
        /// Not well-formed UTF-8 (overlong forms and surrogates among them).
        case invalidUTF8 = "invalid-utf-8"
        /// A backslash followed by something else than JSON allows.
        case invalidEscape = "invalid-escape"
        /// Half of a surrogate pair, by escape.
        case loneSurrogate = "lone-surrogate"
        /// U+0000-001F or U+007F-009F in a string, raw or by escape.
        case controlCharacter = "control-character"
        /// U+202A-202E or U+2066-2069 in a string, raw or by escape.
        case directionControl = "direction-control"
        /// A string that is not in Unicode normalisation form C.
        case notComposed = "not-composed"
        /// A fraction or an exponent.
        case notWhole = "not-whole"
        /// `-0`.
        case negativeZero = "negative-zero"
        /// A number such as `007`.
        case leadingZero = "leading-zero"
        /// A number beyond 2^53-1 on either side.
        case numberTooLarge = "number-too-large"
        /// A member name that the same object already has.
        case duplicateName = "duplicate-name"
        /// More arrays and objects inside each other than allowed.
        case tooDeep = "too-deep"
    }

    package let code: Code
    /// The place in bytes from the start: of the offending byte, escape or number, or of the
    /// opening quote for a string as a whole.
    package let offset: Int

    package init(_ code: Code, at offset: Int) {
        self.code = code
        self.offset = offset
    }
}

extension StrictJSONError: CustomStringConvertible {
    package var description: String { "\(code.rawValue) at byte \(offset)" }
}
