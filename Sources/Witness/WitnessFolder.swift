import Foundation
package import Keys
import Signing
package import Transparency

/// Where a witness keeps its files (docs/formats/log.md): its key, its name, the logs that it
/// follows, the last head of each, and what it refused as evidence.
package struct WitnessFolder: Hashable, Sendable {
    package let path: String

    package init(_ path: String) {
        self.path = path
    }

    /// The private key (Ed25519), mode 600.
    package var key: String { path + "/witness.key" }
    /// One line: the key name.
    var name: String { path + "/name" }
    /// One verifier key a line.
    var logs: String { path + "/logs" }
    var heads: String { path + "/heads" }
    /// A folder for each refused request that the log had signed.
    package var evidence: String { path + "/evidence" }
    var lock: String { path + "/lock" }

    /// - Parameter hash: ``hash(of:)``.
    func head(ofOriginHash hash: String) -> String { "\(heads)/\(hash)" }

    /// The name of a log in addresses: lowercase hexadecimal SHA-256 of its origin.
    package static func hash(of origin: String) -> String {
        Digest.sha256(Array(origin.utf8)).hex
    }

    /// Sets up a witness with a new key that follows no log yet.
    ///
    /// - Throws: ``WitnessError`` (`name`, `exists`), or what the file system says.
    package static func create(at path: String, name: String) throws -> VerifierKey {
        let folder = WitnessFolder(path)
        guard VerifierKey.isName(name) else { throw WitnessError.name(name) }
        let files = FileManager.default
        guard !files.fileExists(atPath: folder.key) else { throw WitnessError.exists(path: path) }
        for folder in [path, folder.heads, folder.evidence] {
            try files.createDirectory(
                atPath: folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        }
        try DurableFile.replace(path: folder.name, with: Array("\(name)\n".utf8))
        try DurableFile.replace(path: folder.logs, with: [])
        // Last, since a folder with a key is a witness.
        try KeyFile.create(path: folder.key, with: .ed25519(.generate()))
        return try folder.identity().verifier
    }

    /// Who the witness is.
    ///
    /// - Throws: ``WitnessError`` (`incomplete`, `name`), `FileError`.
    package func identity() throws -> (key: Ed25519PrivateKey, verifier: VerifierKey) {
        for part in [key, name, logs, heads, evidence] {
            guard FileManager.default.fileExists(atPath: part) else {
                throw WitnessError.incomplete(path: part)
            }
        }
        let key = try KeyFile.readEd25519(path: key)
        let name = try lines(of: name).first ?? ""
        guard VerifierKey.isName(name) else { throw WitnessError.name(name) }
        return (key, try key.verifierKey(name: name, kind: .cosignature))
    }

    /// The keys of the logs that are followed; a log may have several.
    ///
    /// - Throws: ``WitnessError/logKey(_:)``, or what the file system says.
    package func followed() throws -> [VerifierKey] {
        try lines(of: logs).map { line in
            guard let key = VerifierKey(line), key.kind == .note else {
                throw WitnessError.logKey(line)
            }
            return key
        }
    }

    /// Follows a log from now on. A running witness has to be started again.
    ///
    /// - Throws: as ``followed()``.
    package func follow(_ text: String) throws -> VerifierKey {
        guard let key = VerifierKey(text), key.kind == .note else {
            throw WitnessError.logKey(text)
        }
        let known = try followed()
        guard !known.contains(key) else { return key }
        let lines = (known + [key]).map { "\($0.text)\n" }.joined()
        try DurableFile.replace(path: logs, with: Array(lines.utf8))
        return key
    }

    private func lines(of path: String) throws -> [String] {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return text.split(separator: "\n").map(String.init)
    }
}
