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
import Units

struct AdmissionTests {
    @Test func `an acknowledgement proves its entry with the log's key alone`() async throws {
        try await withYard { yard in
            for number in 1...5 {
                let signed = try yard.terminal.sign(
                    .sale(try yard.sale("privat: 1 m³ gruenabfall")))
                let acknowledgement = try await yard.admit(signed)

                #expect(!acknowledgement.isRepeat)
                #expect(acknowledgement.flags.isEmpty)
                let size = try yard.verify(acknowledgement)
                #expect(size == acknowledgement.index + 1)
                let entry = try #require(LogEntry(bytes: acknowledgement.entry))
                #expect(entry.jws == signed.envelope.jws)
                #expect(signed.reference.sequence == Int64(number))
            }
        }
    }

    @Test func `a proof does not prove another entry`() async throws {
        try await withYard { yard in
            let signed = try yard.terminal.sign(.sale(try yard.sale("privat: 1 m³ gruenabfall")))
            let acknowledgement = try await yard.admit(signed)
            var entry = acknowledgement.entry
            entry[entry.count / 2] ^= 1
            let altered = Acknowledgement(
                index: acknowledgement.index, isRepeat: false, flags: [], entry: entry,
                proof: acknowledgement.proof)
            #expect(throws: (any Error).self) { try yard.verify(altered) }
        }
    }

    @Test func `the same envelope gets its old place and a fresh proof`() async throws {
        try await withYard { yard in
            let sale = try yard.sale("privat: 1 m³ gruenabfall")
            let signed = try yard.terminal.sign(.sale(sale))
            let first = try await yard.admit(signed)
            let size = try yard.verify(first)
            for _ in 0..<300 { _ = try await yard.admit(yard.terminal.sign(.sale(sale))) }

            let again = try await yard.admit(signed)

            #expect(again.isRepeat)
            #expect(again.index == first.index)
            #expect(again.entry == first.entry)
            #expect(try yard.verify(again) == size + 300)
            let page = try await yard.installation.sales(of: yard.yard, limit: 500)
            #expect(page.rows.count == 301)
        }
    }

    @Test func `a contradiction is kept once and stops the terminal`() async throws {
        try await withYard { yard in
            let installation = yard.installation
            let first = try yard.terminal.sign(.sale(try yard.sale("privat: 1 m³ gruenabfall")))
            let recorded = try await yard.admit(first)
            let other = try yard.terminal.sign(
                .sale(try yard.sale("privat: 2 m³ gruenabfall")), sequence: 1,
                previous: RecordHead.genesisPrevious)

            let answer = try await installation.admit(other.envelope, to: yard.yard)
            let again = try await installation.admit(other.envelope, to: yard.yard)

            guard case .equivocation(let evidence, recorded.index) = answer,
                case .equivocation(evidence, recorded.index) = again
            else {
                Issue.record("\(answer), \(again)")
                return
            }
            let row = try #require(try installation.terminals(of: yard.yard).first)
            #expect(row.state == .quarantined)
            #expect(try installation.findings(of: row).map(\.code) == ["equivocation"])
            #expect(try installation.findings(of: row).map(\.index) == [evidence])

            let next = try await yard.admit(
                yard.terminal.sign(.sale(try yard.sale("privat: 1 m³ gruenabfall"))))
            #expect(next.index == evidence + 1)
            #expect(next.flags == ["quarantined"])
            #expect(try installation.verify().misfit == nil)
        }
    }

    @Test func `an approver releases a quarantined terminal, nobody else`() async throws {
        try await withYard { yard in
            let installation = yard.installation
            await #expect(throws: OperationsError.notQuarantined("t1")) {
                try await installation.release(
                    yard.terminal.id, at: yard.yard, reason: "geprüft", by: TestYard.approver)
            }
            let sale = TerminalFact.sale(try yard.sale("privat: 1 m³ gruenabfall"))
            _ = try await yard.admit(yard.terminal.sign(sale))
            yard.clock.advance(milliseconds: 1)
            let other = try yard.terminal.sign(
                sale, sequence: 1, previous: RecordHead.genesisPrevious)
            _ = try await installation.admit(other.envelope, to: yard.yard)

            await #expect(
                throws: OperationsError.forbidden(
                    .roleMissing(act: .releaseTerminal, person: TestYard.cashier.id))
            ) {
                try await installation.release(
                    yard.terminal.id, at: yard.yard, reason: "geprüft", by: TestYard.cashier)
            }
            await #expect(throws: OperationsError.reasonMissing) {
                try await installation.release(
                    yard.terminal.id, at: yard.yard, reason: " ", by: TestYard.approver)
            }
            await #expect(throws: OperationsError.terminalUnknown("t7")) {
                try await installation.release(
                    TestYard.named("t7"), at: yard.yard, reason: "geprüft", by: TestYard.approver)
            }
            try await installation.release(
                yard.terminal.id, at: yard.yard, reason: "geprüft", by: TestYard.approver)

            #expect(try installation.terminals(of: yard.yard).map(\.state) == [.active])
            #expect(try await yard.admit(yard.terminal.sign(sale)).flags.isEmpty)
        }
    }

    @Test func `a gap is flagged, named and filled later`() async throws {
        try await withYard { yard in
            let sale = TerminalFact.sale(try yard.sale("privat: 1 m³ gruenabfall"))
            let signed = try (1...4).map { _ in try yard.terminal.sign(sale) }

            #expect(try await yard.admit(signed[0]).flags.isEmpty)
            #expect(try await yard.admit(signed[3]).flags == ["gap"])
            #expect(try yard.installation.verify().gaps == ["hof-1/t1": [2, 3]])
            #expect(try await yard.admit(signed[2]).flags == ["late"])
            #expect(try await yard.admit(signed[1]).flags == ["late"])

            let report = try yard.installation.verify()
            #expect(report.gaps.isEmpty)
            #expect(report.misfit == nil)
            #expect(try yard.installation.terminals(of: yard.yard).map(\.state) == [.active])
        }
    }

    @Test func `a late record that its successor contradicts is kept and found`() async throws {
        try await withYard { yard in
            let sale = TerminalFact.sale(try yard.sale("privat: 1 m³ gruenabfall"))
            let signed = try (1...2).map { _ in try yard.terminal.sign(sale) }
            yard.clock.advance(milliseconds: 1)
            let other = try yard.terminal.sign(
                sale, sequence: 1, previous: RecordHead.genesisPrevious)
            _ = try await yard.admit(signed[1])

            let acknowledgement = try await yard.admit(other)

            #expect(acknowledgement.flags == ["late", "previous-hash"])
            let row = try #require(try yard.installation.terminals(of: yard.yard).first)
            #expect(row.state == .quarantined)
            #expect(try yard.installation.findings(of: row).map(\.code) == ["previous-hash"])
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test func `a record for another yard or by an unknown key is not recorded`() async throws {
        try await withYard { yard in
            let installation = yard.installation
            let second = try await yard.addYard()
            let signed = try yard.terminal.sign(.sale(try yard.sale("privat: 1 m³ gruenabfall")))
            await #expect(throws: EnvelopeRefusal.wrongYard(found: "hof-1", wanted: "hof-2")) {
                _ = try await installation.admit(signed.envelope, to: second)
            }
            let stranger = TestTerminal(
                yard.terminal.id, key: try .generate(), yard: yard.yard, clock: yard.clock)
            let strange = try stranger.sign(.sale(try yard.sale("privat: 1 m³ gruenabfall")))
            await #expect(
                throws: EnvelopeRefusal.unknownKey(
                    kid: stranger.key.publicKey.thumbprint)
            ) {
                _ = try await installation.admit(strange.envelope, to: yard.yard)
            }
            let page = try await installation.sales(of: yard.yard, limit: 10)
            #expect(page.rows.isEmpty)
        }
    }

    @Test func `what is odd about a genuine sale is flagged and recorded all the same`()
        async throws
    {
        try await withYard { yard in
            let sale = try yard.sale("privat: 1 m³ gruenabfall")
            let line = try #require(sale.lines.first)
            let cheaper = SaleLine(
                position: line.position, paragraph: line.paragraph, fraction: line.fraction,
                name: line.name, billed: line.billed, legalForm: line.legalForm, vat: line.vat,
                gross: line.gross - Cents(1), explanation: line.explanation)
            let unknown = TariffReference(
                id: sale.tariff.id, title: sale.tariff.title, digest: Digest.sha256([1]).hex)
            func changed(_ tariff: TariffReference, _ lines: [SaleLine]) throws -> TerminalFact {
                .sale(
                    try Sale(
                        delivery: sale.delivery, tariff: tariff, lines: lines, quota: [],
                        settlement: sale.settlement, attempts: []))
            }

            let priced = try await yard.admit(
                yard.terminal.sign(try changed(sale.tariff, [cheaper])))
            let foreign = try await yard.admit(yard.terminal.sign(try changed(unknown, [line])))
            let early = try yard.terminal.sign(
                .sale(sale), sequence: 3, previous: try statement(of: foreign),
                at: yard.clock.now.adding(milliseconds: 300_001))

            #expect(priced.flags == ["price-differs"])
            #expect(foreign.flags == ["tariff-unknown"])
            #expect(try await yard.admit(early).flags == ["clock-skew"])
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    private func statement(of acknowledgement: Acknowledgement) throws -> Digest {
        let entry = try #require(LogEntry(bytes: acknowledgement.entry))
        return try CompactJWS.parse(entry.jws).signingInputDigest
    }

    @Test func `a void is tied to its sale, and flagged where nothing is left`() async throws {
        try await withYard { yard in
            let sale = try yard.sale("privat: 1 m³ gruenabfall")
            let reference = try await yard.sell("privat: 1 m³ gruenabfall")
            func void(_ reference: SaleReference) throws -> TerminalFact {
                .void(
                    try Reversal.make(
                        .void, of: sale, reference: reference, earlier: [], amounts: nil,
                        reason: "vertippt", settlement: .card(TestYard.slip(2))))
            }
            let missing = SaleReference(terminal: yard.terminal.id, sequence: 90)

            let first = try await yard.admit(yard.terminal.sign(try void(reference)))
            let second = try await yard.admit(yard.terminal.sign(try void(reference)))
            let third = try await yard.admit(yard.terminal.sign(try void(missing)))

            #expect(first.flags.isEmpty)
            #expect(second.flags == ["above-remainder"])
            #expect(third.flags == ["original-missing"])
            let detail = try yard.installation.saleDetail(reference, of: yard.yard)
            #expect(detail.reversals.count == 2)
        }
    }

    @Test func `a batch in another order is recorded in the order of its numbers`() async throws {
        try await withYard { yard in
            let sale = try yard.sale("privat: 1 m³ gruenabfall")
            let sold = try yard.terminal.sign(.sale(sale))
            let void = try yard.terminal.sign(
                .void(
                    try Reversal.make(
                        .void, of: sale, reference: sold.reference, earlier: [], amounts: nil,
                        reason: "vertippt", settlement: .card(TestYard.slip(2)))))

            let answers = try await yard.installation.admit(
                [void, sold, void].map { .success($0.envelope) }, to: yard.yard)

            let told = try answers.map { answer -> Acknowledgement in
                guard case .acknowledged(let told) = try answer.get() else {
                    throw OperationsError.input(field: "\(answer)", wanted: "acknowledged")
                }
                return told
            }
            #expect(told.map(\.flags) == [[], [], []])
            #expect(told.map(\.isRepeat) == [false, false, true])
            #expect(told[1].index + 1 == told[0].index && told[2].index == told[0].index)
            let detail = try yard.installation.saleDetail(sold.reference, of: yard.yard)
            #expect(detail.reversals.count == 1)
        }
    }

    @Test func `personal data stands beside the record, for those who may see it`() async throws {
        try await withYard { yard in
            let debtor = Disclosure(
                name: .debtor, salt: SystemRandom.bytes(32), value: "Bau GmbH, Weg 1")
            let signed = try yard.terminal.sign(
                .sale(try yard.sale("privat: 1 m³ gruenabfall", .onAccount)),
                disclosures: [debtor])
            let acknowledgement = try await yard.admit(signed)
            let detail = try yard.installation.saleDetail(signed.reference, of: yard.yard)

            #expect(!String(decoding: acknowledgement.entry, as: UTF8.self).contains("Bau"))
            let seen = try await yard.installation.personalData(
                of: detail, for: "Rückfrage", by: TestYard.cashier)
            #expect(seen == [PersonalValue(name: .debtor, value: "Bau GmbH, Weg 1")])
            await #expect(
                throws: OperationsError.forbidden(
                    .roleMissing(act: .readPersonalData, person: TestYard.auditor.id))
            ) {
                _ = try await yard.installation.personalData(
                    of: detail, for: "Neugier", by: TestYard.auditor)
            }
        }
    }
}
