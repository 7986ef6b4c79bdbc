import Journal
import Signing
package import Storage
import Text
package import Units

/// A key of a terminal, for people to look at.
package struct TerminalKeyState: Hashable, Sendable {
    package enum State: String, Hashable, Sendable {
        case inForce = "in-force"
        case replaced, revoked
    }

    package let terminal: TerminalID
    /// Thumbprint.
    package let kid: String
    package let state: State
    /// Log index of the record that brought it in.
    package let from: Int64
    /// Log index of the record that replaced it; nil for the last one.
    package let to: Int64?
}

extension Installation {
    /// The keys of a yard's terminals by the register, in the order in which they came.
    package func terminalKeys(of yard: Yard) throws -> [TerminalKeyState] {
        try database.read { reading in
            try reading.terminals(yard: yard.number).flatMap { terminal in
                try reading.terminalKeys(of: terminal.number).map { row in
                    TerminalKeyState(
                        terminal: terminal.id, kid: row.kid,
                        state: terminal.state == .revoked
                            ? .revoked : row.end == nil ? .inForce : .replaced,
                        from: row.start, to: row.end)
                }
            }
        }
    }
}

extension KeyRequestRow {
    /// The new key that a rotation is about: a verifier key for a log, else a thumbprint; nil for
    /// a revocation.
    package var newKey: String? {
        guard kind != .revoke, let text = Self.keyText(body) else { return nil }
        guard kind != .rotateLog else { return text }
        return Base64URL.decode(text).flatMap { ES256PublicKey(raw: $0) }?.thumbprint
    }

    /// Why a revocation is asked for, and the last trusted number; nil for a rotation.
    package var revocation: (trusted: Int64, reason: String)? {
        guard kind == .revoke, let json = Self.parsed(body),
            let trusted = json["trusted"]?.integer, let reason = json["reason"]?.string
        else { return nil }
        return (trusted, reason)
    }

    private static func keyText(_ body: String) -> String? { parsed(body)?["key"]?.string }

    private static func parsed(_ body: String) -> JSONValue? {
        // Written by this program; a damaged row shows as a request without a key.
        do { return try StrictJSON.parse(Array(body.utf8)) } catch { return nil }
    }
}
