import DayClosing
import Foundation
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

/// What a terminal's key can sign that no terminal of ours does: nothing breaks by it, nothing is
/// counted wrongly, and all of it shows.
struct ForgedRecordTests {
    private static let phrase = "privat: 1 m³ gruenabfall"

    /// A sale with other lines than its tariff gives.
    private func sale(
        like sale: Sale, _ change: (SaleLine) -> SaleLine
    ) throws -> Sale {
        try Sale(
            delivery: sale.delivery, tariff: sale.tariff, lines: sale.lines.map(change),
            quota: sale.quota, settlement: sale.settlement, attempts: sale.attempts)
    }

    private func line(
        _ line: SaleLine, position: String? = nil, legalForm: LegalForm? = nil,
        vat: VATTreatment? = nil
    ) -> SaleLine {
        SaleLine(
            position: position ?? line.position, paragraph: line.paragraph,
            fraction: line.fraction, name: line.name, billed: line.billed,
            legalForm: legalForm ?? line.legalForm, vat: vat ?? line.vat, gross: line.gross,
            explanation: line.explanation, figures: line.figures)
    }

    private func void(_ sale: Sale, _ reference: SaleReference) throws -> Reversal {
        try Reversal.make(
            .void, of: sale, reference: reference, earlier: [], amounts: nil, reason: "vertippt",
            settlement: .card(TestYard.slip(9)))
    }

    private func void(
        _ void: Reversal, lines: [Reversal.Line]? = nil, vat: [VATBlock]? = nil
    ) -> Reversal {
        Reversal(
            kind: .void, original: void.original, lines: lines ?? void.lines,
            vat: vat ?? void.vat, reason: void.reason, settlement: void.settlement)
    }

    @Test(arguments: [
        "1/170141183460469231731687303715884105727", "170141183460469231731687303715884105727/1",
        "-170141183460469231731687303715884105728/3", "1/1000000000000000000000001",
        "1000000000000000001/1", "1/0", "1/-1", "/1", "1/",
    ])
    func `an exact price that nobody could reckon with is refused`(exact: String) async throws {
        try await withYard { yard in
            let head = RecordHead(
                log: yard.yard.origin, yard: yard.yard.id, terminal: yard.terminal.id, sequence: 1,
                previous: RecordHead.genesisPrevious, at: yard.clock.now,
                attendant: TestYard.cashier.id)
            let good = TerminalRecord(
                head: head, fact: .sale(try yard.sale(Self.phrase)), personal: [])
            let text = String(decoding: good.payload, as: UTF8.self)
            #expect(text.contains(#""exact":"1200/1""#))

            let bad = text.replacing(#""exact":"1200/1""#, with: "\"exact\":\"\(exact)\"")

            #expect(throws: PayloadError.self) { _ = try TerminalRecord(payload: Array(bad.utf8)) }
            #expect(try TerminalRecord(payload: good.payload) == good)
        }
    }

    @Test func `another tax, legal form or position than the tariff's is flagged`() async throws {
        try await withYard { yard in
            let right = try yard.sale(Self.phrase)
            let changes: [(SaleLine) -> SaleLine] = [
                { line($0, vat: .taxable(VATRate(basisPoints: 1_900))) },
                { line($0, legalForm: $0.legalForm == .fee ? .charge : .fee) },
                { line($0, position: "99") },
            ]
            for change in changes {
                let signed = try yard.terminal.sign(.sale(try sale(like: right, change)))
                #expect(try await yard.admit(signed).flags == ["price-differs"])
            }
            #expect(try await yard.admit(yard.terminal.sign(.sale(right))).flags.isEmpty)
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test func `a void whose tax does not fit its lines, or with a line twice, is refused`()
        async throws
    {
        try await withYard { yard in
            let sale = try yard.sale(Self.phrase)
            let good = try void(sale, try await yard.sell(Self.phrase))
            let block = good.vat[0]
            let other = VATBlock(
                treatment: block.treatment == .exempt ? .outsideScope : .exempt,
                gross: block.gross, tax: .zero)
            let half = Cents(good.amount.value / 2)
            let halves = [half, good.amount - half].map { gross in
                let line = good.lines[0]
                return Reversal.Line(
                    index: line.index, position: line.position, legalForm: line.legalForm,
                    vat: line.vat, gross: gross)
            }
            for bad in [void(good, vat: [other]), void(good, lines: halves)] {
                let signed = try yard.terminal.sign(
                    .void(bad), sequence: 2, previous: RecordHead.genesisPrevious)
                await #expect(throws: EnvelopeRefusal.self) { _ = try await yard.admit(signed) }
            }
            #expect(try await yard.admit(yard.terminal.sign(.void(good))).flags.isEmpty)
        }
    }

    @Test func `a void of other lines than were sold changes nothing and stands in the close`()
        async throws
    {
        try await withYard { yard in
            let sale = try yard.sale(Self.phrase)
            let good = try void(sale, try await yard.sell(Self.phrase))
            let line = good.lines[0]
            for index in [0, 999] {
                let other = Reversal.Line(
                    index: index, position: "99", legalForm: line.legalForm, vat: line.vat,
                    gross: line.gross)
                let answer = try await yard.admit(
                    yard.terminal.sign(.void(void(good, lines: [other]))))
                #expect(answer.flags == ["above-remainder"])
                let totals = try yard.installation.closeProgress(of: yard.yard).totals
                #expect(totals.turnover == good.amount && totals.flagged.contains(answer.index))
            }
            #expect(
                try yard.installation.saleDetail(good.original, of: yard.yard).left.sum()
                    == good.amount)
            try await yard.close(Tally(count: 1, amount: good.amount))
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test func `a void before its sale changes nothing, also after the sale came`() async throws {
        try await withYard { yard in
            let sold = try yard.terminal.sign(.sale(try yard.sale(Self.phrase)))
            let early = try void(try yard.sale(Self.phrase), sold.reference)

            let answer = try await yard.admit(yard.terminal.sign(.void(early)))
            #expect(Set(answer.flags) == ["gap", "original-missing"])
            var totals = try yard.installation.closeProgress(of: yard.yard).totals
            #expect(totals.flagged == [answer.index] && totals.turnover == .zero)
            _ = try await yard.admit(sold)
            totals = try yard.installation.closeProgress(of: yard.yard).totals
            #expect(totals.turnover == early.amount && totals.flagged.contains(answer.index))

            try await yard.close(Tally(count: 1, amount: early.amount))
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test func `a payment whose outcome is known is not resolved again`() async throws {
        try await withYard { yard in
            let paid = try await yard.sell(Self.phrase)
            let unknown = try await yard.sell(Self.phrase, .unknown(cardTerminal: "51234567"))
            try await yard.installation.resolve(
                PaymentResolution(
                    original: unknown, finding: .notChargedClaim, evidence: .totals,
                    note: "Kassenschnitt"),
                debtor: "Bau GmbH, Weg 1", at: yard.yard, by: TestYard.cashier)
            let before = try yard.installation.closeProgress(of: yard.yard).totals
            for (original, finding) in [
                (paid, PaymentResolution.Finding.notChargedVoid),
                (unknown, .charged(TestYard.slip(7))),
            ] {
                let answer = try await yard.admit(
                    yard.terminal.sign(
                        .resolution(
                            PaymentResolution(
                                original: original, finding: finding, evidence: .repeatReceipt,
                                note: "Wiederholungsbeleg"))))
                #expect(answer.flags == ["outcome-known"])
                let totals = try yard.installation.closeProgress(of: yard.yard).totals
                #expect(totals.turnover == before.turnover)
                #expect(totals.flagged.contains(answer.index))
            }
            #expect(try yard.installation.saleDetail(paid, of: yard.yard).standing == .paid)
            #expect(try yard.installation.saleDetail(unknown, of: yard.yard).standing == .onAccount)
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test func `A46: a card number is not kept as an account's, nor taken as a terminal's`()
        async throws
    {
        try await withYard { yard in
            let card = Disclosure(
                name: .iban, salt: SystemRandom.bytes(32), value: "4111 1111 1111 1111")
            let account = Disclosure(
                name: .payee, salt: SystemRandom.bytes(32), value: "Erika Beispiel")
            let sale = TerminalFact.sale(try yard.sale(Self.phrase))
            let answer = try await yard.admit(
                yard.terminal.sign(sale, disclosures: [card, account]))
            #expect(answer.flags == ["card-number"])

            let paid = try await yard.sell(Self.phrase)
            let reason = Reversal(
                kind: .void, original: paid, lines: try void(yard.sale(Self.phrase), paid).lines,
                vat: try void(yard.sale(Self.phrase), paid).vat,
                reason: "Karte 4111 1111 1111 1111", settlement: .card(TestYard.slip(9)))
            let flagged = try await yard.admit(yard.terminal.sign(.void(reason)))
            #expect(flagged.flags == ["card-number"])

            let unknown = try yard.sale(
                Self.phrase, .unknown(cardTerminal: "4111 1111 1111 1111"))
            let signed = try yard.terminal.sign(.sale(unknown))
            await #expect(throws: EnvelopeRefusal.self) { _ = try await yard.admit(signed) }
        }
    }

    @Test func `a key that a terminal has is not enrolled again`() async throws {
        try await withYard { yard in
            let id: TerminalID = TestYard.named("t9")
            let (request, code) = try await yard.installation.requestEnrolment(
                id, name: "Kasse", at: yard.yard, by: TestYard.office)
            try await yard.installation.approveEnrolment(
                request, at: yard.yard, by: TestYard.approver)
            let key = yard.terminal.key

            await #expect(throws: OperationsError.keyRefused(.keyUsedBefore)) {
                _ = try await yard.installation.enrol(
                    code: code, key: key.publicKey,
                    proof: try TestTerminal.possession(of: key, code: code))
            }
        }
    }
}
