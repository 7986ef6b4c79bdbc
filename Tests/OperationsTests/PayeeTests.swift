import DayClosing
import Exports
import FinanceSamples
import Foundation
import Journal
import Keys
import Operations
import People
import Sales
import Signing
import Storage
import Testing
import Units

/// Who gets a refund by bank transfer and who owes a claim: beside the journal, for those who may
/// see it, in the files that finance needs, and gone when their time is over.
struct PayeeTests {
    private static let iban = "DE02120300000000202051"

    private func wish(
        _ reference: SaleReference, _ method: ReversalWish.Method = .bankTransfer
    ) -> ReversalWish {
        ReversalWish(
            kind: .refund, original: reference, amounts: nil, reason: "doppelt", method: method)
    }

    private func ask(_ reference: SaleReference, at yard: TestYard) async throws -> Int64 {
        try await yard.installation.requestReversal(
            wish(reference), payee: try TestYard.payee(), at: yard.yard, by: TestYard.cashier)
    }

    private func refund(_ reference: SaleReference, at yard: TestYard) async throws -> Int64 {
        let id = try await ask(reference, at: yard)
        try await yard.installation.approveReversal(id, at: yard.yard, by: TestYard.approver)
        return id
    }

    /// A claim whose debtor the terminal sent along.
    private func claim(_ debtor: String, at yard: TestYard) async throws {
        let signed = try yard.terminal.sign(
            .sale(try yard.sale("privat: 1 m³ gruenabfall", .onAccount)),
            disclosures: [
                Disclosure(name: .debtor, salt: SystemRandom.bytes(32), value: debtor)
            ])
        _ = try await yard.admit(signed)
    }

    @Test func `the office names a debtor, the latest stands, and a paid sale has none`()
        async throws
    {
        try await withYard { yard in
            let installation = yard.installation
            try install("sollstellung", at: yard)
            let paid = try await yard.sell("privat: 1 m³ gruenabfall")
            let owed = try await yard.sell("privat: 1 m³ gruenabfall", .onAccount)
            func name(
                _ debtor: String, of reference: SaleReference, _ reason: String = "fehlte",
                by person: Person = TestYard.office
            ) async throws {
                try await installation.nameDebtor(
                    debtor, of: reference, reason: reason, at: yard.yard, by: person)
            }
            func missing() throws -> [ClosePoint] {
                try installation.closePoints(installation.closeProgress(of: yard.yard))
                    .filter { $0.code == "debtor-missing" }
            }
            #expect(try missing() == [.debtorMissing([owed])])
            #expect(try installation.openClaims(of: yard.yard).map(\.hasDebtor) == [false])
            await #expect(throws: OperationsError.notAClaim(paid.receiptNumber)) {
                try await name("Bau GmbH", of: paid)
            }
            await #expect(
                throws: OperationsError.input(
                    field: "debtor", wanted: "name and address, at most 200 characters")
            ) { try await name("", of: owed) }
            await #expect(throws: OperationsError.cardNumber) {
                try await name("4111 1111 1111 1111", of: owed)
            }
            await #expect(throws: OperationsError.reasonMissing) {
                try await name("Bau GmbH", of: owed, " ")
            }
            await #expect(
                throws: OperationsError.forbidden(
                    .roleMissing(act: .nameDebtor, person: TestYard.approver.id))
            ) { try await name("Bau GmbH", of: owed, by: TestYard.approver) }

            try await yard.close(Tally(count: 1, amount: Cents(1_200)))
            await #expect(throws: ExportError.self) {
                _ = try await installation.createExport(
                    "sollstellung", of: [1], at: yard.yard, by: TestYard.office)
            }
            try await name("Bau GmbH, Weg 1", of: owed)
            try await name("Bau AG, Weg 1", of: owed, "Rechtsform")

            #expect(try missing().isEmpty)
            #expect(try installation.openClaims(of: yard.yard).map(\.hasDebtor) == [true])
            let export = try await installation.createExport(
                "sollstellung", of: [1], at: yard.yard, by: TestYard.office)
            let file = try #require(export.files.first).name
            let text = String(
                decoding: try installation.exportFile(
                    file, ofExport: 1, at: yard.yard, by: TestYard.office), as: UTF8.self)
            #expect(text.contains(#""Bau AG, Weg 1""#) && !text.contains("GmbH"))
            #expect(try looks(yard).map(\.fields) == ["debtor", "debtor"])
            #expect(try installation.verify().misfit == nil)
            let detail = try installation.saleDetail(owed, of: yard.yard)
            let shown = try await installation.personalData(
                of: detail, for: "Rückfrage", by: TestYard.cashier)
            #expect(shown.map(\.value) == ["Bau GmbH, Weg 1", "Bau AG, Weg 1"])

            // What comes after a count is for the close behind it.
            let next = try await yard.sell("privat: 1 m³ gruenabfall", .onAccount)
            try await yard.count(nil)
            try await yard.sell("privat: 1 m³ gruenabfall", .onAccount)
            #expect(try missing() == [.debtorMissing([next])])
        }
    }

    /// Whether a text stands anywhere in database or write-ahead log.
    private func holds(_ text: String, _ yard: TestYard) throws -> Bool {
        try [yard.directory.database, yard.directory.database + "-wal"].contains { path in
            guard FileManager.default.fileExists(atPath: path) else { return false }
            return try Data(contentsOf: URL(fileURLWithPath: path))
                .range(of: Data(text.utf8)) != nil
        }
    }

    private func install(_ profile: String, at yard: TestYard) throws {
        let name = "profil-\(profile).yaml"
        try Data(try Samples.file("finance/\(name)"))
            .write(to: URL(fileURLWithPath: "\(yard.directory.exportProfiles)/\(name)"))
    }

    private func looks(_ yard: TestYard) throws -> [AccessRow] {
        try yard.installation.accessLog(of: yard.yard, by: TestYard.auditor).rows
    }

    @Test func `a transfer needs a payee and no other way has one`() async throws {
        try await withYard { yard in
            let reference = try await yard.sell("privat: 1 m³ gruenabfall")
            func ask(_ method: ReversalWish.Method, _ payee: Payee?) async throws {
                _ = try await yard.installation.requestReversal(
                    wish(reference, method), payee: payee, at: yard.yard, by: TestYard.cashier)
            }
            await #expect(throws: OperationsError.payee(.missing)) {
                try await ask(.bankTransfer, nil)
            }
            await #expect(throws: OperationsError.payee(.unwanted)) {
                try await ask(.card, try TestYard.payee())
            }
            await #expect(throws: OperationsError.cardNumber) {
                try await ask(.bankTransfer, try TestYard.payee("Karte 4111 1111 1111 1111"))
            }
            #expect(try yard.installation.reversalRequests(of: yard.yard).isEmpty)
        }
    }

    @Test(
        arguments: [
            (PayeeProblem.missing, "payee-missing", "payee"),
            (.unwanted, "payee-unwanted", "payee"),
            (.nameTooLong(found: 71), "payee-name-invalid", "payee.name: 71"),
            (.nameCharacter, "payee-name-invalid", "payee.name"),
            (.iban(.checkDigits, masked: "**20 51"), "iban-invalid", "payee.iban: **20 51"),
            (
                .iban(.length(found: 21, wanted: 22...22), masked: "**"), "iban-invalid",
                "it has 21 characters, in this country wanted are 22"
            ),
        ] as [(PayeeProblem, String, String)])
    func `a refusal has a code and names the field`(
        problem: PayeeProblem, code: String, words: String
    ) {
        let error = OperationsError.payee(problem)
        #expect(error.code == code && error.status == 422)
        #expect(error.remedy.contains(words))
    }

    @Test func `the journal has digests, the payee stands beside the record and can be erased`()
        async throws
    {
        try await withYard { yard in
            let installation = yard.installation
            let reference = try await yard.sell("privat: 1 m³ gruenabfall")
            let id = try await refund(reference, at: yard)

            let index = try #require(
                try installation.reversalRequests(of: yard.yard).first { $0.row.id == id }?.row
                    .completed)
            let stored = try installation.record(
                at: LogPosition(yard: yard.yard.number, index: index))
            guard case .server(let record) = stored.fact else { throw Unexpected("no refund") }
            #expect(record.personal.map(\.name) == [.iban, .payee])
            let text = String(decoding: stored.bytes, as: UTF8.self)
            #expect(!text.contains("Erika") && !text.contains(Self.iban))
            #expect(!String(decoding: stored.jws.payload, as: UTF8.self).contains(Self.iban))
            #expect(try installation.verify().misfit == nil)
            let proof = try await installation.proof(of: index, in: yard.yard)

            // Nine years on, in the calendar: a voucher is kept for eight.
            yard.clock.advance(milliseconds: 9 * 366 * 86_400_000)
            let count = try await installation.eraseExpired()

            #expect(count.fields == [.iban: 1, .payee: 1] && count.isOverwritten)
            #expect(try !holds(Self.iban, yard) && !holds("Erika Beispiel", yard))
            let detail = try installation.saleDetail(reference, of: yard.yard)
            #expect(try installation.personalStanding(of: detail) == .erased)
            #expect(detail.reversals.map(\.amount) == [Cents(1_200)])
            let report = try installation.verify()
            #expect(report.misfit == nil && report.erased == 2)
            let again = try await installation.proof(of: index, in: yard.yard)
            #expect(proof.split(separator: "\n").first == again.split(separator: "\n").first)
        }
    }

    @Test func `a payee is kept on request of nobody, and by a hold for longer`() async throws {
        try await withYard { yard in
            let installation = yard.installation
            let reference = try await yard.sell("privat: 1 m³ gruenabfall")
            _ = try await refund(reference, at: yard)
            for field in [PersonalField.iban, .payee] {
                await #expect(throws: OperationsError.mustBeKept(field)) {
                    _ = try await installation.requestPersonal(
                        .erase(receipts: [reference], fields: [field], reason: "Antrag"),
                        at: yard.yard, by: TestYard.cashier)
                }
            }
            let hold = try await installation.requestPersonal(
                .hold(first: 0, last: nil, reason: "Klage"), at: yard.yard, by: TestYard.cashier)
            try await installation.approvePersonal(hold, at: yard.yard, by: TestYard.approver)
            yard.clock.advance(milliseconds: 9 * 366 * 86_400_000)
            #expect(try await installation.eraseExpired().fields.isEmpty)
            #expect(try holds(Self.iban, yard))
        }
    }

    @Test func `a payee of a rejected request is gone from every byte`() async throws {
        try await withYard { yard in
            let reference = try await yard.sell("privat: 1 m³ gruenabfall")
            let id = try await ask(reference, at: yard)
            #expect(try holds(Self.iban, yard))
            try await yard.installation.rejectReversal(id, at: yard.yard, by: TestYard.approver)
            #expect(try !holds(Self.iban, yard) && !holds("Erika Beispiel", yard))
            let shown = try await yard.installation.payee(
                ofRequest: id, at: yard.yard, for: "Rückfrage", by: TestYard.office)
            #expect(shown == nil)
        }
    }

    @Test func `who looks at a payee is noted, and only finance sees the whole IBAN`()
        async throws
    {
        try await withYard { yard in
            let installation = yard.installation
            let reference = try await yard.sell("privat: 1 m³ gruenabfall")
            let id = try await ask(reference, at: yard)
            func shown(_ person: Person, _ purpose: String) async throws -> ShownPayee? {
                try await installation.payee(
                    ofRequest: id, at: yard.yard, for: purpose, by: person)
            }
            await #expect(throws: OperationsError.reasonMissing) {
                _ = try await shown(TestYard.approver, " ")
            }
            await #expect(
                throws: OperationsError.forbidden(
                    .roleMissing(act: .readPersonalData, person: TestYard.auditor.id))
            ) { _ = try await shown(TestYard.auditor, "Neugier") }
            #expect(try looks(yard).isEmpty)

            let masked = try #require(try await shown(TestYard.approver, "Freigabe"))
            #expect(masked.name == "Erika Beispiel" && masked.iban == "**** **** **** **** **20 51")
            try await installation.approveReversal(id, at: yard.yard, by: TestYard.approver)
            let whole = try #require(try await shown(TestYard.office, "Überweisung"))
            #expect(whole.iban == "DE02 1203 0000 0000 2020 51")

            let detail = try installation.saleDetail(reference, of: yard.yard)
            let cashier = try await installation.personalData(
                of: detail, for: "Reklamation", by: TestYard.cashier)
            #expect(cashier.map(\.value) == ["**** **** **** **** **20 51", "Erika Beispiel"])
            let finance = try await installation.personalData(
                of: detail, for: "Reklamation", by: TestYard.office)
            #expect(finance.first?.value == Self.iban)

            let rows = try looks(yard)
            #expect(
                rows.map(\.purpose) == ["Reklamation", "Reklamation", "Überweisung", "Freigabe"])
            #expect(rows.allSatisfy { $0.fields == "iban,payee" && $0.act == .read })
        }
    }

    @Test func `a payment order names the payee, for finance alone, and stays as registered`()
        async throws
    {
        try await withYard { yard in
            let installation = yard.installation
            try install("auszahlung", at: yard)
            let reference = try await yard.sell("privat: 1 m³ gruenabfall")
            _ = try await refund(reference, at: yard)
            try await yard.close(Tally(count: 1, amount: Cents(1_200)))

            let export = try await installation.createExport(
                "auszahlung", of: [1], at: yard.yard, by: TestYard.office)

            #expect(export.people == [.iban, .payee])
            let made = try looks(yard)
            #expect(made.map(\.fields) == ["iban,payee"])
            #expect(made.map(\.purpose) == ["Export 1 (auszahlung) erstellt"])
            let name = try #require(export.files.first).name
            #expect(export.mayBeFetched(by: TestYard.office))
            #expect(!export.mayBeFetched(by: TestYard.auditor))
            await #expect(
                throws: OperationsError.forbidden(
                    .roleMissing(act: .fetchNamingExport, person: TestYard.auditor.id))
            ) {
                _ = try await installation.fetchExportFile(
                    name, ofExport: 1, at: yard.yard, by: TestYard.auditor)
            }
            func fetch() async throws -> [UInt8] {
                _ = try await installation.fetchExportFile(
                    name, ofExport: 1, at: yard.yard, by: TestYard.office)
                return try installation.exportFile(
                    name, ofExport: 1, at: yard.yard, by: TestYard.office)
            }
            let bytes = try await fetch()
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(text.contains(#""Auszahlung";"Erika Beispiel";"DE02120300000000202051""#))
            #expect(try looks(yard).first?.purpose == "Export 1 geladen: \(name)")

            yard.clock.advance(milliseconds: 9 * 366 * 86_400_000)
            #expect(try await installation.eraseExpired().fields == [.iban: 1, .payee: 1])
            #expect(try await fetch() == bytes)
            #expect(try installation.verify().misfit == nil)
            // What is asked for anew has nobody to name any more.
            try await installation.rejectExport(
                1, reason: "Probe", at: yard.yard, by: TestYard.office)
            do {
                _ = try await installation.createExport(
                    "auszahlung", of: [1], at: yard.yard, by: TestYard.office)
                Issue.record("an order without payee was made")
            } catch let error as ExportError {
                #expect(error.code == .nobodyNamed && error.value == reference.receiptNumber)
                #expect(error.close == "hof-1-000001" && error.field == "Zahlungsempfänger")
            }
        }
    }

    @Test func `a claim names its debtor, from the terminal or from the office`() async throws {
        try await withYard { yard in
            let installation = yard.installation
            try install("sollstellung", at: yard)
            try await claim("Bau GmbH, Weg 1, 12345 Musterstadt", at: yard)
            let unknown = try await yard.sell(
                "privat: 1 m³ gruenabfall", .unknown(cardTerminal: nil))
            try await installation.resolve(
                PaymentResolution(
                    original: unknown, finding: .notChargedClaim, evidence: .person, note: "offen"),
                debtor: "Erika Beispiel\nRing 1\n12345 Musterstadt", at: yard.yard,
                by: TestYard.cashier)
            try await yard.close(nil)

            let export = try await installation.createExport(
                "sollstellung", of: [1], at: yard.yard, by: TestYard.approver)

            #expect(export.people == [.debtor])
            // Roles that together may fetch exports and see names are not finance.
            let others = [
                TestYard.approver, TestYard.person("frida", [.auditor, .cashier, .approver]),
            ]
            for person in others {
                #expect(!export.mayBeFetched(by: person))
                await #expect(throws: OperationsError.self) {
                    _ = try await installation.fetchExportFile(
                        export.files[0].name, ofExport: 1, at: yard.yard, by: person)
                }
                await #expect(throws: OperationsError.self) {
                    _ = try await installation.fetchExportArchive(
                        ofExport: 1, at: yard.yard, by: person)
                }
            }
            let name = try #require(export.files.first).name
            let text = String(
                decoding: try installation.exportFile(
                    name, ofExport: 1, at: yard.yard, by: TestYard.office), as: UTF8.self)
            #expect(text.contains(#""Bau GmbH, Weg 1, 12345 Musterstadt""#))
            #expect(text.contains(#""Erika Beispiel, Ring 1, 12345 Musterstadt""#))

            let back = try await installation.requestReversal(
                wish(unknown, .noMoney), at: yard.yard, by: TestYard.cashier)
            try await installation.approveReversal(back, at: yard.yard, by: TestYard.approver)
            try await yard.close(nil)
            let next = try await installation.createExport(
                "sollstellung", of: [2], at: yard.yard, by: TestYard.approver)
            let bytes = try installation.exportFile(
                next.files[0].name, ofExport: 2, at: yard.yard, by: TestYard.office)
            let taken = String(decoding: bytes, as: UTF8.self)
            #expect(taken.contains(#""Sollabgang";"Erika Beispiel, Ring 1,"#))
            #expect(try installation.verify().misfit == nil)
        }
    }
}
