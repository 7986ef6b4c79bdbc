import Calendars
import DayClosing
import FinanceSamples
import Foundation
import HTTPTypes
import People
import Reconciliation
import Storage
import Testing
import Units

@testable import Console
@testable import Operations

/// Taking in a bank file at the console: chosen, looked at, taken in once.
struct BankFileTests {
    private static let path = "/abgleich/einlesen"
    private static let sample = SampleStatement(
        1, day: "2026-11-17", [SampleStatement.Entry("2026-11-17", 1_200, "KARTENUMSATZ")])

    private static func file(_ statement: SampleStatement) -> (name: String, bytes: [UInt8]) {
        ("auszug.xml", statement.bytes)
    }

    /// A town whose account belongs to its one yard.
    private func withTown(
        _ people: [String],
        _ body: @Sendable @escaping (ConsoleYard, [Browser]) async throws -> Void
    )
        async throws
    {
        let yard = try await ConsoleYard()
        let settings = yard.installation.directory.settlement
        let text = try String(contentsOfFile: settings, encoding: .utf8)
        try text.replacing("hof: hof-1", with: "hof: nord").write(
            toFile: settings, atomically: true, encoding: .utf8)
        try await yard.browsing(people) { try await body(yard, $0) }
    }

    @Test func `a statement is shown first, taken in once, and told as known afterwards`()
        async throws
    {
        try await withTown(["finanzen"]) { yard, browsers in
            let finance = browsers[0]
            #expect(try await finance.get("/abgleich").text.contains("Noch kein Kontoauszug"))
            let form = try await finance.get(Self.path).text
            #expect(form.contains("enctype=\"multipart/form-data\""))
            #expect(form.contains("Von einem Dienstleister: Auszahlung mit Einzelposten"))

            let chosen = try await finance.upload(Self.path, file: Self.file(Self.sample))
            let place = try #require(chosen.location)
            #expect(chosen.status == 303 && place.hasPrefix("\(Self.path)/"))
            let preview = try await finance.get(place).text
            for words in [
                "Noch ist nichts übernommen", "auszug.xml", "S1 Nr. 1", SampleStatement.account,
                "17.11.2026", "12,00", ">Neu<", "Kommt in das Journal von", "Wertstoffhof Nord",
            ] { #expect(preview.contains(words), "\(words)") }
            #expect(try yard.installation.bankBook().lines.isEmpty)

            for _ in 1...2 { #expect(try await finance.post(place).location == place) }
            #expect(try yard.installation.bankBook().lines.count == 1)
            let done = try await finance.get(place).text
            #expect(done.contains("Ein Auszug neu") && !done.contains("Einlesen und abgleichen"))
            #expect(try await !finance.get("/abgleich").text.contains("Noch kein Kontoauszug"))

            let again = try await finance.upload(Self.path, file: Self.file(Self.sample))
            let known = try await finance.get(try #require(again.location)).text
            #expect(
                known.contains("Diese Datei ist schon eingelesen") && known.contains("Schon da"))
            #expect(!known.contains("Einlesen und abgleichen"))
        }
    }

    @Test func `what cannot be read is told at the field, with line and remedy`() async throws {
        try await withTown(["finanzen"]) { yard, browsers in
            let finance = browsers[0]
            func refusal(_ text: String, _ fields: [String: String] = [:]) async throws -> String {
                let answer = try await finance.upload(
                    Self.path, fields, file: ("auszug.xml", Array(text.utf8)))
                #expect(answer.status == 422 && answer.text.contains("Es gibt ein Problem"))
                return answer.text
            }
            let nothing = try await finance.upload(Self.path, file: nil)
            #expect(nothing.status == 422 && nothing.text.contains("Wählen Sie eine Datei."))
            #expect(nothing.text.contains("href=\"#datei\""))

            #expect(try await refusal("PK\u{3}\u{4}").contains("vorher auspacken"))
            #expect(try await refusal("").contains("B-E02"))
            let broken = Self.sample.text.replacing(
                "<Amt Ccy=\"EUR\">12.00", with: "<Amt Ccy=\"EUR\">zwölf")
            let told = try await refusal(broken)
            #expect(told.contains("B-E08") && told.contains("Zeile"))
            let foreign = SampleStatement(
                1, day: "2026-11-17", [], account: "DE89370400440532013000")
            #expect(
                try await refusal(foreign.text).contains("steht nicht in finance/abgleich.yaml"))
            #expect(
                try await refusal("x", ["art": "gibt-es-nicht"])
                    .contains("Wählen Sie, von wem die Datei ist."))
            let columns = try await refusal("a,b\r\n", ["art": "posten"])
            #expect(columns.contains("B-E12") && columns.contains("value=\"posten\" selected"))
            #expect(try yard.installation.bankBook().lines.isEmpty)
        }
    }

    @Test func `another content under a known name is refused before and while taking in`()
        async throws
    {
        try await withTown(["finanzen"]) { yard, browsers in
            let altered = SampleStatement(
                1, day: "2026-11-17", [SampleStatement.Entry("2026-11-17", 1_200, "ANDERS")])
            let chosen = try await browsers[0].upload(Self.path, file: Self.file(altered))
            _ = try await yard.installation.importBankFile(
                Self.sample.bytes, by: ConsoleYard.person("finanzen"))

            let late = try await browsers[0].post(try #require(chosen.location))
            #expect(late.status == 409 && late.text.contains("mit anderem Inhalt"))
            let early = try await browsers[0].upload(Self.path, file: Self.file(altered))
            #expect(early.status == 422 && early.text.contains("Fragen Sie die Bank"))
        }
    }

    @Test func `rules that fail behind a kept file are told with what was kept and what to do`()
        async throws
    {
        try await withTown(["finanzen"]) { yard, browsers in
            let finance = browsers[0]
            _ = try await yard.installation.importBankFile(
                Self.sample.bytes, by: ConsoleYard.person("finanzen"))
            let second = SampleStatement(
                2, day: "2026-11-18", [SampleStatement.Entry("2026-11-18", 500, "KARTENUMSATZ")])
            let place = try #require(
                try await finance.upload(Self.path, file: Self.file(second)).location)
            try await yard.installation.writer.perform { batch in
                let row = try #require(try batch.transaction.reading.bankStatements().first)
                try batch.transaction.insertBankLine(99, Array("{".utf8), at: row.position)
            }

            for _ in 1...2 { #expect(try await finance.post(place).location == place) }
            let page = try await finance.get(place)
            #expect(page.status == 200 && page.text.contains("Ein Auszug neu, aber noch nicht"))
            #expect(page.text.contains("Die Datei ist gespeichert"))
            #expect(!page.text.contains("nichts gespeichert"))
            #expect(page.text.contains("action=\"/abgleich/regeln\""))
            #expect(page.text.contains("Noch einmal abgleichen"))
            let kept = try yard.installation.database.read { try $0.bankStatements().count }
            #expect(kept == 2)

            let again = try await finance.post("/abgleich/regeln")
            #expect(again.status == 500 && !again.text.contains("nichts gespeichert"))
        }
    }

    @Test func `a close without receipts names its bank records and shows no empty table`()
        async throws
    {
        try await withTown(["pruefung"]) { yard, browsers in
            let installation = yard.installation
            let finance = try ConsoleYard.person("finanzen")
            _ = try await installation.importBankFile(Self.sample.bytes, by: finance)
            let item = try #require(try installation.bankBook().board.open.first?.item.code)
            _ = try await installation.settle(
                SettlementWish(.notOurs, received: [item], reason: "Miete"), by: finance)
            try await installation.countClose(
                [:], day: installation.calendar.day(of: installation.clock()), at: yard.yard,
                by: ConsoleYard.person("kasse"))
            _ = try await installation.approveClose(
                at: yard.yard, by: ConsoleYard.person("freigabe"))

            let page = try await browsers[0].get("/abschluesse/1").text
            #expect(page.contains("kam kein Beleg") && !page.contains("Belege je Terminal"))
            #expect(page.contains("<dt>Zugeordnete Bankumsätze</dt><dd>1</dd>"))
            let sheet = try await browsers[0].get("/abschluesse/1/blatt.txt").text
            #expect(sheet.contains("Zugeordnete Bankumsätze"))
        }
    }

    @Test func `only who may takes in, sees the own file only, and with the token`() async throws {
        try await withTown(["finanzen", "freigabe", ""]) { yard, browsers in
            let file = Self.file(Self.sample)
            #expect(try await browsers[1].upload(Self.path, file: file).status == 403)
            #expect(try await !browsers[1].get("/abgleich").text.contains(Self.path))
            let forged = try await browsers[0].upload(Self.path, file: file, csrf: "falsch")
            #expect(forged.status == 403)

            let second = Person(
                id: try ConsoleYard.person("betrieb").id, name: "Zweite", roles: [.finance])
            try await yard.installation.save(second, password: ConsoleYard.password)
            let place = try #require(
                try await browsers[0].upload(Self.path, file: file).location)
            try await browsers[2].signIn("betrieb")
            #expect(try await browsers[2].get(place).status == 410)
            #expect(try await browsers[0].get(place).status == 200)
            let gone = try await browsers[0].get("\(Self.path)/0123456789abcdef")
            #expect(gone.status == 410 && gone.text.contains("nicht mehr da"))
        }
    }

    @Test func `a file above the limit is refused, a form without a file stays small`() async throws
    {
        try await withTown(["finanzen"]) { _, browsers in
            let large = [UInt8](repeating: 0x20, count: Installation.bankFileBytesMax + 100_000)
            let refused = try await browsers[0].upload(Self.path, file: ("a.xml", large))
            #expect(refused.status == 413 && refused.text.contains("höchstens 20 MB"))
            let text = String(repeating: "x", count: ConsoleRoutes.bodyBytesMax)
            let form = try await browsers[0].post("/abgleich/posten/b-1", ["grund": text])
            #expect(form.status == 413 && form.text.contains("64 KiB"))
            let plain = try await browsers[0].post(Self.path, ["art": ""])
            #expect(plain.status == 422 && plain.text.contains("Wählen Sie eine Datei."))
            let broken = try await browsers[0].post(
                Self.path, headers: [.contentType: "multipart/form-data; boundary=grenze"])
            #expect(broken.status == 400 && broken.text.contains("nicht vollständig"))
            let long = try await browsers[0].post(Self.path, ["art": text])
            #expect(long.status == 413 && long.text.contains("64 KiB"))
        }
    }

    @Test func `memory keeps one file for each person, few in all, and none for long`() throws {
        let memory = ConsoleMemory()
        let start = try #require(Timestamp(milliseconds: ConsoleYard.day))
        func keep(_ code: String, _ person: String, at time: Timestamp) throws -> PersonID {
            let id = try #require(PersonID(person))
            memory.keep(
                ConsoleMemory.PendingBankFile(
                    code: code, file: UploadedFile(name: "a", bytes: [1]), profile: nil,
                    preview: BankFilePreview(parts: []), person: id, at: time))
            return id
        }
        let anna = try keep("1", "anna", at: start)
        _ = try keep("2", "anna", at: start)
        #expect(memory.bankFile("1", of: anna, now: start) == nil)
        let kept = try #require(memory.bankFile("2", of: anna, now: start))

        memory.finish(kept, ImportReport(parts: [], matching: .booked(1)))
        memory.finish(kept, ImportReport(parts: [], matching: .booked(2)))
        let done = try #require(memory.bankFile("2", of: anna, now: start))
        #expect(done.report?.bookedCount == 1 && done.file.bytes.isEmpty)

        let end = try #require(
            Timestamp(milliseconds: ConsoleYard.day + ConsoleMemory.bankFileMilliseconds + 1))
        #expect(memory.bankFile("2", of: anna, now: end) == nil)
        for number in 1...ConsoleMemory.bankFilesMax + 1 {
            _ = try keep("\(number)", "p\(number)", at: end)
        }
        let first = try #require(PersonID("p1"))
        let second = try #require(PersonID("p2"))
        #expect(memory.bankFile("1", of: first, now: end) == nil)
        #expect(memory.bankFile("2", of: second, now: end) != nil)
    }
}
