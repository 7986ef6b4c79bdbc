import Crypto
import Foundation
import Signing
import Testing
import Text
import Transparency

@Suite(.enabled(if: KnownAnswers.isThere, SharedFolder.note)) struct KnownAnswerTests {
    private let answers: KnownAnswers

    init() throws {
        answers = try KnownAnswers.shared.get()
    }

    @Test func `hashes of leaves and nodes`() {
        let leaf0 = MerkleTree.leafHash(KnownAnswers.entry(0))
        let leaf1 = MerkleTree.leafHash(KnownAnswers.entry(1))

        #expect(MerkleTree.emptyRoot.base64 == answers.emptyRoot)
        #expect(MerkleTree.leafHash([UInt8]()).hex == answers.leafOfEmpty)
        #expect(leaf0.hex == answers.leaf0)
        #expect(leaf1.hex == answers.leaf1)
        #expect(MerkleTree.nodeHash(leaf0, leaf1).hex == answers.node01)
    }

    @Test func `roots, proofs and tiles of a log of 70,000 entries`() throws {
        var log = MemoryLog(size: 0)
        var trees: [Int64: LogTree] = [:]
        for index in 0..<Int64(70_000) {
            log.append(KnownAnswers.entry(index))
            if let root = answers.roots["\(index + 1)"] {
                #expect(log.tree.root.base64 == root, "size \(index + 1)")
                #expect(MerkleTree.root(of: log.leaves).base64 == root, "size \(index + 1)")
                trees[index + 1] = log.tree
            }
        }
        #expect(trees.count == answers.roots.count)
        for proof in answers.inclusion {
            // A proof of an earlier size comes from the tree restored at that size.
            let tree = try LogTree.restored(size: proof.size) { tile, width in
                try log.hashes(tile, width: width)
            }
            let path = try tree.inclusionPath(index: proof.index, tile: log.tile)
            #expect(path.map(\.base64) == proof.proof, "\(proof.index) of \(proof.size)")
            if let kept = trees[proof.size] {
                #expect(try kept.inclusionPath(index: proof.index, tile: log.tile) == path)
            }
        }
        for proof in answers.consistency {
            let tree = try LogTree.restored(size: proof.new) { tile, width in
                try log.hashes(tile, width: width)
            }
            let path = try tree.consistencyPath(from: proof.old, tile: log.tile)
            #expect(path.map(\.base64) == proof.proof, "\(proof.old) to \(proof.new)")
        }
        try checkTiles(log)
    }

    private func checkTiles(_ log: MemoryLog) throws {
        #expect(log.tiles.keys.count { $0.level == 0 } == 273)
        #expect(log.tiles.keys.count { $0.level == 1 } == 1)
        #expect(log.tree.edge.map(\.count) == [112, 17, 1])
        for (name, digest) in answers.tileDigests {
            let path = try #require(TilePath("tile/\(name)"))
            guard case .hashes(let tile, let width) = path else {
                Issue.record("\(name) is no tile of hashes")
                continue
            }
            let bytes = Tile.bytes(try log.hashes(tile, width: width))
            #expect(bytes.count == 32 * width)
            #expect(Digest.sha256(bytes).hex == digest, "\(name)")
            #expect(path.text == "tile/\(name)")
        }
        #expect(answers.tileDigests.count >= 5)
    }

    @Test func `paths of tiles`() throws {
        for (index, text) in answers.tilePaths {
            #expect(TilePath.indexText(try #require(Int64(index))) == text)
        }
    }

    @Test func `keys, checkpoint, signatures and proof`() throws {
        let logKey = try Curve25519.Signing.PrivateKey(rawRepresentation: Array(UInt8(0)..<32))
        let witnessKey = try Curve25519.Signing.PrivateKey(rawRepresentation: Array(UInt8(32)..<64))
        let logHalf = try #require(
            Ed25519PublicKey(raw: Array(logKey.publicKey.rawRepresentation)))
        let witnessHalf = try #require(
            Ed25519PublicKey(raw: Array(witnessKey.publicKey.rawRepresentation)))
        let logVerifier = try #require(
            VerifierKey(name: "wertstoffhof.example/log/yard-01", kind: .note, key: logHalf))
        let witnessVerifier = try #require(
            VerifierKey(name: "rpa.example/witness/1", kind: .cosignature, key: witnessHalf))
        let log = MemoryLog(size: 1000)
        let checkpoint = try #require(
            Checkpoint(origin: logVerifier.name, size: 1000, root: log.tree.root))

        #expect(logVerifier.text == answers.logKey)
        #expect(witnessVerifier.text == answers.witnessKey)
        #expect(VerifierKey(answers.logKey) == logVerifier)
        #expect(VerifierKey(answers.witnessKey) == witnessVerifier)
        #expect(checkpoint.body == answers.checkpointBody)

        var cosigned: [UInt8] = []
        let note = try SignedNote(
            text: checkpoint.body,
            signatures: [
                NoteSignature.note(of: checkpoint.body, by: logVerifier) {
                    Array(try logKey.signature(for: $0))
                },
                NoteSignature.cosignature(
                    of: checkpoint.body, timeSeconds: 1_767_222_000, by: witnessVerifier
                ) {
                    cosigned = $0
                    return Array(try witnessKey.signature(for: $0))
                },
            ])

        #expect(String(decoding: cosigned, as: UTF8.self) == answers.cosignedMessage)
        // Ed25519 is deterministic in the standard, yet a library may add randomness: what counts
        // is that the known signatures verify, and that the form around them is the same.
        let known = try SignedNote.parse(Array(answers.checkpointSigned.utf8))
        #expect(String(decoding: known.bytes, as: UTF8.self) == answers.checkpointSigned)
        #expect(known.text == note.text)
        #expect(known.signatures.map(\.keyID) == note.signatures.map(\.keyID))
        #expect(known.signatures[1].cosignatureTimeSeconds == 1_767_222_000)
        #expect(note.signatures[1].cosignatureTimeSeconds == 1_767_222_000)
        let keys = [logVerifier, witnessVerifier]
        #expect(try known.verified(by: keys) == keys)
        #expect(try note.verified(by: keys) == keys)

        let path = try log.tree.inclusionPath(index: 17, tile: log.tile)
        let proof = try #require(TlogProof(index: 17, path: path, checkpoint: known))
        #expect(proof.text == answers.proof)
        let read = try TlogProof.parse(Array(answers.proof.utf8))
        #expect(read == proof)
        let verdict = try read.verify(
            entry: KnownAnswers.entry(17), log: logVerifier, witnesses: [witnessVerifier])
        #expect(verdict.checkpoint == checkpoint)
        #expect(verdict.signers == keys)
    }

    @Test func `bundle of entries`() throws {
        let entries = (0..<Int64(3)).map(KnownAnswers.entry)
        let bytes = try #require(EntryBundle.bytes(entries))

        #expect(Hex.encode(bytes) == answers.entryBundle)
        #expect(EntryBundle.entries(bytes) == entries)
    }

    @Test func `request to a witness, and its verdict`() throws {
        let log = MemoryLog(size: 1000)
        let known = try SignedNote.parse(Array(answers.checkpointSigned.utf8))
        let request = try #require(WitnessRequest(body: Array(answers.witnessRequest.utf8)))
        let path = try log.tree.consistencyPath(from: 300, tile: log.tile)

        #expect(request.oldSize == 300)
        #expect(request.path == path)
        #expect(request.checkpoint.text == known.text)
        #expect(String(decoding: request.body, as: UTF8.self) == answers.witnessRequest)
        let key = try #require(VerifierKey(answers.logKey))
        let old = try #require(
            Checkpoint(origin: key.name, size: 300, root: MemoryLog(size: 300).tree.root))
        let new = try #require(Checkpoint(body: known.text))
        #expect(request.judged(keys: [key], stored: old) == .cosign(new))
    }
}
