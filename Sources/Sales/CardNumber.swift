package import Tariffs

extension String {
    /// Whether a run of 13 to 19 digits in it, with or without single spaces or hyphens between, is
    /// a valid card number by its first digit (2 to 6) and check digit (ISO/IEC 7812-1, Luhn). Such
    /// a number must not be kept anywhere (PCI DSS 3.3; trust.md A46).
    package var holdsCardNumber: Bool {
        var digits: [UInt8] = []
        var isAfterSeparator = false
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                digits.append(byte - UInt8(ascii: "0"))
                isAfterSeparator = false
            case UInt8(ascii: " "), UInt8(ascii: "-"):
                guard !digits.isEmpty, !isAfterSeparator else {
                    if Self.isCardNumber(digits) { return true }
                    digits = []
                    continue
                }
                isAfterSeparator = true
            default:
                if Self.isCardNumber(digits) { return true }
                digits = []
                isAfterSeparator = false
            }
        }
        return Self.isCardNumber(digits)
    }

    private static func isCardNumber(_ digits: [UInt8]) -> Bool {
        guard (13...19).contains(digits.count), (2...6).contains(digits[0]) else { return false }
        let sum = digits.reversed().enumerated().reduce(0) { sum, pair in
            let doubled = Int(pair.element) * (pair.offset % 2 == 0 ? 1 : 2)
            return sum + (doubled > 9 ? doubled - 9 : doubled)
        }
        return sum % 10 == 0
    }
}

extension Delivery {
    /// The reasons that people typed; numbers of weighings and pictures are no such texts.
    package var typedTexts: [String] {
        items.flatMap { item in
            let reasons = item.reclassification.map { [$0.reason] } ?? []
            return if case .manual(let reason) = item.source { [reason] + reasons } else { reasons }
        }
    }
}
