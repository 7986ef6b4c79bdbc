import Foundation

/// A time stamping authority of the `openssl` program, with its own certificate authority.
package final class LocalAuthority: Sendable {
    package let folder: String
    /// Whether the folder goes when this does.
    private let isOwn: Bool

    /// - Parameter folder: where its files will lie; if nil a new one in the temporary folder,
    ///   which is removed at the end.
    package init(in folder: String? = nil) throws {
        self.folder = folder ?? NSTemporaryDirectory() + "hofbuch-tsa-\(UUID().uuidString)"
        isOwn = folder == nil
        try FileManager.default.createDirectory(
            atPath: self.folder, withIntermediateDirectories: true)
        try write("tsa.cnf", Self.configuration)
        try write("serial", "01\n")
        try run(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", "ca.key", "-out", "ca.pem", "-days", "30", "-subj", "/CN=Test CA",
            "-addext", "basicConstraints=critical,CA:TRUE")
        try run(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
            "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Test TSA")
        try run(
            "x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-CAcreateserial",
            "-out", "tsa.pem", "-days", "30", "-extfile", "tsa.cnf", "-extensions", "tsa_cert")
    }

    deinit {
        guard isOwn else { return }
        do { try FileManager.default.removeItem(atPath: folder) } catch {
            print("\(folder) was not removed: \(error)")
        }
    }

    private static var configuration: String {
        get throws {
            let folder = URL(filePath: #filePath).deletingLastPathComponent()
            return try String(contentsOf: folder.appending(path: "tsa.cnf"), encoding: .utf8)
        }
    }

    /// The certificates that its signatures lead to, in PEM.
    package var trusted: String {
        get throws { try String(contentsOfFile: "\(folder)/ca.pem", encoding: .utf8) }
    }

    /// Puts a text into a file of its folder.
    package func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    }

    /// The TimeStampReq for `bytes` and the TimeStampResp to it, both in DER.
    package func stamp(_ bytes: [UInt8]) throws -> (query: [UInt8], reply: [UInt8]) {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/stamped"))
        try run("ts", "-query", "-data", "stamped", "-sha256", "-cert", "-out", "asked")
        let query = try read("asked")
        return (query, try reply(to: query))
    }

    /// The TimeStampResp to a TimeStampReq, both in DER.
    package func reply(to query: [UInt8]) throws -> [UInt8] {
        try Data(query).write(to: URL(fileURLWithPath: "\(folder)/query"))
        try run("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "reply")
        return try read("reply")
    }

    private func read(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
    }

    /// Runs `openssl` in its folder and gives what it said.
    @discardableResult
    package func run(_ arguments: String...) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed(words: text) }
        return text
    }

    /// What `openssl` said when it failed.
    package struct Failed: Error {
        package let words: String
    }
}
