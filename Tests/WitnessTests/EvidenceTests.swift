import Foundation
import Signing
import Testing
import Transparency
import Witness

/// What a witness keeps of what it refused.
extension WitnessBookTests {
    private func pieces(_ folder: WitnessFolder) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.evidence)
    }

    @Test func `whatever proofs come with two heads, they are evidence once, and one head never`()
        throws
    {
        let log = try SigningLog()
        try withWitness(log) { folder in
            let book = try opened(folder)
            let honest = SigningLog.leaves(20)
            _ = try cosigned(book.answer(log.request(honest, old: 0)))
            let head = try log.note(honest)
            let fork = try log.note(SigningLog.leaves(30, forkedAt: 19))
            let verdict = WitnessVerdict.inconsistent(stored: Checkpoint(body: head.text))
            func answer(_ note: SignedNote, proof: UInt8) throws -> WitnessAnswer {
                let path = [Digest.sha256([proof])]
                let request = WitnessRequest(oldSize: 20, path: path, checkpoint: note)
                return book.answer(try #require(request).body)
            }

            for proof in 0..<3 as Range<UInt8> {
                #expect(try answer(head, proof: proof) == .refused(verdict, .unneeded))
            }
            #expect(try pieces(folder).isEmpty)
            for proof in 0..<3 as Range<UInt8> {
                #expect(try answer(fork, proof: proof) == .refused(verdict, .kept))
            }
            #expect(try pieces(folder).count == 1)
            book.close()
        }
    }

    @Test func `a full folder of evidence is said`() throws {
        let log = try SigningLog()
        try withWitness(log) { folder in
            let book = try opened(folder)
            let honest = SigningLog.leaves(20)
            _ = try cosigned(book.answer(log.request(honest, old: 0)))
            for number in 0..<1_000 {
                try FileManager.default.createDirectory(
                    atPath: "\(folder.evidence)/\(number)", withIntermediateDirectories: false)
            }
            let head = Checkpoint(body: try log.note(honest).text)
            let fork = try log.request(SigningLog.leaves(30, forkedAt: 19), old: 20)

            #expect(book.answer(fork) == .refused(.inconsistent(stored: head), .full))

            try FileManager.default.removeItem(atPath: "\(folder.evidence)/7")
            #expect(book.answer(fork) == .refused(.inconsistent(stored: head), .kept))
            book.close()
        }
    }

    @Test func `a piece of evidence that a crash cut off is written again, whole`() throws {
        let log = try SigningLog()
        try withWitness(log) { folder in
            let book = try opened(folder)
            _ = try cosigned(book.answer(log.request(SigningLog.leaves(20), old: 0)))
            let fork = try log.request(SigningLog.leaves(30, forkedAt: 19), old: 20)
            #expect(book.answer(fork).status == 422)
            let name = try #require(try pieces(folder).first)
            let place = "\(folder.evidence)/\(name)"
            // As the crash leaves it: begun, with nothing of the request in it.
            try FileManager.default.moveItem(atPath: place, toPath: place + ".new")
            try FileManager.default.removeItem(atPath: place + ".new/request")

            #expect(book.answer(fork).status == 422)

            #expect(try pieces(folder) == [name])
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: place).sorted()
                    == ["request", "stored", "verdict"])
            book.close()
        }
    }

    @Test func `evidence that cannot be kept fails that request alone`() throws {
        let log = try SigningLog()
        try withWitness(log) { folder in
            let book = try opened(folder)
            let honest = SigningLog.leaves(20)
            _ = try cosigned(book.answer(log.request(honest, old: 0)))
            let fork = try log.request(SigningLog.leaves(30, forkedAt: 19), old: 20)
            try FileManager.default.removeItem(atPath: folder.evidence)

            #expect(book.answer(fork).status == 503)
            #expect(try book.answer(log.request(honest, old: 20)).status == 200)

            try FileManager.default.createDirectory(
                atPath: folder.evidence, withIntermediateDirectories: false)
            #expect(book.answer(fork).status == 422)
            #expect(try pieces(folder).count == 1)
            book.close()
        }
    }
}
