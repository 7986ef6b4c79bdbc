package import Text
import Units

/// Why a JSON value is no delivery.
package struct DeliveryJSONError: Error, Hashable, Sendable {
    /// What is wrong; the raw value is a stable code.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The member is missing.
        case missing
        /// The member is not known here, does not belong to this measure or source, or is double.
        case unknown
        /// The value has the wrong type, form or range.
        case value
    }

    package let kind: Kind
    /// Such as `items[2].fill`; empty for the delivery itself.
    package let path: String

    package var code: String { kind.rawValue }
}

extension Delivery {
    /// The delivery in the form that signed payloads carry (docs/formats/tariff.md): three levels
    /// deep, members in fixed order.
    package var json: JSONValue {
        .fields([
            "day": .string(day.iso), "group": .string(group.rawValue),
            "items": .array(items.map(\.json)),
        ])
    }

    /// Reads ``json`` strictly.
    ///
    /// - Throws: the first problem in this order: no object, unknown members, then `day`, `group`
    ///   and `items` (1 to ``Tariff/itemCountMax``), each item in turn.
    package init(json: JSONValue) throws(DeliveryJSONError) {
        let object = try JSONObject(json, path: "", members: ["day", "group", "items"])
        let items = try object.array("items")
        guard (1...Tariff.itemCountMax).contains(items.count) else {
            throw DeliveryJSONError(kind: .value, path: "items")
        }
        self.init(
            day: try object.read("day") { BusinessDay(iso: $0) },
            group: try object.read("group") { CustomerGroup(rawValue: $0) },
            items: try items.enumerated().map { index, item throws(DeliveryJSONError) in
                try DeliveryItem(json: item, path: "items[\(index)]")
            })
    }
}

extension DeliveryItem {
    fileprivate static let members = [
        "fraction", "measure", "quantity", "container", "vehicle", "fill", "source", "scale",
        "ticket", "gross", "tare", "reason",
    ]

    fileprivate var json: JSONValue {
        .object(
            [JSONValue.Member("fraction", .string(fraction.text))] + amount.members
                + source.members)
    }

    fileprivate init(json: JSONValue, path: String) throws(DeliveryJSONError) {
        let object = try JSONObject(json, path: path, members: Self.members)
        self.init(
            fraction: try object.read("fraction") { FractionID($0) },
            amount: try Amount(object), source: try AmountSource(object))
    }
}

extension Amount {
    private var name: String {
        switch self {
        case .pieces: "pieces"
        case .containers: "containers"
        case .volume: "volume"
        case .weight: "weight"
        case .area: "area"
        case .vehicle: "vehicle"
        case .delivery: "delivery"
        }
    }

    fileprivate var members: [JSONValue.Member] {
        let common = [
            JSONValue.Member("measure", .string(name)),
            JSONValue.Member("quantity", .integer(number)),
        ]
        switch self {
        case .pieces, .volume, .weight, .area, .delivery:
            return common
        case .containers(_, let kind, let fill):
            return common + [.init("container", .string(kind.text)), .init("fill", .integer(fill))]
        case .vehicle(let vehicle, let fill):
            return common + [
                .init("vehicle", .string(vehicle.text)), .init("fill", .integer(fill)),
            ]
        }
    }

    /// Members that belong to other measures.
    private var foreignMembers: [String] {
        switch self {
        case .containers: ["vehicle"]
        case .vehicle: ["container"]
        case .pieces, .volume, .weight, .area, .delivery: ["container", "vehicle", "fill"]
        }
    }

    fileprivate init(_ object: JSONObject) throws(DeliveryJSONError) {
        let name = try object.read("measure") { $0 }
        let quantity = try object.integer("quantity", in: 1...Amount.numberMax)
        switch name {
        case "pieces": self = .pieces(quantity)
        case "volume": self = .volume(Millilitres(quantity))
        case "weight": self = .weight(Grams(quantity))
        case "area": self = .area(SquareCentimetres(quantity))
        case "delivery": self = .delivery
        case "containers":
            self = .containers(
                count: quantity, kind: try object.read("container") { ContainerID($0) },
                fillPercent: try object.integer("fill", in: 1...100))
        case "vehicle":
            self = .vehicle(
                class: try object.read("vehicle") { VehicleClassID($0) },
                fillPercent: try object.integer("fill", in: 1...100))
        default: throw object.problem(.value, "measure")
        }
        guard number == quantity else { throw object.problem(.value, "quantity") }
        try object.refuse(foreignMembers)
    }
}

extension AmountSource {
    /// The longest text of a weighing or reason, in UTF-8 bytes.
    private static let textBytesMax = 200

    fileprivate var members: [JSONValue.Member] {
        switch self {
        case .counted: [.init("source", "counted")]
        case .estimated: [.init("source", "estimated")]
        case .weighed(let weighing):
            [
                .init("source", "weighed"), .init("scale", .string(weighing.scale)),
                .init("ticket", .string(weighing.ticket)),
                .init("gross", .integer(weighing.gross.value)),
                .init("tare", .integer(weighing.tare.value)),
            ]
        case .manual(let reason): [.init("source", "manual"), .init("reason", .string(reason))]
        }
    }

    fileprivate init(_ object: JSONObject) throws(DeliveryJSONError) {
        switch try object.read("source", { $0 }) {
        case "counted": self = .counted
        case "estimated": self = .estimated
        case "manual": self = .manual(reason: try object.read("reason", Self.text))
        case "weighed":
            let weighing = Weighing(
                scale: try object.read("scale", Self.text),
                ticket: try object.read("ticket", Self.text),
                gross: Grams(try object.integer("gross", in: 1...Amount.numberMax)),
                tare: Grams(try object.integer("tare", in: 0...Amount.numberMax)))
            guard let weighing else { throw object.problem(.value, "tare") }
            self = .weighed(weighing)
        default: throw object.problem(.value, "source")
        }
        try object.refuse(foreignMembers)
    }

    /// Members that belong to other sources.
    private var foreignMembers: [String] {
        switch self {
        case .weighed: ["reason"]
        case .manual: ["scale", "ticket", "gross", "tare"]
        case .counted, .estimated: ["scale", "ticket", "gross", "tare", "reason"]
        }
    }

    private static func text(_ text: String) -> String? {
        (1...textBytesMax).contains(text.utf8.count) ? text : nil
    }
}

/// An object whose members are all known and stand once, with its path.
private struct JSONObject {
    private let members: [JSONValue.Member]
    private let path: String

    init(_ value: JSONValue, path: String, members known: [String]) throws(DeliveryJSONError) {
        guard let members = value.members else {
            throw DeliveryJSONError(kind: .value, path: path)
        }
        self.members = members
        self.path = path
        for (place, member) in members.enumerated() {
            let isRepeated = members[..<place].contains { $0.name == member.name }
            guard known.contains(member.name), !isRepeated else {
                throw problem(.unknown, member.name)
            }
        }
    }

    func problem(_ kind: DeliveryJSONError.Kind, _ name: String) -> DeliveryJSONError {
        DeliveryJSONError(kind: kind, path: path.isEmpty ? name : "\(path).\(name)")
    }

    func array(_ name: String) throws(DeliveryJSONError) -> [JSONValue] {
        guard let elements = try member(name).array else { throw problem(.value, name) }
        return elements
    }

    func read<Value>(
        _ name: String, _ read: (String) -> Value?
    ) throws(DeliveryJSONError) -> Value {
        guard let value = try member(name).string.flatMap(read) else { throw problem(.value, name) }
        return value
    }

    func integer(_ name: String, in range: ClosedRange<Int64>) throws(DeliveryJSONError) -> Int64 {
        guard let number = try member(name).integer, range.contains(number) else {
            throw problem(.value, name)
        }
        return number
    }

    /// Refuses members that do not belong here.
    func refuse(_ names: [String]) throws(DeliveryJSONError) {
        for member in members where names.contains(member.name) {
            throw problem(.unknown, member.name)
        }
    }

    private func member(_ name: String) throws(DeliveryJSONError) -> JSONValue {
        guard let member = members.first(where: { $0.name == name }) else {
            throw problem(.missing, name)
        }
        return member.value
    }
}
