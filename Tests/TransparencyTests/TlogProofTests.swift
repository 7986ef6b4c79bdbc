import Signing
import Testing
import Text
import Transparency

@Suite struct TlogProofTests {
    private let log: Signer
    private let witness: Signer
    private let tree: MemoryLog
    private let note: SignedNote

    init() throws {
        log = try Signer("example.org/log", .note, seed: 1)
        witness = try Signer("example.org/witness", .cosignature, seed: 2)
        tree = MemoryLog(size: 300)
        let checkpoint = try #require(
            Checkpoint(origin: log.key.name, size: 300, root: tree.tree.root))
        note = try SignedNote(
            text: checkpoint.body,
            signatures: [log.sign(checkpoint.body), witness.sign(checkpoint.body, timeSeconds: 9)])
    }

    private func proof(_ index: Int64, extra: [UInt8]? = nil) throws -> TlogProof {
        let path = try tree.tree.inclusionPath(index: index, tile: tree.tile)
        return try #require(TlogProof(index: index, path: path, checkpoint: note, extra: extra))
    }

    private func proofError<Value>(_ body: () throws -> Value) -> ProofError? {
        do {
            _ = try body()
            return nil
        } catch {
            return error as? ProofError
        }
    }

    @Test(arguments: [nil, [], [1, 2, 3]] as [[UInt8]?])
    func `a proof comes back from its text and verifies`(extra: [UInt8]?) throws {
        for index in [0, 17, 255, 256, 299] as [Int64] {
            let proof = try proof(index, extra: extra)
            let read = try TlogProof.parse(Array(proof.text.utf8))
            #expect(read == proof)
            let verdict = try read.verify(entry: KnownAnswers.entry(index), log: log.key)
            #expect(verdict.checkpoint.size == 300)
            #expect(verdict.signers == [log.key])
        }
    }

    @Test func `a log of one entry needs no hashes`() throws {
        let one = MemoryLog(size: 1)
        let checkpoint = try #require(
            Checkpoint(origin: log.key.name, size: 1, root: one.tree.root))
        let note = try SignedNote(
            text: checkpoint.body, signatures: [log.sign(checkpoint.body)])
        let proof = try #require(TlogProof(index: 0, path: [], checkpoint: note))

        #expect(proof.text.hasPrefix("c2sp.org/tlog-proof@v1\nindex 0\n\nexample.org/log\n1\n"))
        try TlogProof.parse(Array(proof.text.utf8)).verify(
            entry: KnownAnswers.entry(0), log: log.key)
    }

    @Test func `each reason not to trust a proof is told`() throws {
        let proof = try proof(17)
        let entry = KnownAnswers.entry(17)
        let stranger = try Signer("example.org/stranger", .note, seed: 3)

        #expect(
            proofError { try proof.verify(entry: KnownAnswers.entry(18), log: log.key) }
                == .notIncluded(index: 17, size: 300))
        #expect(
            proofError { try proof.verify(entry: entry, log: stranger.key) }
                == .note(.noKnownSignature))
        #expect(
            proofError {
                try proof.verify(entry: entry, log: stranger.key, witnesses: [witness.key])
            } == .notSignedByLog)
        // The log's key under another name signs a checkpoint of this log.
        let other = try Signer("example.org/other", .note, seed: 1)
        let foreign = try SignedNote(text: note.text, signatures: [other.sign(note.text)])
        let moved = try #require(TlogProof(index: 17, path: proof.path, checkpoint: foreign))
        #expect(
            proofError { try moved.verify(entry: entry, log: other.key) }
                == .origin(found: "example.org/log"))
        let letter = try SignedNote(text: "hello\n", signatures: [log.sign("hello\n")])
        let wrong = try #require(TlogProof(index: 17, path: proof.path, checkpoint: letter))
        #expect(proofError { try wrong.verify(entry: entry, log: log.key) } == .checkpoint)
        let beyond = try #require(TlogProof(index: 300, path: proof.path, checkpoint: note))
        #expect(
            proofError { try beyond.verify(entry: entry, log: log.key) }
                == .notIncluded(index: 300, size: 300))
        #expect(TlogProof(index: -1, path: [], checkpoint: note) == nil)
        let long = Array(repeating: MerkleTree.emptyRoot, count: 64)
        #expect(TlogProof(index: 0, path: long, checkpoint: note) == nil)
    }

    @Test func `no changed byte of a proof leaves it valid with all its signers`() throws {
        let bytes = Array(try proof(17).text.utf8)
        let keys = [log.key, witness.key]
        for place in bytes.indices {
            for bit: UInt8 in [0x01, 0x20, 0x80] {
                var changed = bytes
                changed[place] ^= bit
                let verdict = try? TlogProof.parse(changed).verify(
                    entry: KnownAnswers.entry(17), log: log.key, witnesses: [witness.key])
                #expect(verdict?.signers != keys, "byte \(place), bit \(bit)")
            }
        }
    }

    @Test func `no changed byte of an entry is in the log`() throws {
        let proof = try proof(17)
        let entry = KnownAnswers.entry(17)
        for place in entry.indices {
            var changed = entry
            changed[place] ^= 1
            #expect(proofError { try proof.verify(entry: changed, log: log.key) } != nil)
        }
    }

    @Test func `other spellings are refused at their line`() throws {
        let text = try proof(17, extra: [1, 2]).text
        let hash = MerkleTree.emptyRoot.base64
        func error(_ old: String, _ new: String) -> ProofError? {
            proofError {
                try TlogProof.parse(Array(text.replacing(old, with: new, maxReplacements: 1).utf8))
            }
        }
        #expect(error("proof@v1", "proof@v2") == .malformed(line: 1))
        #expect(error("extra AQI=", "extra AQI") == .malformed(line: 2))
        #expect(error("extra AQI=", "extra AQJ=") == .malformed(line: 2))
        #expect(error("extra AQI=", "extra  AQI=") == .malformed(line: 2))
        #expect(error("extra AQI=", "Extra AQI=") == .malformed(line: 2))
        #expect(error("index 17", "index 017") == .malformed(line: 3))
        #expect(error("index 17", "index -1") == .malformed(line: 3))
        #expect(error("index 17", "index 9223372036854775808") == .malformed(line: 3))
        #expect(error("index 17\n", "index 17\n\(hash) \n") == .malformed(line: 4))
        #expect(error("index 17\n", "index 17\nAAAA\n") == .malformed(line: 4))
        #expect(error("index 17\n", "extra AQI=\nindex 17\n") == .malformed(line: 3))
        let many = String(repeating: "\(hash)\n", count: 64)
        #expect(error("index 17\n", "index 17\n\(many)") == .malformed(line: 67))
        #expect(proofError { try TlogProof.parse([]) } == .malformed(line: 1))
        #expect(
            proofError { try TlogProof.parse(Array("c2sp.org/tlog-proof@v1\nindex 1\n\n".utf8)) }
                == .note(.noSeparator))
    }
}

@Suite struct TransparencyFuzzTests {
    @Test func `random changes to notes and proofs never crash a reader`() throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("note and proof fuzz seed \(seed)")
        var random = SplitMix(seed: seed)
        let signer = try Signer("example.org/log", .note, seed: 1)
        let text = "example.org/log\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
        let note = try SignedNote(text: text, signatures: [signer.sign(text)])
        let proof = try #require(
            TlogProof(index: 3, path: [MerkleTree.emptyRoot], checkpoint: note, extra: [1]))
        for original in [note.bytes, Array(proof.text.utf8), Array(signer.key.text.utf8)] {
            for _ in 0..<4000 {
                var bytes = original
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let place = Int.random(in: 0..<bytes.count, using: &random)
                    switch Int.random(in: 0..<4, using: &random) {
                    case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                    case 1: bytes.insert([0x0A, 0x20, 0x2B][place % 3], at: place)
                    case 2 where bytes.count > 1: bytes.remove(at: place)
                    default: bytes.insert(contentsOf: bytes[place...].prefix(9), at: place)
                    }
                }
                if let read = try? SignedNote.parse(bytes) { #expect(read.bytes == bytes) }
                if let read = try? TlogProof.parse(bytes) {
                    #expect(Array(read.text.utf8) == bytes)
                    _ = try? read.verify(entry: [], log: signer.key)
                }
                let string = String(decoding: bytes, as: UTF8.self)
                if let key = VerifierKey(string) { #expect(key.text.hasSameBytes(as: string)) }
                if let point = Checkpoint(body: string) {
                    #expect(point.body.hasSameBytes(as: string))
                }
                _ = TilePath(string)
            }
        }
    }
}
