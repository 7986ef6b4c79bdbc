import Testing
import Text
import Units

@testable import Tariffs

/// The JSON form of a delivery: known bytes, and strictness.
struct DeliveryJSONTests {
    static func delivery() throws -> Delivery {
        let laub = try #require(FractionID("laub"))
        let sack = try #require(ContainerID("sack"))
        let kombi = try #require(VehicleClassID("kombi"))
        let weighing = try #require(
            Weighing(scale: "W1", ticket: "4711", gross: Grams(2_840_000), tare: Grams(2_000_000)))
        func item(_ amount: Amount, _ source: AmountSource) -> DeliveryItem {
            DeliveryItem(fraction: laub, amount: amount, source: source)
        }
        return Delivery(
            day: try ValuePhrase.day("05.01.2024"), group: .commercial,
            items: [
                item(.pieces(2), .counted), item(.volume(Millilitres(1_600_000)), .estimated),
                item(.weight(Grams(840_000)), .weighed(weighing)),
                item(.area(SquareCentimetres(5)), .manual(reason: "Zollstock")),
                item(.containers(count: 3, kind: sack, fillPercent: 50), .counted),
                item(.vehicle(class: kombi, fillPercent: 100), .estimated),
                item(.delivery, .counted),
            ])
    }

    static let bytes = """
        {"day":"2024-01-05","group":"commercial","items":[\
        {"fraction":"laub","measure":"pieces","quantity":2,"source":"counted"},\
        {"fraction":"laub","measure":"volume","quantity":1600000,"source":"estimated"},\
        {"fraction":"laub","measure":"weight","quantity":840000,"source":"weighed","scale":"W1",\
        "ticket":"4711","gross":2840000,"tare":2000000},\
        {"fraction":"laub","measure":"area","quantity":5,"source":"manual","reason":"Zollstock"},\
        {"fraction":"laub","measure":"containers","quantity":3,"container":"sack","fill":50,\
        "source":"counted"},\
        {"fraction":"laub","measure":"vehicle","quantity":1,"vehicle":"kombi","fill":100,\
        "source":"estimated"},\
        {"fraction":"laub","measure":"delivery","quantity":1,"source":"counted"}]}
        """

    @Test func `a delivery is written in known bytes and read back`() throws {
        let delivery = try Self.delivery()

        #expect(delivery.json.text == Self.bytes)
        #expect(try Delivery(json: delivery.json) == delivery)
    }

    struct Fault: CustomTestStringConvertible {
        let kind: DeliveryJSONError.Kind
        let path: String
        let change: [(String, JSONValue?)]
        var testDescription: String { "\(kind) \(path)" }

        /// - Parameter change: members to set, or to leave out.
        init(_ kind: DeliveryJSONError.Kind, _ path: String, _ change: (String, JSONValue?)...) {
            self.kind = kind
            self.path = path
            self.change = change
        }
    }

    @Test(arguments: [
        Fault(.missing, "day", ("day", nil)), Fault(.value, "day", ("day", "05.01.2024")),
        Fault(.value, "day", ("day", 5)), Fault(.missing, "group", ("group", nil)),
        Fault(.value, "group", ("group", "privat")), Fault(.missing, "items", ("items", nil)),
        Fault(.value, "items", ("items", [])), Fault(.value, "items", ("items", "laub")),
        Fault(.value, "items[0]", ("items", [1])), Fault(.unknown, "note", ("note", "x")),
    ])
    func `a faulty delivery is refused by the path of its member`(_ fault: Fault) throws {
        let json = changed(try Self.delivery().json, fault.change)

        let error = #expect(throws: DeliveryJSONError.self) { try Delivery(json: json) }

        #expect(error?.kind == fault.kind)
        #expect(error?.path == fault.path)
    }

    static let itemFaults: [(Int, Fault)] = [
        (0, Fault(.missing, "fraction", ("fraction", nil))),
        (0, Fault(.value, "fraction", ("fraction", "Laub"))),
        (0, Fault(.missing, "measure", ("measure", nil))),
        (0, Fault(.value, "measure", ("measure", "litres"))),
        (0, Fault(.missing, "quantity", ("quantity", nil))),
        (0, Fault(.value, "quantity", ("quantity", 0))),
        (0, Fault(.value, "quantity", ("quantity", 1_000_000_001))),
        (0, Fault(.value, "quantity", ("quantity", "2"))),
        (0, Fault(.unknown, "fill", ("fill", 100))),
        (0, Fault(.unknown, "container", ("container", "sack"))),
        (0, Fault(.unknown, "vehicle", ("vehicle", "kombi"))),
        (0, Fault(.unknown, "reason", ("reason", "x"))),
        (0, Fault(.unknown, "colour", ("colour", "red"))),
        (0, Fault(.missing, "source", ("source", nil))),
        (0, Fault(.value, "source", ("source", "guessed"))),
        (2, Fault(.missing, "scale", ("scale", nil))),
        (2, Fault(.value, "ticket", ("ticket", ""))),
        (2, Fault(.value, "tare", ("tare", 2_840_000))),
        (2, Fault(.value, "tare", ("tare", -1))),
        (2, Fault(.value, "gross", ("gross", true))),
        (2, Fault(.unknown, "reason", ("reason", "x"))),
        (3, Fault(.missing, "reason", ("reason", nil))),
        (3, Fault(.value, "reason", ("reason", .string(String(repeating: "ä", count: 101))))),
        (3, Fault(.unknown, "gross", ("gross", 1))),
        (4, Fault(.missing, "container", ("container", nil))),
        (4, Fault(.value, "fill", ("fill", 0))), (4, Fault(.value, "fill", ("fill", 101))),
        (4, Fault(.unknown, "vehicle", ("vehicle", "kombi"))),
        (5, Fault(.missing, "vehicle", ("vehicle", nil))),
        (5, Fault(.value, "quantity", ("quantity", 2))),
        (6, Fault(.value, "quantity", ("quantity", 2))),
    ]

    @Test(arguments: itemFaults)
    func `a faulty item is refused by the path of its member`(_ index: Int, _ fault: Fault) throws {
        let json = try Self.delivery().json
        var items = try #require(json["items"]?.array)
        items[index] = changed(items[index], fault.change)

        let error = #expect(throws: DeliveryJSONError.self) {
            try Delivery(json: changed(json, [("items", .array(items))]))
        }

        #expect(error?.kind == fault.kind)
        #expect(error?.path == "items[\(index)].\(fault.path)")
    }

    @Test func `a member given twice is refused`() throws {
        let members = try #require(try Self.delivery().json.members)

        let error = #expect(throws: DeliveryJSONError.self) {
            try Delivery(json: .object(members + [members[0]]))
        }

        #expect(error == DeliveryJSONError(kind: .unknown, path: "day"))
    }

    @Test func `a hundred items are read, one more is not`() throws {
        let json = try Self.delivery().json
        let item = try #require(json["items"]?.array?.first)
        func items(_ count: Int) -> JSONValue {
            changed(json, [("items", .array(Array(repeating: item, count: count)))])
        }

        #expect(try Delivery(json: items(100)).items.count == 100)
        #expect(throws: DeliveryJSONError.self) { try Delivery(json: items(101)) }
    }

    private func changed(_ json: JSONValue, _ change: [(String, JSONValue?)]) -> JSONValue {
        var members = json.members ?? []
        for (name, value) in change {
            let place = members.firstIndex { $0.name == name }
            if let place { members.remove(at: place) }
            guard let value else { continue }
            members.insert(JSONValue.Member(name, value), at: place ?? members.count)
        }
        return .object(members)
    }
}
