/// Keeps card numbers out of everything that is stored.
package enum CardNumbers {
    /// `text` with every run of 13 to 19 digits that can be a card number cut to its last four:
    /// it begins with 2 to 6 and its check digit is right (ISO/IEC 7812). A digit next to a letter
    /// belongs to an IBAN or another reference and stays.
    package static func masked(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard bytes.count >= 13 else { return text }
        var out: [UInt8] = []
        var place = 0
        while place < bytes.count {
            let end = bytes[place...].firstIndex { !isDigit($0) } ?? bytes.count
            let run = bytes[place..<end]
            let touchesLetter =
                (place > 0 && isLetter(bytes[place - 1]))
                || (end < bytes.count && isLetter(bytes[end]))
            if !touchesLetter && isCardNumber(run) {
                out += [UInt8](repeating: 0x2A, count: run.count - 4) + run.suffix(4)
            } else {
                out += run
            }
            if end < bytes.count { out.append(bytes[end]) }
            place = end + 1
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func isCardNumber(_ run: ArraySlice<UInt8>) -> Bool {
        guard (13...19).contains(run.count), let first = run.first,
            (0x32...0x36).contains(first)
        else { return false }
        var sum = 0
        for (place, digit) in run.reversed().enumerated() {
            let value = Int(digit - 0x30) * (place % 2 == 0 ? 1 : 2)
            sum += value > 9 ? value - 9 : value
        }
        return sum % 10 == 0
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
