import DayClosing
import Exports
import FinanceSamples
import Sales
import Tariffs
import Testing
import Units

struct ProfileFileTests {
    let plan: AccountPlan
    let day: ClosedBatch

    init() throws {
        plan = try Samples.plan()
        day = try Samples.batch(try Samples.day(plan: plan), plan: plan)
    }

    private func profile(_ name: String) throws -> ExportProfile {
        let text = String(decoding: try Samples.file("finance/profil-\(name).yaml"), as: UTF8.self)
        return try #require(ExportProfile.decode(try Samples.tree(text)).profile)
    }

    private func rows(_ name: String, _ batches: [ClosedBatch]) throws -> [[String]] {
        let bytes = try profile(name).bytes(of: batches)
        return readCSV(String(decoding: bytes, as: UTF8.self))
    }

    @Test(arguments: [
        "allgemein", "business-central", "mach", "epaybl", "sollstellung", "auszahlung",
    ])
    func `a late sale of last year stands in a file of its own year`(name: String) throws {
        let profile = try profile(name)
        let claim = try Samples.sale([Samples.line(500)], .onAccount)
        let paid = try Samples.sale([Samples.line(1_190, "2")])
        let refund = try Reversal.make(
            .refund, of: paid, reference: Samples.reference(2), earlier: [], amounts: nil,
            reason: "zurück", settlement: .bankTransfer)
        var facts: [(ClosedRecord.Fact, day: String)] = []
        for day in ["2025-12-31", "2026-01-02"] {
            facts.append((.sale(Samples.reference(1), claim), day: day))
            facts.append((.sale(Samples.reference(2), paid), day: day))
            facts.append((.reversal(refund, of: paid), day: day))
        }
        let batch = try Samples.batch(
            try Samples.records(facts, plan: plan), plan: plan, day: "2026-01-02")

        let files = try profile.files(of: [batch])

        #expect(
            files.map(\.name) == [2025, 2026].map { "mitte-000317_\(profile.id)_\($0).csv" })
        #expect(files.first?.bytes != files.last?.bytes)
        let again = try profile.files(of: [batch])
        #expect(again.map(\.bytes) == files.map(\.bytes))
    }

    @Test func `a close in which no money moved makes no file and no zero row`() throws {
        let empty = try Samples.batch([], plan: plan)
        for name in ["allgemein", "mach", "epaybl"] {
            #expect(try profile(name).files(of: [empty]).isEmpty)
        }
        let both = try profile("allgemein").files(of: [
            day, try Samples.batch([], plan: plan, number: 318, day: "2026-11-21"),
        ])
        let alone = try profile("allgemein").files(of: [day])
        #expect(both.map(\.bytes) == alone.map(\.bytes))
    }

    @Test func `each booking list adds up to its bookings and all to the lines`() throws {
        let rows = try rows("epaybl", [day])
        var lists: [(total: Int64, count: Int, found: Int64, lines: Int)] = []
        func cents(_ text: String) throws -> Int64 {
            try #require(Int64(text.replacing(".", with: "")))
        }
        for row in rows {
            if row[0] == "L" {
                lists.append((try cents(row[1]), try #require(Int(row[8])), 0, 0))
            } else {
                let place = lists.count - 1
                lists[place].found += try cents(row[3])
                lists[place].lines += 1
            }
        }
        #expect(lists.count > 3)
        for list in lists {
            #expect(list.total == list.found)
            #expect(list.count == list.lines)
        }
        let lineCount = try day.totalLines().count
        #expect(lists.map(\.lines).reduce(0, +) == lineCount)
        let keys = rows.filter { $0[0] == "B" }.map { $0[6] }
        #expect(Set(keys).count == keys.count)
    }

    @Test func `the order year of a whole file is that of its latest close, as its date is`()
        throws
    {
        let shipped = String(
            decoding: try Samples.file("finance/profil-sollstellung.yaml"), as: UTF8.self)
        let text = shipped.replacing(
            "{titel: Haushaltsjahr, feld: haushaltsjahr}",
            with: "{titel: Haushaltsjahr, feld: anordnungsjahr}")
        let profile = try #require(ExportProfile.decode(try Samples.tree(text)).profile)
        let claim = try Samples.sale([Samples.line(500)], .onAccount)
        let facts: [(ClosedRecord.Fact, day: String)] = [
            (.sale(Samples.reference(1), claim), day: "2026-12-31")
        ]
        let records = try Samples.records(facts, plan: plan)
        let closes = [
            try Samples.batch(records, plan: plan, day: "2026-12-31"),
            try Samples.batch(records, plan: plan, number: 318, day: "2027-01-02"),
        ]

        let file = String(decoding: try profile.bytes(of: closes), as: UTF8.self)
        let head = try #require(readCSV(file).first)

        #expect(head[2] == "2027" && head[3] == "02.01.2027")
    }

    @Test func `a claim of several lines has one Kassenzeichen, another one its own`() throws {
        let claim = try Samples.sale(
            [Samples.line(500), Samples.line(2_140, "3", .charge, Samples.fee7)], .onAccount)
        let today = "2026-11-20"
        let batch = try Samples.batch(
            try Samples.records(
                [
                    (.sale(Samples.reference(1), claim), today),
                    (.sale(Samples.reference(2), claim), today),
                ], plan: plan), plan: plan)

        let claims = try rows("sollstellung", [batch]).filter { $0[0] == "P" }

        let numbers = Dictionary(grouping: claims) { $0[3] }.mapValues { Set($0.map { $0[2] }) }
        #expect(numbers["t1-000001"]?.count == 1 && numbers["t1-000002"]?.count == 1)
        #expect(numbers["t1-000001"] != numbers["t1-000002"])
        #expect(Set(claims.map { $0[1] }).count == 6)
    }

    @Test func `claims and payment orders hold exactly what is owed either way`() throws {
        let claims = try rows("sollstellung", [day])
        #expect(claims.map { $0[0] }.first == "K")
        #expect(claims.filter { $0[0] == "P" }.map { $0[9] } == ["1,40", "5,00", "20,00"])
        #expect(claims.last == ["E", "3", "26,40", "S"])
        let payments = try rows("auszahlung", [day]).dropFirst()
        #expect(payments.map { $0[7] }.sorted() == ["0,95", "5,00"])
        #expect(payments.allSatisfy { $0[4] == "379910" && $0[8] == "Auszahlung" })
    }

    @Test func `the feeder layout of MACH has its fields at their places`() throws {
        let bytes = try profile("mach").bytes(of: [day])
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n")
        let lineCount = try day.totalLines().count
        #expect(lines.count == lineCount)
        for line in lines {
            let text = Array(line)
            #expect(text.count == 139)
            #expect(String(text[0..<10]) == "9999999999")
            #expect(String(text[111..<119]) == "20262026")
            #expect(text[44] == ",")
        }
    }

    @Test func `the shipped plan fits every shipped profile and DATEV`() throws {
        let yards: [YardID] = [Samples.identifier("mitte")]
        for name in ["allgemein", "business-central", "mach", "epaybl", "auszahlung"] {
            #expect(try profile(name).errors(with: plan, yards: yards) == [])
        }
        #expect(try Samples.datev().errors(with: plan, yards: yards) == [])
    }

    @Test(arguments: [
        ("Benutzungsgebühren", "Benutzungsgebühren Ж", ExportError.Code.characterUnknown)
    ])
    func `a plan that a file cannot hold is refused before any close`(
        old: String, new: String, code: ExportError.Code
    ) throws {
        var names = plan.names
        for (account, name) in names where name == old { names[account] = new }
        let changed = AccountPlan(
            id: plan.id, title: plan.title, validFrom: plan.validFrom, note: plan.note,
            digest: plan.digest, names: names, revenue: plan.revenue, vat: plan.vat,
            clearing: plan.clearing, receivables: plan.receivables, unresolved: plan.unresolved,
            refunds: plan.refunds)
        let yards: [YardID] = [Samples.identifier("mitte")]
        for errors in [
            try Samples.datev().errors(with: changed, yards: yards),
            try profile("business-central").errors(with: changed, yards: yards),
        ] {
            #expect(errors.map(\.code) == [code], "\(errors)")
            #expect(errors.first?.field != nil && errors.first?.value == "Ж")
        }
    }
}
