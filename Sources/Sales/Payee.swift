/// Who gets a refund by bank transfer (Zahlungsempfänger): personal data, never part of the hashed
/// bytes.
package struct Payee: Hashable, Sendable {
    /// One line of at most ``nameMax`` characters, single spaces between words.
    package let name: String
    package let iban: IBAN

    /// As many as a SEPA credit transfer carries (pain.001, Cdtr/Nm).
    package static let nameMax = 70

    /// - Throws: ``PayeeProblem`` `missing`, `nameTooLong`, `nameCharacter`, `iban`, in this order.
    package init(name: String, iban: String) throws(PayeeProblem) {
        let words = name.split { $0 == " " || $0 == "\u{00A0}" }
        let line = words.joined(separator: " ")
        guard !line.isEmpty else { throw .missing }
        let count = line.unicodeScalars.count
        guard count <= Self.nameMax else { throw .nameTooLong(found: count) }
        guard line.unicodeScalars.allSatisfy(Self.isPrintable) else { throw .nameCharacter }
        self.name = line
        do { self.iban = try IBAN(iban) } catch {
            throw error == .empty ? .missing : .iban(error, masked: IBAN.masked(iban))
        }
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
            .unassigned:
            false
        default: true
        }
    }
}

/// Why nobody can be paid so. Never holds a name or a whole IBAN.
package enum PayeeProblem: Error, Hashable, Sendable {
    /// A refund by bank transfer without name or IBAN.
    case missing
    /// A payee for a way by which no money is transferred.
    case unwanted
    /// More characters than ``Payee/nameMax``.
    case nameTooLong(found: Int)
    /// A line break or another character that cannot be printed.
    case nameCharacter
    case iban(IBAN.Problem, masked: String)
}
