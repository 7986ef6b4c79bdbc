import Foundation
import Journal
import Operations
import Sales
import Signing
import Storage
import Testing
import Transparency
import Units

/// What a log publishes, compared with a tree built from the published entries alone.
struct PublishedLogTests {
    /// Admits so many refusals that the log has full tiles and a partial one.
    private func fill(_ yard: TestYard, to size: Int64) async throws {
        let sale = try yard.sale("privat: 1 m³ gruenabfall")
        var rest = Int(size - (try await self.size(yard)))
        while rest > 0 {
            let envelopes = try (0..<min(rest, 200)).map { _ in
                Result<Envelope, any Error>.success(
                    try yard.terminal.sign(.sale(sale)).envelope)
            }
            for admission in try await yard.installation.admit(envelopes, to: yard.yard) {
                _ = try admission.get()
            }
            rest -= envelopes.count
        }
    }

    private func size(_ yard: TestYard) async throws -> Int64 {
        let note = try await yard.installation.checkpoint(of: yard.yard)
        return try #require(Checkpoint(body: SignedNote.parse(Array(note.utf8)).text)).size
    }

    /// The leaves of all entries, fetched bundle by bundle.
    private func leaves(_ yard: TestYard, size: Int64) throws -> [Digest] {
        try TilePath.bundles(size: size).flatMap { path in
            let bytes = try #require(try yard.installation.logFile(path, of: yard.yard))
            return try #require(EntryBundle.entries(bytes)).map { MerkleTree.leafHash($0) }
        }
    }

    @Test func `tiles, bundles and proofs fit the signed root`() async throws {
        try await withYard { yard in
            try await fill(yard, to: 530)
            // A further transaction takes the newest checkpoint along.
            try await yard.sell("privat: 1 m³ gruenabfall")
            let installation = yard.installation
            let note = try #require(try installation.publishedCheckpoint(of: yard.yard))
            #expect(try note.verified(by: [yard.logKey]) == [yard.logKey])
            let head = try #require(Checkpoint(body: note.text))
            let leaves = try leaves(yard, size: head.size)

            #expect(MerkleTree.root(of: leaves) == head.root)
            for path in TilePath.hashTiles(size: head.size) {
                let bytes = try #require(try installation.logFile(path, of: yard.yard))
                guard case .hashes(let tile, let width) = path else { continue }
                let first = Int(tile.index) << 8
                let wanted =
                    tile.level == 0
                    ? Array(leaves[first..<first + width])
                    : (first..<first + width).map { index in
                        MerkleTree.root(of: Array(leaves[index << 8..<(index + 1) << 8]))
                    }
                #expect(Tile.hashes(bytes) == wanted, "\(path)")
            }
            #expect(TilePath.hashTiles(size: head.size).count == 4)
            for index in [0, 255, 256, 511, 512, head.size - 1] as [Int64] {
                let proof = try installation.publishedProof(of: index, in: yard.yard)
                let bytes = try installation.record(
                    at: LogPosition(yard: yard.yard.number, index: index)
                ).bytes
                try proof.verify(entry: bytes, log: yard.logKey)
            }
            for old in [1, 255, 256, 400, head.size] as [Int64] {
                let text = try installation.consistencyProof(
                    from: old, to: head.size, of: yard.yard)
                let path = text.split(separator: "\n").compactMap { Digest(base64: String($0)) }
                #expect(
                    ConsistencyProof.isValid(
                        oldSize: old, newSize: head.size,
                        oldRoot: MerkleTree.root(of: Array(leaves.prefix(Int(old)))),
                        newRoot: head.root, path: path))
            }
        }
    }

    @Test func `partial tiles are served for every size there was, none beyond the end`()
        async throws
    {
        try await withYard { yard in
            try await fill(yard, to: 300)
            let all = try leaves(yard, size: 300)
            for width in 1...44 {
                let path = TilePath.hashes(.init(level: 0, index: 1), width: width)
                let bytes = try yard.installation.logFile(path, of: yard.yard)
                #expect(bytes.flatMap(Tile.hashes) == Array(all[256..<256 + width]))
            }
            let beyond = [
                "tile/0/001.p/45", "tile/0/001", "tile/0/002.p/1", "tile/1/000.p/2", "tile/1/000",
                "tile/2/000.p/1", "tile/63/000.p/1", "tile/entries/001", "tile/entries/001.p/45",
                "tile/entries/x999/x999/x999/x999/x999/999",
            ]
            for name in beyond {
                let path = try #require(TilePath(name))
                #expect(try yard.installation.logFile(path, of: yard.yard) == nil, "\(name)")
            }
        }
    }

    @Test func `sizes and entries that are not there are refused`() async throws {
        try await withYard { yard in
            let size = try await size(yard)
            let installation = yard.installation
            let wrong: [(from: Int64, to: Int64)] = [(0, 1), (-1, 1), (2, 1), (1, size + 1)]
            for (from, to) in wrong {
                #expect(throws: OperationsError.sizesInvalid(from: from, to: to, size: size)) {
                    try installation.consistencyProof(from: from, to: to, of: yard.yard)
                }
            }
            for index in [-1, size, Int64.max] as [Int64] {
                #expect(throws: OperationsError.notPublished(index: index)) {
                    try installation.publishedProof(of: index, in: yard.yard)
                }
            }
            #expect(try installation.witnessedCheckpoint(of: yard.yard) == nil)
            let policy = try installation.publishedPolicy(of: yard.yard)
            #expect(policy == "log \(yard.yard.genesis.logKey)\nquorum none\n")
        }
    }

    @Test func `an export is the same log, read without the server`() async throws {
        try await withFolder { path in
            let directory = DataDirectory(path + "/data")
            let yard = try await TestYard.open(
                path + "/data", clock: TestClock(TestClock.morning), terminals: 1, hasTariff: true)
            try await fill(yard, to: 270)
            // Closing saves the last checkpoint.
            try yard.installation.close()
            let summary = try LogExport.write(
                directory, yard: nil, into: path + "/out", hasEntries: true)

            #expect(summary.size == 270)
            #expect(summary.tiles == 3)
            #expect(summary.bundles == 2)
            #expect(!summary.isWitnessed)
            let bundle = try #require(
                FileManager.default.contents(atPath: path + "/out/tile/entries/001.p/14"))
            #expect(EntryBundle.entries(Array(bundle))?.count == 14)
            #expect(throws: OperationsError.folderExists(path: path + "/out")) {
                try LogExport.write(directory, yard: nil, into: path + "/out", hasEntries: true)
            }
            let bare = try LogExport.write(
                directory, yard: TestYard.named("hof-1"), into: path + "/bare", hasEntries: false)
            #expect(bare.bundles == 0)
            #expect(!FileManager.default.fileExists(atPath: path + "/bare/tile/entries"))
        }
    }

    @Test(arguments: [
        ("quorum x\n", "", 1, "policy-name-unknown"), ("quorum none\n", "interval 0\n", 1, ""),
        ("quorum none\n", "# x\n\ntimeout x\n", 3, ""), ("quorum none\n", "exports maybe\n", 1, ""),
        ("quorum none\n", "time-stamp ftp://x\n", 1, ""), ("quorum none\n", "pace 1\n", 1, ""),
        ("quorum none\n", "interval 1 2\n", 1, ""),
    ]) func `a wrong line of policy or settings is named`(
        policy: String, settings: String, line: Int, code: String
    ) async throws {
        try await withFolder { path in
            let directory = DataDirectory(path)
            try FileManager.default.createDirectory(
                atPath: directory.witness, withIntermediateDirectories: true)
            try Data(policy.utf8).write(
                to: URL(fileURLWithPath: directory.witness + "/policy"))
            try Data(settings.utf8).write(
                to: URL(fileURLWithPath: directory.witness + "/settings"))
            let file = settings.isEmpty ? "policy" : "settings"
            #expect(
                throws: OperationsError.witnessFile(
                    path: "\(directory.witness)/\(file)", line: line,
                    what: code.isEmpty ? "settings-form" : code)
            ) { try WitnessSettings(directory: directory) }
        }
    }

    @Test func `settings are read`() async throws {
        try await withFolder { path in
            let directory = DataDirectory(path)
            #expect(try WitnessSettings(directory: directory) == WitnessSettings())
            try FileManager.default.createDirectory(
                atPath: directory.witness, withIntermediateDirectories: true)
            let settings = "interval 60\ntimeout 3\nexports wait\ntime-stamp http://tsa.example/x\n"
            try Data(settings.utf8).write(
                to: URL(fileURLWithPath: directory.witness + "/settings"))
            let certificates = directory.witness + "/tsa.pem"
            #expect(throws: OperationsError.missingFile(path: certificates)) {
                try WitnessSettings(directory: directory)
            }
            try Data("PEM".utf8).write(to: URL(fileURLWithPath: certificates))

            let read = try WitnessSettings(directory: directory)
            #expect(read.intervalSeconds == 60)
            #expect(read.timeoutSeconds == 3)
            #expect(read.exportsWait)
            #expect(read.timeStamps == .init(url: "http://tsa.example/x", trusted: "PEM"))
        }
    }
}
