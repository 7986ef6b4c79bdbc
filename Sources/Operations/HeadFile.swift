import Foundation
import Keys
import Signing
import Synchronization
import Text
import Transparency

/// The heads of all logs in a file apart from the database: what the rollback guard compares
/// with at the next start (trust.md D15). Synced at most once a second.
final class HeadFile: Sendable {
    private struct State {
        var heads: [String: (size: Int64, root: Digest)] = [:]
        var isDirty = false
        var savedAt = ContinuousClock.now - .seconds(2)
    }

    private let path: String
    private let state = Mutex(State())

    init(path: String) {
        self.path = path
    }

    /// What the file says; empty if there is none yet.
    static func read(path: String) throws -> [(origin: String, size: Int64, root: Digest)] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        var reader = try ObjectReader(try StrictJSON.parse(bytes))
        var heads: [(String, Int64, Digest)] = []
        for var head in try reader.objects("heads") {
            let origin = try head.string("origin")
            let size = try head.integer("size", in: 0...StrictJSON.numberMax)
            let root = try head.parsed("root", as: "64 hexadecimal digits", Digest.init(hex:))
            heads.append((origin, size, root))
            try head.finish()
        }
        try reader.finish()
        return heads
    }

    /// Notes the heads after a commit.
    func note(_ heads: [(origin: String, tree: LogTree)]) {
        state.withLock { state in
            for (origin, tree) in heads { state.heads[origin] = (tree.size, tree.root) }
            state.isDirty = true
        }
    }

    /// Writes what was noted, if anything changed, and the last write is a second ago or
    /// `isForced`.
    func save(isForced: Bool = false) throws {
        let heads: [String: (size: Int64, root: Digest)]? = state.withLock { state in
            guard state.isDirty, isForced || state.savedAt + .seconds(1) < .now else { return nil }
            state.isDirty = false
            state.savedAt = .now
            return state.heads
        }
        guard let heads else { return }
        let list = heads.sorted { $0.key < $1.key }.map { origin, head in
            JSONValue.fields([
                "origin": .string(origin), "size": .integer(head.size),
                "root": .string(head.root.hex),
            ])
        }
        do {
            try DurableFile.replace(
                path: path, with: JSONValue.fields(["heads": .array(list)]).bytes + [0x0A])
        } catch {
            state.withLock { $0.isDirty = true }
            throw error
        }
    }
}
