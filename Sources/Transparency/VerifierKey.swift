package import Signing
import Text

/// A named key that checks signatures of notes, as logs and witnesses publish it
/// (C2SP signed-note 1.0.0, tlog-cosignature 1.0.1).
package struct VerifierKey: Hashable, Sendable {
    /// What the key signs; the raw value is the type byte of the formats.
    package enum Kind: UInt8, Hashable, Sendable, CaseIterable {
        /// Ed25519 over the note's text.
        case note = 0x01
        /// Ed25519 over a time and the note's text.
        case cosignature = 0x04
    }

    /// Not empty, without white space and `+`.
    package let name: String
    package let kind: Kind
    package let key: Ed25519PublicKey
    /// The first four bytes of SHA-256 over name, line end, type byte and key, as a number.
    package let keyID: UInt32

    /// Nil if `name` is no key name.
    package init?(name: String, kind: Kind, key: Ed25519PublicKey) {
        guard Self.isName(name) else { return nil }
        self.name = name
        self.kind = kind
        self.key = key
        let digest = Digest.sha256(Array(name.utf8) + [0x0A, kind.rawValue] + key.raw)
        keyID = digest.withUnsafeBytes { bytes in
            bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
        }
    }

    /// The key that `text` is the exact text of; nil for a key ID that does not fit and for kinds
    /// of keys other than ``Kind``.
    package init?(_ text: String) {
        // Base64 has `+` too, so only the first two divide.
        let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let bytes = Base64.decode(String(parts[2])),
            let kind = bytes.first.flatMap(Kind.init),
            let key = Ed25519PublicKey(raw: Array(bytes.dropFirst()))
        else { return nil }
        self.init(name: String(parts[0]), kind: kind, key: key)
        guard parts[1].utf8.elementsEqual(keyIDText.utf8) else { return nil }
    }

    /// The key as one line: name, key ID and typed key with `+` between.
    package var text: String {
        "\(name)+\(keyIDText)+\(Base64.encode([kind.rawValue] + key.raw))"
    }

    private var keyIDText: String { Hex.encode(keyID.bigEndianBytes) }

    /// Whether `name` may name a key: not empty, no white space, no control character, no `+`.
    package static func isName(_ name: String) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy {
                $0 != "+" && $0.value > 0x20 && ($0.isASCII || !$0.properties.isWhitespace)
            }
    }

    /// Whether `signature` is this key's: name and key ID are the same.
    package func isNamed(by signature: NoteSignature) -> Bool {
        keyID == signature.keyID && name.hasSameBytes(as: signature.name)
    }

    /// Whether `signature` is a right one of `text`. Its name and key ID are not looked at.
    package func isValid(_ signature: NoteSignature, for text: String) -> Bool {
        switch kind {
        case .note: return key.isValid(signature.bytes, for: Array(text.utf8))
        case .cosignature:
            guard let time = signature.cosignatureTimeSeconds else { return false }
            let message = NoteSignature.cosignedMessage(timeSeconds: time, text: text)
            return key.isValid(Array(signature.bytes.dropFirst(8)), for: message)
        }
    }
}

extension VerifierKey: CustomStringConvertible {
    package var description: String { text }
}

extension UInt32 {
    var bigEndianBytes: [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: self >> (24 - 8 * $0)) } }
}

extension UInt64 {
    var bigEndianBytes: [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: self >> (56 - 8 * $0)) } }
}
