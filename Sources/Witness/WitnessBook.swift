import Foundation
import Keys
import Operations
import Signing
import Storage
import Synchronization
import Text
package import Transparency

/// The memory of a witness: the last head of each log. It is compared and replaced in one step, and
/// is on the disk before anything is cosigned, so that no two cosigned heads can contradict each
/// other, whoever asks at the same time and whenever the power fails.
package final class WitnessBook: Sendable {
    /// The head of a log as it was cosigned last.
    private struct Head {
        let checkpoint: Checkpoint
        let note: SignedNote
        let atSeconds: Int64
    }

    private struct State {
        /// By the hash of the origin.
        var heads: [String: Head] = [:]
        /// The disk failed; what it holds now is only known after the next start.
        var hasFailed = false
    }

    /// The witness's own key.
    package let verifier: VerifierKey
    /// The keys of the logs that it follows.
    package let logs: [VerifierKey]
    private let folder: WitnessFolder
    private let key: Ed25519PrivateKey
    private let clock: @Sendable () -> Int64
    private let lock: ProcessLock
    private let state: Mutex<State>
    private let faults: ProvokedFaults

    /// Opens the witness in `folder` for this process alone.
    ///
    /// - Parameter clock: seconds since 1970.
    /// - Throws: ``WitnessError``, `OperationsError.inUse`, or what the file system says.
    package init(_ folder: WitnessFolder, clock: @escaping @Sendable () -> Int64) throws {
        (key, verifier) = try folder.identity()
        lock = try ProcessLock(path: folder.lock)
        logs = try folder.followed()
        self.folder = folder
        self.clock = clock
        faults = ProvokedFaults(dataDirectory: folder.path)
        var heads: [String: Head] = [:]
        for (hash, keys) in Self.byOriginHash(logs) {
            let path = folder.head(ofOriginHash: hash)
            heads[hash] = try Self.head(in: path, log: keys, own: verifier)
        }
        state = Mutex(State(heads: heads))
    }

    /// Lets another process open the folder.
    package func close() { lock.release() }

    /// The keys of each log. Names whose bytes differ are different logs, however alike they look:
    /// as texts they may be equal.
    private static func byOriginHash(_ logs: [VerifierKey]) -> [String: [VerifierKey]] {
        Dictionary(grouping: logs) { WitnessFolder.hash(of: $0.name) }
    }

    private static func head(in path: String, log: [VerifierKey], own: VerifierKey) throws -> Head?
    {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        // What cannot be read is not what was never there: from nothing on, any head is consistent.
        guard let data = FileManager.default.contents(atPath: path) else {
            throw WitnessError.headDamaged(path: path)
        }
        do {
            let note = try SignedNote.parse(Array(data))
            let signers = try note.verified(by: log + [own])
            let line = note.signatures.first(where: own.isNamed)
            guard signers.contains(own), signers.count > 1,
                let checkpoint = Checkpoint(body: note.text), let line,
                let seconds = line.cosignatureTimeSeconds
            else { throw WitnessError.headDamaged(path: path) }
            return Head(checkpoint: checkpoint, note: note, atSeconds: seconds)
        } catch is NoteError {
            throw WitnessError.headDamaged(path: path)
        }
    }

    /// The last cosigned head with both signatures.
    ///
    /// - Parameter hash: of the origin (``WitnessFolder/hash(of:)``).
    package func checkpoint(ofOriginHash hash: String) -> [UInt8]? {
        state.withLock { $0.heads[hash]?.note.bytes }
    }

    /// The last cosigned sizes, by origin; 0 for a log that never sent a checkpoint.
    package var sizes: [(origin: String, size: Int64)] {
        let origins = Self.byOriginHash(logs).values.compactMap { $0.first?.name }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return state.withLock { state in
            origins.map { origin in
                (origin, state.heads[WitnessFolder.hash(of: origin)]?.checkpoint.size ?? 0)
            }
        }
    }

    /// Answers an add-checkpoint request; whatever it answers is on the disk.
    ///
    /// Once a head could not be written nothing is answered until the next start; any other failure
    /// is one of that request alone.
    package func answer(_ body: [UInt8]) -> WitnessAnswer {
        guard let request = WitnessRequest(body: body) else {
            return .refused(.malformed, .unneeded)
        }
        return state.withLock { state in
            guard !state.hasFailed else { return .failed("The disk failed; start me again.") }
            do { return try answer(request, body, &state) } catch {
                return .failed("The request was not dealt with: \(error)")
            }
        }
    }

    private func answer(_ request: WitnessRequest, _ body: [UInt8], _ state: inout State) throws
        -> WitnessAnswer
    {
        let origin = request.checkpoint.text.prefix { $0 != "\n" }
        let hash = WitnessFolder.hash(of: String(origin))
        let stored = state.heads[hash]
        let verdict = request.judged(keys: logs, stored: stored?.checkpoint).broken(
            by: faults, request)
        guard case .cosign(let checkpoint) = verdict else {
            guard verdict.isEvidence else { return .refused(verdict, .unneeded) }
            let piece = EvidenceFolder.Piece(
                request: body, head: request.checkpoint, stored: stored?.note,
                words: "\(verdict.status) \(verdict.words) at \(clock()) seconds since 1970\n")
            let evidence = EvidenceFolder(path: folder.evidence)
            return .refused(verdict, try evidence.keep(piece, ofOriginHash: hash))
        }
        let now = clock()
        guard now >= stored?.atSeconds ?? 0 else {
            return .failed("My clock went back; nothing is cosigned until it is right.")
        }
        let cosignature = try key.cosignature(
            of: checkpoint.body, timeSeconds: now, name: verifier.name)
        let own = logs.filter { $0.name.hasSameBytes(as: checkpoint.origin) }.compactMap { key in
            // One line a key: a note has room for so many, and a request may repeat them.
            request.checkpoint.signatures.first(where: key.isNamed)
        }
        let note = try SignedNote(text: checkpoint.body, signatures: own).adding([cosignature])
        do {
            let path = folder.head(ofOriginHash: hash)
            try DurableFile.replace(path: path, with: note.bytes, mode: 0o644)
        } catch {
            state.hasFailed = true
            return .failed("The disk failed: \(error)")
        }
        state.heads[hash] = Head(checkpoint: checkpoint, note: note, atSeconds: now)
        return .cosigned(cosignature)
    }
}

/// What a witness answers over HTTP.
package enum WitnessAnswer: Hashable, Sendable {
    case cosigned(NoteSignature)
    case refused(WitnessVerdict, Evidence)
    /// The witness itself is not able to answer.
    case failed(String)

    /// What became of a refused request.
    package enum Evidence: Hashable, Sendable {
        /// It shows nothing about the log.
        case unneeded
        /// It lies in the folder, or an earlier one with the same two heads does.
        case kept
        /// The folder is full, and the request is lost.
        case full
    }

    package var status: Int {
        switch self {
        case .cosigned: 200
        case .refused(let verdict, _): verdict.status
        case .failed: 503
        }
    }

    package var contentType: String {
        if case .refused(.otherSize, _) = self { return "text/x.tlog.size" }
        return "text/plain; charset=utf-8"
    }

    package var body: String {
        switch self {
        case .cosigned(let signature): "\(signature.line)\n"
        case .refused(.otherSize(let stored, _), _): "\(stored)\n"
        case .refused(let verdict, _): "\(verdict.words)\n"
        case .failed(let words): "\(words)\n"
        }
    }
}

extension WitnessVerdict {
    /// This verdict, or what a broken witness would say.
    fileprivate func broken(by faults: ProvokedFaults, _ request: WitnessRequest) -> Self {
        guard faults.isBroken(.cosignsForks), isEvidence,
            let head = Checkpoint(body: request.checkpoint.text)
        else { return self }
        return .cosign(head)
    }

    /// The verdict in a few words, for people who read an answer or the evidence.
    var words: String {
        switch self {
        case .cosign: "cosigned"
        case .malformed: "no request with a checkpoint"
        case .unknownOrigin(let origin): "the log \(origin) is not followed here"
        case .notSignedByLog: "the checkpoint is not signed by its log"
        case .oldAboveSize: "the old size is above the checkpoint's"
        case .otherSize(let stored, let contradicts):
            contradicts
                ? "the log signed another root for the stored size \(stored)"
                : "the stored size is \(stored)"
        case .inconsistent(let stored):
            "the checkpoint does not continue the stored one of size \(stored?.size ?? 0)"
        }
    }
}
