import Hummingbird
import Operations
import Sales
import Storage
import Testing
import Units

@testable import API

/// The filters of `GET /v1/yards/…/sales`.
struct SaleQueryParametersTests {
    private static func query(_ text: String) throws -> SaleQuery {
        let pairs = text.split(separator: "&").map { pair -> (key: Substring, value: Substring) in
            let parts = pair.split(separator: "=", omittingEmptySubsequences: false)
            return (key: parts[0], value: parts[1])
        }
        return try SaleQuery(Parameters(pairs))
    }

    @Test func `each filter sets what it names and nothing else`() throws {
        let day = try #require(BusinessDay(iso: "2026-11-20"))
        let instant = try #require(Timestamp(iso: "2026-11-20T17:24:47.123Z"))
        let sale = try #require(SaleReference("t1-000042"))
        let cases: [(parameters: String, set: (inout SaleQuery) -> Void)] = [
            ("receipt=t1-000042", { $0.receipt = sale }),
            ("terminal=t1", { $0.terminal = sale.terminal }),
            ("day=2026-11-20", { ($0.dayFrom, $0.dayTo) = (day, day) }),
            ("from=2026-11-20", { $0.dayFrom = day }), ("to=2026-11-20", { $0.dayTo = day }),
            ("since=2026-11-20T17:24:47.123Z", { $0.since = instant }),
            ("before=2026-11-20T17:24:47.123Z", { $0.before = instant }),
            ("amount=1200", { ($0.totalFrom, $0.totalTo) = (Cents(1_200), Cents(1_200)) }),
            ("amountFrom=1200", { $0.totalFrom = Cents(1_200) }),
            ("amountTo=-1200", { $0.totalTo = Cents(-1_200) }),
            ("lastFour=0815", { $0.lastFour = "0815" }), ("state=card", { $0.state = "card" }),
            ("standing=on-account", { $0.standing = .onAccount }),
            ("text=grün", { $0.text = "grün" }), ("cursor=x&limit=7", { _ in }),
            (
                "from=2026-11-20&lastFour=0815",
                { ($0.dayFrom, $0.lastFour) = (day, "0815") }
            ),
        ]
        for (parameters, set) in cases {
            var wanted = SaleQuery()
            set(&wanted)
            #expect(try Self.query(parameters) == wanted, "\(parameters)")
        }
    }

    @Test(arguments: [
        "receipt=42", "terminal=T1", "day=gestern", "day=2026-02-30", "from=20.11.2026", "to=",
        "since=2026-11-20", "before=2026-11-20T17:24:47Z", "amount=12,00", "amountFrom=x",
        "amountTo=", "lastFour=815", "lastFour=08150", "lastFour=08a5", "standing=gone", "text=",
        "lastfour=0815", "form=2026-11-20", "state=quatsch", "state=",
    ])
    func `what does not fit or is no filter is refused`(parameters: String) {
        let problem = #expect(throws: Problem.self) { try Self.query(parameters) }
        #expect(problem?.status == 422 && problem?.code == "input-invalid")
    }

    @Test(arguments: ["free", "on-account", "void", "resolution", "refused", "aborted"])
    func `every state that a record can have is a filter`(state: String) throws {
        #expect(try Self.query("state=\(state)").state == state)
    }

    @Test func `a limit is a number from one on, a hundred where it is left out`() throws {
        func limit(_ text: String?) throws -> Int {
            var pairs: [(key: Substring, value: Substring)] = []
            if let text { pairs.append((key: "limit", value: Substring(text))) }
            return try Parameters(pairs).pageLimit()
        }
        #expect(try limit(nil) == 100)
        #expect(try limit("7") == 7)
        for text in ["abc", "0", "-1", "1.5", ""] {
            let problem = #expect(throws: Problem.self, "\(text)") { try limit(text) }
            #expect(problem?.status == 422 && problem?.code == "input-invalid")
        }
    }
}
