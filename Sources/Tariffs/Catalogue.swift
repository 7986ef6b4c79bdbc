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
    /// The measures that a position prices it in, in the tariff's order; for entry tiles.
    package let measures: [MeasureOption]
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

/// What a tariff gives names to.
struct Catalogue: Hashable, Sendable {
    var fractions: [Fraction] = []
    var containers: [Container] = []
    var vehicleClasses: [VehicleClass] = []

    func fraction(called word: some StringProtocol) -> Fraction? {
        let key = SpokenName(word)
        return fractions.first { $0.spokenNames.contains(key) }
    }

    func container(called word: some StringProtocol) -> Container? {
        let key = SpokenName(word)
        return containers.first { $0.spokenNames.contains(key) }
    }

    func vehicleClass(called word: some StringProtocol) -> VehicleClass? {
        let key = SpokenName(word)
        return vehicleClasses.first { $0.spokenNames.contains(key) }
    }
}

/// A name as people type it: case, umlauts written out and spacing make no difference.
struct SpokenName: Hashable {
    let folded: String

    init(_ text: some StringProtocol) {
        var folded = ""
        for character in text.lowercased() {
            switch character {
            case "ä": folded += "ae"
            case "ö": folded += "oe"
            case "ü": folded += "ue"
            case "ß": folded += "ss"
            case "³": folded += "3"
            case "²": folded += "2"
            default:
                let space = character.isWhitespace
                guard !space || folded.last.map({ $0 != " " }) == true else { continue }
                folded.append(space ? " " : character)
            }
        }
        if folded.hasSuffix(" ") { folded.removeLast() }
        self.folded = folded
    }
}

extension Fraction {
    var spokenNames: [SpokenName] { ([id.text, name] + also).map { SpokenName($0) } }
}

extension Container {
    var spokenNames: [SpokenName] { [id.text, name, plural].map { SpokenName($0) } }
}

extension VehicleClass {
    var spokenNames: [SpokenName] { [id.text, name].map { SpokenName($0) } }
}
