/// A short name for a thing: 1 to 64 of `a-z`, `0-9`, `-` and `.`, starting with a letter or digit.
///
/// `Kind` keeps the names of different things apart at compile time. ASCII only, so that byte
/// equality and `==` agree (Swift compares strings by canonical equivalence).
package struct Identifier<Kind>: Hashable, Sendable {
    package let text: String

    /// Nil if `text` is not of the form above.
    package init?(_ text: String) {
        guard text.isIdentifier else { return nil }
        self.text = text
    }
}

extension String {
    /// Whether this is the form of an ``Identifier``, whatever it names.
    fileprivate var isIdentifier: Bool {
        var text = self
        return text.withUTF8 { bytes in
            (1...64).contains(bytes.count) && bytes[0].isAlphanumeric
                && bytes.allSatisfy { $0.isAlphanumeric || $0 == 0x2D || $0 == 0x2E }
        }
    }
}

extension UInt8 {
    fileprivate var isAlphanumeric: Bool {
        (0x61...0x7A).contains(self) || (0x30...0x39).contains(self)
    }
}

extension Identifier: Comparable {
    package static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

extension Identifier: CustomStringConvertible {
    package var description: String { text }
}

package enum YardKind {}
/// A waste yard; it has a log of its own.
package typealias YardID = Identifier<YardKind>

package enum TerminalKind {}
/// A yard terminal: the program that signs sales (not the card terminal beside it).
package typealias TerminalID = Identifier<TerminalKind>

package enum PersonKind {}
/// A person who signs in; the sign-in name.
package typealias PersonID = Identifier<PersonKind>
