/// A procedure for the last digit of a Kassenzeichen, as public manuals of municipal software
/// describe them; which one holds is for the town to say.
package enum CheckDigit: String, Hashable, Sendable, CaseIterable {
    case none = "keine"
    /// Weights 2 to 7 from the right, again and again; eleven less the remainder of the sum by
    /// eleven; ten and eleven become zero.
    case modulo11 = "Modulo 11"
    /// The first, third, fifth … digit from the left doubled; what is missing from the sum of all
    /// cross sums to the next ten.
    case doubledOdd = "Modulo 10 ungerade"
    /// Weights 1, 2, 1, 2 … from the left, otherwise as ``doubledOdd``.
    case doubledEven = "Modulo 10 gerade"

    /// The digit for `number`, empty for ``none``.
    ///
    /// - Parameter number: digits 0 to 9 only; nil for anything else or nothing.
    package func digit(for number: String) -> String? {
        let digits = number.utf8.map { Int($0) - 0x30 }
        guard !digits.isEmpty, digits.allSatisfy((0...9).contains) else { return nil }
        switch self {
        case .none: return ""
        case .modulo11:
            let sum = digits.reversed().enumerated().reduce(0) {
                $0 + $1.element * (2 + $1.offset % 6)
            }
            let rest = 11 - sum % 11
            return rest >= 10 ? "0" : String(rest)
        case .doubledOdd: return Self.complement(digits, doubledPlace: 0)
        case .doubledEven: return Self.complement(digits, doubledPlace: 1)
        }
    }

    private static func complement(_ digits: [Int], doubledPlace: Int) -> String {
        let sum = digits.enumerated().reduce(0) { sum, next in
            let product = next.element * (next.offset % 2 == doubledPlace ? 2 : 1)
            return sum + product / 10 + product % 10
        }
        return String((10 - sum % 10) % 10)
    }
}

/// How the Kassenzeichen of a line is made: a pattern of digits and a check digit behind it.
package struct PaymentReference: Hashable, Sendable {
    package let pattern: KeyPattern
    /// The number of each yard; nil writes the yard's name, which must then be digits.
    package let yards: CodeTable?
    package let procedure: CheckDigit

    /// - Throws: ``ExportError`` `X-E08` or `X-E14` of the pattern, `X-E15` if the number holds
    ///   anything but digits and a check digit is wanted.
    func text(of line: ExportLine) throws(ExportError) -> String {
        let column = ExportProfile.Column(
            heading: "Kassenzeichen", source: .field(.reference), width: nil, fill: .none,
            codes: nil)
        var bytes: [UInt8] = []
        // What a debtor pays is one claim, in however many lines it stands.
        var first = line
        first.number = line.firstNumber
        try pattern.append(first, column, .utf8, yards: yards, to: &bytes)
        let number = String(decoding: bytes, as: UTF8.self)
        guard procedure != .none else { return number }
        guard let digit = procedure.digit(for: number) else {
            throw ExportError(
                .notDigits, close: line.closeReference, line: line.number,
                field: column.heading, value: number,
                remedy: "Eine Prüfziffer braucht ein Kassenzeichen aus Ziffern. Geben Sie im "
                    + "Profil unter „kassenzeichen“ jedem Hof eine Zahl.")
        }
        return number + digit
    }
}
