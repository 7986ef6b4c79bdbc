import Credentials
import Foundation
import Keys
import Logging
package import People
import Signing
import Storage
import Text
import Units

/// A signed-in person and the token of the session, shown once.
package struct SignedIn: Sendable {
    package let person: Person
    package let token: String
    package let csrf: String
}

extension Installation {
    private static let idleMilliseconds: Int64 = 15 * 60_000
    private static let absoluteMilliseconds: Int64 = 10 * 3_600_000

    /// Signs a person in. An unknown name takes as long as a wrong password.
    ///
    /// - Parameter source: where the try comes from (``SignInSource``); nil where nobody can tell.
    /// - Throws: ``OperationsError/signInFailed``, ``OperationsError/tooManyAttempts(seconds:)``.
    package func signIn(
        _ name: String, password: String, from source: String? = nil
    ) async throws -> SignedIn {
        let now = clock()
        if let seconds = attempts.waiting(name, from: source, now: now) {
            throw OperationsError.tooManyAttempts(seconds: seconds)
        }
        let found = try PersonID(name).flatMap { id in try database.read { try $0.person(id) } }
        let rightful = try Self.rightful(found, password)
        attempts.note(name, from: source, succeeded: rightful != nil, now: now)
        guard let person = rightful else { throw OperationsError.signInFailed }
        let token = Base64URL.encode(SystemRandom.bytes(32))
        let csrf = Base64URL.encode(SystemRandom.bytes(16))
        let digest = Digest.sha256(Array(token.utf8)).bytes
        if standing.now.stop != nil {
            unwrittenSessions.insert(
                tokenDigest: digest,
                SessionRow(person: person.id, csrf: csrf, created: now, used: now))
        } else {
            try await writer.perform { batch in
                try batch.transaction.deleteSessions(
                    createdBefore: now.adding(milliseconds: -Self.absoluteMilliseconds))
                try batch.transaction.insertSession(
                    tokenDigest: digest, person: person.id, csrf: csrf, at: now)
            }
        }
        return SignedIn(person: person, token: token, csrf: csrf)
    }

    /// The person, if that is the password and they may sign in. An unknown name takes as long as a
    /// wrong password.
    ///
    /// - Parameter found: the stored person with the hash of the password; nil for an unknown name.
    static func rightful(
        _ found: (person: Person, password: String)?, _ password: String
    ) throws -> Person? {
        let hash = try found.map { try PasswordHash(text: $0.password) } ?? .unknownUser
        guard try hash.matches(password), let person = found?.person, person.isActive else {
            return nil
        }
        return person
    }

    /// The person of a session; nil if it does not exist, was idle for 15 minutes or is older than
    /// ten hours.
    package func session(_ token: String) throws -> (person: Person, csrf: String)? {
        let digest = Digest.sha256(Array(token.utf8)).bytes
        let now = clock()
        let found = try database.read { reading in
            let session =
                try unwrittenSessions.session(tokenDigest: digest)
                ?? reading.session(tokenDigest: digest)
            return try session.flatMap { session in
                try reading.person(session.person).map { (session, $0.person) }
            }
        }
        guard let (session, person) = found, person.isActive,
            now.milliseconds - session.used.milliseconds < Self.idleMilliseconds,
            now.milliseconds - session.created.milliseconds < Self.absoluteMilliseconds
        else { return nil }
        if now.milliseconds - session.used.milliseconds > 60_000 {
            Task { [self] in
                do {
                    try await writer.perform {
                        try $0.transaction.touchSession(tokenDigest: digest, at: now)
                    }
                } catch {
                    logger.debug("session not prolonged", metadata: ["error": "\(error)"])
                }
            }
        }
        return (person, session.csrf)
    }

    package func signOut(_ token: String) async throws {
        let digest = Digest.sha256(Array(token.utf8)).bytes
        unwrittenSessions.remove(tokenDigest: digest)
        guard standing.now.stop == nil else { return }
        try await writer.perform { try $0.transaction.deleteSession(tokenDigest: digest) }
    }
}
