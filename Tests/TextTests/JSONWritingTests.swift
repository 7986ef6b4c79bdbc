import Testing
import Text

struct JSONWritingTests {
    /// RFC 8259 section 7, one character at a time.
    private func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"": "\\\""
        case "\\": "\\\\"
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        case "\u{0}"..."\u{F}": "\\u000" + String(scalar.value, radix: 16)
        case "\u{10}"..."\u{1F}": "\\u00" + String(scalar.value, radix: 16)
        default: String(scalar)
        }
    }

    @Test(arguments: 0..<20) func `every character is escaped wherever it stands`(place: Int) {
        for value in Array(0...0x17F) + [0x20AC, 0x1F600] as [UInt32] {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let (before, after) = (
                String(repeating: "a", count: place), String(repeating: "ü", count: 19 - place)
            )
            let text = before + String(scalar) + String(scalar) + after

            let written = JSONValue.string(text).text

            let wanted = "\"" + before + escaped(scalar) + escaped(scalar) + after + "\""
            #expect(written.unicodeScalars.elementsEqual(wanted.unicodeScalars))
        }
    }
}
