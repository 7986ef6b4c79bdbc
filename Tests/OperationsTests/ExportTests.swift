import DayClosing
import Foundation
import Operations
import People
import Sales
import Signing
import Testing
import Text
import Units

struct ExportTests {
    @Test func `only an approved close is exported`() async throws {
        try await withYard { yard in
            try await yard.sell("privat: 1 m³ gruenabfall")
            try await yard.count(Tally(count: 1, amount: Cents(1_200)))
            for (numbers, wanted) in [
                ([1], OperationsError.closeNotApproved(1)), ([2], .closeUnknown(2)),
                ([], .closeUnknown(0)),
            ] as [([Int64], OperationsError)] {
                await #expect(throws: wanted) {
                    _ = try await yard.installation.createExport(
                        "hledger", of: numbers, at: yard.yard, by: TestYard.office)
                }
            }
            #expect(try yard.installation.exports(of: yard.yard).isEmpty)
        }
    }

    @Test func `every format gives the same bytes twice, with the hash registered`() async throws {
        try await withYard { yard in
            let installation = yard.installation
            try await yard.sell("gewerblich: 1 m³ sperrmuell; 2 Sack restabfall")
            try await yard.close(Tally(count: 1, amount: Cents(5_980)))
            let formats = try installation.exportFormats()
            #expect(formats.contains("datev") && formats.contains("hledger"))

            for format in formats {
                let first = try await installation.createExport(
                    format, of: [1], at: yard.yard, by: TestYard.office)
                yard.clock.advance(minutes: 90)
                // A booking format holds a close once, unless finance rejects the export.
                let isEvidence = ["hledger", "ledger", "beancount", "gobd", "json"].contains(format)
                if !isEvidence {
                    try await installation.rejectExport(
                        first.number, reason: "Probe", at: yard.yard, by: TestYard.office)
                }
                let second = try await installation.createExport(
                    format, of: [1], at: yard.yard, by: TestYard.office)

                #expect(second.number == first.number + 1)
                #expect(first.files == second.files, "\(format)")
                #expect(!first.files.isEmpty)
                for file in first.files {
                    let bytes = try installation.exportFile(
                        file.name, ofExport: first.number, at: yard.yard, by: TestYard.auditor)
                    #expect(Digest.sha256(bytes) == file.digest)
                    #expect(Int64(bytes.count) == file.byteCount)
                }
            }
            let exports = try installation.exports(of: yard.yard)
            #expect(exports.map(\.number) == Array(1...Int64(2 * formats.count)))
            #expect(try installation.verify().misfit == nil)
        }
    }

    @Test func `copies that a killed hand-over left behind are gone after the next start`()
        async throws
    {
        try await withFolder { folder in
            let yard = try await TestYard.open(
                folder + "/data", clock: TestClock(TestClock.morning), terminals: 1,
                hasTariff: true)
            try yard.installation.close()
            let left = yard.directory.path + "/handover/sftp-0"
            try FileManager.default.createDirectory(
                atPath: left, withIntermediateDirectories: true)
            try Data("Erika Beispiel;DE02120300000000202051".utf8)
                .write(to: URL(filePath: left + "/a.csv"))

            let again = try Installation(directory: yard.directory, logger: .silent)

            #expect(!FileManager.default.fileExists(atPath: left))
            try again.close()
        }
    }

    @Test func `an unknown format, file or person is refused`() async throws {
        try await withYard { yard in
            let installation = yard.installation
            try await yard.sell("privat: 1 m³ gruenabfall")
            try await yard.close(Tally(count: 1, amount: Cents(1_200)))
            await #expect(throws: OperationsError.exportUnknown("xml")) {
                _ = try await installation.createExport(
                    "xml", of: [1], at: yard.yard, by: TestYard.office)
            }
            await #expect(
                throws: OperationsError.forbidden(
                    .roleMissing(act: .createExport, person: TestYard.cashier.id))
            ) {
                _ = try await installation.createExport(
                    "hledger", of: [1], at: yard.yard, by: TestYard.cashier)
            }
            let export = try await installation.createExport(
                "hledger", of: [1], at: yard.yard, by: TestYard.office)
            let name = try #require(export.files.first?.name)
            #expect(throws: OperationsError.exportUnknown("1/other")) {
                _ = try installation.exportFile(
                    "other", ofExport: 1, at: yard.yard, by: TestYard.office)
            }
            #expect(
                throws: OperationsError.forbidden(
                    .roleMissing(act: .fetchExport, person: TestYard.cashier.id))
            ) {
                _ = try installation.exportFile(
                    name, ofExport: 1, at: yard.yard, by: TestYard.cashier)
            }
        }
    }
}
