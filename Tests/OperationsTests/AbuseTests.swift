import DayClosing
import Journal
import Keys
import Operations
import People
import Sales
import Signing
import Storage
import Tariffs
import Testing
import Text
import Transparency
import Units

/// Abuse cases of the trust model that concern what comes in, by their numbers.
@Suite struct AbuseTests {
    @Test func `A1 a late void needs a second person and leaves the sale standing`() async throws {
        try await withYard { yard in
            let reference = try await yard.sell("privat: 1 m³ gruenabfall")
            let id = try await yard.installation.requestReversal(
                ReversalWish(
                    kind: .void, original: reference, amounts: nil, reason: "verwogen",
                    method: .bankTransfer), payee: try TestYard.payee(), at: yard.yard,
                by: TestYard.cashier)
            await #expect(throws: OperationsError.self) {
                try await yard.installation.approveReversal(
                    id, at: yard.yard, by: TestYard.cashier)
            }
            try await yard.installation.approveReversal(id, at: yard.yard, by: TestYard.approver)
            let totals = try yard.installation.closeProgress(of: yard.yard).totals
            #expect(totals.counts == ["sale": 1, "void": 1])
            #expect(totals.turnover == .zero)
            let sales = try await yard.installation.sales(of: yard.yard, limit: 10)
            #expect(sales.rows.map(\.total) == [Cents(1_200)])
        }
    }

    @Test func `A2 no more than the rest comes back, and only of a sale that is there`()
        async throws
    {
        try await withYard { yard in
            let reference = try await yard.sell("privat: 1 m³ gruenabfall")
            func ask(_ original: SaleReference, _ cents: Int64) async throws -> Int64 {
                try await yard.installation.requestReversal(
                    ReversalWish(
                        kind: .refund, original: original, amounts: [0: Cents(cents)],
                        reason: "zu viel", method: .bankTransfer), payee: try TestYard.payee(),
                    at: yard.yard, by: TestYard.cashier)
            }
            let first = try await ask(reference, 1_000)
            try await yard.installation.approveReversal(
                first, at: yard.yard, by: TestYard.approver)
            do {
                _ = try await ask(reference, 201)
                Issue.record("more than the rest was taken")
            } catch let error as OperationsError {
                #expect(error.status == 409 && error.code == "above-remainder")
            }
            let foreign = SaleReference(terminal: yard.terminal.id, sequence: 77)
            await #expect(throws: OperationsError.saleUnknown("t1-000077")) {
                _ = try await ask(foreign, 1)
            }
        }
    }

    @Test func `A3 an altered price is recorded, flagged and listed in the close`() async throws {
        try await withYard { yard in
            let signed = try yard.terminal.sign(yard.greenWaste)
            let altered = try yard.resigned(signed, "\"gross\":1200", "\"gross\":200")
            // The total no longer fits its lines: the record is malformed, not cheap.
            #expect(await yard.refusal(altered)?.code == "payload-malformed")
            let jws = try CompactJWS.parse(signed.envelope.jws)
            let cheap = String(decoding: jws.payload, as: UTF8.self).replacing("1200", with: "1100")
            let envelope = Envelope(
                jws: try yard.terminal.key.compactJWS(
                    typ: jws.typ, kid: jws.kid, payload: Array(cheap.utf8)), disclosures: [])
            guard
                case .acknowledged(let answer) = try await yard.installation.admit(
                    envelope, to: yard.yard)
            else { throw Unexpected("not acknowledged") }
            #expect(answer.flags == ["price-differs"])
            let totals = try yard.installation.closeProgress(of: yard.yard).totals
            #expect(totals.flagged == [answer.index])
        }
    }

    @Test func `A4 a weight typed by hand without a reason is refused`() async throws {
        try await withYard { yard in
            let signed = try yard.terminal.sign(yard.greenWaste)
            let manual = try yard.resigned(
                signed, "\"source\":\"estimated\"", "\"source\":\"manual\"")
            #expect(await yard.refusal(manual)?.code == "payload-malformed")
        }
    }

    @Test func `A5 a record lost on the way is named in the close`() async throws {
        try await withYard { yard in
            for number in 1...10 {
                let signed = try yard.terminal.sign(yard.greenWaste)
                if number != 4 { _ = try await yard.admit(signed) }
            }
            let ranges = try yard.installation.closeProgress(of: yard.yard).totals.terminals
            #expect(ranges.map(\.missing) == [[4]])
            #expect(ranges.map(\.count) == [9])
        }
    }

    @Test func `A5 a number far above the last is refused, and closes stay possible`() async throws
    {
        try await withYard { yard in
            let first = try yard.terminal.sign(yard.greenWaste)
            _ = try await yard.admit(first)
            func leap(to sequence: Int64) throws -> Envelope {
                try yard.terminal.sign(
                    yard.greenWaste, sequence: sequence, previous: first.statement,
                    at: yard.clock.now
                ).envelope
            }
            let most = 2 + AdmissionDecision.openNumbersMax
            for sequence in [StrictJSON.numberMax, 1_000_000_000, most + 1] {
                #expect(
                    await yard.refusal(try leap(to: sequence))
                        == .sequenceLeap(found: sequence, highest: 1))
            }
            // One that is refused does not stop the others.
            let batch = try [leap(to: most + 2), leap(to: most)].map {
                Result<Envelope, any Error>.success($0)
            }
            let answers = try await yard.installation.admit(batch, to: yard.yard)
            #expect(throws: EnvelopeRefusal.sequenceLeap(found: most + 2, highest: most)) {
                try answers[0].get()
            }
            guard case .acknowledged(let answer) = try answers[1].get() else {
                Issue.record("\(answers)")
                return
            }
            #expect(answer.flags == ["gap"])
            // No more numbers come open, whatever comes next.
            #expect(await yard.refusal(try leap(to: most + 2))?.code == "sequence-leap")
            let ranges = try yard.installation.closeProgress(of: yard.yard).totals.terminals
            #expect(ranges.map(\.missing.count) == [Int(AdmissionDecision.openNumbersMax)])
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test func `A6 a terminal's clock decides neither order nor validity`() async throws {
        try await withYard { yard in
            let fact = try yard.greenWaste
            let now = yard.clock.now
            let back = try yard.terminal.sign(
                fact, sequence: 1, previous: RecordHead.genesisPrevious,
                at: now.adding(milliseconds: -3 * 86_400_000))
            let first = try await yard.admit(back)
            let ahead = try yard.terminal.sign(
                fact, sequence: 2, previous: back.statement,
                at: now.adding(milliseconds: 300_001))
            let second = try await yard.admit(ahead)

            #expect(second.index == first.index + 1)
            #expect(second.flags == ["clock-skew"])
            // Behind a record of now, three days ago is a clock put back.
            let again = try yard.terminal.sign(
                fact, sequence: 3, previous: ahead.statement,
                at: now.adding(milliseconds: -3 * 86_400_000))
            #expect(try await yard.admit(again).flags == ["clock-skew"])
            let entry = try #require(LogEntry(bytes: first.entry))
            #expect(entry.received == now)
        }
    }

    @Test func `A7 of two copies of a terminal the second message raises the alarm`() async throws {
        try await withYard { yard in
            let copy = yard.terminal.successor(yard.terminal.key, after: nil)
            _ = try await yard.admit(yard.terminal.sign(yard.greenWaste))
            yard.clock.advance(milliseconds: 1)
            let answer = try await yard.installation.admit(
                copy.sign(yard.greenWaste).envelope, to: yard.yard)
            guard case .equivocation = answer else {
                Issue.record("\(answer)")
                return
            }
            #expect(try yard.row.state == .quarantined)
            #expect(
                try yard.installation.findings(of: try yard.row).map(\.code) == ["equivocation"])
        }
    }

    @Test func `A8 a thousand replays leave one entry at its place`() async throws {
        try await withYard { yard in
            let signed = try yard.terminal.sign(yard.greenWaste)
            let first = try await yard.admit(signed)
            for _ in 0..<4 {
                let batch = [Result<Envelope, any Error>](
                    repeating: .success(signed.envelope), count: 250)
                for answer in try await yard.installation.admit(batch, to: yard.yard) {
                    guard case .acknowledged(let again) = try answer.get() else {
                        Issue.record("\(answer)")
                        return
                    }
                    #expect(again.isRepeat && again.index == first.index)
                }
            }
            #expect(try yard.installation.verify().entries == first.index + 1)
        }
    }

    @Test func `A8 another signature of the same statement is a repeat too`() async throws {
        try await withYard { yard in
            let signed = try yard.terminal.sign(yard.greenWaste)
            let first = try await yard.admit(signed)
            let jws = try CompactJWS.parse(signed.envelope.jws)
            let again = CompactJWS.bytes(
                signingInput: jws.signingInput,
                signature: try yard.terminal.key.sign(jws.signingInput))
            #expect(again != signed.envelope.jws)
            let answer = try await yard.installation.admit(
                Envelope(jws: again, disclosures: []), to: yard.yard)
            guard case .acknowledged(let repeated) = answer else {
                Issue.record("\(answer)")
                return
            }
            #expect(repeated.isRepeat && repeated.index == first.index)
            #expect(repeated.entry == first.entry)
        }
    }

    @Test func `A9 a record of another yard or log is refused and leaves nothing`() async throws {
        try await withYard { yard in
            let signed = try yard.terminal.sign(yard.greenWaste)
            let before = try yard.installation.verify().entries
            let changes = [
                ("\"yard\":\"hof-1\"", "\"yard\":\"hof-2\"", "yard-wrong"),
                ("\"log\":\"musterstadt", "\"log\":\"andernorts", "log-wrong"),
                ("\"terminal\":\"t1\"", "\"terminal\":\"t2\"", "terminal-wrong"),
            ]
            for (old, new, code) in changes {
                let moved = try yard.resigned(signed, old, new)
                #expect(await yard.refusal(moved)?.code == code)
            }
            #expect(try yard.installation.verify().entries == before)
        }
    }

    @Test(arguments: [
        ("\"personal\":[]}", "\"personal\":[],\"approved\":true}"),
        ("\"settlement\":{", "\"settlement\":{\"approved\":true,"),
        ("\"delivery\":{", "\"delivery\":{\"free\":true,"),
    ])
    func `A30 a member that nobody asked for is refused`(old: String, new: String) async throws {
        try await withYard { yard in
            let signed = try yard.terminal.sign(yard.greenWaste)
            #expect(
                await yard.refusal(try yard.resigned(signed, old, new))?.code
                    == "payload-malformed")
        }
    }

    @Test func `A35 a deep payload is refused at its fifth level`() async throws {
        try await withYard { yard in
            let deep = String(repeating: "[", count: 3_000)
            let jws = try yard.terminal.key.compactJWS(
                typ: TerminalRecord.typ, kid: yard.terminal.key.publicKey.thumbprint,
                payload: Array(deep.utf8))
            let found = await yard.refusal(Envelope(jws: jws, disclosures: []))
            #expect(
                found == .malformedPayload(.json(StrictJSONError(.tooDeep, at: 4))), "\(found!)")
        }
    }

    @Test func `A37 one terminal cannot fill the queue of all`() async throws {
        try await withYard(terminals: 2) { yard in
            let signed = try yard.terminal.sign(yard.greenWaste)
            let batch = [Result<Envelope, any Error>](
                repeating: .success(signed.envelope), count: 256)
            let outcomes = await withTaskGroup(of: String.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        do {
                            _ = try await yard.installation.admit(batch, to: yard.yard)
                            return "done"
                        } catch let error as OperationsError {
                            return error.code
                        } catch { return "\(error)" }
                    }
                }
                group.addTask {
                    do {
                        let other = try yard.terminals[1].sign(yard.greenWaste)
                        let answer = try await yard.admit(other)
                        return answer.flags.isEmpty ? "other" : "flagged"
                    } catch { return "\(error)" }
                }
                return await group.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
            }
            #expect(outcomes["other"] == 1)
            #expect(Set(outcomes.keys).isSubset(of: ["done", "terminal-busy", "other"]))
            #expect((outcomes["done"] ?? 0) > 0)
        }
    }
}

extension TestYard {
    /// Why an envelope is refused; nil if it is recorded.
    func refusal(_ envelope: Envelope) async -> EnvelopeRefusal? {
        do {
            _ = try await installation.admit(envelope, to: yard)
            return nil
        } catch { return error as? EnvelopeRefusal }
    }

    /// The signed record with its payload changed and signed again by the terminal's key.
    func resigned(_ signed: SignedRecord, _ old: String, _ new: String) throws -> Envelope {
        let jws = try CompactJWS.parse(signed.envelope.jws)
        let payload = String(decoding: jws.payload, as: UTF8.self)
        try #require(payload.contains(old), "\(old) is not in \(payload)")
        let changed = payload.replacing(old, with: new, maxReplacements: 1)
        return Envelope(
            jws: try terminal.key.compactJWS(
                typ: jws.typ, kid: jws.kid, payload: Array(changed.utf8)), disclosures: [])
    }
}
