import DayClosing
import Exports
import FinanceSamples
import Sales
import Testing

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
}

extension Samples {
    /// The DATEV settings that come with the program.
    static func datev() throws -> DATEVSettings {
        let text = String(decoding: try file("finance/datev.yaml"), as: UTF8.self)
        return try #require(DATEVSettings.decode(try tree(text)).settings)
    }
}
