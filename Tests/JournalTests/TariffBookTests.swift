import Journal
import Sales
import Testing
import Text
import Units

struct TariffBookTests {
    private static func day(_ text: String) throws -> BusinessDay {
        try #require(BusinessDay(iso: text))
    }

    /// `a 2026-01-01 2026-12-31`; without a last day it is open.
    private static func version(_ text: String) throws -> TariffVersion {
        let parts = text.split(separator: " ").map(String.init)
        return TariffVersion(
            digest: "d-\(parts[0])", id: parts[0], from: try day(parts[1]),
            to: parts.count > 2 ? try day(parts[2]) : nil)
    }

    private static func activation(_ text: String, ends: TariffEnding?) throws
        -> TariffActivation
    {
        let version = try version(text)
        return TariffActivation(
            id: version.id, title: "T", digest: version.digest, from: version.from,
            to: version.to, ends: ends, proposedBy: try #require(PersonID("olaf")),
            approvedBy: try #require(PersonID("bernd")))
    }

    private static func book(_ versions: [String]) throws -> TariffBook {
        var book = TariffBook()
        for text in versions {
            let ending = try book.succession(of: version(text))
            try book.activate(activation(text, ends: ending))
        }
        return book
    }

    private func told(_ versions: [String], _ newcomer: String) throws -> String {
        let book = try Self.book(versions)
        do throws(TariffBookError) {
            let ending = try book.succession(of: try Self.versionOrFail(newcomer))
            return ending.map { "ends \($0.digest) \($0.on.iso)" } ?? "ends nothing"
        } catch {
            switch error {
            case .overlaps(let other): return "overlaps \(other.id)"
            case .gap(let from, let to): return "gap \(from.iso) \(to.iso)"
            case .endsOther: return "ends other"
            }
        }
    }

    private static func versionOrFail(_ text: String) throws(TariffBookError) -> TariffVersion {
        do { return try version(text) } catch { fatalError("no version: \(text)") }
    }

    @Test(arguments: [
        ([], "b 2026-01-01", "ends nothing"),
        // Behind an open end.
        (["a 2024-01-05"], "b 2027-01-01", "ends d-a 2026-12-31"),
        (["a 2024-01-05"], "b 2027-01-01 2027-12-31", "ends d-a 2026-12-31"),
        (["a 2024-01-05"], "b 2024-01-06", "ends d-a 2024-01-05"),
        (["a 2024-01-05"], "b 2024-01-05", "ends d-a 2024-01-04"),
        // In front of everything.
        (["a 2024-01-05"], "b 2024-01-01", "overlaps a"),
        (["a 2024-01-05"], "b 2024-01-01 2024-01-05", "overlaps a"),
        (["a 2024-01-05"], "b 2024-01-01 2024-01-04", "ends nothing"),
        (["a 2024-01-05"], "b 2024-01-01 2024-01-03", "gap 2024-01-04 2024-01-04"),
        // Behind a fixed end.
        (["a 2024-01-01 2026-12-31"], "b 2027-01-01", "ends nothing"),
        (["a 2024-01-01 2026-12-31"], "b 2027-01-02", "gap 2027-01-01 2027-01-01"),
        (["a 2024-01-01 2026-12-31"], "b 2026-12-31", "ends d-a 2026-12-30"),
        (["a 2024-01-01 2026-12-31"], "b 2026-07-01 2026-12-31", "ends d-a 2026-06-30"),
        (["a 2024-01-01 2026-12-31"], "b 2026-07-01 2026-12-30", "gap 2026-12-31 2026-12-31"),
        // Between two.
        (["a 2024-01-01", "b 2027-01-01"], "c 2026-07-01", "overlaps b"),
        (["a 2024-01-01", "b 2027-01-01"], "c 2026-07-01 2027-01-01", "overlaps b"),
        (["a 2024-01-01", "b 2027-01-01"], "c 2026-07-01 2026-12-31", "ends d-a 2026-06-30"),
        (["a 2024-01-01", "b 2027-01-01"], "c 2026-07-01 2026-12-01", "gap 2026-12-02 2026-12-31"),
        // Instead of one that has not begun.
        (["a 2024-01-01", "b 2027-01-01"], "c 2027-01-01", "ends d-b 2026-12-31"),
        (["a 2024-01-01", "b 2027-01-01", "c 2027-01-01"], "d 2027-06-01", "ends d-c 2027-05-31"),
        (["a 2024-01-01", "b 2027-01-01", "c 2027-01-01"], "d 2026-06-01", "overlaps c"),
    ])
    func `a version fits behind those in force, or is told why not`(
        versions: [String], newcomer: String, expected: String
    ) throws {
        #expect(try told(versions, newcomer) == expected)
    }

    @Test func `each day has the version that was brought in last for it`() throws {
        let book = try Self.book(["a 2024-01-01", "b 2027-01-01", "c 2027-01-01", "d 2027-02-01"])

        for (day, id) in [
            ("2023-12-31", nil), ("2024-01-01", "a"), ("2026-12-31", "a"), ("2027-01-01", "c"),
            ("2027-01-31", "c"), ("2027-02-01", "d"), ("2199-12-31", "d"),
        ] {
            #expect(book.version(on: try Self.day(day))?.id == id, "\(day)")
        }
        #expect(book.versions.map(\.hasDays) == [true, false, true, true])
        #expect(try book.covers("d-a", on: Self.day("2026-12-31")))
        #expect(try !book.covers("d-b", on: Self.day("2027-01-01")))
    }

    @Test func `a record that ends another version than it has to does not fit`() throws {
        let wanted = TariffEnding(digest: "d-a", on: try Self.day("2026-12-31"))
        for wrong in [
            nil, TariffEnding(digest: "d-a", on: try Self.day("2026-12-30")),
            TariffEnding(digest: "d-b", on: try Self.day("2026-12-31")),
        ] {
            var book = try Self.book(["a 2024-01-01"])
            let record = try Self.activation("b 2027-01-01", ends: wrong)
            #expect(throws: TariffBookError.endsOther(wanted: wanted)) {
                try book.activate(record)
            }
        }
    }

    @Test func `a record names what it ends only where something ends`() throws {
        let ending = TariffEnding(digest: "d-a", on: try Self.day("2026-12-31"))
        for ends in [nil, ending] {
            let record = ServerRecord(
                log: "a.example/log", yard: try #require(YardID("hof-1")),
                at: try #require(Timestamp(iso: "2026-11-20T09:00:00.000Z")),
                fact: .tariff(try Self.activation("b 2027-01-01", ends: ends)))

            let text = String(decoding: record.payload, as: UTF8.self)

            #expect(try ServerRecord(payload: record.payload) == record)
            #expect(
                text.contains(#""to":null,"ends":{"digest":"d-a","on":"2026-12-31"},"proposedBy""#)
                    == (ends != nil))
            #expect(text.contains("ends") == (ends != nil))
        }
    }

    @Test(arguments: [
        #"null"#, #"{"digest":"d"}"#, #"{"digest":"d","on":"2026-02-30"}"#,
        #"{"digest":"d","on":"2026-12-31","x":1}"#,
    ])
    func `an end of another shape is refused`(ends: String) throws {
        let record = ServerRecord(
            log: "a.example/log", yard: try #require(YardID("hof-1")),
            at: try #require(Timestamp(iso: "2026-11-20T09:00:00.000Z")),
            fact: .tariff(try Self.activation("b 2027-01-01", ends: nil)))
        let text = String(decoding: record.payload, as: UTF8.self)
            .replacing(#""to":null,"#, with: #""to":null,"ends":\#(ends),"#)

        #expect(throws: PayloadError.self) { try ServerRecord(payload: Array(text.utf8)) }
    }
}
