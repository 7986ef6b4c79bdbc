/// Why a witness cannot be set up or started.
package enum WitnessError: Error, Hashable, Sendable {
    /// There is a witness in the folder already; its key is never replaced.
    case exists(path: String)
    /// The folder holds no witness, or only part of one.
    case incomplete(path: String)
    /// The name is no key name: it is empty or has white space or a `+`.
    case name(String)
    /// The text is no verifier key of a log.
    case logKey(String)
    /// The stored head of a log is not one that the log and this witness signed.
    case headDamaged(path: String)

    /// Stable; each is explained in docs/errors/witness.md.
    package var code: String {
        switch self {
        case .exists: "witness-exists"
        case .incomplete: "witness-incomplete"
        case .name: "witness-name"
        case .logKey: "witness-log-key"
        case .headDamaged: "witness-head-damaged"
        }
    }
}

extension WitnessError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .exists(let path):
            "\(path) holds a witness already; nothing was changed. Choose another folder."
        case .incomplete(let path):
            "\(path) is missing. Set the witness up with `hofbuch witness init`, or bring the "
                + "whole folder back from the backup: a witness without its memory would cosign "
                + "what contradicts it."
        case .name(let name):
            "'\(name)' cannot name a witness. Use something like rpa.musterstadt.de/witness: no "
                + "white space, no plus sign."
        case .logKey(let text):
            "'\(text)' is no verifier key of a log. Use the log key that `hofbuch init` printed."
        case .headDamaged(let path):
            "\(path) is not a head that its log and this witness signed. Bring the folder back "
                + "from the backup and tell the auditors."
        }
    }
}
