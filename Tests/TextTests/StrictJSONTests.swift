import Testing
import Text

/// Whether parsing `text` gives the error; for tables.
private func error(_ bytes: [UInt8], depthMax: Int = 4) -> StrictJSONError? {
    do {
        _ = try StrictJSON.parse(bytes, depthMax: depthMax)
        return nil
    } catch {
        return error
    }
}

@Suite struct StrictJSONTests {
    @Test(
        arguments: [
            ("null", .null), ("true", true), (" false\t\r\n", false), ("0", 0), ("-1", -1),
            ("9007199254740991", 9_007_199_254_740_991),
            ("-9007199254740991", -9_007_199_254_740_991),
            (#""""#, ""), (#""a""#, "a"), (#""a\"\\\/b""#, #"a"\/b"#), (#""\u0041\u00fC""#, "Aü"),
            (#""\ud83d\uDE00""#, "😀"), (#""ü€😀""#, "ü€😀"), ("[]", []), ("[ ]", []),
            ("{}", .object([])),
            ("{ }", .object([])), ("[1,[2,[3,[]]]]", [1, [2, [3, []]]]),
            (
                #"{"b":1,"a":[true,null],"":{}}"#,
                .object([
                    .init("b", 1), .init("a", [true, .null]), .init("", .object([])),
                ])
            ), (#""\u2028""#, "\u{2028}"), (#""\u202f\u2065\u206a""#, "\u{202F}\u{2065}\u{206A}"),
            (#""\u00a0~""#, "\u{A0}~"),
        ] as [(String, JSONValue)])
    func `documents of the strict profile are read`(text: String, value: JSONValue) throws {
        #expect(try StrictJSON.parse(Array(text.utf8)) == value)
    }

    @Test(
        arguments: [
            ("", .unexpectedEnd, 0), ("  ", .unexpectedEnd, 2), ("[", .unexpectedEnd, 1),
            ("{", .unexpectedEnd, 1), (#"{"a""#, .unexpectedEnd, 4), (#"{"a":"#, .unexpectedEnd, 5),
            (#"{"a":1"#, .unexpectedEnd, 6), (#"{"a":1,"#, .unexpectedEnd, 7),
            ("[1", .unexpectedEnd, 2),
            ("tru", .unexpectedEnd, 3), ("-", .unexpectedEnd, 1), (#""a"#, .unexpectedEnd, 2),
            (#""\"#, .unexpectedEnd, 2), (#""\u12"#, .unexpectedEnd, 5),
            (#""ü"#, .unexpectedEnd, 3),
            ("1 2", .unexpectedByte, 2), ("{}{}", .unexpectedByte, 2), ("nul1", .unexpectedByte, 3),
            ("[1,]", .unexpectedByte, 3), (#"{"a":1,}"#, .unexpectedByte, 7),
            ("[,1]", .unexpectedByte, 1),
            ("[1 2]", .unexpectedByte, 3), (#"{"a" 1}"#, .unexpectedByte, 5),
            ("{a:1}", .unexpectedByte, 1),
            ("{1:1}", .unexpectedByte, 1), ("'a'", .unexpectedByte, 0), ("+1", .unexpectedByte, 0),
            (".5", .unexpectedByte, 0), ("-a", .unexpectedByte, 1), ("NaN", .unexpectedByte, 0),
            ("// x\n1", .unexpectedByte, 0), ("[1}", .unexpectedByte, 2),
            ("1\u{0}", .unexpectedByte, 1),
            ("\u{B}1", .unexpectedByte, 0), ("\u{A0}1", .unexpectedByte, 0),
            ("True", .unexpectedByte, 0),
            ("1.0", .notWhole, 0), ("1e2", .notWhole, 0), ("[1E2]", .notWhole, 1),
            ("0.5", .notWhole, 0),
            ("-0.0", .notWhole, 0), ("-0", .negativeZero, 0), ("[-0]", .negativeZero, 1),
            ("007", .leadingZero, 0), ("-01", .leadingZero, 0), ("00", .leadingZero, 0),
            ("9007199254740992", .numberTooLarge, 0), ("-9007199254740992", .numberTooLarge, 0),
            ("99999999999999999999999999999999999999", .numberTooLarge, 0),
            (#"{"a":1,"a":2}"#, .duplicateName, 7), (#"{"a":1,"\u0061":2}"#, .duplicateName, 7),
            (#"{"":1,"":2}"#, .duplicateName, 6), (#"{"ü":1,"\u00fc":2}"#, .duplicateName, 8),
            (#"[{"b":{"a":1,"a":1}}]"#, .duplicateName, 13),
            (#"{"\u0061":1,"b":0,"a":2}"#, .duplicateName, 18),
            (#""\x41""#, .invalidEscape, 1), (#""a\'""#, .invalidEscape, 2),
            (#""\u00g0""#, .invalidEscape, 1),
            (#""\u+041""#, .invalidEscape, 1), (#""\U0041""#, .invalidEscape, 1),
            (#""\ud83d""#, .loneSurrogate, 1), (#""\ude00""#, .loneSurrogate, 1),
            (#""\ud83d\u0041""#, .loneSurrogate, 1), (#""\ud83dx""#, .loneSurrogate, 1),
            (#""\ud83d\ud83d""#, .loneSurrogate, 1), (#""\ud83d\n""#, .loneSurrogate, 1),
            (#""\n""#, .controlCharacter, 1), (#""\b\f""#, .controlCharacter, 1),
            (#""\t""#, .controlCharacter, 1),
            (#""\r""#, .controlCharacter, 1), (#""\u0000""#, .controlCharacter, 1),
            (#""\u001f""#, .controlCharacter, 1), (#""\u007f""#, .controlCharacter, 1),
            (#""\u0080""#, .controlCharacter, 1), (#""\u009F""#, .controlCharacter, 1),
            ("\"a\nb\"", .controlCharacter, 2), ("\"\u{7F}\"", .controlCharacter, 1),
            ("\"\u{85}\"", .controlCharacter, 1), ("\"\u{0}\"", .controlCharacter, 1),
            ("\"\u{202A}\"", .directionControl, 1), ("\"a\u{202E}\"", .directionControl, 2),
            (#""\u2066""#, .directionControl, 1), (#""\u2069""#, .directionControl, 1),
            ("\"u\u{308}\"", .notComposed, 0), (#"["u\u0308"]"#, .notComposed, 1),
            ("\"\u{212B}\"", .notComposed, 0),
            ("{\"u\u{308}\":1}", .notComposed, 1), ("\u{FEFF}1", .byteOrderMark, 0),
            ("[[[[[]]]]]", .tooDeep, 4), (#"{"a":[{"b":[{}]}]}"#, .tooDeep, 12),
        ] as [(String, StrictJSONError.Code, Int)])
    func `other documents are refused with reason and place`(
        text: String, code: StrictJSONError.Code, offset: Int
    ) {
        #expect(error(Array(text.utf8)) == StrictJSONError(code, at: offset))
    }

    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80],
            [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xE2, 0x82],
            [0xE2, 0x28, 0xA1],
            [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80],
            [0xF5, 0x80, 0x80, 0x80], [0xF0, 0x9F, 0x98], [0xFE], [0xFF],
        ] as [[UInt8]])
    func `bytes that are not well-formed UTF-8 are refused`(bytes: [UInt8]) {
        let quote = UInt8(ascii: "\"")

        #expect(error([quote] + bytes + [quote]) == StrictJSONError(.invalidUTF8, at: 1))
        #expect(error([quote] + bytes)?.code == .invalidUTF8)
        #expect(error(bytes) == StrictJSONError(.unexpectedByte, at: 0))
    }

    @Test func `UTF-16 is refused`() {
        #expect(error([0xFF, 0xFE, 0x31, 0x00])?.code == .unexpectedByte)
        #expect(error([0x31, 0x00])?.code == .unexpectedByte)
    }

    @Test func `a scalar is read unless the profile excludes it`() {
        // All of the first planes' letters and marks; of the rest every 31st.
        let sample = Array(UInt32(0)...0x33FF) + stride(from: 0x3400, through: 0x10FFFF, by: 31)
        for value in sample {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let isEscaped = scalar == "\"" || scalar == "\\"
            let raw = "\"" + (isEscaped ? "\\" : "") + String(scalar) + "\""
            let isForbidden =
                value < 0x20 || (0x7F...0x9F).contains(value) || (0x202A...0x202E).contains(value)
                || (0x2066...0x2069).contains(value) || !String(scalar).isComposed
            let found = error(Array(raw.utf8)) == nil
            if found == isForbidden { Issue.record("U+\(String(value, radix: 16))") }
        }
    }

    @Test(arguments: 0..<20)
    func `what does not stand for itself is seen at every place of a string`(place: Int) throws {
        let (before, after) = (
            String(repeating: "~", count: place), String(repeating: " ", count: 9)
        )
        for byte in UInt8.min...UInt8.max {
            let bytes = Array("\"\(before)".utf8) + [byte] + Array("\(after)\"".utf8)
            switch byte {
            case UInt8(ascii: "\""):
                #expect(error(bytes) == StrictJSONError(.unexpectedByte, at: place + 11))
            case UInt8(ascii: "\\"):
                #expect(error(bytes) == StrictJSONError(.invalidEscape, at: place + 1))
            case 0..<0x20, 0x7F:
                #expect(error(bytes) == StrictJSONError(.controlCharacter, at: place + 1))
            case 0x80...:
                #expect(error(bytes) == StrictJSONError(.invalidUTF8, at: place + 1))
            default:
                let text = before + String(Unicode.Scalar(byte)) + after
                #expect(try StrictJSON.parse(bytes) == .string(text))
            }
        }
    }

    @Test func `names that are alike at first sight are told apart`() throws {
        let names = "abcdefghijklmnopqrst".map { "a\($0)c" }
        let members = names.map { "\"\($0)\":1" }.joined(separator: ",")

        #expect(try StrictJSON.parse(Array("{\(members)}".utf8)).members?.map(\.name) == names)
        for name in names {
            let repeated = Array("{\(members),\"\(name)\":2}".utf8)
            #expect(error(repeated) == StrictJSONError(.duplicateName, at: members.utf8.count + 2))
        }
    }

    @Test func `the depth is counted in open arrays and objects`() {
        #expect(error(Array("1".utf8), depthMax: 0) == nil)
        #expect(error(Array("[]".utf8), depthMax: 0) == StrictJSONError(.tooDeep, at: 0))
        #expect(error(Array("[[],{}]".utf8), depthMax: 2) == nil)
        #expect(error(Array("[[],[{}]]".utf8), depthMax: 2) == StrictJSONError(.tooDeep, at: 5))
        let deep = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
        #expect(error(deep) == StrictJSONError(.tooDeep, at: 4))
    }

    @Test(arguments: [1, 23, 24, 25, 26, 5000])
    func `a repeated name is found among any number`(count: Int) {
        let names = (0..<count).map { "\"n\($0)\":0" }
        let unique = "{" + names.joined(separator: ",") + "}"
        let repeated = "{" + (names + ["\"n0\":0"]).joined(separator: ",") + "}"

        #expect(error(Array(unique.utf8)) == nil)
        #expect(error(Array(repeated.utf8))?.code == .duplicateName)
    }

    @Test func `all error codes are told apart in the table's spelling`() {
        #expect(Set(StrictJSONError.Code.allCases.map(\.rawValue)).count == 15)
        #expect(StrictJSONError(.notWhole, at: 7).description == "not-whole at byte 7")
    }
}
