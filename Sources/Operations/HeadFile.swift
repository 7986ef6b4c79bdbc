import Foundation
import Keys
import Logging
import Signing
import Storage
import Text
import Transparency

/// When the head file is written.
package enum HeadPace: Sendable {
    /// At most once a second, by a thread of its own.
    case everySecond
    /// By the writer's thread with each commit, so that everything has one order: for simulations.
    case atOnce
}

/// The heads of all logs in a file apart from the database: what the rollback guard compares
/// with at the next start (trust.md D15).
///
/// A thread of its own writes it, so that no sale waits for its two syncs. It may fall behind the
/// log by a second or so; it never says more than the disk holds, since only what is durable is
/// noted (docs/decisions/0011-head-file-beside-the-writer.md).
///
/// Each head carries the log's signature, so that no bit of the file can change unseen. The file
/// exists from `init` on: where it is missing, somebody removed it.
final class HeadFile: Sendable {
    /// What is found in place of the file.
    enum Content: Equatable {
        case missing
        /// It cannot be read as one, or a signature does not fit.
        case damaged
        case heads([KnownHead])
    }

    private let path: String
    private let pace: HeadPace
    private let logger: Logger
    private let faults: ProvokedFaults
    private let condition = NSCondition()
    private nonisolated(unsafe) var notes: [String: SignedNote] = [:]
    private nonisolated(unsafe) var isDirty = false
    /// Whether the thread waits for something to write.
    private nonisolated(unsafe) var isIdle = false
    private nonisolated(unsafe) var isStopping = false
    private nonisolated(unsafe) var hasStopped = true

    init(path: String, pace: HeadPace, logger: Logger, faults: ProvokedFaults) {
        self.path = path
        self.pace = pace
        self.logger = logger
        self.faults = faults
    }

    /// Writes a file with the heads of `notes`; with none it knows of no log yet.
    ///
    /// - Parameter notes: checkpoints whose first signature is the log's.
    static func replace(path: String, notes: [SignedNote]) throws {
        try DurableFile.replace(path: path, with: bytes(notes))
    }

    /// What the file says.
    ///
    /// - Parameter keys: the keys that may have signed the heads of a log, by its origin; none for
    ///   a log that is not stored.
    /// - Throws: ``OperationsError/cannotRead(path:)`` of a file that is there.
    static func read(path: String, keys: (_ origin: String) throws -> [VerifierKey]) throws
        -> Content
    {
        guard FileManager.default.fileExists(atPath: path) else { return .missing }
        let bytes = try DataDirectory.bytes(of: path)
        var heads: [KnownHead] = []
        do {
            var reader = try ObjectReader(try StrictJSON.parse(bytes))
            for var head in try reader.objects("heads") {
                heads.append(try Self.head(&head, keys: keys))
            }
            try reader.finish()
        } catch is StrictJSONError {
            return .damaged
        } catch is JSONShapeError {
            return .damaged
        } catch is NoteError {
            return .damaged
        }
        return .heads(heads)
    }

    private static func head(
        _ reader: inout ObjectReader, keys: (String) throws -> [VerifierKey]
    ) throws -> KnownHead {
        let origin = try reader.string("origin")
        let size = try reader.integer("size", in: 0...StrictJSON.numberMax)
        let root = try reader.parsed("root", as: "64 hexadecimal digits", Digest.init(hex:))
        let signature = try reader.optionalString("signature")
        try reader.finish()
        let known = try keys(origin)
        // Files of version 0.1 carry no signature; heads of unknown logs trip the guard anyway.
        let note = signature.map {
            Array("\(origin)\n\(size)\n\(root.base64)\n\n\($0)\n".utf8)
        }
        if let note, !known.isEmpty {
            guard try !SignedNote.parse(note).verified(by: known).isEmpty else {
                throw NoteError.noKnownSignature
            }
        }
        return KnownHead(
            origin: origin, size: size, root: root, source: .headFile, note: note ?? [])
    }

    /// Starts the thread that writes.
    func start() {
        guard pace == .everySecond else { return }
        hasStopped = false
        let thread = Thread {
            Thread.current.name = "hofbuch.heads"
            self.run()
        }
        thread.start()
    }

    /// Notes the checkpoints of all logs after a commit; they have to be durable.
    func note(_ notes: some Sequence<SignedNote>) {
        condition.withLock {
            for note in notes {
                let origin = note.text.utf8.prefix { $0 != 0x0A }
                self.notes[String(Substring(origin))] = note
            }
            isDirty = true
            if isIdle { condition.signal() }
        }
        if pace == .atOnce { write() }
    }

    /// Ends the thread.
    ///
    /// - Parameter isWritten: whether what is noted is written before.
    func stop(isWritten: Bool) {
        condition.withLock {
            isStopping = true
            condition.broadcast()
            while !hasStopped { condition.wait() }
        }
        if isWritten { write() }
    }

    private func run() {
        while waitForNotes() {
            write()
            waitASecond()
        }
        condition.withLock {
            hasStopped = true
            condition.broadcast()
        }
    }

    /// False when it is time to stop.
    private func waitForNotes() -> Bool {
        condition.withLock {
            isIdle = true
            defer { isIdle = false }
            while !isDirty, !isStopping { condition.wait() }
            return !isStopping
        }
    }

    /// Sleeps in short pieces: nobody wakes this thread for each commit, and a wall clock that is
    /// set back or stands does not make the second longer. `Thread.sleep` would: it looks at that
    /// clock to see whether it is over.
    private func waitASecond() {
        let end = ContinuousClock.now + .seconds(1)
        while ContinuousClock.now < end, !condition.withLock({ isStopping }) {
            usleep(20_000)
        }
    }

    /// Writes what was noted, if anything changed. A head file that cannot be written weakens the
    /// guard at the next start; sales go on.
    private func write() {
        let notes: [SignedNote]? = condition.withLock {
            guard isDirty else { return nil }
            isDirty = false
            return self.notes.sorted { $0.key < $1.key }.map(\.value)
        }
        guard let notes else { return }
        faults.reach(.beforeHeadFile)
        do { try Self.replace(path: path, notes: notes) } catch {
            logger.error("the head file was not written", metadata: ["error": "\(error)"])
            condition.withLock { isDirty = true }
        }
        faults.reach(.afterHeadFile)
    }

    private static func bytes(_ notes: [SignedNote]) -> [UInt8] {
        let heads = notes.compactMap { note in
            Checkpoint(body: note.text).map { head in
                JSONValue.fields([
                    "origin": .string(head.origin), "size": .integer(head.size),
                    "root": .string(head.root.hex),
                    "signature": .string(note.signatures[0].line),
                ])
            }
        }
        return JSONValue.fields(["heads": .array(heads)]).bytes + [0x0A]
    }
}
