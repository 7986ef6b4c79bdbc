package import Text
package import Units

/// A kind of waste that a tariff knows (Abfallart).
package struct Fraction: Hashable, Sendable {
    package let id: FractionID
    /// The citizen's name.
    package let name: String
    /// The English name; the German one if the file gives none.
    package let englishName: String
    /// Other names that people use.
    package let also: [String]
    /// Codes of the waste list (AVV), such as `17 06 05*`; the asterisk means hazardous.
    package let wasteCodes: [String]
    /// Whether the yard sells it instead of taking it (Ware).
    package let isGoods: Bool
    /// Examples of what belongs to it, and of what does not.
    package let belongs: [String]
    package let excluded: [String]
    /// What a cubic metre and a piece weigh, for loads that were not weighed.
    package let gramsPerCubicMetre: Grams?
    package let gramsPerPiece: Grams?
    /// The measures that a position prices it in, in the tariff's order; for entry tiles.
    package let measures: [MeasureOption]
    /// Where it stands in the file.
    package let place: SourcePosition
}

/// A way to enter how much of a fraction was brought.
package struct MeasureOption: Hashable, Sendable {
    package let measure: Measure
    /// The unit that the sheet writes; nil for containers, vehicles and the delivery.
    package let unit: MeasureUnit?
    /// Label of a tile, such as `m³` or `Sack`.
    package let name: String
}

/// A kind of container (Behälter).
package struct Container: Hashable, Sendable {
    package let id: ContainerID
    package let name: String
    package let plural: String
    package let englishName: String
    package let englishPlural: String
    /// What it holds, if the sheet says so; for statistics.
    package let content: Millilitres?
}

/// A vehicle class with the way it is loaded (Fahrzeugklasse).
package struct VehicleClass: Hashable, Sendable {
    package let id: VehicleClassID
    package let name: String
    package let englishName: String
}

/// A fact that the attendant ticks (Merkmal).
package struct Feature: Hashable, Sendable {
    package enum Scope: Hashable, Sendable {
        case delivery, item
    }

    package let id: FeatureID
    package let name: String
    package let englishName: String
    /// What the attendant asks; nil if the name says it.
    package let question: String?
    package let scope: Scope
    /// Whether it stands for a card or booking, which the delivery must then name (Berechtigung).
    package let isEntitlement: Bool
}

/// What a tariff gives names to.
struct Catalogue: Hashable, Sendable {
    let fractions: [Fraction]
    let containers: [Container]
    let vehicleClasses: [VehicleClass]
    let features: [Feature]
    private let fractionPlaces: NamePlaces<FractionKind>
    private let containerPlaces: NamePlaces<ContainerKind>
    private let vehiclePlaces: NamePlaces<VehicleClassKind>
    private let featurePlaces: NamePlaces<FeatureKind>

    init(
        fractions: [Fraction], containers: [Container], vehicleClasses: [VehicleClass],
        features: [Feature]
    ) {
        self.fractions = fractions
        self.containers = containers
        self.vehicleClasses = vehicleClasses
        fractionPlaces = NamePlaces(fractions.map { ($0.id, $0.spokenNames) })
        containerPlaces = NamePlaces(containers.map { ($0.id, $0.spokenNames) })
        vehiclePlaces = NamePlaces(vehicleClasses.map { ($0.id, $0.spokenNames) })
        self.features = features
        featurePlaces = NamePlaces(features.map { ($0.id, $0.spokenNames) })
    }

    func fraction(called word: some StringProtocol) -> Fraction? {
        fractionPlaces[SpokenName(word)].map { fractions[$0] }
    }

    func container(called word: some StringProtocol) -> Container? {
        containerPlaces[SpokenName(word)].map { containers[$0] }
    }

    func vehicleClass(called word: some StringProtocol) -> VehicleClass? {
        vehiclePlaces[SpokenName(word)].map { vehicleClasses[$0] }
    }

    func feature(called word: some StringProtocol) -> Feature? {
        featurePlaces[SpokenName(word)].map { features[$0] }
    }

    func feature(_ id: FeatureID) -> Feature? { featurePlaces[id].map { features[$0] } }

    func fraction(_ id: FractionID) -> Fraction? { fractionPlaces[id].map { fractions[$0] } }

    func container(_ id: ContainerID) -> Container? { containerPlaces[id].map { containers[$0] } }

    func vehicleClass(_ id: VehicleClassID) -> VehicleClass? {
        vehiclePlaces[id].map { vehicleClasses[$0] }
    }
}

/// Where in its list a thing stands, by id and by every name.
private struct NamePlaces<Kind>: Hashable, Sendable {
    private var ids: [Identifier<Kind>: Int] = [:]
    private var names: [SpokenName: Int] = [:]

    init(_ things: [(id: Identifier<Kind>, names: [SpokenName])]) {
        for (place, thing) in things.enumerated() {
            ids[thing.id] = place
            for name in thing.names { names[name] = place }
        }
    }

    subscript(id: Identifier<Kind>) -> Int? { ids[id] }
    subscript(name: SpokenName) -> Int? { names[name] }
}

/// A name as people type it: case, umlauts written out and spacing make no difference.
struct SpokenName: Hashable {
    let folded: String

    init(_ text: some StringProtocol) {
        var folded: [UInt8] = []
        folded.reserveCapacity(text.utf8.count)
        for scalar in text.lowercased().unicodeScalars {
            switch scalar {
            case "ä": folded += "ae".utf8
            case "ö": folded += "oe".utf8
            case "ü": folded += "ue".utf8
            case "ß": folded += "ss".utf8
            case "³": folded.append(UInt8(ascii: "3"))
            case "²": folded.append(UInt8(ascii: "2"))
            case _ where scalar.properties.isWhitespace:
                if folded.last.map({ $0 != Self.space }) == true { folded.append(Self.space) }
            default: folded += Character(scalar).utf8
            }
        }
        if folded.last == Self.space { folded.removeLast() }
        self.folded = String(decoding: folded, as: UTF8.self)
    }

    private static let space = UInt8(ascii: " ")
}

extension Fraction {
    var spokenNames: [SpokenName] { ([id.text, name] + also).map { SpokenName($0) } }
}

extension Container {
    var spokenNames: [SpokenName] { [id.text, name, plural].map { SpokenName($0) } }
}

extension Feature {
    var spokenNames: [SpokenName] { [id.text, name].map { SpokenName($0) } }
}

extension VehicleClass {
    var spokenNames: [SpokenName] { [id.text, name].map { SpokenName($0) } }
}
