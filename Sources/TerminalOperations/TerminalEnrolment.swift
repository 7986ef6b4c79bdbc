import Foundation
import Journal
import Keys
package import Remote
import Signing
import TerminalStorage
import Text
import Transparency

/// Makes a folder into a terminal.
package enum TerminalEnrolment {
    /// Makes a key in `folder`, proves its possession with the one-time `code` and keeps what the
    /// server says. An attempt that failed can be made again with a new code and the same key.
    ///
    /// - Parameters:
    ///   - address: of the server, such as `https://hofbuch.musterstadt.example`.
    ///   - server: nil for the one at `address`, over HTTP.
    /// - Throws: ``TerminalError`` `already-enrolled`, `enrolment-refused`,
    ///   `server-unreachable`; what store and key file throw.
    @discardableResult
    package static func enrol(
        server address: String, code: String, folder: String, server: (any YardServer)? = nil
    ) async throws -> EnrolmentAnswer {
        if server == nil, !address.hasPrefix("https://"), !address.hasPrefix("http://") {
            throw TerminalError(
                .serverUnreachable,
                "Die Adresse \(address) beginnt nicht mit https:// oder http://.", .nothing,
                "Geben Sie sie ganz an, etwa https://hofbuch.musterstadt.example.")
        }
        let files = try TerminalFolder(taking: folder)
        defer { files.release() }
        let store = try TerminalStore(path: files.database)
        guard try store.read({ try $0.setting(.terminal) }) == nil else {
            throw TerminalError(
                .alreadyEnrolled, "In diesem Ordner ist schon ein Gerät angemeldet.", .unchanged,
                "Nehmen Sie für ein weiteres Gerät einen anderen Ordner.")
        }
        let key = try files.keyMadeOnce()
        let proof = try key.compactJWS(
            typ: EnrolmentRequest.proofType, kid: key.publicKey.thumbprint,
            payload: JSONValue.fields(["code": .string(code)]).bytes)
        let request = EnrolmentRequest(code: code, key: key.publicKey.raw, proof: proof)
        let connection = server ?? HTTPYardServer(address: address, credentials: nil)
        let answer: EnrolmentAnswer
        do {
            answer = try await connection.enrol(request)
        } catch let failure as ServerFailure {
            throw failure.atEnrolment
        }
        guard VerifierKey(answer.logKey) != nil else {
            throw ServerFailure.malformed("logKey").atEnrolment
        }
        try store.write { try TerminalIdentity.store(answer, server: address, in: $0) }
        try store.close()
        return answer
    }
}

extension TerminalFolder {
    /// The key of this folder, made at the first attempt to enrol.
    fileprivate func keyMadeOnce() throws -> ES256PrivateKey {
        if !FileManager.default.fileExists(atPath: key) {
            try KeyFile.create(path: key, with: .es256(try ES256PrivateKey.generate()))
        }
        return try KeyFile.readES256(path: key)
    }
}

extension ServerFailure {
    fileprivate var atEnrolment: TerminalError {
        switch self {
        case .unreachable(let reason):
            TerminalError(
                .serverUnreachable, "Der Server ist nicht erreichbar (\(reason)).", .nothing,
                Self.isAboutCertificate(reason)
                    ? "Dieses Gerät vertraut dem Zertifikat des Servers nicht. Prüfen Sie, ob die "
                        + "Adresse darin steht, und nehmen Sie die Zertifizierungsstelle ins "
                        + "System auf (docs/guide/it.md)."
                    : "Prüfen Sie Adresse und Netz und versuchen Sie es noch einmal.")
        case .busy:
            TerminalError(
                .serverUnreachable, "Der Server nimmt gerade nichts an.", .nothing,
                "Warten Sie eine Minute und versuchen Sie es noch einmal.")
        case .problem(let problem):
            TerminalError(
                .enrolmentRefused,
                "Der Server hat die Anmeldung abgelehnt (\(problem.code)). \(problem.detail)",
                .nothing, problem.remedyAtEnrolment)
        case .malformed(let what):
            TerminalError(
                .enrolmentRefused, "Die Antwort des Servers ist nicht zu verstehen (\(what)).",
                .nothing, "Prüfen Sie die Adresse; dort antwortet vielleicht etwas anderes.")
        }
    }

    /// Whether a connection failed because its certificate was not trusted, or is for another name.
    private static func isAboutCertificate(_ reason: String) -> Bool {
        reason.contains("CERTIFICATE_VERIFY_FAILED") || reason.contains("failedToValidateHostname")
    }
}

extension ServerProblem {
    /// What to do, in German.
    fileprivate var remedyAtEnrolment: String {
        switch code {
        case "code-not-approved":
            "Lassen Sie die Anmeldung von einer zweiten Person freigeben, und versuchen Sie es "
                + "dann mit demselben Code noch einmal."
        case "code-unknown", "code-expired", "code-used":
            "Lassen Sie sich einen neuen Einmal-Code geben."
        default: "Prüfen Sie die Adresse, und fragen Sie die Stelle, die den Server betreibt."
        }
    }
}
