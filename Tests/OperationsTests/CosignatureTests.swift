import DayClosing
import Foundation
import Journal
import Keys
import Operations
import Remote
import Sales
import Signing
import Storage
import Synchronization
import Testing
import Transparency
import Units

struct CosignatureTests {
    private func close(_ yard: TestYard) async throws -> Int64 {
        try await yard.sell("privat: 1 m³ gruenabfall")
        try await yard.count(Tally(count: 1, amount: Cents(1_200)))
        return try await yard.installation.approveClose(at: yard.yard, by: TestYard.approver).number
    }

    @Test func `a close is approved, then witnessed, and every proof says so`() async throws {
        try await withWitness { yard, witness, rounds in
            let number = try await close(yard)
            let installation = yard.installation
            #expect(try installation.seal(ofClose: number, at: yard.yard).state == .approved)
            #expect(try installation.unsealedCloses(of: yard.yard) == [number])
            #expect(try installation.logStatus(of: yard.yard).salesSince == 1)
            #expect(try installation.witnessedCheckpoint(of: yard.yard) == nil)

            await rounds.round()

            let seal = try installation.seal(ofClose: number, at: yard.yard)
            #expect(seal.state == .witnessed)
            #expect(try installation.unsealedCloses(of: yard.yard) == [])
            #expect(seal.witnesses.map(\.name) == ["rpa"])
            #expect(try installation.logStatus(of: yard.yard).salesSince == 0)
            let policy = try WitnessPolicy.parse(
                Array(try installation.publishedPolicy(of: yard.yard).utf8))
            let note = try #require(try installation.witnessedCheckpoint(of: yard.yard))
            #expect(try policy.verdict(on: note).isMet)
            let proof = try installation.publishedProof(of: 0, in: yard.yard)
            #expect(try policy.verdict(on: proof.checkpoint).isMet)

            // Nothing new: nobody is asked.
            let count = witness.count
            await rounds.round()
            #expect(witness.count == count)
            try await yard.sell("privat: 1 m³ gruenabfall")
            #expect(try installation.logStatus(of: yard.yard).salesSince == 1)
            await rounds.round()
            #expect(try installation.logStatus(of: yard.yard).salesSince == 0)
            #expect(try installation.verify().misfit == nil)
        }
    }

    @Test(arguments: [
        ("dead", "witness-unreachable"), ("conflict", "witness-ahead"),
        ("wrongSignature", "witness-wrong-signature"), ("movedText", "witness-wrong-signature"),
        ("wrongKey", "witness-wrong-signature"), ("replay", "witness-wrong-signature"),
        ("inFuture", "witness-in-future"), ("nonsense", "witness-wrong-signature"),
    ]) func `a witness that misbehaves stops nobody, and nothing of it is kept`(
        mood: String, code: String
    ) async throws {
        let moods: [String: FakeWitness.Mood] = [
            "dead": .dead, "conflict": .conflict, "wrongSignature": .wrongSignature,
            "movedText": .movedText, "wrongKey": .wrongKey, "replay": .replay,
            "inFuture": .inFuture, "nonsense": .nonsense,
        ]
        try await withWitness { yard, witness, rounds in
            await rounds.round()
            let before = try yard.installation.logStatus(of: yard.yard).witnessedSize
            witness.mood = try #require(moods[mood])

            let number = try await close(yard)
            await rounds.round()

            let status = try yard.installation.logStatus(of: yard.yard)
            #expect(status.witnessedSize == before)
            #expect(status.witnesses.map { $0.problem?.code } == [code])
            #expect(
                try yard.installation.seal(ofClose: number, at: yard.yard).state == .approved)
            // Sales go on, exports too, and later the close is witnessed after all.
            try await yard.sell("privat: 1 m³ gruenabfall")
            witness.mood = .honest
            await rounds.round()
            #expect(
                try yard.installation.seal(ofClose: number, at: yard.yard).state == .witnessed)
            #expect(
                try yard.installation.logStatus(of: yard.yard).witnesses.allSatisfy {
                    $0.problem == nil
                })
        }
    }

    @Test func `a witness that knows a larger head of this log stops all writing`() async throws {
        try await withWitness { yard, witness, rounds in
            let size = try yard.installation.logStatus(of: yard.yard).size
            let root = Digest.sha256([1])
            // What the log did not sign says nothing.
            witness.remember(
                try yard.signedHead(size: size + 10, root: root, by: try .generate()))
            await rounds.compareHeads()
            try await yard.sell("privat: 1 m³ gruenabfall")

            witness.remember(try yard.signedHead(size: size + 10, root: root))
            witness.mood = .conflict
            await rounds.round()

            await #expect(
                throws: OperationsError.rollback(
                    yard: yard.yard.origin, stored: size + 1, known: size + 10)
            ) { try await yard.sell("privat: 1 m³ gruenabfall") }
            // Reading goes on.
            #expect(try yard.installation.logStatus(of: yard.yard).size == size + 1)
            // A later start knows it, although the witness is away then.
            let kept = try FileManager.default.contentsOfDirectory(atPath: yard.directory.witness)
            #expect(kept.count { $0.hasPrefix("contradiction-hof-1-witness-") } == 1)
        }
    }

    @Test func `exports wait for witnesses only where the settings say so`() async throws {
        for (settings, waits) in [("", false), ("exports wait\n", true)] {
            try await withWitness(settings: settings) { yard, witness, rounds in
                witness.mood = .dead
                let number = try await close(yard)
                let installation = yard.installation
                func export() async throws -> [UInt8] {
                    let made = try await installation.createExport(
                        "hledger", of: [number], at: yard.yard, by: TestYard.office)
                    return try installation.exportFile(
                        made.files[0].name, ofExport: made.number, at: yard.yard,
                        by: TestYard.office)
                }
                if waits {
                    await #expect(throws: OperationsError.closeNotWitnessed(number)) {
                        _ = try await export()
                    }
                    witness.mood = .honest
                    await rounds.round()
                    #expect(try await !export().isEmpty)
                } else {
                    let before = try await export()
                    witness.mood = .honest
                    await rounds.round()
                    #expect(try installation.seal(ofClose: number, at: yard.yard).isWitnessed)
                    #expect(try await export() == before)
                }
            }
        }
    }
}
