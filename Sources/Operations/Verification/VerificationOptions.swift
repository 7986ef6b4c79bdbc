import Foundation
import Signing
package import Transparency

/// How a verification runs.
package struct VerificationOptions: Sendable {
    /// How many parts of a log are checked at the same time.
    package var workers: Int
    /// A second library that checks each signature too.
    package var second: SecondLibrary?
    /// The log keys and witnesses that whoever verifies trusts: then the log has to begin with one
    /// of these keys and to be cosigned as the policy asks. Nil takes what lies beside the log.
    package var policy: WitnessPolicy?
    /// Certificates in PEM that time stamps have to lead to; nil takes those kept with each.
    package var authorities: String?
    /// Told the entries that are done and those there are, now and then, from any thread.
    package var progress: @Sendable (_ done: Int64, _ all: Int64) -> Void

    package init(
        workers: Int = ProcessInfo.processInfo.activeProcessorCount,
        second: SecondLibrary? = nil, policy: WitnessPolicy? = nil, authorities: String? = nil,
        progress: @escaping @Sendable (_ done: Int64, _ all: Int64) -> Void = { _, _ in }
    ) {
        self.workers = max(1, workers)
        self.second = second
        self.policy = policy
        self.authorities = authorities
        self.progress = progress
    }
}

/// Signature checks by other code than ours.
package struct SecondLibrary: Sendable {
    /// Whether 64 bytes are an ES256 signature of a message by a key (x and y).
    package let es256: @Sendable (_ signature: [UInt8], _ message: [UInt8], _ key: [UInt8]) -> Bool
    /// The same for Ed25519.
    package let ed25519:
        @Sendable (_ signature: [UInt8], _ message: [UInt8], _ key: [UInt8]) -> Bool

    package init(
        es256:
            @escaping @Sendable (_ signature: [UInt8], _ message: [UInt8], _ key: [UInt8])
            -> Bool,
        ed25519:
            @escaping @Sendable (_ signature: [UInt8], _ message: [UInt8], _ key: [UInt8])
            -> Bool
    ) {
        self.es256 = es256
        self.ed25519 = ed25519
    }

    /// Whether it finds every signature of `note` by `key` right, and at least one.
    func agrees(_ note: SignedNote, signedBy key: VerifierKey) -> Bool {
        let own = note.signatures.filter { $0.name == key.name && $0.keyID == key.keyID }
        return !own.isEmpty
            && own.allSatisfy { ed25519($0.bytes, Array(note.text.utf8), key.key.raw) }
    }
}
