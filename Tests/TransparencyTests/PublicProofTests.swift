import Foundation
import Signing
import Testing
import Transparency

/// The 196 public test cases for checking proofs.
@Suite(.enabled(if: SharedFolder.has("rfc6962-proofs/proofs.json"), SharedFolder.note))
struct PublicProofTests {
    private struct File: Decodable {
        let inclusion: [Inclusion]
        let consistency: [Consistency]
    }

    private struct Inclusion: Decodable {
        let leafIdx: UInt64
        let treeSize: UInt64
        let root: String
        let leafHash: String
        let proof: [String]?
        let wantErr: Bool
        let file: String
    }

    private struct Consistency: Decodable {
        let size1: UInt64
        let size2: UInt64
        let root1: String
        let root2: String
        let proof: [String]?
        let wantErr: Bool
        let file: String
    }

    private let file: File

    init() throws {
        file = try SharedFolder.decode("rfc6962-proofs/proofs.json", as: File.self)
    }

    /// Nil for a number or a hash that has no spelling here: such a proof is refused on reading.
    private static func path(_ texts: [String]?) -> [Digest]? {
        let hashes = (texts ?? []).map { Digest(base64: $0) }
        return hashes.contains(nil) ? nil : hashes.compactMap { $0 }
    }

    @Test func `inclusion`() {
        var accepted = 0
        for test in file.inclusion {
            guard let index = Int64(exactly: test.leafIdx),
                let size = Int64(exactly: test.treeSize),
                let leaf = Digest(base64: test.leafHash), let root = Digest(base64: test.root),
                let path = Self.path(test.proof)
            else {
                #expect(test.wantErr, "\(test.file)")
                continue
            }
            let isValid = InclusionProof.isValid(
                index: index, size: size, leaf: leaf, path: path, root: root)
            #expect(isValid == !test.wantErr, "\(test.file)")
            accepted += isValid ? 1 : 0
        }
        #expect(file.inclusion.count == 98)
        #expect(accepted == 6)
    }

    @Test func `consistency`() {
        var accepted = 0
        var unreadable = 0
        for test in file.consistency {
            guard let old = Int64(exactly: test.size1), let new = Int64(exactly: test.size2),
                let oldRoot = Digest(base64: test.root1), let newRoot = Digest(base64: test.root2),
                let path = Self.path(test.proof)
            else {
                // Two equal texts that have not the length of a root: no such value exists here.
                let isAnyText = Digest(base64: test.root1) == nil && test.root1 == test.root2
                #expect(test.wantErr || isAnyText, "\(test.file)")
                unreadable += test.wantErr ? 0 : 1
                continue
            }
            let isValid = ConsistencyProof.isValid(
                oldSize: old, newSize: new, oldRoot: oldRoot, newRoot: newRoot, path: path)
            // Size 0 is never a proof here, whatever the file's own verifier says of it.
            #expect(isValid == (!test.wantErr && old > 0), "\(test.file)")
            accepted += isValid ? 1 : 0
        }
        #expect(file.consistency.count == 98)
        #expect(accepted == 5)
        #expect(unreadable == 1)
    }
}
