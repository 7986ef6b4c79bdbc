import Crypto
import Foundation
import Signing
import Testing
import Text
import Transparency

/// A signer for tests.
struct Signer {
    let key: VerifierKey
    private let secret: Curve25519.Signing.PrivateKey

    init(_ name: String, _ kind: VerifierKey.Kind, seed: UInt8) throws {
        secret = try Curve25519.Signing.PrivateKey(
            rawRepresentation: [UInt8](repeating: seed, count: 32))
        let half = try #require(Ed25519PublicKey(raw: Array(secret.publicKey.rawRepresentation)))
        key = try #require(VerifierKey(name: name, kind: kind, key: half))
    }

    func sign(_ text: String, timeSeconds: Int64 = 0) throws -> NoteSignature {
        switch key.kind {
        case .note:
            try .note(of: text, by: key) { Array(try secret.signature(for: $0)) }
        case .cosignature:
            try .cosignature(of: text, timeSeconds: timeSeconds, by: key) {
                Array(try secret.signature(for: $0))
            }
        }
    }
}

func noteError<Value>(_ body: () throws -> Value) -> NoteError? {
    do {
        _ = try body()
        return nil
    } catch {
        return error as? NoteError
    }
}

@Suite struct NoteTests {
    private let log: Signer
    private let witness: Signer
    private let body = "example.org/log\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"

    init() throws {
        log = try Signer("example.org/log", .note, seed: 1)
        witness = try Signer("example.org/witness", .cosignature, seed: 2)
    }

    private func note(_ text: String? = nil) throws -> SignedNote {
        let text = text ?? body
        return try SignedNote(
            text: text,
            signatures: [log.sign(text), witness.sign(text, timeSeconds: 1_700_000_000)])
    }

    @Test func `a note comes back from its bytes`() throws {
        for text in [body, "\n", "a\n\nb\n", "\n\n\n", "ü\u{2028}\n", "— x\n"] {
            let note = try note(text)
            let read = try SignedNote.parse(note.bytes)
            #expect(read == note)
            #expect(read.text == text)
            #expect(try read.verified(by: [log.key, witness.key]) == [log.key, witness.key])
        }
    }

    @Test func `only known keys count, in the order of their signatures`() throws {
        let stranger = try Signer("example.org/stranger", .note, seed: 3)
        let namesake = try Signer("example.org/log", .note, seed: 4)
        let note = try note()

        #expect(try note.verified(by: [witness.key]) == [witness.key])
        #expect(try note.verified(by: [stranger.key, log.key]) == [log.key])
        #expect(noteError { try note.verified(by: []) } == .noKnownSignature)
        #expect(noteError { try note.verified(by: [stranger.key]) } == .noKnownSignature)
        #expect(noteError { try note.verified(by: [namesake.key]) } == .noKnownSignature)
    }

    @Test func `a wrong signature under a known name rejects the whole note`() throws {
        let good = try note()
        let wrong = try log.sign("other\n")
        for signatures in [good.signatures + [wrong], [wrong] + good.signatures] {
            let note = try SignedNote(text: body, signatures: signatures)
            #expect(
                noteError { try note.verified(by: [log.key, witness.key]) }
                    == .wrongSignature(name: "example.org/log"))
            #expect(try note.verified(by: [witness.key]) == [witness.key])
        }
    }

    @Test func `a repeated good signature counts once`() throws {
        let good = try note()
        let note = try SignedNote(text: body, signatures: good.signatures + good.signatures)

        #expect(try note.verified(by: [witness.key, log.key]) == [log.key, witness.key])
        #expect(try good.adding(good.signatures) == good)
    }

    @Test func `a cosignature covers its time, and no other kind is taken for it`() throws {
        var note = try note()
        let bytes = note.signatures[1].bytes
        #expect(note.signatures[1].cosignatureTimeSeconds == 1_700_000_000)
        var later = bytes
        later[7] ^= 1
        note = try SignedNote(
            text: body,
            signatures: [
                try #require(
                    NoteSignature(name: witness.key.name, keyID: witness.key.keyID, bytes: later))
            ])
        #expect(
            noteError { try note.verified(by: [witness.key]) }
                == .wrongSignature(name: witness.key.name))
        // Only the time's form is at fault here: 2^63 and beyond.
        var signed = bytes
        signed[0] |= 0x80
        let beyond = try #require(NoteSignature(name: "w", keyID: 1, bytes: signed))
        #expect(beyond.cosignatureTimeSeconds == nil)
        #expect(!witness.key.isValid(beyond, for: body))
        #expect(try log.sign(body).cosignatureTimeSeconds == nil)
        #expect(!witness.key.isValid(try log.sign(body), for: body))
        #expect(!log.key.isValid(try witness.sign(body), for: body))
    }

    @Test func `every changed byte of a note is found`() throws {
        let bytes = try note().bytes
        let keys = [log.key, witness.key]
        for place in bytes.indices {
            for bit: UInt8 in [0x01, 0x20, 0x80] {
                var changed = bytes
                changed[place] ^= bit
                // A change of name or key ID makes a signature unknown; the note then has one less.
                let signers = try? SignedNote.parse(changed).verified(by: keys)
                #expect(signers != keys, "byte \(place), bit \(bit)")
            }
        }
    }

    @Test(arguments: [
        ("", NoteError.noSeparator), ("a", .noSeparator), ("a\n", .noSeparator),
        ("a\n\n", .signatureCount(found: 0)), ("\n\n", .signatureCount(found: 0)),
        ("a\n\n\n", .signatureCount(found: 0)), ("a\n\n\n\n", .signatureCount(found: 0)),
        ("a\n\nx\n", .signatureLine(number: 1)), ("a\n\n— n AAAAAAA=", .noSeparator),
        ("a\n— n AAAAAAA=\n", .noSeparator), ("a\r\n\r\n— n AAAAAAA=\n", .notPlainText),
        ("a\t\n\n— n AAAAAAA=\n", .notPlainText), ("a\u{0}\n\n— n AAAAAAA=\n", .notPlainText),
        ("a\n\n- n AAAAAAA=\n", .signatureLine(number: 1)),
        ("a\n\n—  n AAAAAAA=\n", .signatureLine(number: 1)),
        ("a\n\n— n  AAAAAAA=\n", .signatureLine(number: 1)),
        ("a\n\n— n AAAAAAA= \n", .signatureLine(number: 1)),
        ("a\n\n— n AAAAAAA\n", .signatureLine(number: 1)),
        ("a\n\n— n AAAAAB==\n", .signatureLine(number: 1)),
        ("a\n\n— n AAAAAA==\n", .signatureLine(number: 1)),
        ("a\n\n—  AAAAAAA=\n", .signatureLine(number: 1)),
        ("a\n\n— n+m AAAAAAA=\n", .signatureLine(number: 1)),
        ("a\n\n— n\u{A0}m AAAAAAA=\n", .signatureLine(number: 1)),
        ("a\n\n— n AAAAAAA=\n— n\n", .signatureLine(number: 2)),
        ("a\n\n— n AAAAAAA=\nx\n", .signatureLine(number: 2)),
    ])
    func `other notes are refused`(text: String, error: NoteError) {
        #expect(noteError { try SignedNote.parse(Array(text.utf8)) } == error)
    }

    @Test func `size and number of signatures have limits`() throws {
        let signature = try log.sign(body)
        func note(_ count: Int) throws -> SignedNote {
            try SignedNote(text: body, signatures: Array(repeating: signature, count: count))
        }
        #expect(noteError { try note(0) } == .signatureCount(found: 0))
        #expect(try SignedNote.parse(note(64).bytes).signatures.count == 64)
        #expect(noteError { try note(65) } == .signatureCount(found: 65))
        let line = signature.line + "\n"
        let crowded = Array((body + "\n" + String(repeating: line, count: 65)).utf8)
        #expect(noteError { try SignedNote.parse(crowded) } == .signatureCount(found: 65))
        let long = [UInt8](repeating: 0x61, count: SignedNote.byteCountMax + 1)
        #expect(noteError { try SignedNote.parse(long) } == .tooLong(found: 1_000_001))
        #expect(noteError { try SignedNote.parse([0xFF, 0x0A]) } == .notPlainText)
        #expect(noteError { try SignedNote(text: "a", signatures: [signature]) } == .noSeparator)
        #expect(
            noteError { try SignedNote(text: "a\u{7}\n", signatures: [signature]) } == .notPlainText
        )
    }

    @Test func `a verifier key has one spelling`() throws {
        let text = log.key.text
        #expect(VerifierKey(text) == log.key)
        #expect(log.key.description == text)
        let parts = text.split(separator: "+", maxSplits: 2).map(String.init)
        let raw = log.key.key.raw
        for other in [
            "", "a", "a+b", "\(parts[0])+00000000+\(parts[2])",
            "\(parts[0])+\(parts[1].uppercased())x+\(parts[2])", "x+\(parts[1])+\(parts[2])",
            "\(parts[0])+\(parts[1])+\(parts[2])=", "\(parts[0])+\(parts[1])+",
            "+\(parts[1])+\(parts[2])",
            "\(parts[0])+\(parts[1])+\(Base64.encode([2] + raw))",
            "\(parts[0])+\(parts[1])+\(Base64.encode([6] + raw))",
            "\(parts[0])+\(parts[1])+\(Base64.encode([1] + raw.dropLast()))", text + "\n",
            " " + text,
        ] {
            #expect(VerifierKey(other) == nil, "\(other)")
        }
        for name in ["", "a b", "a+b", "a\nb", "a\u{2003}b", "\u{1}"] {
            #expect(VerifierKey(name: name, kind: .note, key: log.key.key) == nil)
        }
        let cosigner = try #require(
            VerifierKey(name: log.key.name, kind: .cosignature, key: log.key.key))
        #expect(cosigner.keyID != log.key.keyID)
    }
}

@Suite struct CheckpointTests {
    private static let root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

    @Test func `a checkpoint has one spelling`() throws {
        let body = "example.org/log\n7\n\(Self.root)\n"
        let checkpoint = try #require(Checkpoint(body: body))

        #expect(checkpoint.body == body)
        #expect(checkpoint.origin == "example.org/log")
        #expect(checkpoint.size == 7)
        #expect(checkpoint.root == MerkleTree.emptyRoot)
        #expect(Checkpoint(origin: "a b", size: 0, root: MerkleTree.emptyRoot) == nil)
        #expect(Checkpoint(origin: "a", size: -1, root: MerkleTree.emptyRoot) == nil)
    }

    @Test(arguments: [
        "", "a\n7\n\(root)", "a\n7\n\(root)\n\n", "a\n7\n\(root)\nextension\n", "\n7\n\(root)\n",
        "a\n07\n\(root)\n", "a\n-7\n\(root)\n", "a\n+7\n\(root)\n", "a\n7 \n\(root)\n",
        "a\n\n\(root)\n",
        "a\n9223372036854775808\n\(root)\n", "a\n7\n\(root.dropLast())\n", "a\n7\n\(root)=\n",
        "a\n7\nAAAA\n", "a\r\n7\n\(root)\n", "a b\n7\n\(root)\n", "a+b\n7\n\(root)\n", "a\n7\n",
    ])
    func `other spellings are refused`(body: String) {
        #expect(Checkpoint(body: body) == nil)
    }
}
