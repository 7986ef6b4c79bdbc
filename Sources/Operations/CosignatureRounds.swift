import Journal
import Logging
package import Remote
import Storage
import Text
import Transparency
import Units

/// Asks the witnesses of the policy for cosignatures and the authority for time stamps: after each
/// approved close, and at an interval while entries come. Runs beside the writer and hands it only
/// what is checked; whoever does not answer holds up nobody.
package struct CosignatureRounds: Sendable {
    let installation: Installation
    let exchange: PlainExchange

    package init(_ installation: Installation, exchange: @escaping PlainExchange) {
        self.installation = installation
        self.exchange = exchange
    }

    private var settings: WitnessSettings { installation.witnessing }

    /// Goes round until the task is cancelled.
    package func run() async {
        guard
            settings.timeStamps != nil
                || settings.policy.witnesses.contains(where: { $0.url != nil })
        else { return }
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled {
                    installation.bell.ring()
                    do { try await Task.sleep(for: .seconds(settings.intervalSeconds)) } catch {
                        return
                    }
                }
            }
            group.addTask {
                for await _ in installation.bell.rings { await round() }
            }
            await group.waitForAll()
        }
    }

    /// One round over all yards: witnesses, then time stamps.
    package func round() async {
        for yard in installation.yards {
            do {
                try await askWitnesses(of: yard)
                try await stampCloses(of: yard)
            } catch {
                installation.logger.error(
                    "a round of cosignatures ended early",
                    metadata: ["log": "\(yard.origin)", "error": "\(error)"])
            }
        }
    }

    /// Compares each log with what its witnesses have stored, before anything is written: a larger
    /// or another head stops all writing (trust.md D15). A witness that does not answer says
    /// nothing.
    package func compareHeads() async {
        for yard in installation.yards {
            await withTaskGroup(of: Void.self) { group in
                for witness in settings.policy.witnesses where witness.url != nil {
                    group.addTask { await compareHead(of: yard, with: witness) }
                }
            }
        }
    }

    private func askWitnesses(of yard: Yard) async throws {
        let open = try installation.witnessesBehind(yard)
        guard !open.isEmpty else { return }
        let text = try await installation.checkpoint(of: yard)
        let note = try SignedNote.parse(Array(text.utf8))
        guard let head = Checkpoint(body: note.text) else { return }
        let found = await withTaskGroup(of: CosignatureRow?.self) { group in
            for witness in open {
                group.addTask { await ask(witness, yard, note, head) }
            }
            return await group.reduce(into: [CosignatureRow]()) { rows, row in
                if let row { rows.append(row) }
            }
        }
        guard !found.isEmpty else { return }
        try await installation.keep(found, of: text, size: head.size, at: yard)
    }

    /// A checked cosignature; nil if the witness gave none, which is told.
    private func ask(
        _ witness: WitnessPolicy.Witness, _ yard: Yard, _ note: SignedNote, _ head: Checkpoint
    ) async -> CosignatureRow? {
        do {
            let signature = try await submit(note, head, to: witness, yard)
            installation.contacts.note(nil, of: witness, at: yard)
            return signature
        } catch {
            let problem = error as? WitnessProblem ?? .unreachable("\(error)")
            installation.contacts.note(problem, of: witness, at: yard)
            installation.logger.warning(
                "no cosignature; sales go on",
                metadata: [
                    "log": "\(yard.origin)", "witness": "\(witness.key.name)",
                    "problem": "\(problem.code)", "detail": "\(problem)",
                ])
            if problem.mayContradict { await compareHead(of: yard, with: witness) }
            return nil
        }
    }

    /// Submits a checkpoint; once more if the witness has stored another size than expected.
    private func submit(
        _ note: SignedNote, _ head: Checkpoint, to witness: WitnessPolicy.Witness, _ yard: Yard
    ) async throws -> CosignatureRow {
        var old = try installation.newestCosignedSize(by: witness, at: yard)
        for _ in 0..<2 {
            let reply = try await post(note, head, old: old, to: witness, yard)
            if reply.status == 200 {
                return try cosignature(in: reply.body, of: note, head, witness)
            }
            guard reply.status == 409 else { throw WitnessProblem.refused(status: reply.status) }
            guard let stored = storedSize(reply) else { throw WitnessProblem.malformed }
            guard stored <= head.size else {
                throw WitnessProblem.ahead(stored: stored, size: head.size)
            }
            old = stored
        }
        throw WitnessProblem.refused(status: 409)
    }

    private func post(
        _ note: SignedNote, _ head: Checkpoint, old: Int64, to witness: WitnessPolicy.Witness,
        _ yard: Yard
    ) async throws -> PlainReply {
        let path =
            old == 0
            ? [] : try installation.published(yard) { try $0.consistency(from: old, to: head.size) }
        guard let request = WitnessRequest(oldSize: old, path: path, checkpoint: note) else {
            throw WitnessProblem.malformed
        }
        return try await exchange(
            PlainRequest(
                address(of: witness) + "/add-checkpoint", body: request.body,
                timeoutSeconds: settings.timeoutSeconds))
    }

    private func storedSize(_ reply: PlainReply) -> Int64? {
        guard reply.body.last == 0x0A else { return nil }
        return DecimalText.decode(String(decoding: reply.body.dropLast(), as: UTF8.self))
    }

    /// The witness's own signature in an answer, if it is right; others are passed over.
    ///
    /// The answer has signature lines and nothing else, so that what they are checked against is
    /// the checkpoint's own text.
    private func cosignature(
        in body: [UInt8], of note: SignedNote, _ head: Checkpoint, _ witness: WitnessPolicy.Witness
    ) throws -> CosignatureRow {
        let answer: SignedNote
        do {
            answer = try SignedNote.parse(note.bytes + body)
            // An empty line in the answer would make our own signatures part of the text.
            guard answer.text.hasSameBytes(as: note.text) else {
                throw WitnessProblem.wrongSignature
            }
            let isBroken = installation.faults.isBroken(.trustsWitness)
            guard try isBroken || answer.verified(by: [witness.key]) == [witness.key] else {
                throw WitnessProblem.wrongSignature
            }
        } catch is NoteError {
            throw WitnessProblem.wrongSignature
        }
        let line = answer.signatures.first(where: witness.key.isNamed)
        guard let line, let seconds = line.cosignatureTimeSeconds else {
            throw WitnessProblem.wrongSignature
        }
        guard seconds <= installation.clock().milliseconds / 1_000 + Self.skewSeconds else {
            throw WitnessProblem.inFuture(seconds: seconds)
        }
        return CosignatureRow(
            size: head.size, witness: witness.key.text, atSeconds: seconds, line: line.line)
    }

    /// How far a witness's clock may be ahead of ours.
    private static let skewSeconds: Int64 = 300

    private func compareHead(of yard: Yard, with witness: WitnessPolicy.Witness) async {
        do {
            let hash = Self.hash(of: yard.logName)
            let reply = try await exchange(
                PlainRequest(
                    "\(address(of: witness))/\(hash)/checkpoint",
                    timeoutSeconds: settings.timeoutSeconds))
            guard reply.status == 200 else { return }
            try installation.compare(reply.body, of: yard, from: witness)
        } catch {
            installation.logger.warning(
                "a witness does not say which head it has stored",
                metadata: ["witness": "\(witness.key.name)", "error": "\(error)"])
        }
    }

    private func address(of witness: WitnessPolicy.Witness) -> String {
        let url = witness.url ?? ""
        return url.hasSuffix("/") ? String(url.dropLast()) : url
    }
}
