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

    /// Place and code, such as `items[2].fill: missing`.
    package var words: String { path.isEmpty ? code : "\(path): \(code)" }

    /// The error of an object that stands at `place` of a larger one.
    func inside(_ place: String) -> DeliveryJSONError {
        DeliveryJSONError(kind: kind, path: path.isEmpty ? place : "\(place).\(path)")
    }
}

extension Delivery {
    private static let members = [
        "day", "group", "origin", "features", "holders", "scaleBroken", "items",
    ]

    /// The delivery in the form that signed payloads carry (docs/formats/tariff.md): three levels
    /// deep, members in fixed order, none for what holds without it.
    package var json: JSONValue {
        .fields([
            "day": .string(day.iso), "group": .string(group.rawValue),
            "origin": origin == .resident ? nil : .string(origin.rawValue),
            "features": features.isEmpty ? nil : .string(words(features.sorted())),
            "holders": holders.isEmpty ? nil : holdersJSON,
            "scaleBroken": isScaleBroken ? .bool(true) : nil, "items": .array(items.map(\.json)),
        ])
    }

    private var holdersJSON: JSONValue {
        .object(
            Holder.allCases.compactMap { holder in
                holders[holder].map { .init(holder.rawValue, .string($0.text)) }
            })
    }

    /// Reads ``json`` strictly.
    ///
    /// - Throws: the first problem in this order: no object, unknown members, then the number of
    ///   `items` (1 to ``Tariff/itemCountMax``), `day`, `group`, `origin`, `features`, `holders`,
    ///   `scaleBroken`, and each item in turn.
    package init(json: JSONValue) throws(DeliveryJSONError) {
        var object = try DeliveryObject(json, members: Self.members)
        let items = try object.array("items")
        guard (1...Tariff.itemCountMax).contains(items.count) else {
            throw DeliveryJSONError(kind: .value, path: "items")
        }
        self.init(
            day: try object.read("day") { BusinessDay(iso: $0) },
            group: try object.read("group") { CustomerGroup(rawValue: $0) },
            origin: try Self.origin(&object), features: try object.identifierSet("features"),
            holders: try Self.holders(&object), isScaleBroken: try object.truth("scaleBroken"),
            items: try items.enumerated().map { index, item throws(DeliveryJSONError) in
                do throws(DeliveryJSONError) { return try DeliveryItem(json: item) } catch {
                    throw error.inside("items[\(index)]")
                }
            })
    }

    /// The usual origin is not written.
    private static func origin(_ object: inout DeliveryObject) throws(DeliveryJSONError) -> Origin {
        guard object.has("origin") else { return .resident }
        return try object.read("origin") {
            $0 == Origin.resident.rawValue ? nil : Origin(rawValue: $0)
        }
    }

    private static func holders(
        _ delivery: inout DeliveryObject
    ) throws(DeliveryJSONError) -> [Holder: HolderKey] {
        guard delivery.has("holders") else { return [:] }
        let json = try delivery.member("holders")
        do throws(DeliveryJSONError) {
            var object = try DeliveryObject(json, members: Holder.allCases.map(\.rawValue))
            var holders: [Holder: HolderKey] = [:]
            for holder in Holder.allCases where object.has(holder.rawValue) {
                holders[holder] = try object.read(holder.rawValue) { HolderKey($0) }
            }
            guard !holders.isEmpty else { throw DeliveryJSONError(kind: .value, path: "") }
            return holders
        } catch {
            throw error.inside("holders")
        }
    }
}

extension DeliveryItem {
    private static let members = [
        "fraction", "measure", "quantity", "minutes", "container", "vehicle", "fill", "source",
        "scale", "ticket", "gross", "tare", "tareSource", "reason", "features", "mixedWith",
        "declared", "declaredReason", "evidence",
    ]

    fileprivate var json: JSONValue {
        .object(
            [.init("fraction", .string(fraction.text))] + amount.members + source.members
                + lists + (reclassification?.members ?? []))
    }

    private var lists: [JSONValue.Member] {
        let lists = [("features", words(features.sorted())), ("mixedWith", words(mixedWith))]
        return lists.compactMap { name, words in
            words.isEmpty ? nil : .init(name, .string(words))
        }
    }

    fileprivate init(json: JSONValue) throws(DeliveryJSONError) {
        var object = try DeliveryObject(json, members: Self.members)
        let fraction = try object.read("fraction") { FractionID($0) }
        let amount = try Amount(&object)
        let source = try AmountSource(&object)
        let features: Set<FeatureID> = try object.identifierSet("features")
        let mixedWith: [FractionID] = try object.identifiers("mixedWith")
        guard !mixedWith.contains(fraction) else { throw object.problem(.value, "mixedWith") }
        self.init(
            fraction: fraction, amount: amount, source: source, features: features,
            mixedWith: mixedWith, reclassification: try Reclassification(&object))
    }
}

extension Reclassification {
    fileprivate var members: [JSONValue.Member] {
        let evidence = evidence.map { [JSONValue.Member("evidence", .string($0))] }
        return [
            .init("declared", .string(declared.text)), .init("declaredReason", .string(reason)),
        ] + (evidence ?? [])
    }

    fileprivate init?(_ object: inout DeliveryObject) throws(DeliveryJSONError) {
        guard object.has("declared") else {
            try object.refuse(["declaredReason", "evidence"])
            return nil
        }
        self.init(
            declared: try object.read("declared") { FractionID($0) },
            reason: try object.text("declaredReason"),
            evidence: object.has("evidence") ? try object.text("evidence") : nil)
    }
}

/// Ids as one text, which keeps a delivery three levels deep.
private func words<Kind>(_ ids: [Identifier<Kind>]) -> String {
    ids.map(\.text).joined(separator: " ")
}
