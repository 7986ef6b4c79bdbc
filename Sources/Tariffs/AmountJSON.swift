import Text
import Units

extension Amount {
    private var name: String {
        switch self {
        case .pieces: "pieces"
        case .containers: "containers"
        case .volume: "volume"
        case .weight: "weight"
        case .area: "area"
        case .duration: "duration"
        case .areaTime: "area-time"
        case .pounds: "pounds"
        case .cubicInches: "cubic-inches"
        case .vehicle: "vehicle"
        case .delivery: "delivery"
        }
    }

    /// The members of a signed payload that tell the amount.
    var members: [JSONValue.Member] {
        let common = [
            JSONValue.Member("measure", .string(name)),
            JSONValue.Member("quantity", .integer(number)),
        ]
        switch self {
        case .pieces, .volume, .weight, .area, .duration, .pounds, .cubicInches, .delivery:
            return common
        case .areaTime(_, let minutes):
            return common + [.init("minutes", .integer(minutes.value))]
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
        case .containers: ["minutes", "vehicle"]
        case .vehicle: ["minutes", "container"]
        case .areaTime: ["container", "vehicle", "fill"]
        case .pieces, .volume, .weight, .area, .duration, .pounds, .cubicInches, .delivery:
            ["minutes", "container", "vehicle", "fill"]
        }
    }

    init(_ object: inout DeliveryObject) throws(DeliveryJSONError) {
        let name = try object.read("measure") { $0 }
        let quantity = try object.integer("quantity", in: 1...Amount.numberMax)
        switch name {
        case "pieces": self = .pieces(quantity)
        case "volume": self = .volume(Millilitres(quantity))
        case "weight": self = .weight(Grams(quantity))
        case "area": self = .area(SquareCentimetres(quantity))
        case "duration": self = .duration(Minutes(quantity))
        case "area-time":
            self = .areaTime(
                SquareCentimetres(quantity),
                Minutes(try object.integer("minutes", in: 1...Amount.numberMax)))
        case "pounds": self = .pounds(DeciPounds(quantity))
        case "cubic-inches": self = .cubicInches(CentiCubicInches(quantity))
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
    private static let weighingMembers = ["scale", "ticket", "gross", "tare", "tareSource"]
    private static let weighingOrReason = weighingMembers + ["reason"]

    /// The members of a signed payload that tell the source.
    var members: [JSONValue.Member] {
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
                + (weighing.tareSource == .weighed
                    ? [] : [.init("tareSource", .string(weighing.tareSource.rawValue))])
        case .manual(let reason): [.init("source", "manual"), .init("reason", .string(reason))]
        }
    }

    init(_ object: inout DeliveryObject) throws(DeliveryJSONError) {
        switch try object.read("source", { $0 }) {
        case "counted": self = .counted
        case "estimated": self = .estimated
        case "manual": self = .manual(reason: try object.text("reason"))
        case "weighed":
            let weighing = Weighing(
                scale: try object.text("scale"), ticket: try object.text("ticket"),
                gross: Grams(try object.integer("gross", in: 1...Amount.numberMax)),
                tare: Grams(try object.integer("tare", in: 0...Amount.numberMax)),
                tareSource: try Self.tareSource(&object))
            guard let weighing else { throw object.problem(.value, "tare") }
            self = .weighed(weighing)
        default: throw object.problem(.value, "source")
        }
        try object.refuse(foreignMembers)
    }

    /// The usual source is not written.
    private static func tareSource(
        _ object: inout DeliveryObject
    ) throws(DeliveryJSONError) -> Weighing.TareSource {
        guard object.has("tareSource") else { return .weighed }
        return try object.read("tareSource") {
            $0 == Weighing.TareSource.weighed.rawValue ? nil : Weighing.TareSource(rawValue: $0)
        }
    }

    /// Members that belong to other sources.
    private var foreignMembers: [String] {
        switch self {
        case .weighed: ["reason"]
        case .manual: Self.weighingMembers
        case .counted, .estimated: Self.weighingOrReason
        }
    }
}
