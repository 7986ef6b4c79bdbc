import DayClosing
import Foundation
import GRDB
import Journal
import Keys
import Operations
import Signing
import Storage
import Testing
import Transparency
import Units

/// Verification of what `hofbuch log export` writes, and of what witnesses signed.
struct VerifyFolderTests {
    /// 300 sales, a close in the middle, witnessed; exported with and without entries.
    private func withExport(_ body: (_ yard: TestYard, _ folder: String) async throws -> Void)
        async throws
    {
        try await withWitness { yard, _, rounds in
            let sale = try yard.sale("privat: 1 m³ gruenabfall")
            for _ in 0..<150 { _ = try await yard.admit(yard.terminal.sign(.sale(sale))) }
            try await yard.count(Tally(count: 150, amount: Cents(150 * 1_200)))
            _ = try await yard.installation.approveClose(at: yard.yard, by: TestYard.approver)
            for _ in 0..<120 { _ = try await yard.admit(yard.terminal.sign(.sale(sale))) }
            await rounds.round()
            let folder = yard.directory.path + "/../out"
            for (name, hasEntries) in [("whole", true), ("bare", false)] {
                _ = try LogExport.write(
                    yard.directory, yard: nil, into: "\(folder)/\(name)", hasEntries: hasEntries)
            }
            try await body(yard, folder)
        }
    }

    private func verify(_ path: String, _ options: VerificationOptions = .init()) throws
        -> VerificationReport
    {
        try Installation.verify(DataDirectory(path), options)
    }

    @Test func `an exported log is verified from its files alone`() async throws {
        try await withExport { yard, folder in
            let inside = try yard.installation.verify()
            #expect(inside.misfit == nil)
            #expect(inside.cosignatures == 1)
            #expect(inside.witnessedSizes == [yard.yard.origin: inside.entries])
            #expect(inside.absent == [])

            let whole = try verify(folder + "/whole")
            #expect(whole.misfit == nil)
            #expect(whole.entries == inside.entries)
            #expect(whole.signatures == inside.signatures)
            #expect(whole.closes == 1)
            #expect(whole.roots == inside.roots)
            #expect(whole.witnessedSizes == inside.witnessedSizes)
            #expect(whole.absent == [.tables, .policy])

            let bare = try verify(folder + "/bare")
            #expect(bare.misfit == nil)
            #expect(bare.entries == 0)
            #expect(bare.closes == 1)
            #expect(bare.roots == inside.roots)
            #expect(bare.witnessedSizes == inside.witnessedSizes)
            #expect(bare.absent == [.entries, .tables, .policy])
        }
    }

    /// Which file, whether it is there without entries, and one of the words said of it. `W`
    /// stands for the entries of the last bundle.
    private static let changes: [(file: String, bare: Bool, words: [String])] = [
        ("tile/entries/000", false, ["entry"]), ("tile/entries/001.p/W", false, ["entr"]),
        ("tile/0/000", true, ["tile 0/0", "tile/0/000", "signed root"]),
        ("tile/0/001.p/W", true, ["tile 0/1", "tile/0/001.p", "signed root"]),
        ("tile/1/000.p/1", true, ["tile 1/0"]), ("checkpoint", true, ["log key"]),
        ("closes/1/entry", true, ["close"]), ("closes/1/entry.tlog-proof", true, ["proof"]),
    ]

    @Test func `each file that is changed or missing is found`() async throws {
        try await withExport { yard, folder in
            let last = try yard.installation.verify().entries % 256
            for change in Self.changes {
                for name in change.bare ? ["whole", "bare"] : ["whole"] {
                    for isMissing in [false, true] where !(isMissing && change.file == "checkpoint")
                    {
                        let copy = folder + "/copy"
                        try FileManager.default.copyItem(
                            atPath: "\(folder)/\(name)", toPath: copy)
                        let file = copy + "/" + change.file.replacing("W", with: "\(last)")
                        var bytes = try #require(FileManager.default.contents(atPath: file))
                        bytes[bytes.count / 2] ^= 1
                        try FileManager.default.removeItem(atPath: file)
                        if !isMissing { try bytes.write(to: URL(fileURLWithPath: file)) }
                        let misfit = try #require(try verify(copy).misfit)
                        #expect(
                            change.words.contains { misfit.what.contains($0) },
                            "\(name)/\(change.file), missing: \(isMissing): \(misfit)")
                        try FileManager.default.removeItem(atPath: copy)
                    }
                }
            }
        }
    }

    @Test func `a signed checkpoint over nothing hides no altered hash`() async throws {
        try await withExport { yard, folder in
            let width = try yard.installation.verify().entries % 256
            let last = "tile/0/001.p/\(width)"
            for (root, isAltered, words) in [
                (MerkleTree.emptyRoot, false, nil), (MerkleTree.emptyRoot, true, "signed root"),
                (Digest.sha256([1]), false, "empty tree"),
            ] as [(Digest, Bool, String?)] {
                let copy = folder + "/copy"
                try FileManager.default.copyItem(atPath: folder + "/bare", toPath: copy)
                let empty = try yard.signedHead(size: 0, root: root)
                try Data(empty.bytes).write(
                    to: URL(fileURLWithPath: copy + "/checkpoint-witnessed"))
                if isAltered {
                    var hashes = try #require(
                        FileManager.default.contents(atPath: "\(copy)/\(last)"))
                    hashes[0] ^= 1
                    try hashes.write(to: URL(fileURLWithPath: "\(copy)/\(last)"))
                }

                let what = try verify(copy).misfit?.what

                if let words {
                    #expect(what?.contains(words) == true, "\(what as Any)")
                } else {
                    #expect(what == nil)
                }
                try FileManager.default.removeItem(atPath: copy)
            }
        }
    }

    /// Larger than any folder: what such a list would be made of does not fit in a machine.
    @Test(.timeLimit(.minutes(1)), arguments: [false, true])
    func `a size that is not true is refused by the first file that is missing`(hasEntries: Bool)
        async throws
    {
        try await withFolder { folder in
            let (size, origin) = (Int64(1) << 62, "musterstadt.example/log/hof-1")
            let key = try Ed25519PrivateKey.generate()
            let head = try #require(
                Checkpoint(origin: origin, size: size, root: Digest.sha256([1]))
            ).body
            let note = try SignedNote(
                text: head, signatures: [key.noteSignature(of: head, name: origin)])
            let log = try key.verifierKey(name: origin, kind: .note).text
            let kind = hasEntries ? "entries" : "0"
            let end = "tile/\(kind)/\(TilePath.indexText((size >> 8) - 1))"
            let parent = URL(fileURLWithPath: "\(folder)/\(end)").deletingLastPathComponent()
            try FileManager.default.createDirectory(
                at: parent, withIntermediateDirectories: true)
            try Data(note.bytes).write(to: URL(fileURLWithPath: folder + "/checkpoint"))
            try Data("log \(log)\nquorum none\n".utf8).write(
                to: URL(fileURLWithPath: folder + "/policy"))

            let missing = try #require(try verify(folder).misfit)
            #expect(missing.what.contains(end))
            // The last one alone is not enough.
            try Data([0]).write(to: URL(fileURLWithPath: "\(folder)/\(end)"))
            let first = try #require(try verify(folder).misfit)
            #expect(first.what.contains("tile/\(kind)/000"))
        }
    }

    @Test func `a policy of one's own asks for its keys and witnesses`() async throws {
        try await withExport { yard, folder in
            let own = try WitnessPolicy.parse(
                Array(try yard.installation.publishedPolicy(of: yard.yard).utf8))
            let other = try FakeWitness(yard.clock)
            let foreign = try WitnessPolicy.parse(
                Array("log \(try other.logKey.text)\nquorum none\n".utf8))
            let asking = try WitnessPolicy.parse(
                Array("log \(try yard.logKey.text)\n\(other.policy)".utf8))
            for path in [yard.directory.path, folder + "/whole", folder + "/bare"] {
                let content = try verify(path, VerificationOptions(policy: own))
                #expect(content.misfit == nil)
                #expect(!content.absent.contains(.policy))
                #expect(content.cosignatures > 0)
                #expect(try verify(path, VerificationOptions(policy: foreign)).misfit != nil)
                let unmet = try verify(path, VerificationOptions(policy: asking)).misfit
                #expect(unmet?.what.contains("cosignatures") == true)
            }
        }
    }

    @Test func `a cosignature that was altered or put to another's name is found`() async throws {
        try await withExport { yard, _ in
            let changes = [
                (
                    "UPDATE cosignature SET line = substr(line, 1, length(line) - 6) || 'AAAAA='",
                    "cosignature"
                ),
                (
                    "UPDATE cosignature SET line = replace(line, 'rpa.example', 'rpb.example')",
                    "cosignature"
                ),
                (
                    "DELETE FROM checkpoint WHERE size IN (SELECT size FROM cosignature)",
                    "checkpoint"
                ),
            ]
            for (place, (sql, word)) in changes.enumerated() {
                let copy = yard.directory.path + "/../copy-\(place)"
                _ = try Backup.create(
                    of: yard.directory, into: copy, keys: nil, now: yard.clock.now)
                let queue = try DatabaseQueue(path: DataDirectory(copy).database)
                try await queue.write { database in
                    for table in ["cosignature", "checkpoint"] {
                        for trigger in ["update", "delete"] {
                            try database.execute(
                                sql: "DROP TRIGGER IF EXISTS \(table)_no_\(trigger)")
                        }
                    }
                    try database.execute(sql: sql)
                }
                try queue.close()
                let misfit = try verify(copy).misfit
                #expect(misfit?.what.contains(word) == true, "\(sql): \(misfit as Any)")
            }
        }
    }

    @Test func `a key that followed the policy's own is found in the entries`() async throws {
        try await withYard { yard in
            let old = try yard.logKey
            _ = try await yard.rotate(.log)
            _ = try await yard.admit(yard.terminal.sign(yard.greenWaste))
            try await yard.installation.retireKey(old.text, by: TestYard.office)
            _ = try await yard.admit(yard.terminal.sign(yard.greenWaste))
            let other = try FakeWitness(yard.clock).logKey.text
            let out = yard.directory.path + "/../out"
            _ = try LogExport.write(yard.directory, yard: nil, into: out, hasEntries: true)

            for (key, isTrusted) in [(old.text, true), (other, false)] {
                let policy = try WitnessPolicy.parse(Array("log \(key)\nquorum none\n".utf8))
                let misfit = try verify(out, VerificationOptions(policy: policy)).misfit
                #expect((misfit == nil) == isTrusted, "\(misfit as Any)")
                #expect(isTrusted || misfit?.what.contains("log key of the policy") == true)
            }
        }
    }
}
