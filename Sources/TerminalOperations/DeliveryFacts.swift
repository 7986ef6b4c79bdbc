import Foundation
import Sales
import Signing
package import Tariffs
import Text
package import Units

/// What holds for a delivery as a whole besides who delivers.
package struct DeliveryFacts: Hashable, Sendable {
    package var origin = Origin.resident
    /// What is ticked for the whole delivery.
    package var features: Set<FeatureID> = []
    /// Whose quotas are used.
    package var holders: [Holder: HolderEntry] = [:]
    package var isScaleBroken = false

    package init() {}
}

/// Whose quota is used: the key that is recorded, and the text that was typed, which never leaves
/// the terminal.
package struct HolderEntry: Hashable, Sendable {
    package let key: HolderKey
    /// One line.
    package let text: String

    /// What was typed, at a yard.
    ///
    /// A number stays as it is; whatever has a letter in it, and everything about a person,
    /// becomes a digest (docs/formats/envelope.md), so that no name comes into the log. Case,
    /// umlauts written out, spaces and marks make no difference.
    ///
    /// - Throws: ``TerminalError`` `text-missing`, `text-invalid`.
    package init(_ text: String, for holder: Holder, at yard: YardID) throws(TerminalError) {
        let checked = try FreeText.checked(text, field: holder.german)
        let plain = Self.normalised(checked)
        guard !plain.isEmpty, let key = Self.key(plain, holder, yard) else {
            throw TerminalError(
                .textInvalid, "Darin steht weder ein Buchstabe noch eine Ziffer.", .entered,
                "Geben Sie eine Nummer oder einen Namen ein.")
        }
        self.init(key: key, text: checked)
    }

    init(key: HolderKey, text: String) {
        self.key = key
        self.text = text
    }

    private static func key(_ plain: String, _ holder: Holder, _ yard: YardID) -> HolderKey? {
        let isNumber = plain.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2D }
        if isNumber, holder != .person, let key = HolderKey(plain) { return key }
        let digest = Digest.sha256(Array("\(yard.text)\n\(plain)".utf8))
        return HolderKey(String(digest.hex.prefix(32)))
    }

    /// Lower-case letters and digits with single hyphens between the words.
    private static func normalised(_ text: String) -> String {
        var plain = ""
        for scalar in text.lowercased().precomposedStringWithCanonicalMapping.unicodeScalars {
            switch scalar {
            case "ä": plain += "ae"
            case "ö": plain += "oe"
            case "ü": plain += "ue"
            case "ß": plain += "ss"
            case _ where scalar.properties.isAlphabetic || scalar.properties.numericType != nil:
                plain.unicodeScalars.append(scalar)
            default: if !plain.isEmpty, plain.last != "-" { plain += "-" }
            }
        }
        return plain.last == "-" ? String(plain.dropLast()) : plain
    }
}

extension Holder {
    /// With article, for sentences.
    var german: String {
        switch self {
        case .household: "der Haushalt"
        case .person: "die Person"
        case .parcel: "das Grundstück"
        case .card: "die Karte"
        }
    }
}

extension DeliveryFacts {
    /// The form in which a terminal stores it (docs/formats/terminal-store.md).
    var json: JSONValue {
        .fields([
            "origin": .string(origin.rawValue),
            "features": .array(features.sorted().map { .string($0.text) }),
            "holders": .array(
                Holder.allCases.compactMap { holder in
                    holders[holder].map {
                        .fields([
                            "holder": .string(holder.rawValue), "key": .string($0.key.text),
                            "text": .string($0.text),
                        ])
                    }
                }), "scaleBroken": .bool(isScaleBroken),
        ])
    }

    init(json: JSONValue) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: "draft.facts")
        origin = try reader.choice("origin")
        for text in try reader.strings("features") {
            guard let feature = FeatureID(text) else {
                throw reader.problem("features", wanted: "ids")
            }
            features.insert(feature)
        }
        let entries = try reader.list("holders") { (json, path) throws(JSONShapeError) in
            var inner = try ObjectReader(json, path: path)
            let holder: Holder = try inner.choice("holder")
            let key: HolderKey = try inner.identifier("key")
            let entry = HolderEntry(key: key, text: try inner.string("text"))
            try inner.finish()
            return (holder, entry)
        }
        for (holder, entry) in entries { holders[holder] = entry }
        isScaleBroken = try reader.bool("scaleBroken")
        try reader.finish()
    }
}
