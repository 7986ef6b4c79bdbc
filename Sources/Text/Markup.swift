extension String {
    /// The text as it may stand in an element of HTML or XML and, with `quotes`, in a quoted
    /// attribute.
    ///
    /// Byte by byte: as characters, a quotation mark followed by a combining accent is one of its
    /// own, would stay as it is, and would end an attribute.
    package func markupEscaped(quotes: Bool = true) -> String {
        var out: [UInt8] = []
        out.reserveCapacity(utf8.count + 16)
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "&"): out.append(contentsOf: "&amp;".utf8)
            case UInt8(ascii: "<"): out.append(contentsOf: "&lt;".utf8)
            case UInt8(ascii: ">"): out.append(contentsOf: "&gt;".utf8)
            case UInt8(ascii: "\"") where quotes: out.append(contentsOf: "&quot;".utf8)
            case UInt8(ascii: "'") where quotes: out.append(contentsOf: "&#39;".utf8)
            default: out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
