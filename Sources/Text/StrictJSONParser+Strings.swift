extension StrictJSONParser {
    /// The string that starts with the quote at `index`.
    mutating func string() throws(StrictJSONError) -> String {
        let start = index
        var isASCII = true
        var mayCombine = false
        index += 1
        while true {
            skipPlainBytes()
            guard index < bytes.count else { throw StrictJSONError(.unexpectedEnd, at: index) }
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                let text = text(from: start + 1, isASCII: isASCII)
                index += 1
                guard !mayCombine || text.isComposed else {
                    throw StrictJSONError(.notComposed, at: start)
                }
                return text
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
            let scalar = try checkedScalar()
            isASCII = false
            mayCombine = mayCombine || String.mayCombine(scalar)
        }
    }

    /// The text from `start` up to `index`, each byte of it looked at before: it is not checked
    /// once more.
    private func text(from start: Int, isASCII: Bool) -> String {
        let span = UnsafeBufferPointer(rebasing: bytes[start..<index]).span
        return String(copying: UTF8Span(unchecked: span, isKnownASCII: isASCII))
    }

    /// Steps over printable ASCII that stands for itself: most bytes of a document.
    @inline(__always)
    private mutating func skipPlainBytes() {
        let raw = UnsafeRawBufferPointer(bytes)
        index = raw.place(from: index) { $0.marksOfSpecialBytes } ?? bytes.count
    }

    /// The rest of a string that has escapes; `index` is at the first. Few have any.
    @inline(never)
    private mutating func escapedString(from start: Int) throws(StrictJSONError) -> String {
        var text = String(decoding: bytes[(start + 1)..<index], as: UTF8.self).unicodeScalars
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "\"") {
                index += 1
                let string = String(text)
                guard string.isComposed else { throw StrictJSONError(.notComposed, at: start) }
                return string
            }
            text.append(try checkedScalar())
        }
        throw StrictJSONError(.unexpectedEnd, at: index)
    }

    /// The scalar at `index`, written out or by escape.
    private mutating func checkedScalar() throws(StrictJSONError) -> Unicode.Scalar {
        let place = index
        let scalar = bytes[index] == UInt8(ascii: "\\") ? try escapedScalar() : try scalar()
        try Self.check(scalar, at: place)
        return scalar
    }

    private static func check(_ scalar: Unicode.Scalar, at place: Int) throws(StrictJSONError) {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F: throw StrictJSONError(.controlCharacter, at: place)
        case 0x202A...0x202E, 0x2066...0x2069:
            throw StrictJSONError(.directionControl, at: place)
        default: return
        }
    }

    private mutating func escapedScalar() throws(StrictJSONError) -> Unicode.Scalar {
        let place = index
        index += 1
        guard index < bytes.count else { throw StrictJSONError(.unexpectedEnd, at: index) }
        let letter = bytes[index]
        index += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
            return Unicode.Scalar(letter)
        case UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"),
            UInt8(ascii: "t"):
            throw StrictJSONError(.controlCharacter, at: place)
        case UInt8(ascii: "u"): return try numberedScalar(from: place)
        default: throw StrictJSONError(.invalidEscape, at: place)
        }
    }

    /// The scalar of `\uXXXX` or of a surrogate pair of them; `index` is after the first `u`.
    private mutating func numberedScalar(
        from place: Int
    ) throws(StrictJSONError) -> Unicode.Scalar {
        let unit = try hexUnit(from: place)
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard unit < 0xDC00, index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"),
            bytes[index + 1] == UInt8(ascii: "u")
        else { throw StrictJSONError(.loneSurrogate, at: place) }
        index += 2
        let second = try hexUnit(from: place)
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x1_0000 + ((unit - 0xD800) << 10) + (second - 0xDC00))
        else { throw StrictJSONError(.loneSurrogate, at: place) }
        return scalar
    }

    private mutating func hexUnit(from place: Int) throws(StrictJSONError) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard index < bytes.count else { throw StrictJSONError(.unexpectedEnd, at: index) }
            guard let digit = Unicode.Scalar(bytes[index]).hexDigit else {
                throw StrictJSONError(.invalidEscape, at: place)
            }
            unit = unit << 4 | digit
            index += 1
        }
        return unit
    }

    /// The scalar written out at `index`, by the table of well-formed sequences (Unicode 3-7).
    private mutating func scalar() throws(StrictJSONError) -> Unicode.Scalar {
        let place = index
        let first = bytes[index]
        index += 1
        guard first >= 0x80 else { return Unicode.Scalar(first) }
        let second: ClosedRange<UInt8>
        let length: Int
        switch first {
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: throw StrictJSONError(.invalidUTF8, at: place)
        }
        var value = UInt32(first) & (0x7F >> UInt32(length))
        for position in 1..<length {
            let allowed = position == 1 ? second : 0x80...0xBF
            guard index < bytes.count, allowed.contains(bytes[index]) else {
                throw StrictJSONError(.invalidUTF8, at: place)
            }
            value = value << 6 | UInt32(bytes[index] & 0x3F)
            index += 1
        }
        guard let scalar = Unicode.Scalar(value) else {
            throw StrictJSONError(.invalidUTF8, at: place)
        }
        return scalar
    }
}

extension UInt64 {
    /// Marks the bytes that are no printable ASCII, and quotes and backslashes.
    fileprivate var marksOfSpecialBytes: UInt64 {
        marksOfEscaped | marks(of: 0x7F) | marksAboveASCII
    }
}

extension Unicode.Scalar {
    fileprivate var hexDigit: UInt32? {
        switch self {
        case "0"..."9": value - 0x30
        case "a"..."f": value - 0x61 + 10
        case "A"..."F": value - 0x41 + 10
        default: nil
        }
    }
}
