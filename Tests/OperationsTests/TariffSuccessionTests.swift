import Foundation
import Journal
import Operations
import People
import Storage
import Testing
import Text
import Units

/// What a version is called, which one it says it replaces, and what is asked again before it
/// comes into force.
struct TariffSuccessionTests {
    private func file(_ tariff: SampleTariff, replacing replaced: String) throws -> [UInt8] {
        let text = String(decoding: try tariff.bytes, as: UTF8.self)
        try #require(text.contains("\ngültig ab: "))
        return Array(
            text.replacing(
                "\ngültig ab: ", with: "\nersetzt: \(replaced)\ngültig ab: ", maxReplacements: 1
            ).utf8)
    }

    private func propose(_ bytes: [UInt8], at yard: TestYard) async throws -> String {
        try await yard.installation.proposeTariff(bytes, for: yard.yard, by: TestYard.office)
    }

    private func approve(_ digest: String, at yard: TestYard) async throws {
        try await yard.installation.approveTariff(
            digest, for: yard.yard, by: TestYard.approver)
    }

    @Test func `an id stands for one file, when proposed and when approved`() async throws {
        try await withYard(terminals: 0) { yard in
            let taken = OperationsError.tariffIdTaken("b")
            let later = SampleTariff("b", from: "2028-01-01", price: "14,00")
            let waiting = try await propose(later.bytes, at: yard)
            try await yard.installation.activate(
                SampleTariff("b", from: "2027-01-01").bytes, at: yard.yard)

            await #expect(throws: taken) { try await approve(waiting, at: yard) }
            #expect(throws: taken) {
                try yard.installation.tariffEnding(of: waiting, at: yard.yard)
            }
            await #expect(throws: taken) {
                try await propose(
                    SampleTariff("b", from: "2029-01-01", price: "15,00").bytes, at: yard)
            }
            await #expect(throws: OperationsError.tariffIdTaken("goettingen-2024")) {
                try await propose(
                    SampleTariff("goettingen-2024", from: "2029-01-01").bytes, at: yard)
            }
            try await yard.installation.activate(
                SampleTariff("c", from: "2028-01-01", price: "14,00").bytes, at: yard.yard)
        }
    }

    @Test func `a file names the version that it follows as the one it replaces, or none`()
        async throws
    {
        try await withYard(terminals: 0) { yard in
            let strange = try file(SampleTariff("b", from: "2027-01-01"), replacing: "anderswo")
            let other = OperationsError.tariffReplacesOther(
                named: "anderswo", follows: "goettingen-2024")
            await #expect(throws: other) { try await propose(strange, at: yard) }

            let first = try file(
                SampleTariff("b", from: "2027-01-01"), replacing: "goettingen-2024")
            try await yard.installation.activate(first, at: yard.yard)
            // Both replace the sample tariff: the earlier of them never had a day.
            let corrected = try file(
                SampleTariff("b-2", from: "2027-01-01", price: "14,00"),
                replacing: "goettingen-2024")
            try await yard.installation.activate(corrected, at: yard.yard)
            let next = try file(SampleTariff("c", from: "2028-01-01"), replacing: "b-2")
            try await yard.installation.activate(next, at: yard.yard)

            await #expect(
                throws: OperationsError.tariffReplacesOther(named: "b-2", follows: "c")
            ) {
                try await propose(
                    file(SampleTariff("d", from: "2029-01-01"), replacing: "b-2"), at: yard)
            }
        }
    }

    @Test func `what came into force since a proposal may be another than it replaces`()
        async throws
    {
        try await withYard(terminals: 0) { yard in
            let waiting = try await propose(
                file(SampleTariff("c", from: "2028-01-01"), replacing: "goettingen-2024"),
                at: yard)
            try await yard.installation.activate(
                SampleTariff("b", from: "2027-01-01").bytes, at: yard.yard)

            let other = OperationsError.tariffReplacesOther(
                named: "goettingen-2024", follows: "b")
            await #expect(throws: other) { try await approve(waiting, at: yard) }
            #expect(throws: other) {
                try yard.installation.tariffEnding(of: waiting, at: yard.yard)
            }
        }
    }

    @Test func `the first version of a yard may replace one from before`() async throws {
        try await withYard(terminals: 0, hasTariff: false) { yard in
            let bytes = try file(SampleTariff("b", from: "2026-11-20"), replacing: "von-frueher")
            try await yard.installation.activate(bytes, at: yard.yard)

            #expect(try yard.installation.tariffs(of: yard.yard).map(\.state) == [.approved])
        }
    }

    @Test func `an account that is gone since a proposal stops its approval`() async throws {
        try await withFolder { folder in
            let yard = try await TestYard.open(
                folder + "/data", clock: TestClock(TestClock.morning), terminals: 0,
                hasTariff: true)
            let waiting = try await propose(
                SampleTariff("b", from: "2027-01-01").bytes, at: yard)
            try yard.installation.close()
            let plan = yard.directory.accountPlan
            let text = try String(contentsOfFile: plan, encoding: .utf8)
            let row = "  - rechtsform: Entgelt\n    umsatzsteuer: 19 %\n    konto: 446110\n"
            try #require(text.contains(row))
            try text.replacing(row + "    kostenstelle: 5370\n", with: "").write(
                toFile: plan, atomically: true, encoding: .utf8)
            let again = try Installation(
                directory: yard.directory, clock: { yard.clock.now }, logger: .silent)

            do {
                try await again.approveTariff(waiting, for: yard.yard, by: TestYard.approver)
                Issue.record("the tariff came into force")
            } catch OperationsError.accountsMissing(let missing) {
                #expect(!missing.isEmpty)
                #expect(throws: OperationsError.accountsMissing(missing)) {
                    try again.tariffEnding(of: waiting, at: yard.yard)
                }
            }
            #expect(try again.tariffs(of: yard.yard).map(\.state) == [.approved, .proposed])
            try again.close()
        }
    }
}
