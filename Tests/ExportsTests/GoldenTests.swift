import DayClosing
import Exports
import FinanceSamples
import Foundation
import Sales
import Tariffs
import Testing
import Text
import Units

struct GoldenTests {
    let plan: AccountPlan
    let batch: ClosedBatch

    init() throws {
        plan = try Samples.plan()
        batch = try Samples.batch(try Samples.day(plan: plan), plan: plan)
    }

    @Test(arguments: ["allgemein", "business-central", "auszahlung", "sollstellung"])
    func `a profile gives the same file every time`(name: String) throws {
        let text = String(decoding: try Samples.file("finance/profil-\(name).yaml"), as: UTF8.self)
        let profile = try #require(ExportProfile.decode(try Samples.tree(text)).profile)

        let bytes = try profile.bytes(of: [batch])

        try expectGolden(bytes, "\(name).csv")
        #expect(try profile.bytes(of: [batch]) == bytes)
    }

    @Test func `DATEV gets the same file every time`() throws {
        let files = try Samples.datev().files(of: [batch], run: "export-12")
        let file = try #require(files.first)

        #expect(files.map(\.name) == ["EXTF_mitte_000317_2026-11.csv"])
        try expectGolden(file.bytes, file.name)
        #expect(try Samples.datev().files(of: [batch], run: "export-12") == files)
    }

    @Test func `hledger gets the same journal every time`() throws {
        let bytes = try HledgerJournal.bytes(of: [batch])

        try expectGolden(bytes, "mitte-000317.journal")
        #expect(try HledgerJournal.bytes(of: [batch]) == bytes)
    }

    @Test func `ledger gets the same journal every time`() throws {
        let bytes = try LedgerJournal.bytes(of: [batch])

        try expectGolden(bytes, "mitte-000317.ledger")
        #expect(try LedgerJournal.bytes(of: [batch]) == bytes)
    }

    @Test func `beancount gets the same journal every time`() throws {
        let bytes = try BeancountJournal.bytes(of: [batch])

        try expectGolden(bytes, "mitte-000317.beancount")
        #expect(try BeancountJournal.bytes(of: [batch]) == bytes)
    }

    /// What the JSON export says of a close beside its entry and proof, which keys make.
    @Test func `a close has the same JSON every time`() throws {
        let bytes = batch.close.json.bytes + [0x0A]

        try expectGolden(bytes, "mitte-000317.json")
        #expect(try DayClose(json: batch.close.json, yard: batch.close.yard) == batch.close)
    }

    @Test func `an auditor gets the same package every time, table by table`() throws {
        let files = try AuditPackage.files(of: [batch], register: Samples.register)

        for file in files where !file.name.hasSuffix(".dtd") {
            try expectGolden(file.bytes, "gobd/\(file.name)")
        }
        let again = try AuditPackage.files(of: [batch], register: Samples.register)
        #expect(again.map(\.bytes) == files.map(\.bytes))
    }

    @Test func `a weighed line says quantity, unit and price, and so does what is taken back`()
        throws
    {
        let sale = try Samples.weighedSale()
        let void = try Reversal.make(
            .void, of: sale, reference: Samples.reference(1), earlier: [], amounts: nil,
            reason: "doppelt", settlement: .card(Samples.slip()))
        let part = try Reversal.make(
            .refund, of: sale, reference: Samples.reference(1), earlier: [],
            amounts: [0: Cents(100)], reason: "zu viel", settlement: .bankTransfer)
        let facts: [(ClosedRecord.Fact, day: String)] = [
            (.sale(Samples.reference(1), sale), "2026-11-20"),
            (.reversal(void, of: sale), "2026-11-20"), (.reversal(part, of: sale), "2026-11-20"),
        ]
        let records = try Samples.records(facts, plan: plan)
        let files = try AuditPackage.files(of: [try Samples.batch(records, plan: plan)])
        let lines = try #require(files.first { $0.name == "belegzeilen.csv" })
        let rows = readCSV(String(decoding: lines.bytes, as: UTF8.self)).dropFirst()
        let measured = "gewogen, Waage W1 Nr. 4711"

        #expect(
            rows.map { Array($0[7...12]) } == [
                ["24,00", "1240,0000", "kg", "1200,0000", "0,02000", measured],
                ["3,33", "7,0000", "Stück", "7,0000", "0,47571", "gezählt"],
                ["5,00", "1,0000", "Anlieferung", "1,0000", "5,00000", ""],
                ["-24,00", "-1240,0000", "kg", "-1200,0000", "0,02000", measured],
                ["-3,33", "-7,0000", "Stück", "-7,0000", "0,47571", "gezählt"],
                ["-5,00", "-1,0000", "Anlieferung", "-1,0000", "5,00000", ""],
                ["-1,00", "0,0000", "", "0,0000", "0,00000", ""],
            ])
    }
}

extension Samples {
    /// Weighed, counted, and a line about the delivery as a whole.
    static func weighedSale() throws -> Sale {
        let scale = try #require(
            Weighing(scale: "W1", ticket: "4711", gross: Grams(3_240_000), tare: Grams(2_000_000)))
        func line(_ gross: Int64, billed: Int64) -> SaleLine {
            SaleLine(
                position: "1", paragraph: "§ 3", fraction: identifier("bauschutt"),
                name: "Bauschutt", billed: billed, legalForm: .fee, vat: .outsideScope,
                gross: Cents(gross), explanation: Explanation(german: "", english: ""))
        }
        return try sale(
            [line(2_400, billed: 1_200_000), line(333, billed: 7), line(500, billed: 1)],
            items: [
                DeliveryItem(
                    fraction: identifier("bauschutt"), amount: .weight(Grams(1_240_000)),
                    source: .weighed(scale)),
                DeliveryItem(
                    fraction: identifier("bauschutt"), amount: .pieces(7), source: .counted),
            ])
    }

    /// A tariff in force and two exports, one of them rejected.
    static var register: AuditRegister {
        let made = AuditRegister.Step(
            by: identifier("d.finanzen"), at: time("2026-11-19T08:00:00.000Z"))
        func export(_ number: Int64, _ state: String, _ note: String) -> AuditRegister.Export {
            AuditRegister.Export(
                yard: identifier("mitte"), number: number, format: "datev", closes: [315, 316],
                made: made, state: state, stated: made, note: note,
                files: [
                    AuditRegister.File(
                        name: "EXTF_mitte.csv", digest: String(repeating: "ef", count: 32),
                        byteCount: 1_234)
                ])
        }
        return AuditRegister(
            supplier: AuditRegister.Supplier(
                town: "Stadt Musterstadt, Bau & Abfall", yardName: "Wertstoffhof <Mitte>",
                address: "Hofweg 1, 12345 Musterstadt"),
            tariffs: [
                AuditRegister.TariffActivation(
                    yard: identifier("mitte"), index: 3, digest: tariff.digest, id: tariff.id,
                    title: tariff.title, from: day("2026-01-01"), to: nil,
                    proposedBy: identifier("e.tarif"), approvedBy: identifier("c.leitung"))
            ],
            exports: [
                export(1, "abgelehnt", "Konto 446110 gibt es nicht"),
                export(2, "quittiert", "2026-0815"),
            ])
    }

    /// The DATEV settings that come with the program.
    static func datev() throws -> DATEVSettings {
        let text = String(decoding: try file("finance/datev.yaml"), as: UTF8.self)
        return try #require(DATEVSettings.decode(try tree(text)).settings)
    }
}
