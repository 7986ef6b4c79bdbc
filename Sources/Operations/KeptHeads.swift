import Foundation
import Keys
import Signing
import Storage
import Transparency
import Units

/// Heads that contradicted the stored log, kept in files beside the database: later starts know
/// them without whoever presented them. When the newest copy is back, they fit again.
enum KeptHeads {
    private static let start = "contradiction-"
    private static let terminal = "-terminal-"
    private static let witness = "-witness-"
    private static let headFile = "-head-file"

    /// Keeps a signed checkpoint, one for each source.
    static func keep(
        _ note: [UInt8], of yard: YardID, from source: KnownHead.Source, in directory: DataDirectory
    ) throws {
        let ending: String
        switch source {
        // A name may hold what a file's must not.
        case .witness(let name):
            ending = witness + String(Digest.sha256(Array(name.utf8)).hex.prefix(16))
        case .terminal(let id): ending = terminal + id
        case .headFile, .checkpoint: ending = headFile
        }
        try FileManager.default.createDirectory(
            atPath: directory.witness, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        let path = "\(directory.witness)/\(start)\(yard.text)\(ending)"
        guard FileManager.default.contents(atPath: path) != Data(note) else { return }
        try DurableFile.replace(path: path, with: note)
    }

    /// What was kept and is signed by a key of the stored logs.
    ///
    /// - Throws: ``OperationsError/cannotRead(path:)``: a head that nobody can read any more may be
    ///   the one that stops writing.
    static func read(in directory: DataDirectory, _ guarding: RollbackGuard) throws -> [KnownHead] {
        guard FileManager.default.fileExists(atPath: directory.witness) else { return [] }
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.witness).sorted()
        let yards = try guarding.reading.yards()
        return try names.filter { $0.hasPrefix(start) }.compactMap { name in
            let note = try DataDirectory.bytes(of: "\(directory.witness)/\(name)")
            for yard in yards where name.hasPrefix(start + yard.id.text) {
                let ending = String(name.dropFirst((start + yard.id.text).count))
                for key in guarding.keys(of: yard) {
                    let source = source(ending, note, log: key.name)
                    if let head = KnownHead(note: note, signedBy: key, source: source) {
                        return head
                    }
                }
            }
            return nil
        }
    }

    private static func source(_ ending: String, _ note: [UInt8], log: String) -> KnownHead.Source {
        if ending == headFile { return .headFile }
        if ending.hasPrefix(terminal) { return .terminal(String(ending.dropFirst(terminal.count))) }
        do {
            let names = try SignedNote.parse(note).signatures.map(\.name).filter { $0 != log }
            return .witness(names.first ?? "kept in \(start)")
        } catch { return .witness("kept in \(start)") }
    }
}
