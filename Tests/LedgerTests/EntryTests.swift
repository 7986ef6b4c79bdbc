import Ledger
import Testing
import Units

struct EntryTests {
    let cash: Account
    let revenue: Account

    init() throws {
        cash = try #require(Account("181900"))
        revenue = try #require(Account("432100"))
    }

    @Test(arguments: ["1234", "123456789", "0000"])
    func `four to nine digits are an account`(number: String) {
        #expect(Account(number)?.number == number)
    }

    @Test(arguments: ["", "123", "1234567890", "12 34", "12a4", "-1234", "１２３４"])
    func `anything else is no account`(number: String) {
        #expect(Account(number) == nil)
    }

    @Test(arguments: [0, -1])
    func `a posting of nothing or less does not exist`(cents: Int64) {
        #expect(Posting(.debit, cash, Cents(cents)) == nil)
    }

    @Test func `an entry that balances keeps its postings in order`() throws {
        let debit = try #require(Posting(.debit, cash, Cents(100)))
        let credit = try #require(Posting(.credit, revenue, costCentre: "5370", Cents(100)))

        let entry = try Entry([debit, credit])

        #expect(entry.postings == [debit, credit])
        #expect(entry.reversed.postings.map(\.side) == [.credit, .debit])
        #expect(entry.reversed.postings.map(\.costCentre) == [nil, "5370"])
        #expect(entry.reversed.reversed == entry)
    }

    @Test func `an entry that is one cent off does not exist`() throws {
        let debit = try #require(Posting(.debit, cash, Cents(100)))
        let credit = try #require(Posting(.credit, revenue, Cents(99)))

        #expect(throws: LedgerError.unbalanced(debit: Cents(100), credit: Cents(99))) {
            try Entry([debit, credit])
        }
    }

    @Test func `an entry may be empty`() throws {
        #expect(try Entry([]).postings.isEmpty)
    }
}
