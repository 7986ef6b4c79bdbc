import Calendars
import Foundation
import Operations
import People
import Sales
import Storage
import Tariffs
import Testing
import Text
import Units

struct TariffTests {
    private func changed(_ replacements: [(String, String)]) throws -> [UInt8] {
        var text = String(decoding: TestYard.tariff, as: UTF8.self)
        for (old, new) in replacements {
            try #require(text.contains(old))
            text = text.replacing(old, with: new, maxReplacements: 1)
        }
        return Array(text.utf8)
    }

    @Test func `a tariff comes into force by a second person`() async throws {
        try await withYard(terminals: 0, hasTariff: false) { yard in
            let installation = yard.installation
            let day = installation.calendar.day(of: yard.clock.now)
            let digest = try await installation.proposeTariff(
                TestYard.tariff, for: yard.yard, by: TestYard.everybody)

            #expect(throws: OperationsError.tariffUnknown(day: day.iso)) {
                _ = try installation.tariff(of: yard.yard, on: day)
            }
            await #expect(
                throws: OperationsError.forbidden(
                    .samePerson(act: .approveTariff, person: TestYard.everybody.id))
            ) {
                try await installation.approveTariff(
                    digest, for: yard.yard, by: TestYard.everybody)
            }
            await #expect(
                throws: OperationsError.forbidden(
                    .roleMissing(act: .proposeTariff, person: TestYard.cashier.id))
            ) {
                _ = try await installation.proposeTariff(
                    TestYard.tariff, for: yard.yard, by: TestYard.cashier)
            }
            try await installation.approveTariff(digest, for: yard.yard, by: TestYard.approver)

            #expect(try installation.tariff(of: yard.yard, on: day).row.digest == digest)
            #expect(try yard.sale("privat: 1 m³ gruenabfall").total == Cents(1_200))
        }
    }

    @Test func `a tariff that was never proposed cannot be approved`() async throws {
        try await withYard(terminals: 0) { yard in
            await #expect(throws: OperationsError.tariffFileUnknown("00")) {
                try await yard.installation.approveTariff(
                    "00", for: yard.yard, by: TestYard.approver)
            }
        }
    }

    @Test func `a tariff that sells without an account is refused, naming the position`()
        async throws
    {
        try await withYard(terminals: 0, hasTariff: false) { yard in
            let taxedFee = try changed([
                (
                    "    rechtsform: Entgelt\n    umsatzsteuer: 19 % enthalten",
                    "    rechtsform: Gebühr\n    umsatzsteuer: 19 % enthalten"
                )
            ])
            do {
                _ = try await yard.installation.proposeTariff(
                    taxedFee, for: yard.yard, by: TestYard.office)
                Issue.record("the tariff was taken")
            } catch OperationsError.accountsMissing(let missing) {
                #expect(missing.count == 1)
                #expect(missing.first?.contains("1.1") == true, "\(missing)")
            }
        }
    }

    @Test func `a tariff with an error is refused with its line`() async throws {
        try await withYard(terminals: 0, hasTariff: false) { yard in
            let broken = try changed([("preisbasis: brutto", "preisbasis: irgendwie")])
            do {
                _ = try await yard.installation.proposeTariff(
                    broken, for: yard.yard, by: TestYard.office)
                Issue.record("the tariff was taken")
            } catch OperationsError.tariffInvalid(let problems) {
                #expect(problems.first?.line.hasPrefix("14:") == true, "\(problems)")
            }
        }
    }

    @Test func `an approved file is put forward again without harm`() async throws {
        try await withYard(terminals: 0) { yard in
            let digest = try await yard.installation.proposeTariff(
                TestYard.tariff, for: yard.yard, by: TestYard.office)
            #expect(try yard.installation.tariffs(of: yard.yard).map(\.digest) == [digest])
            #expect(try yard.installation.tariffFile(digest, of: yard.yard) == TestYard.tariff)
        }
    }
}
