import Testing
import Text
import Units

@testable import TariffReports
@testable import Tariffs

struct RecordedSaleTests {
    private let delivery = Delivery(
        day: Made.day("2025-03-02"), group: .commercial, origin: .nonResident,
        holders: [.card: Made.id("k17")],
        items: [
            DeliveryItem(
                fraction: Made.id("holz"), amount: .volume(Millilitres(1_500_000)),
                source: .estimated)
        ])

    private func line(_ members: [(String, JSONValue)]) -> [UInt8] {
        JSONValue.object(members.map { JSONValue.Member($0, $1) }).bytes
    }

    @Test func `a line of a file is a sale`() throws {
        let lines: JSONValue = [.fields(["position": "1.1", "gross": 2200])]

        let sale = try RecordedSale(
            line: line([("sale", "t1-000042"), ("delivery", delivery.json), ("lines", lines)]))

        #expect(sale.name == "t1-000042")
        #expect(sale.delivery == delivery)
        #expect(sale.lines == [ChargedLine(position: "1.1", gross: Cents(2200))])
    }

    @Test func `without lines it was refused`() throws {
        let sale = try RecordedSale(line: line([("sale", "a"), ("delivery", delivery.json)]))

        #expect(sale.lines == nil && sale.total == .zero)
    }

    @Test(arguments: [
        ("{", "no JSON: "), ("[]", "document: wanted object"), ("{}", "sale: wanted string"),
        ("{\"sale\":\"a\"}", "delivery: wanted"),
        ("{\"sale\":\"a\",\"delivery\":{}}", "delivery "),
    ])
    func `what is no sale is refused with its place`(text: String, words: String) {
        let error = #expect(throws: RecordedSaleError.self) {
            _ = try RecordedSale(line: Array(text.utf8))
        }

        #expect(error?.words.hasPrefix(words) == true, "\(error?.words ?? "")")
    }

    @Test func `amounts out of range and unknown members are refused`() {
        let sale: [(String, JSONValue)] = [("sale", "a"), ("delivery", delivery.json)]
        let low: JSONValue = [.fields(["position": "1", "gross": -1])]
        let odd: JSONValue = [.fields(["position": "1", "gross": 1, "name": "x"])]

        for wrong in [
            sale + [("lines", low)], sale + [("lines", odd)], sale + [("total", 5)],
            sale + [("lines", 5)],
        ] {
            #expect(throws: RecordedSaleError.self) {
                _ = try RecordedSale(line: line(wrong))
            }
        }
    }
}
