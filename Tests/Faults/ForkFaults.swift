import Foundation
import Storage
import Transparency

extension Fault {
    static let forks = [
        Fault(
            "F14", "an administrator drops a sale, rebuilds all hashes and signs again", short: 1,
            full: 10, bite: .cosignsForks
        ) { trial in
            let site = try trial.site()
            let witness = try WitnessProgram(
                of: site.town, in: trial.folder, breakage: trial.breakage)
            try site.ask(witness.key, port: witness.port)
            let server = try site.serve()
            let load = Load(site, port: server.port)
            usleep(1_000_000)
            load.stop()
            try trial.finishWitnessed(site, server, witness)
            let seen = try witness.size(of: site.town)
            try Forgery(site).dropSale(trial.any(5...20))
            let verify = try Child([Program.path, "verify", "--data", site.data], in: site.folder)
            guard verify.wait() == 0 else {
                return trial.complain("the forgery is not good: \(verify.output)")
            }
            try trial.expectContradiction(site)
            // With the witness in its policy the server itself refuses to go on.
            try trial.expectRefusal(site, of: seen)
            // So the administrator takes it out, and sells until the fork is as long as before.
            try FileManager.default.removeItem(atPath: site.data + "/witness")
            let note = try trial.grow(site, beyond: seen)
            try trial.expectEvidence(note, site, witness, from: seen)
        }
    ]
}

extension Trial {
    /// Sends all again, waits for the witness, and checks the honest log.
    fileprivate func finishWitnessed(_ site: Site, _ server: Server, _ witness: WitnessProgram)
        throws
    {
        site.repeatAll(port: server.port)
        let size = try site.size
        try expect("a cosignature of \(size)") { try witness.size(of: site.town) >= size }
        try server.stop()
        try verifyAll(site)
    }

    /// The forged journal agrees with itself; the proofs that people hold do not agree with it.
    fileprivate func expectContradiction(_ site: Site) throws {
        var checker = Checker(site)
        let found = try checker.check(.recovered).violations
        let bySale = found.contains { $0.hasPrefix("I1") }
        let byCheckpoint = found.contains { $0.hasPrefix("I3") }
        if !bySale || !byCheckpoint { complain("a forged log was believed") }
        note("contradicted by proofs", Double(found.count))
    }

    /// The forged log goes on; gives its newest checkpoint.
    fileprivate func grow(_ site: Site, beyond size: Int64) throws -> SignedNote {
        let server = try site.serve()
        let wire = Wire(port: server.port)
        for _ in 0..<5 {
            let sale = try site.registers[0].sign()
            let answer = wire?.request("POST", "/v1/yards/hof-1/envelopes", sale.body)
            if answer?.status != 201 { throw Unforeseen("the forged log takes no sale") }
        }
        let answer = wire?.request("GET", "/v1/yards/hof-1/log/checkpoint")
        try server.stop()
        let note = try SignedNote.parse(answer?.body ?? [])
        guard let head = Checkpoint(body: note.text), head.size > size else {
            throw Unforeseen("the forged log did not grow beyond \(size)")
        }
        return note
    }

    /// The witness refuses the fork, with whatever proof, and keeps two heads that the log's own
    /// key signed and that cannot both be true.
    fileprivate func expectEvidence(
        _ note: SignedNote, _ site: Site, _ witness: WitnessProgram, from seen: Int64
    ) throws {
        let before = try witness.evidence.count
        let request = try WitnessRequest.of(note, database: site.database, from: seen)
        let answer = try witness.submit(request)
        if answer.status != 422 { complain("I3: the fork got \(answer.status) \(answer.text)") }
        if try witness.size(of: site.town) != seen { complain("I3: the witness follows the fork") }
        let kept = try witness.evidence
        guard kept.count == before + 1, let place = kept.last else {
            return complain("I3: the fork left \(kept.count - before) pieces of evidence")
        }
        let refused = FileManager.default.contents(atPath: place + "/request").map { Array($0) }
        let stored = FileManager.default.contents(atPath: place + "/stored").map { Array($0) }
        guard refused == request.body, let stored else {
            return complain("I3: the evidence is not what was sent")
        }
        let heads = [note, try SignedNote.parse(stored)]
        let isSigned = try heads.allSatisfy {
            try $0.verified(by: [site.town.logKey]) == [site.town.logKey]
        }
        if !isSigned { complain("I3: the log's key did not sign both heads") }
        count("evidence kept")
    }
}
