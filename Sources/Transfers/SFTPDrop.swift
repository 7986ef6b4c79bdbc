import Foundation
import Keys

/// Puts files to a server through OpenSSH's program sftp, which must show the pinned key.
package struct SFTPDrop: Sendable {
    let user: String
    let host: String
    let port: Int
    let folder: String
    let hostKey: String
    let keyFile: String
    let workFolder: String

    /// - Parameters:
    ///   - hostKey: type and key as in a known_hosts file, `ssh-ed25519 AAAA…`; no other is taken.
    ///   - keyFile: the private key that signs in.
    ///   - workFolder: where files stand while they are sent; made if it is missing. Files may
    ///     name people: it should be seen by nobody else.
    package init(
        user: String, host: String, port: Int, folder: String, hostKey: String, keyFile: String,
        workFolder: String
    ) {
        self.user = user
        self.host = host
        self.port = port
        self.folder = folder
        self.hostKey = hostKey
        self.keyFile = keyFile
        self.workFolder = workFolder
    }

    private static let workName = "sftp-"

    /// Removes what stayed in a work folder because the program was killed; nothing may be sent
    /// from there at the time.
    package static func removeLeftovers(in workFolder: String) throws {
        let files = FileManager.default
        guard files.fileExists(atPath: workFolder) else { return }
        for name in try files.contentsOfDirectory(atPath: workFolder)
        where name.hasPrefix(workName) {
            try files.removeItem(atPath: "\(workFolder)/\(name)")
        }
    }

    /// Each file is sent under another name and renamed when it is whole, the done-file last.
    ///
    /// Blocks until the program has ended; call it from a thread of its own.
    ///
    /// - Throws: ``TransferError``, all of its cases but `folderMissing`.
    package func put(_ set: FileSet) throws(TransferError) {
        try set.checkNames()
        guard FileManager.default.isReadableFile(atPath: keyFile) else {
            throw .keyMissing(path: keyFile)
        }
        guard let program = Self.program else { throw .programMissing("sftp") }
        do {
            let work = "\(workFolder)/\(Self.workName)\(UUID().uuidString)"
            try FileManager.default.createDirectory(
                atPath: work, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            let answer = Result {
                try prepare(set, in: work)
                return try run(program, in: work)
            }
            try FileManager.default.removeItem(atPath: work)
            let (status, words) = try answer.get()
            guard status == 0 else { throw failure(words) }
        } catch let error as TransferError {
            throw error
        } catch {
            throw .failed("\(error)")
        }
    }

    private func prepare(_ set: FileSet, in work: String) throws {
        for file in set.all {
            try DurableFile.createNew(
                path: "\(work)/\(file.name)", mode: 0o600, content: file.content)
        }
        // One name for the server, whatever its address and port, so that the line always fits.
        let known = "\(Self.alias) \(hostKey)\n"
        try DurableFile.createNew(
            path: "\(work)/.known_hosts", with: Array(known.utf8), mode: 0o600)
        var batch = "cd \"\(folder)\"\nlcd \"\(Self.escaped(work))\"\n"
        for file in set.all {
            batch += "put \"\(file.name)\" \"\(file.name).new\"\n"
            batch += "rename \"\(file.name).new\" \"\(file.name)\"\n"
        }
        try DurableFile.createNew(path: "\(work)/.batch", with: Array(batch.utf8), mode: 0o600)
    }

    /// A path as it may stand between quotes.
    private static func escaped(_ path: String) -> String {
        path.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    }

    private static let alias = "hofbuch-target"

    /// The kinds of signature that a key of this type makes, so that the server shows that one.
    private var signatures: String {
        let type = String(hostKey.prefix { $0 != " " })
        return type == "ssh-rsa" ? "rsa-sha2-512,rsa-sha2-256" : type
    }

    private func run(_ program: String, in work: String) throws -> (Int32, String) {
        // A setting may have several values between blanks, and signs that stand for others.
        let known = Self.escaped("\(work)/.known_hosts").replacing("%", with: "%%")
        let settings = [
            "BatchMode=yes", "StrictHostKeyChecking=yes", "HostKeyAlias=\(Self.alias)",
            "UserKnownHostsFile=\"\(known)\"", "GlobalKnownHostsFile=/dev/null",
            "HostKeyAlgorithms=\(signatures)", "UpdateHostKeys=no", "IdentitiesOnly=yes",
            "IdentityAgent=none", "PasswordAuthentication=no", "KbdInteractiveAuthentication=no",
            "ConnectTimeout=20", "ServerAliveInterval=10", "ServerAliveCountMax=3",
        ]
        let child = try ChildProgram(
            program,
            ["-F", "/dev/null", "-b", "\(work)/.batch", "-i", keyFile, "-P", String(port)]
                + settings.flatMap { ["-o", $0] } + ["--", "\(user)@\(host)"],
            output: "\(work)/.words")
        let status = child.wait()
        let words = FileManager.default.contents(atPath: "\(work)/.words") ?? Data()
        return (status, String(decoding: words, as: UTF8.self))
    }

    private func failure(_ words: String) -> TransferError {
        if words.contains("Host key verification failed")
            || words.contains("no matching host key type")
        {
            return .hostKeyDiffers(host: host)
        }
        if words.contains("Permission denied (") { return .notLetIn(user: user, host: host) }
        let lines = words.split(separator: "\n").filter { !$0.hasPrefix("sftp>") }
        return .failed(lines.suffix(3).joined(separator: " "))
    }

    private static let program = ["/usr/bin/sftp", "/usr/local/bin/sftp"]
        .first(where: FileManager.default.isExecutableFile)
}
