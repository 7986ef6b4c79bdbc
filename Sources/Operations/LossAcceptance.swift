import Foundation
package import Journal
import Keys
package import Logging
import People
import Signing
import Storage
import Transparency
package import Units

/// A person who signs in for one act.
package struct Credential: Sendable {
    package let name: String
    package let password: String

    package init(name: String, password: String) {
        self.name = name
        self.password = password
    }
}

/// Accepts what is lost, by two people and for ever: each log concerned ends, and the journal goes
/// on in another log (docs/decisions/0013-a-loss-ends-the-log.md).
package struct LossAcceptance: Sendable {
    package let directory: DataDirectory
    package let reason: String
    /// Whether the keys of the new logs are made in the token and stay there.
    package let inToken: Bool

    package init(directory: DataDirectory, reason: String, inToken: Bool = false) {
        self.directory = directory
        self.reason = reason
        self.inToken = inToken
    }

    /// Writes the record of the loss into each log that lacks entries; afterwards the server
    /// starts. Nothing may run on the data directory meanwhile.
    ///
    /// - Throws: ``OperationsError`` (`nothingLost`, `reasonMissing`, `signInOfFailed`,
    ///   `forbidden`, `inUse`, and why else nothing is written), `FileError`, `TokenError`.
    package func accept(
        reporter: Credential, approver: Credential, clock: @escaping @Sendable () -> Timestamp,
        logger: Logger
    ) async throws -> [AcceptedLoss] {
        let findings = try LossFinding.all(in: directory)
        guard !findings.isEmpty else { throw OperationsError.nothingLost(path: directory.path) }
        guard !reason.isEmpty else { throw OperationsError.reasonMissing }
        let people = try people(reporter, approver)
        // The start below replaces the head file: until the record is durable, these files keep
        // any other start from writing.
        for finding in findings {
            for head in finding.heads where head.source == .headFile && !head.note.isEmpty {
                try KeptHeads.keep(head.note, of: finding.yard, from: .headFile, in: directory)
            }
        }
        let installation = try Installation(
            directory: directory, clock: clock, logger: logger,
            accepting: Set(findings.flatMap(\.heads)))
        do {
            let accepted = try await write(findings, people, into: installation)
            try installation.close()
            return accepted
        } catch {
            try installation.close()
            throw error
        }
    }

    /// Both have to be who they say, with their rights, and two.
    private func people(_ reporter: Credential, _ approver: Credential) throws -> (
        reporter: PersonID, approver: PersonID
    ) {
        let database = try ReadOnlyDatabase(path: directory.database, anyVersion: true)
        let (first, second) = (
            try person(reporter, database), try person(approver, database)
        )
        try database.close()
        try first.allowed(.reportLoss)
        try second.allowed(.acceptLoss, otherThan: first.id)
        return (first.id, second.id)
    }

    private func person(_ credential: Credential, _ database: ReadOnlyDatabase) throws -> Person {
        let found = try PersonID(credential.name).flatMap { id in
            try database.read { try $0.person(id) }
        }
        guard let person = try Installation.rightful(found, credential.password) else {
            throw OperationsError.signInOfFailed(credential.name)
        }
        return person
    }

    private func write(
        _ findings: [LossFinding], _ people: (reporter: PersonID, approver: PersonID),
        into installation: Installation
    ) async throws -> [AcceptedLoss] {
        let token = try inToken ? Token(TokenSettings.read(path: directory.token)) : nil
        let endings = try findings.map { finding in
            LogEnding(
                finding: finding, yard: try installation.yard(finding.yard.text),
                key: try installation.makeLogKey(of: finding.yard, in: token), reason: reason,
                reporter: people.reporter, approver: people.approver)
        }
        let now = installation.clock()
        return try await installation.writer.perform { batch in
            try endings.map { try $0.write(into: installation, at: now, in: batch) }
        }
    }
}

/// The end of one log, and the beginning of the one that follows.
private struct LogEnding: Sendable {
    let finding: LossFinding
    let yard: Yard
    /// Signs the checkpoints of the log that follows.
    let key: any Ed25519Signer
    let reason: String
    let reporter: PersonID
    let approver: PersonID

    func write(into installation: Installation, at now: Timestamp, in batch: Batch) throws
        -> AcceptedLoss
    {
        guard let log = batch.logs[yard.number], let old = log.signers.last else {
            throw OperationsError.yardUnknown(yard.id.text)
        }
        let (size, root) = (log.tree.size, log.tree.root)
        let name = LogName.successor(of: log.origin, after: finding.heads.map(\.origin))
        let next = try LogSigner(key, origin: name)
        let text = JournalLoss.endText(of: log.origin, size: size, root: root, next: next.verifier)
        let end = try SignedNote(
            text: text,
            signatures: [
                try NoteSignature.note(of: text, by: old.verifier) { try old.key.sign($0) }
            ])
        let loss = JournalLoss(
            key: next.verifier, end: end.bytes, first: finding.first,
            heads: finding.heads.suffix(JournalLoss.headCountMax).map { head in
                .init(
                    size: head.size, root: head.root, knownBy: head.source.words, note: head.note)
            }, reason: reason, requestedBy: reporter, approvedBy: approver)
        _ = try installation.append(.loss(loss), to: yard, at: now, in: batch)
        batch.logs[yard.number]?.origin = name
        batch.logs[yard.number]?.signers = [next]
        return AcceptedLoss(index: size, log: log.origin, root: root, loss: loss)
    }
}
