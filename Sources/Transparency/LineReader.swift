/// Takes one line after another off a file and counts them.
struct LineReader {
    private(set) var rest: ArraySlice<UInt8>
    /// The number of the line read last, or tried; counted from 1.
    private(set) var number = 0

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    /// The next line without its end; nil if no line end follows or it is not UTF-8.
    mutating func next() -> String? {
        number += 1
        guard let end = rest.firstIndex(of: 0x0A),
            let line = String(validating: rest[..<end], as: UTF8.self)
        else { return nil }
        rest = rest[(end + 1)...]
        return line
    }
}

extension String {
    /// What follows `name` and one space; nil if the line starts otherwise.
    func value(of name: String) -> String? {
        let start = "\(name) "
        guard utf8.starts(with: start.utf8) else { return nil }
        return String(utf8.dropFirst(start.utf8.count))
    }
}
