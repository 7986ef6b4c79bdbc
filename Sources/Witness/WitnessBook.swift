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

    /// No more refused requests are kept.
    private static let evidenceCountMax = 1_000

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
        for origin in Set(logs.map(\.name)) {
            let keys = logs.filter { $0.name.hasSameBytes(as: origin) }
            let head = try Self.head(in: folder.head(of: origin), log: keys, own: verifier)
            heads[WitnessFolder.hash(of: origin)] = head
        }
        state = Mutex(State(heads: heads))
    }

    /// Lets another process open the folder.
    package func close() { lock.release() }

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
        state.withLock { state in
            Set(logs.map(\.name)).sorted().map { origin in
                (origin, state.heads[WitnessFolder.hash(of: origin)]?.checkpoint.size ?? 0)
            }
        }
    }

    /// Answers an add-checkpoint request; whatever it answers is on the disk.
    package func answer(_ body: [UInt8]) -> WitnessAnswer {
        guard let request = WitnessRequest(body: body) else { return .refused(.malformed) }
        return state.withLock { state in
            guard !state.hasFailed else { return .failed("The disk failed; start me again.") }
            do {
                return try answer(request, body, &state)
            } catch {
                state.hasFailed = true
                return .failed("The disk failed: \(error)")
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
        if verdict.isEvidence { try keep(body, verdict, stored?.note, hash) }
        guard case .cosign(let checkpoint) = verdict else { return .refused(verdict) }
        let now = clock()
        guard now >= stored?.atSeconds ?? 0 else {
            return .failed("My clock went back; nothing is cosigned until it is right.")
        }
        let cosignature = try key.cosignature(
            of: checkpoint.body, timeSeconds: now, name: verifier.name)
        let own = request.checkpoint.signatures.filter { signature in
            logs.contains { $0.isNamed(by: signature) }
        }
        let note = try SignedNote(text: checkpoint.body, signatures: own).adding([cosignature])
        try DurableFile.replace(path: "\(folder.heads)/\(hash)", with: note.bytes, mode: 0o644)
        state.heads[hash] = Head(checkpoint: checkpoint, note: note, atSeconds: now)
        return .cosigned(cosignature)
    }

    /// Keeps what a log signed although it does not fit its earlier head; the same only once.
    private func keep(
        _ body: [UInt8], _ verdict: WitnessVerdict, _ stored: SignedNote?, _ hash: String
    ) throws {
        let files = FileManager.default
        let digest = Digest.sha256(body + (stored?.bytes ?? []))
        let place = "\(folder.evidence)/\(hash.prefix(16))-\(digest.hex.prefix(16))"
        guard !files.fileExists(atPath: place),
            try files.contentsOfDirectory(atPath: folder.evidence).count < Self.evidenceCountMax
        else { return }
        try files.createDirectory(atPath: place, withIntermediateDirectories: false)
        try DurableFile.createNew(path: "\(place)/request", with: body, mode: 0o644)
        if let stored {
            try DurableFile.createNew(path: "\(place)/stored", with: stored.bytes, mode: 0o644)
        }
        let words = "\(verdict.status) \(verdict.words) at \(clock()) seconds since 1970\n"
        try DurableFile.createNew(path: "\(place)/verdict", with: Array(words.utf8), mode: 0o644)
    }
}

/// What a witness answers over HTTP.
package enum WitnessAnswer: Hashable, Sendable {
    case cosigned(NoteSignature)
    case refused(WitnessVerdict)
    /// The witness itself is not able to answer.
    case failed(String)

    package var status: Int {
        switch self {
        case .cosigned: 200
        case .refused(let verdict): verdict.status
        case .failed: 503
        }
    }

    package var contentType: String {
        if case .refused(.otherSize) = self { return "text/x.tlog.size" }
        return "text/plain; charset=utf-8"
    }

    package var body: String {
        switch self {
        case .cosigned(let signature): "\(signature.line)\n"
        case .refused(.otherSize(let stored, _)): "\(stored)\n"
        case .refused(let verdict): "\(verdict.words)\n"
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
