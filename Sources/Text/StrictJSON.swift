/// JSON without any freedom: each document is read by every reader in the same way.
///
/// RFC 8259, narrowed to: well-formed UTF-8 without byte order mark; names unique within an object;
/// numbers whole, from -(2^53-1) to 2^53-1, without leading zeros or `-0`; strings in normalisation
/// form C without control or text direction characters, written out or escaped; nesting
/// limited; nothing but white space around the value.
package enum StrictJSON {
    /// The largest number, 2^53-1; its negative is the smallest (RFC 8259 section 6).
    package static let numberMax: Int64 = (1 << 53) - 1

    /// The value in `bytes`.
    ///
    /// One pass; time grows with the length alone, whatever the bytes are.
    ///
    /// - Parameter depthMax: how many arrays and objects may be open at once; 0 allows a bare
    ///   string, number or word only.
    /// - Throws: the first error in reading order. An error of a string as a whole
    ///   (`notComposed`, `duplicateName`) comes after those inside it.
    package static func parse(
        _ bytes: [UInt8], depthMax: Int = 4
    ) throws(StrictJSONError) -> JSONValue {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            throw StrictJSONError(.byteOrderMark, at: 0)
        }
        return try bytes.withUnsafeBufferPointer { bytes throws(StrictJSONError) in
            var parser = StrictJSONParser(bytes, depthMax: depthMax)
            let value = try parser.value(depth: 0)
            try parser.end()
            return value
        }
    }
}
