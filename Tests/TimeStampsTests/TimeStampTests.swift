import Foundation
import Signing
import Testing
import TimeStamps

/// A time stamping authority of the `openssl` program, with its own certificate authority.
struct LocalAuthority {
    let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "hofbuch-tsa-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
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

    private static let configuration = """
        [tsa]
        default_tsa = here
        [here]
        serial = serial
        crypto_device = builtin
        signer_cert = tsa.pem
        certs = ca.pem
        signer_key = tsa.key
        signer_digest = sha256
        default_policy = 1.2.3.4.1
        digests = sha256
        accuracy = secs:1
        ordering = yes
        tsa_name = no
        ess_cert_id_chain = no
        ess_cert_id_alg = sha256
        [tsa_cert]
        basicConstraints = CA:FALSE
        keyUsage = critical,digitalSignature
        extendedKeyUsage = critical,timeStamping

        """

    var trusted: String {
        get throws { try String(contentsOfFile: "\(folder)/ca.pem", encoding: .utf8) }
    }

    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    }

    func reply(to query: [UInt8]) throws -> [UInt8] {
        try Data(query).write(to: URL(fileURLWithPath: "\(folder)/query"))
        try run("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "reply")
        return Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/reply")))
    }

    @discardableResult
    func run(_ arguments: String...) throws -> String {
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

    struct Failed: Error {
        let words: String
    }
}

@Suite struct TimeStampTests {
    private let authority: LocalAuthority
    private let digest = Digest.sha256(Array("a signed checkpoint\n".utf8)).bytes
    private let nonce: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
    private var now: Int64 { Int64(Date().timeIntervalSince1970) }

    init() throws {
        authority = try LocalAuthority()
    }

    @Test func `a reply is checked, and openssl agrees`() throws {
        let query = try TimeStamp.query(digest: digest, nonce: nonce)
        let reply = try authority.reply(to: query)
        let time = try TimeStamp.check(
            reply: reply, query: query, digest: digest, trusted: authority.trusted, at: now)

        #expect(abs(time - now) < 60)
        #expect(TimeStamp.statedTime(ofReply: reply) == time)
        try authority.write("data", "a signed checkpoint\n")
        let verdict = try authority.run(
            "ts", "-verify", "-data", "data", "-in", "reply", "-CAfile", "ca.pem")
        #expect(verdict.contains("Verification: OK"))
        let words = try authority.run("ts", "-query", "-in", "query", "-text")
        #expect(words.contains("Nonce: 0x0102030405060708"))
        #expect(words.contains("Certificate required: yes"))
    }

    @Test func `a reply to another query, an altered one and a foreign one are refused`() throws {
        let query = try TimeStamp.query(digest: digest, nonce: nonce)
        let reply = try authority.reply(to: query)
        let trusted = try authority.trusted
        func error(
            _ reply: [UInt8], _ query: [UInt8], _ digest: [UInt8], _ trusted: String,
            at time: Int64? = nil
        ) -> String? {
            do {
                _ = try TimeStamp.check(
                    reply: reply, query: query, digest: digest, trusted: trusted, at: time ?? now)
                return nil
            } catch {
                return error.code
            }
        }
        let other = try TimeStamp.query(digest: digest, nonce: nonce.reversed())
        let zeros = [UInt8](repeating: 0, count: 32)
        let elsewhere = try LocalAuthority().trusted

        #expect(error(reply, query, digest, trusted) == nil)
        #expect(error(reply, other, digest, trusted) == "time-stamp-invalid")
        #expect(error(reply, query, zeros, trusted) == "time-stamp-digest")
        #expect(error(reply, query, digest, elsewhere) == "time-stamp-invalid")
        #expect(error(reply, query, digest, "") == "time-stamp-certificates")
        #expect(error(reply, query, digest, trusted, at: now + 366 * 86_400) != nil)
        #expect(error([], query, digest, trusted) == "time-stamp-form")
        #expect(error(reply, [0x30], digest, trusted) == "time-stamp-form")
        var altered = 0
        for place in stride(from: 0, to: reply.count, by: 7) {
            var bytes = reply
            bytes[place] ^= 1
            if error(bytes, query, digest, trusted) != nil { altered += 1 }
        }
        // Some bytes of the certificates beside the signature are not what is trusted.
        #expect(altered * 10 > reply.count / 7 * 7)
    }

    @Test func `an authority that does not take the digest refuses`() throws {
        let text = try String(contentsOfFile: "\(authority.folder)/tsa.cnf", encoding: .utf8)
        try authority.write("tsa.cnf", text.replacing("digests = sha256", with: "digests = sha512"))
        let query = try TimeStamp.query(digest: digest, nonce: nonce)
        let reply = try authority.reply(to: query)

        #expect(throws: TimeStampError.refused(status: 2)) {
            try TimeStamp.check(
                reply: reply, query: query, digest: digest, trusted: authority.trusted, at: now)
        }
    }
}
