import Foundation
import Glibc
import Testing

@testable import Transfers

/// A real OpenSSH server on the loopback, started for one test.
private final class SSHServer {
    static let program = "/usr/sbin/sshd"
    static let isInstalled =
        FileManager.default.isExecutableFile(atPath: program)
        && FileManager.default.isExecutableFile(atPath: "/usr/bin/sftp")

    let folder: WorkFolder
    let port: Int
    let hostKey: String
    private let server: ChildProgram

    /// The folder that clients see, and their key.
    var inbox: String { "\(folder.path)/eingang" }
    var clientKey: String { "\(folder.path)/client" }

    init() throws {
        let work = try WorkFolder()
        folder = work
        let path = work.path
        for name in ["host", "client", "stranger"] {
            try Self.run(
                "/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", "\(path)/\(name)"],
                in: path)
        }
        hostKey = try Self.publicKey("\(path)/host")
        try FileManager.default.createDirectory(
            atPath: "\(path)/eingang", withIntermediateDirectories: false)
        try FileManager.default.copyItem(
            atPath: "\(path)/client.pub", toPath: "\(path)/authorized_keys")
        port = try Self.freePort()
        let configuration = """
            ListenAddress 127.0.0.1
            Port \(port)
            HostKey \(path)/host
            PidFile none
            AuthorizedKeysFile \(path)/authorized_keys
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            PermitRootLogin yes
            StrictModes no
            UsePAM no
            Subsystem sftp internal-sftp
            ForceCommand internal-sftp -d \(path)

            """
        try Data(configuration.utf8).write(to: URL(filePath: "\(path)/sshd_config"))
        if geteuid() == 0 {
            // Where sshd locks away its own child; Debian makes it at boot.
            try FileManager.default.createDirectory(
                atPath: "/run/sshd", withIntermediateDirectories: true)
        }
        let log = "\(path)/sshd.log"
        server = try ChildProgram(
            Self.program, ["-D", "-e", "-f", "\(path)/sshd_config"], output: log)
        // It says when it listens.
        for _ in 0..<100 {
            let words = FileManager.default.contents(atPath: log) ?? Data()
            if String(decoding: words, as: UTF8.self).contains("Server listening") { return }
            usleep(100_000)
        }
        throw Unusable(words: try String(contentsOfFile: log, encoding: .utf8))
    }

    struct Unusable: Error {
        let words: String
    }

    deinit {
        kill(server.pid, SIGTERM)
        server.wait()
    }

    static func publicKey(_ path: String) throws -> String {
        try String(contentsOfFile: "\(path).pub", encoding: .utf8)
            .split(separator: " ").prefix(2).joined(separator: " ")
    }

    private static func run(_ program: String, _ arguments: [String], in path: String) throws {
        let child = try ChildProgram(program, arguments, output: "\(path)/words")
        #expect(child.wait() == 0)
    }

    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        try #require(isBound)
        return Int(UInt16(bigEndian: address.sin_port))
    }

    func drop(
        folder: String = "eingang", hostKey: String? = nil, keyFile: String? = nil
    ) -> SFTPDrop {
        SFTPDrop(
            user: NSUserName(), host: "127.0.0.1", port: port, folder: folder,
            hostKey: hostKey ?? self.hostKey, keyFile: keyFile ?? clientKey,
            workFolder: workFolder)
    }

    /// With signs that mean something to the programs that send.
    var workFolder: String { "\(folder.path)/mit \"Zeichen\" 100%h" }

    var received: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: inbox).sorted() }
    }
}

@Suite(
    .serialized,
    .enabled(if: SSHServer.isInstalled, "openssh-server or openssh-client is not installed"))
struct SFTPDropTests {
    @Test func `files arrive whole, and twice is as once`() throws {
        let server = try SSHServer()
        let piece = [UInt8](repeating: 0x3B, count: 1_000_000)
        let large = FileSet(
            files: [.init(name: "gross.csv") { take in for _ in 1...3 { try take(piece) } }],
            doneFile: .init(name: "mitte-export-000013.fertig", bytes: [0x31]))
        for _ in 1...2 { try server.drop().put(.sample()) }
        try server.drop().put(large)
        #expect(
            try server.received == [
                "gross.csv", "index.xml", "mitte-000317_mach_2026.csv",
                "mitte-export-000012.fertig", "mitte-export-000013.fertig",
            ])
        let found = FileManager.default.contents(atPath: "\(server.inbox)/gross.csv")
        #expect(found.map { Array($0) } == piece + piece + piece)
    }

    @Test func `copies of what is sent stand in the work folder alone, and none stays`() throws {
        let server = try SSHServer()
        let work = server.workFolder
        let set = FileSet(
            files: [
                .init(name: "a.csv") { take in
                    let names = try FileManager.default.contentsOfDirectory(atPath: work)
                    #expect(names.count == 1)
                    try take([0x31])
                }
            ], doneFile: .init(name: "mitte-export-000012.fertig", bytes: [0x31]))
        try server.drop().put(set)
        #expect(try FileManager.default.contentsOfDirectory(atPath: work).isEmpty)
        #expect(try server.received == ["a.csv", "mitte-export-000012.fertig"])
    }

    @Test func `a server with another key than the pinned one gets nothing`() throws {
        let server = try SSHServer()
        let stranger = try SSHServer.publicKey("\(server.folder.path)/stranger")
        #expect(throws: TransferError.hostKeyDiffers(host: "127.0.0.1")) {
            try server.drop(hostKey: stranger).put(.sample())
        }
        #expect(throws: TransferError.hostKeyDiffers(host: "127.0.0.1")) {
            try server.drop(hostKey: "ecdsa-sha2-nistp256 AAAA").put(.sample())
        }
        #expect(try server.received.isEmpty)
    }

    @Test func `a key that the server does not know is not let in`() throws {
        let server = try SSHServer()
        #expect(throws: TransferError.notLetIn(user: NSUserName(), host: "127.0.0.1")) {
            try server.drop(keyFile: "\(server.folder.path)/stranger").put(.sample())
        }
        let missing = "\(server.folder.path)/fehlt"
        #expect(throws: TransferError.keyMissing(path: missing)) {
            try server.drop(keyFile: missing).put(.sample())
        }
        #expect(try server.received.isEmpty)
    }

    @Test func `a missing folder and a silent port are told in the program's words`() throws {
        let server = try SSHServer()
        for drop in [
            server.drop(folder: "anderswo"),
            SFTPDrop(
                user: NSUserName(), host: "127.0.0.1", port: 1, folder: "eingang",
                hostKey: server.hostKey, keyFile: server.clientKey,
                workFolder: server.workFolder),
        ] {
            let error = try #require(throws: TransferError.self) { try drop.put(.sample()) }
            guard case .failed(let words) = error else {
                Issue.record("\(error)")
                continue
            }
            #expect(!words.isEmpty)
        }
        #expect(try server.received.isEmpty)
    }

    @Test func `a file that cannot be put leaves no done-file`() throws {
        let server = try SSHServer()
        try FileManager.default.createDirectory(
            atPath: "\(server.inbox)/index.xml/x", withIntermediateDirectories: true)
        #expect(throws: TransferError.self) { try server.drop().put(.sample()) }
        #expect(try !server.received.contains("mitte-export-000012.fertig"))
    }
}
