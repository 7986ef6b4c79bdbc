import Synchronization
import Transparency

/// Why a witness gave no cosignature that counts.
package enum WitnessProblem: Error, Hashable, Sendable {
    case unreachable(String)
    /// It answered with this HTTP status.
    case refused(status: Int)
    /// It says that the log was larger before.
    case ahead(stored: Int64, size: Int64)
    /// Its answer is not in the form of the protocol.
    case malformed
    /// None of the signatures in its answer is its own and right.
    case wrongSignature
    /// The cosignature says a time that has not come yet.
    case inFuture(seconds: Int64)

    /// Stable; each is explained in docs/errors/witness.md.
    package var code: String {
        switch self {
        case .unreachable: "witness-unreachable"
        case .refused: "witness-refused"
        case .ahead: "witness-ahead"
        case .malformed: "witness-malformed"
        case .wrongSignature: "witness-wrong-signature"
        case .inFuture: "witness-in-future"
        }
    }

    /// Whether the witness may have stored a head that contradicts the log.
    var mayContradict: Bool {
        switch self {
        case .ahead, .refused(status: 409), .refused(status: 422): true
        case .unreachable, .refused, .malformed, .wrongSignature, .inFuture: false
        }
    }
}

extension WitnessProblem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreachable(let reason): "no answer: \(reason)"
        case .refused(let status): "answered with status \(status)"
        case .ahead(let stored, let size):
            "says that it has stored size \(stored), the log has \(size)"
        case .malformed: "gave an answer that is none of the protocol"
        case .wrongSignature: "gave no right signature of its own"
        case .inFuture(let seconds): "signed a time ahead, \(seconds) seconds since 1970"
        }
    }
}

/// What became of the last request to each witness, since the start.
final class WitnessContacts: Sendable {
    private struct Key: Hashable {
        let yard: Int64
        let witness: VerifierKey
    }

    private let problems = Mutex<[Key: WitnessProblem]>([:])

    func note(_ problem: WitnessProblem?, of witness: WitnessPolicy.Witness, at yard: Yard) {
        let key = Key(yard: yard.number, witness: witness.key)
        problems.withLock { $0[key] = problem }
    }

    func problem(of witness: WitnessPolicy.Witness, at yard: Yard) -> WitnessProblem? {
        problems.withLock { $0[Key(yard: yard.number, witness: witness.key)] }
    }
}

/// Calls for a round of cosignatures; calls that come together are one.
final class Bell: Sendable {
    let rings: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (rings, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func ring() { continuation.yield() }
}
