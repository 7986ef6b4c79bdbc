/// A short name for a thing: 1 to 64 of `a-z`, `0-9`, `-` and `.`, starting with a letter or digit.
///
/// `Kind` keeps the names of different things apart at compile time. ASCII only, so that byte
/// equality and `==` agree (Swift compares strings by canonical equivalence).
package struct Identifier<Kind>: Hashable, Sendable {
    package let text: String

    /// Nil if `text` is not of the form above.
    package init?(_ text: String) {
        guard (1...64).contains(text.utf8.count), text.utf8.first.map(Self.isAlphanumeric) == true,
            text.utf8.allSatisfy({ Self.isAlphanumeric($0) || $0 == 0x2D || $0 == 0x2E })
        else { return nil }
        self.text = text
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
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
