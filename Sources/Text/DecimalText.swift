/// Whole numbers as the log formats write sizes and positions: digits only.
package enum DecimalText {
    /// The number of `digits`; nil if there is none, a sign, a leading zero or more than `Int64`.
    package static func decode(_ digits: some StringProtocol) -> Int64? {
        guard let first = digits.utf8.first, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            first != 0x30 || digits.utf8.count == 1
        else { return nil }
        return Int64(digits)
    }
}
