import Foundation
import Signing
import StampAuthority
import Testing
import TimeStamps

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
