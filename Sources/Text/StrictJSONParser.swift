/// Reads one document from left to right. `index` is the next byte to look at, and is compared with
/// the count before each look: the memory itself is not checked in a release build.
struct StrictJSONParser {
    let bytes: UnsafeBufferPointer<UInt8>
    let depthMax: Int
    var index = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>, depthMax: Int) {
        self.bytes = bytes
        self.depthMax = depthMax
    }

    /// The value that comes next, white space before it skipped.
    mutating func value(depth: Int) throws(StrictJSONError) -> JSONValue {
        switch try nextByte() {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return .integer(try number())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: throw unexpected()
        }
    }

    /// Makes sure that nothing but white space follows.
    mutating func end() throws(StrictJSONError) {
        skipSpace()
        guard index == bytes.count else { throw unexpected() }
    }

    private mutating func object(depth: Int) throws(StrictJSONError) -> JSONValue {
        try open(depth: depth)
        var names = NameSet()
        var members: [JSONValue.Member] = []
        if try close(UInt8(ascii: "}")) { return .object(members) }
        members.reserveCapacity(16)
        while true {
            guard try nextByte() == UInt8(ascii: "\"") else { throw unexpected() }
            let start = index
            let name = try string()
            let written = bytes[(start + 1)..<(index - 1)]
            guard names.insert(name, written: written, into: members) else {
                throw StrictJSONError(.duplicateName, at: start)
            }
            guard try nextByte() == UInt8(ascii: ":") else { throw unexpected() }
            index += 1
            members.append(JSONValue.Member(name, try value(depth: depth)))
            guard try goesOn(before: UInt8(ascii: "}")) else { return .object(members) }
        }
    }

    private mutating func array(depth: Int) throws(StrictJSONError) -> JSONValue {
        try open(depth: depth)
        var elements: [JSONValue] = []
        if try close(UInt8(ascii: "]")) { return .array(elements) }
        elements.reserveCapacity(4)
        while true {
            elements.append(try value(depth: depth))
            guard try goesOn(before: UInt8(ascii: "]")) else { return .array(elements) }
        }
    }

    private mutating func word(
        _ word: StaticString, _ value: JSONValue
    ) throws(StrictJSONError) -> JSONValue {
        for offset in 0..<word.utf8CodeUnitCount {
            guard index < bytes.count else { throw StrictJSONError(.unexpectedEnd, at: index) }
            guard bytes[index] == word.utf8Start[offset] else { throw unexpected() }
            index += 1
        }
        return value
    }

    private mutating func number() throws(StrictJSONError) -> Int64 {
        let start = index
        let isNegative = bytes[index] == UInt8(ascii: "-")
        if isNegative { index += 1 }
        let firstDigit = index
        var number: Int64 = 0
        var isTooLarge = false
        while index < bytes.count, case let digit = bytes[index] &- UInt8(ascii: "0"), digit < 10 {
            if !isTooLarge { number = number * 10 + Int64(digit) }
            if number > StrictJSON.numberMax { isTooLarge = true }
            index += 1
        }
        guard index > firstDigit else { throw unexpected() }
        if bytes[firstDigit] == UInt8(ascii: "0") {
            guard index == firstDigit + 1 else { throw StrictJSONError(.leadingZero, at: start) }
        }
        if index < bytes.count,
            bytes[index] == UInt8(ascii: ".") || bytes[index] | 0x20 == UInt8(ascii: "e")
        {
            throw StrictJSONError(.notWhole, at: start)
        }
        if isNegative, number == 0 { throw StrictJSONError(.negativeZero, at: start) }
        guard !isTooLarge else { throw StrictJSONError(.numberTooLarge, at: start) }
        return isNegative ? -number : number
    }

    @inline(__always)
    private mutating func open(depth: Int) throws(StrictJSONError) {
        guard depth <= depthMax else { throw StrictJSONError(.tooDeep, at: index) }
        index += 1
    }

    /// Whether `bracket` comes next; steps over it then.
    @inline(__always)
    private mutating func close(_ bracket: UInt8) throws(StrictJSONError) -> Bool {
        guard try nextByte() == bracket else { return false }
        index += 1
        return true
    }

    /// Steps over a comma, or over `bracket`, behind which nothing more belongs here.
    @inline(__always)
    private mutating func goesOn(before bracket: UInt8) throws(StrictJSONError) -> Bool {
        let byte = try nextByte()
        guard byte == UInt8(ascii: ",") || byte == bracket else { throw unexpected() }
        index += 1
        return byte != bracket
    }

    @inline(__always)
    private mutating func nextByte() throws(StrictJSONError) -> UInt8 {
        // Mostly there is no space.
        if index < bytes.count, bytes[index] > 0x20 { return bytes[index] }
        skipSpace()
        guard index < bytes.count else { throw StrictJSONError(.unexpectedEnd, at: index) }
        return bytes[index]
    }

    private mutating func skipSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            default: return
            }
        }
    }

    private func unexpected() -> StrictJSONError {
        StrictJSONError(index < bytes.count ? .unexpectedByte : .unexpectedEnd, at: index)
    }
}

/// The names of an object seen so far. Strings in normalisation form C are equal for `==` exactly
/// if their bytes are, so `String` and its hash serve here.
private struct NameSet {
    private var names: Set<String> = []
    /// A bit for each name by its length and start: where its bit is not set, a name is new.
    private var marks: UInt64 = 0

    /// Few names are compared one by one, since a set costs more than it saves; many go into one,
    /// so that a hostile object with thousands of names costs no more than its length.
    private static let comparedMax = 24

    /// False if `members` already have the name, which is `written` in the document.
    mutating func insert(
        _ name: String, written: Slice<UnsafeBufferPointer<UInt8>>,
        into members: [JSONValue.Member]
    ) -> Bool {
        guard members.count >= Self.comparedMax else {
            // An escape makes it longer than it is: it may be any other name then.
            let mark = written.count == name.utf8.count ? Self.mark(of: written) : .max
            defer { marks |= mark }
            return marks & mark == 0 || !members.contains { $0.name == name }
        }
        if names.isEmpty { names = Set(members.map(\.name)) }
        return names.insert(name).inserted
    }

    private static func mark(of name: Slice<UnsafeBufferPointer<UInt8>>) -> UInt64 {
        1 << ((UInt64(name.first ?? 0) &+ UInt64(name.count) &* 23) & 63)
    }
}
