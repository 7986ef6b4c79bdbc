import Foundation
import Keys
import Signing
import Synchronization
import Text
import Transparency

/// The heads of all logs in a file apart from the database: what the rollback guard compares
/// with at the next start (trust.md D15). Synced at most once a second.
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

    private struct State {
        var notes: [String: SignedNote] = [:]
        var isDirty = false
        var savedAt = ContinuousClock.now - .seconds(2)
    }

    private let path: String
    private let state = Mutex(State())

    init(path: String) {
        self.path = path
    }

    /// Writes a file that knows of no log yet.
    static func create(path: String) throws {
        try DurableFile.replace(path: path, with: bytes([]))
    }

    /// What the file says.
    ///
    /// - Parameter keys: the keys that may have signed the heads of a log, by its origin; none for
    ///   a log that is not stored.
    /// - Throws: what the file system says of a file that is there.
    static func read(path: String, keys: (_ origin: String) throws -> [VerifierKey]) throws
        -> Content
    {
        guard FileManager.default.fileExists(atPath: path) else { return .missing }
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
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
        if let signature, !known.isEmpty {
            let note = Array("\(origin)\n\(size)\n\(root.base64)\n\n\(signature)\n".utf8)
            guard try !SignedNote.parse(note).verified(by: known).isEmpty else {
                throw NoteError.noKnownSignature
            }
        }
        return KnownHead(origin: origin, size: size, root: root, source: .headFile)
    }

    /// Notes the checkpoints of all logs after a commit.
    func note(_ notes: some Sequence<SignedNote>) {
        state.withLock { state in
            for note in notes {
                let origin = note.text.prefix { $0 != "\n" }
                state.notes[String(origin)] = note
            }
            state.isDirty = true
        }
    }

    /// Writes what was noted, if anything changed, and the last write is a second ago or
    /// `isForced`.
    func save(isForced: Bool = false) throws {
        let notes: [SignedNote]? = state.withLock { state in
            guard state.isDirty, isForced || state.savedAt + .seconds(1) < .now else { return nil }
            state.isDirty = false
            state.savedAt = .now
            return state.notes.sorted { $0.key < $1.key }.map(\.value)
        }
        guard let notes else { return }
        do { try DurableFile.replace(path: path, with: Self.bytes(notes)) } catch {
            state.withLock { $0.isDirty = true }
            throw error
        }
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
