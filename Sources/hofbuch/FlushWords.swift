import Remote
import TerminalOperations

extension FlushReport.Stop {
    /// Why sending ended, and what to do.
    ///
    /// - Parameter address: the server's.
    func words(_ address: String) -> String {
        switch self {
        case .server(.unreachable(let reason)):
            "The server at \(address) does not answer. Nothing is lost; see to the network and the "
                + "server, then flush again. (server-unreachable; \(reason))"
        case .server(.busy(let seconds)):
            "The server at \(address) asks to wait"
                + (seconds.map { " \($0) seconds" } ?? "")
                + ". Nothing is lost; flush again then. (server-busy)"
        case .server(.problem(let problem)) where Self.unknownHere.contains(problem.code):
            "The server at \(address) does not know this terminal or its key, and will not by "
                + "itself: after a loss that is so for who was enrolled or got a new key since the "
                + "backup. Nothing is lost; keep this folder with its records, and enrol the "
                + "device anew, under another id and in another folder (docs/guide/it.md, After a "
                + "loss). (\(problem.code))"
        case .server(.problem(let problem)):
            "The server at \(address) takes nothing now: \(problem.detail) Nothing is lost; see to "
                + "it at the server, then flush again. (\(problem.code))"
        case .server(.malformed(let what)):
            "What answers at \(address) is not to be understood (\(what)). Nothing is lost; check "
                + "the address, something else may answer there. (answer-malformed)"
        case .unproven(let sequence, let fault):
            "The server's answer to record \(sequence) proves nothing (\(fault.code)). The record "
                + "stays queued; tell the people who run the server. (proof-missing)"
        case .busy:
            "Another program sends from this terminal just now. Wait for it. (flush-running)"
        }
    }

    /// Codes of a server that has no such terminal or key.
    private static let unknownHere = ["key-unknown", "sign-in-needed"]
}
