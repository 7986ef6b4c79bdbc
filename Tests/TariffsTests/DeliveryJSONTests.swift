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

    /// A delivery that says everything that a plain one leaves out.
    static func fullDelivery() throws -> Delivery {
        func id<Kind>(_ text: String) throws -> Identifier<Kind> {
            try #require(Identifier<Kind>(text))
        }
        let weighing = try #require(
            Weighing(
                scale: "w1", ticket: "7", gross: Grams(900), tare: Grams(100),
                tareSource: .stored))
        let reclassification = Reclassification(
            declared: try id("schutt"), reason: "voller Holz", evidence: "Bild 3")
        return Delivery(
            day: try ValuePhrase.day("05.01.2024"), group: .household, origin: .nonResident,
            features: [try id("unbedeckt"), try id("karte")],
            holders: [.card: try id("17"), .household: try id("a")], isScaleBroken: true,
            items: [
                DeliveryItem(
                    fraction: try id("laub"), amount: .weight(Grams(800)),
                    source: .weighed(weighing), features: [try id("nass"), try id("fest")],
                    mixedWith: [try id("schutt"), try id("holz")],
                    reclassification: reclassification),
                DeliveryItem(
                    fraction: try id("laub"),
                    amount: .areaTime(SquareCentimetres(50_000), Minutes(10_080)),
                    source: .estimated,
                    reclassification: Reclassification(
                        declared: try id("schutt"), reason: "x")),
                DeliveryItem(
                    fraction: try id("laub"), amount: .duration(Minutes(45)), source: .counted),
                DeliveryItem(
                    fraction: try id("laub"), amount: .pounds(DeciPounds(4_805)),
                    source: .counted),
                DeliveryItem(
                    fraction: try id("laub"), amount: .cubicInches(CentiCubicInches(23_100)),
                    source: .estimated),
            ])
    }

    static let fullBytes = """
        {"day":"2024-01-05","group":"household","origin":"non-resident",\
        "features":"karte unbedeckt","holders":{"household":"a","card":"17"},\
        "scaleBroken":true,"items":[\
        {"fraction":"laub","measure":"weight","quantity":800,"source":"weighed","scale":"w1",\
        "ticket":"7","gross":900,"tare":100,"tareSource":"stored","features":"fest nass",\
        "mixedWith":"schutt holz","declared":"schutt","declaredReason":"voller Holz",\
        "evidence":"Bild 3"},\
        {"fraction":"laub","measure":"area-time","quantity":50000,"minutes":10080,\
        "source":"estimated","declared":"schutt","declaredReason":"x"},\
        {"fraction":"laub","measure":"duration","quantity":45,"source":"counted"},\
        {"fraction":"laub","measure":"pounds","quantity":4805,"source":"counted"},\
        {"fraction":"laub","measure":"cubic-inches","quantity":23100,"source":"estimated"}]}
        """

    @Test func `a delivery that says everything is written in known bytes and read back`() throws {
        let delivery = try Self.fullDelivery()

        #expect(delivery.json.text == Self.fullBytes)
        #expect(try Delivery(json: delivery.json) == delivery)
        #expect(
            try Delivery(json: StrictJSON.parse(Array(Self.fullBytes.utf8), depthMax: 3))
                == delivery)
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

    @Test(arguments: [
        Fault(.value, "origin", ("origin", "resident")),
        Fault(.value, "origin", ("origin", "Mars")),
        Fault(.value, "features", ("features", "")),
        Fault(.value, "features", ("features", "unbedeckt karte")),
        Fault(.value, "features", ("features", "karte karte")),
        Fault(.value, "features", ("features", "karte  unbedeckt")),
        Fault(.value, "features", ("features", " karte")),
        Fault(.value, "features", ("features", ["karte"])),
        Fault(.value, "holders", ("holders", .object([]))),
        Fault(.value, "holders", ("holders", "a")),
        Fault(.unknown, "holders.firma", ("holders", .fields(["firma": "a"]))),
        Fault(.value, "holders.card", ("holders", .fields(["card": "A"]))),
        Fault(.value, "scaleBroken", ("scaleBroken", false)),
        Fault(.value, "scaleBroken", ("scaleBroken", 1)),
    ])
    func `a faulty circumstance is refused by the path of its member`(_ fault: Fault) throws {
        let json = changed(try Self.fullDelivery().json, fault.change)

        let error = #expect(throws: DeliveryJSONError.self) { try Delivery(json: json) }

        #expect(error == DeliveryJSONError(kind: fault.kind, path: fault.path))
    }

    static let fullItemFaults: [(Int, Fault)] = [
        (0, Fault(.value, "tareSource", ("tareSource", "weighed"))),
        (0, Fault(.value, "tareSource", ("tareSource", "guessed"))),
        (0, Fault(.value, "features", ("features", "nass fest"))),
        (0, Fault(.value, "features", ("features", "Nass"))),
        (0, Fault(.value, "mixedWith", ("mixedWith", "schutt schutt"))),
        (0, Fault(.value, "mixedWith", ("mixedWith", "schutt laub"))),
        (0, Fault(.value, "mixedWith", ("mixedWith", ""))),
        (0, Fault(.unknown, "minutes", ("minutes", 5))),
        (0, Fault(.unknown, "declaredReason", ("declared", nil))),
        (0, Fault(.missing, "declaredReason", ("declaredReason", nil))),
        (0, Fault(.value, "declared", ("declared", "Schutt"))),
        (0, Fault(.value, "evidence", ("evidence", ""))),
        (1, Fault(.missing, "minutes", ("minutes", nil))),
        (1, Fault(.value, "minutes", ("minutes", 0))),
        (1, Fault(.value, "minutes", ("minutes", 1_000_000_001))),
        (1, Fault(.unknown, "fill", ("fill", 50))),
        (2, Fault(.unknown, "tareSource", ("tareSource", "stored"))),
        (2, Fault(.unknown, "evidence", ("evidence", "Bild"))),
        (3, Fault(.value, "quantity", ("quantity", 0))),
    ]

    @Test(arguments: fullItemFaults)
    func `a faulty member of a full item is refused by its path`(
        _ index: Int, _ fault: Fault
    ) throws {
        let json = try Self.fullDelivery().json
        var items = try #require(json["items"]?.array)
        items[index] = changed(items[index], fault.change)

        let error = #expect(throws: DeliveryJSONError.self) {
            try Delivery(json: changed(json, [("items", .array(items))]))
        }

        #expect(
            error
                == DeliveryJSONError(kind: fault.kind, path: "items[\(index)].\(fault.path)"))
    }

    @Test func `thirty-two features are read, one more is not`() throws {
        func json(_ count: Int) throws -> JSONValue {
            let words = (100..<100 + count).map { "m\($0)" }.joined(separator: " ")
            return changed(try Self.fullDelivery().json, [("features", .string(words))])
        }

        #expect(try Delivery(json: json(32)).features.count == 32)
        #expect(throws: DeliveryJSONError.self) { try Delivery(json: json(33)) }
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
        (3, Fault(.value, "reason", ("reason", .string(String(repeating: "ä", count: 201))))),
        (3, Fault(.unknown, "gross", ("gross", 1))),
        (4, Fault(.missing, "container", ("container", nil))),
        (4, Fault(.value, "fill", ("fill", 0))), (4, Fault(.value, "fill", ("fill", 101))),
        (4, Fault(.unknown, "vehicle", ("vehicle", "kombi"))),
        (5, Fault(.missing, "vehicle", ("vehicle", nil))),
        (5, Fault(.value, "quantity", ("quantity", 2))),
        (6, Fault(.value, "quantity", ("quantity", 2))),
    ]

    @Test func `a reason may have two hundred letters with umlauts`() throws {
        let json = try Self.delivery().json
        var items = try #require(json["items"]?.array)
        let reason = String(repeating: "ä", count: 200)
        items[3] = changed(items[3], [("reason", .string(reason))])
        let delivery = try Delivery(json: changed(json, [("items", .array(items))]))

        #expect(delivery.json["items"]?.array?[3]["reason"]?.string == reason)
    }

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
