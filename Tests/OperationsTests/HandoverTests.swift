import DayClosing
import Exports
import Foundation
import Journal
import Operations
import People
import Sales
import Signing
import Storage
import Testing
import Text
import Transparency
import Units

struct HandoverTests {
    /// A yard with close 1 of 12 €, and what `body` does with it.
    private func withClose(_ body: (TestYard) async throws -> Void) async throws {
        try await withYard { yard in
            try await yard.sell("privat: 1 m³ gruenabfall")
            try await yard.close(Tally(count: 1, amount: Cents(1_200)))
            try await body(yard)
        }
    }

    @Test func `an export is prepared, handed over by the first download, acknowledged`()
        async throws
    {
        try await withClose { yard in
            let installation = yard.installation
            let export = try await installation.createExport(
                "datev", of: [1], at: yard.yard, by: TestYard.office)
            func state() throws -> ExportStanding.State {
                try installation.exportStanding(1, of: yard.yard).state
            }
            #expect(try state() == .prepared)
            let name = try #require(export.files.first).name
            _ = try await installation.fetchExportFile(
                name, ofExport: 1, at: yard.yard, by: TestYard.auditor)
            #expect(try state() == .prepared)
            await #expect(throws: OperationsError.exportState(1, found: "prepared")) {
                try await installation.acknowledgeExport(
                    1, reference: "", at: yard.yard, by: TestYard.office)
            }
            for _ in 1...2 {
                let file = try await installation.fetchExportFile(
                    name, ofExport: 1, at: yard.yard, by: TestYard.office)
                #expect(Digest.sha256(try file.bytes) == export.files.first?.digest)
            }
            #expect(try state() == .handedOver)
            try await installation.acknowledgeExport(
                1, reference: "4711", at: yard.yard, by: TestYard.office)

            let standing = try installation.exportStanding(1, of: yard.yard)
            #expect(standing.state == .acknowledged)
            #expect(standing.handovers.map(\.step) == [.handedOver, .acknowledged])
            #expect(standing.handovers.map(\.means) == ["download", nil])
            #expect(standing.handovers.map(\.note) == ["", "4711"])
            await #expect(throws: OperationsError.exportState(1, found: "acknowledged")) {
                try await installation.rejectExport(
                    1, reason: "doch nicht", at: yard.yard, by: TestYard.office)
            }
            #expect(try installation.verify().misfit == nil)
        }
    }

    @Test func `all files come in one archive, which is the hand-over and always the same`()
        async throws
    {
        try await withClose { yard in
            let installation = yard.installation
            let export = try await installation.createExport(
                "gobd", of: [1], at: yard.yard, by: TestYard.office)
            func archive(_ person: Person) async throws -> (name: String, bytes: [UInt8]) {
                let archive = try await installation.fetchExportArchive(
                    ofExport: 1, at: yard.yard, by: person)
                let bytes = try archive.bytes
                #expect(Int64(bytes.count) == archive.byteCount)
                return (archive.name, bytes)
            }
            let first = try await archive(TestYard.auditor)
            #expect(first.name == "\(yard.yard.id.text)-export-000001.zip")
            #expect(try installation.exportStanding(1, of: yard.yard).state == .prepared)
            let (files, problems) = ZipArchive.files(in: first.bytes, named: first.name)
            #expect(problems == [] && files.count > 1)
            #expect(files.map(\.name) == export.files.map(\.name))
            #expect(files.map { Digest.sha256($0.bytes) } == export.files.map(\.digest))

            for _ in 1...2 { #expect(try await archive(TestYard.office).bytes == first.bytes) }
            let standing = try installation.exportStanding(1, of: yard.yard)
            #expect(standing.handovers.map(\.means) == ["download"])
            await #expect(
                throws: OperationsError.forbidden(
                    .roleMissing(act: .fetchExport, person: TestYard.cashier.id))
            ) { _ = try await archive(TestYard.cashier) }
            await #expect(throws: OperationsError.exportUnknown("7")) {
                _ = try await installation.fetchExportArchive(
                    ofExport: 7, at: yard.yard, by: TestYard.office)
            }
            #expect(try installation.verify().misfit == nil)
        }
    }

    @Test func `a close is exported once in a format unless finance rejects the export`()
        async throws
    {
        try await withClose { yard in
            let installation = yard.installation
            func export(_ format: String, _ closes: [Int64] = [1]) async throws -> ExportBatch {
                try await installation.createExport(
                    format, of: closes, at: yard.yard, by: TestYard.office)
            }
            let first = try await export("datev")
            _ = try await export("allgemein")
            await #expect(throws: OperationsError.exportTwice(close: 1, export: 1)) {
                _ = try await export("datev")
            }
            for _ in 1...2 { _ = try await export("gobd") }
            try await installation.rejectExport(
                1, reason: "Konto gesperrt", at: yard.yard, by: TestYard.office)
            let second = try await export("datev")
            #expect(second.corrects == [1] && first.corrects == [])
            #expect(second.files == first.files)
            #expect(second.sums == first.sums)
            await #expect(throws: OperationsError.exportTwice(close: 1, export: second.number)) {
                _ = try await export("datev")
            }
            let read = try installation.exports(of: yard.yard).last
            #expect(read == second)
        }
    }

    @Test func `only finance answers, with a reason, about an export that exists`() async throws {
        try await withClose { yard in
            let installation = yard.installation
            _ = try await installation.createExport(
                "datev", of: [1], at: yard.yard, by: TestYard.office)
            for person in [TestYard.cashier, TestYard.approver, TestYard.auditor] {
                await #expect(
                    throws: OperationsError.forbidden(
                        .roleMissing(act: .handOverExport, person: person.id))
                ) {
                    try await installation.rejectExport(
                        1, reason: "x", at: yard.yard, by: person)
                }
            }
            await #expect(throws: OperationsError.reasonMissing) {
                try await installation.rejectExport(
                    1, reason: " ", at: yard.yard, by: TestYard.office)
            }
            await #expect(throws: OperationsError.exportUnknown("2")) {
                try await installation.rejectExport(
                    2, reason: "x", at: yard.yard, by: TestYard.office)
            }
            await #expect(throws: OperationsError.targetUnknown("kasse")) {
                try await installation.handOverExport(
                    1, to: "kasse", at: yard.yard, by: TestYard.office)
            }
            #expect(try installation.exportStanding(1, of: yard.yard).handovers.isEmpty)
        }
    }

    @Test func `a folder gets the files and a done-file that sha256sum can check`() async throws {
        try await withClose { yard in
            let folder = yard.directory.path + "/eingang"
            let settings = "ziele:\n  - ziel: kasse\n    ordner: \(folder)\n"
            try Data(settings.utf8).write(
                to: URL(filePath: yard.directory.path + "/finance/uebergabe.yaml"))
            let installation = yard.installation
            let export = try await installation.createExport(
                "datev", of: [1], at: yard.yard, by: TestYard.office)
            #expect(try installation.exportTargets() == ["kasse"])
            let missing = try await #require(throws: OperationsError.self) {
                try await installation.handOverExport(
                    1, to: "kasse", at: yard.yard, by: TestYard.office)
            }
            #expect(missing.code == "handover-failed" && missing.remedy.contains(folder))
            #expect(try installation.exportStanding(1, of: yard.yard).state == .prepared)

            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: false)
            for _ in 1...2 {
                try await installation.handOverExport(
                    1, to: "kasse", at: yard.yard, by: TestYard.office)
            }
            let file = try #require(export.files.first)
            let done = FileManager.default.contents(
                atPath: "\(folder)/hof-1-export-000001.fertig")
            #expect(
                done.map { String(decoding: $0, as: UTF8.self) }
                    == "\(file.digest.hex)  \(file.name)\n")
            let bytes = FileManager.default.contents(atPath: "\(folder)/\(file.name)")
            #expect(bytes.map { Digest.sha256(Array($0)) } == file.digest)
            let standing = try installation.exportStanding(1, of: yard.yard)
            #expect(standing.state == .handedOver)
            #expect(standing.handovers.map(\.means) == ["kasse", "kasse"])
        }
    }

    @Test func `completeness names what is missing and counts a day without turnover`()
        async throws
    {
        try await withClose { yard in
            let installation = yard.installation
            #expect(try installation.exportCompleteness(of: yard.yard).isEmpty)
            _ = try await installation.createExport(
                "datev", of: [1], at: yard.yard, by: TestYard.office)
            yard.clock.advance(minutes: 24 * 60)
            try await yard.close(nil)
            yard.clock.advance(minutes: 24 * 60)
            try await yard.sell("privat: 2 m³ gruenabfall")
            try await yard.close(Tally(count: 1, amount: Cents(2_400)))

            let part = try #require(try installation.exportCompleteness(of: yard.yard).first)
            #expect(part.format == "datev" && !part.isComplete)
            #expect(part.missing == [2, 3] && part.twice == [] && part.unanswered == [1])
            #expect(part.grandTotal == Cents(3_600) && part.exported == Cents(1_200))

            let empty = try await installation.createExport(
                "datev", of: [2], at: yard.yard, by: TestYard.office)
            #expect(empty.files == [] && empty.sums == [])
            let last = try await installation.createExport(
                "datev", of: [3], at: yard.yard, by: TestYard.office)
            let whole = try #require(try installation.exportCompleteness(of: yard.yard).first)
            #expect(whole.isComplete && whole.exported == whole.grandTotal)
            #expect(whole.closes.map(\.turnover.value) == [1_200, 0, 2_400])

            try await installation.rejectExport(
                last.number, reason: "Datei leer", at: yard.yard, by: TestYard.office)
            let again = try #require(try installation.exportCompleteness(of: yard.yard).first)
            #expect(again.missing == [3] && !again.isComplete)
        }
    }

    @Test func `two profiles with one id are refused, and DATEV sees which export it has`()
        async throws
    {
        try await withClose { yard in
            let export = try await yard.installation.createExport(
                "datev", of: [1], at: yard.yard, by: TestYard.office)
            let bytes = try yard.installation.exportFile(
                try #require(export.files.first).name, ofExport: 1, at: yard.yard,
                by: TestYard.office)
            let head = String(decoding: bytes.prefix { $0 != 0x0D }, as: UTF8.self)
            #expect(try #require(head.firstMatch(of: /;"([0-9a-f]*)"$/)).1.count == 16)

            let folder = yard.directory.exportProfiles
            try FileManager.default.copyItem(
                atPath: "\(folder)/profil-mach.yaml", toPath: "\(folder)/profil-mach-2.yaml")
            let error = try #require(throws: OperationsError.self) {
                _ = try yard.installation.exportFormats()
            }
            #expect(error.remedy.contains("P-E10") && error.remedy.contains("mach"))
        }
    }

    @Test func `a demanded format counts before its first export, an unknown one is refused`()
        async throws
    {
        try await withClose { yard in
            let path = yard.directory.path + "/finance/uebergabe.yaml"
            try Data("pflicht: [datev]\n".utf8).write(to: URL(filePath: path))
            let found = try yard.installation.exportCompleteness(of: yard.yard)
            #expect(found.map(\.format) == ["datev"])
            #expect(found.first?.missing == [1])
            try Data("pflicht: [hledger]\n".utf8).write(to: URL(filePath: path))
            let error = try #require(throws: OperationsError.self) {
                _ = try yard.installation.exportCompleteness(of: yard.yard)
            }
            #expect(error.code == "account-plan-invalid" && error.remedy.contains("U-E07"))
        }
    }

    @Test func `a late sale of last year goes to a file of its own year`() async throws {
        try await withYard(at: "2026-12-31T10:00:00.000Z") { yard in
            let installation = yard.installation
            let late = try yard.terminal.sign(
                .sale(try yard.sale("privat: 1 m³ gruenabfall")))
            try await yard.close(nil)
            yard.clock.advance(minutes: 3 * 24 * 60)
            _ = try await yard.admit(late)
            try await yard.sell("privat: 2 m³ gruenabfall")
            try await yard.close(Tally(count: 2, amount: Cents(3_600)))
            for format in ["datev", "allgemein"] {
                let export = try await installation.createExport(
                    format, of: [2], at: yard.yard, by: TestYard.office)
                #expect(export.files.count == 2, "\(format)")
                #expect(export.files.map(\.rows) == [1, 1])
                #expect(export.files[0].name.contains("2026"))
                #expect(export.files[1].name.contains("2027"))
                #expect(export.sums?.map(\.year) == [2_026, 2_027])
                #expect(export.sums?.map(\.amount.value) == [1_200, 2_400])
            }
        }
    }

    @Test func `a close as data carries the proof that it is in the log`() async throws {
        try await withClose { yard in
            let installation = yard.installation
            func file() async throws -> [UInt8] {
                let export = try await installation.createExport(
                    "json", of: [1], at: yard.yard, by: TestYard.office)
                return try installation.exportFile(
                    "hof-1-000001.json", ofExport: export.number, at: yard.yard,
                    by: TestYard.office)
            }
            let bytes = try await file()
            try await yard.sell("privat: 1 m³ gruenabfall")
            #expect(try await file() == bytes)

            // Read as finance would: line ends within texts are no part of our own profile.
            let json = try #require(
                try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
            let close = try installation.close(1, of: yard.yard)
            let wanted = try JSONSerialization.jsonObject(with: Data(close.json.bytes))
            #expect(json["close"] as? NSDictionary == wanted as? NSDictionary)
            let entry = Array(try #require(json["entry"] as? String).utf8)
            let proof = try TlogProof.parse(Array(try #require(json["proof"] as? String).utf8))
            _ = try proof.verify(entry: entry, log: try yard.logKey)
            guard
                case .server(let record) = try StoredRecord(
                    position: LogPosition(0), bytes: entry
                ).fact
            else {
                Issue.record("no record")
                return
            }
            #expect(record.fact == .close(close.json))
        }
    }

    @Test func `A15: a file is compared with the register and what differs is named`()
        async throws
    {
        try await withClose { yard in
            let installation = yard.installation
            let export = try await installation.createExport(
                "allgemein", of: [1], at: yard.yard, by: TestYard.office)
            let package = try await installation.createExport(
                "gobd", of: [1], at: yard.yard, by: TestYard.office)
            let name = try #require(export.files.first).name
            func bytes(_ name: String, _ export: ExportBatch) throws -> [UInt8] {
                try installation.exportFile(
                    name, ofExport: export.number, at: yard.yard, by: TestYard.office)
            }
            let good = try bytes(name, export)
            func check(
                _ files: [(name: String, bytes: [UInt8])], isWhole: Bool = false
            ) throws -> [ExportFileVerdict] {
                try Installation.checkExport(
                    files.map { PiecedFile(name: $0.name, bytes: $0.bytes) }, isWhole: isWhole,
                    in: yard.directory)
            }
            #expect(try check([(name, good)]).map(\.isGood) == [true])
            #expect(try check([(name, good)]).first?.export == export)
            #expect(try check([("x.csv", good)]).first?.outcome == .registered(name: name))
            #expect(try check([("x.csv", [1])]).first?.outcome == .unknown)
            let text = String(decoding: good, as: UTF8.self).replacing("12,00", with: "13,00")
            guard case .differs(let words) = try check([(name, Array(text.utf8))]).first?.outcome
            else {
                Issue.record("no difference")
                return
            }
            #expect(words.contains { $0.contains("12,00") && $0.contains("13,00") }, "\(words)")

            var files = try package.files.map { ($0.name, try bytes($0.name, package)) }
            #expect(PackageCheck.problems(in: files.map { (name: $0.0, bytes: $0.1) }) == [])
            #expect(
                try check(files.map { (name: $0.0, bytes: $0.1) }, isWhole: true)
                    .allSatisfy(\.isGood))
            let lines = package.files.map { "\($0.digest.hex)  \($0.name)\n" }.joined()
            let done = "hof-1-export-000002.fertig"
            #expect(
                try check(
                    (files + [(done, Array(lines.utf8))]).map { (name: $0.0, bytes: $0.1) },
                    isWhole: true
                ).allSatisfy(\.isGood))
            let other = try #require(try check([(done, [1])]).first)
            #expect(!other.isGood && other.export == package)
            files.removeLast()
            let verdicts = try check(files.map { (name: $0.0, bytes: $0.1) }, isWhole: true)
            #expect(verdicts.last?.outcome == .missing)
            #expect(verdicts.last?.name == package.files.last?.name)
        }
    }
}

extension ExportDownload {
    /// All of it.
    var bytes: [UInt8] {
        get throws {
            var bytes: [UInt8] = []
            try eachPiece { bytes += $0 }
            return bytes
        }
    }
}
