package import Units

/// Amounts of money as people type them.
package enum GermanAmount {
    /// The amount in cents; nil if the text is no amount.
    ///
    /// Accepts a decimal comma with one or two digits (`14,4` is 14.40), full stops or spaces
    /// between groups of three (`1.234,50`, `1 234,50`), a decimal full stop only with exactly
    /// one or two digits behind it and no comma (`1234.5`), a sign in front, and `€` or `EUR`
    /// behind. `1.234` is one thousand two hundred and thirty-four, and `0.500` no amount. At most
    /// 12 digits before the comma.
    package static func parse(_ text: String) -> Cents? {
        var rest = Substring(text).trimmed
        for currency in ["€", "EUR"] where rest.hasSuffix(currency) {
            rest = rest.dropLast(currency.count).trimmed
            break
        }
        let isNegative = rest.first == "-" || rest.first == "\u{2212}"
        if isNegative || rest.first == "+" { rest = rest.dropFirst().trimmed }
        guard let cents = unsigned(rest) else { return nil }
        return Cents(isNegative ? -cents : cents)
    }

    private static func unsigned(_ text: Substring) -> Int64? {
        let (whole, fraction) = split(text)
        guard let euros = grouped(whole), fraction.utf8.count <= 2 else { return nil }
        guard !fraction.isEmpty else { return euros * 100 }
        guard let digits = decimal(Array(fraction.utf8)[...]) else { return nil }
        return euros * 100 + Int64(fraction.utf8.count == 1 ? digits * 10 : digits)
    }

    /// The part before the decimal mark and the digits after it; a mark without digits behind it
    /// gives something that ``grouped(_:)`` refuses.
    private static func split(_ text: Substring) -> (whole: Substring, fraction: Substring) {
        if let comma = text.firstIndex(of: ",") {
            let fraction = text[text.index(after: comma)...]
            return fraction.isEmpty ? (text, "") : (text[..<comma], fraction)
        }
        guard let stop = text.lastIndex(of: "."), text.firstIndex(of: ".") == stop else {
            return (text, "")
        }
        let fraction = text[text.index(after: stop)...]
        return (1...2).contains(fraction.utf8.count) ? (text[..<stop], fraction) : (text, "")
    }

    /// Digits, plain or in groups of three with one kind of mark between them.
    private static func grouped(_ text: Substring) -> Int64? {
        for mark: Character in [".", " ", "\u{A0}", "\u{202F}"] where text.contains(mark) {
            let groups = text.split(separator: mark, omittingEmptySubsequences: false)
            guard (1...3).contains(groups[0].utf8.count), groups[0].first != "0",
                groups.dropFirst().allSatisfy({ $0.utf8.count == 3 })
            else { return nil }
            return digits(groups.joined())
        }
        return digits(String(text))
    }

    private static func digits(_ text: String) -> Int64? {
        guard text.utf8.count <= 12 else { return nil }
        return decimal(Array(text.utf8)[...]).map(Int64.init)
    }
}

extension Substring {
    /// Without white space at both ends.
    fileprivate var trimmed: Substring {
        var rest = self
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }
}
