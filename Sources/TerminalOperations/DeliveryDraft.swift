package import Journal
import Sales
package import Tariffs
package import Text
package import Units

/// A delivery while it is entered: what will be priced, and what is known of people.
package struct DeliveryDraft: Hashable, Sendable {
    /// A load on the scale that has not been weighed empty yet.
    package struct WeighIn: Hashable, Sendable {
        package let fraction: FractionID
        package let scale: String
        package let ticket: String
        package let gross: Grams
        package let at: Timestamp
    }

    /// When an item was weighed; nil for items that were not.
    package struct WeighingTimes: Hashable, Sendable {
        package let weighedIn: Timestamp
        package let weighedOut: Timestamp
    }

    package let day: BusinessDay
    package var group: CustomerGroup
    package var facts = DeliveryFacts()
    package private(set) var items: [DeliveryItem] = []
    /// One for each item.
    package private(set) var times: [WeighingTimes?] = []
    package var weighIn: WeighIn?
    /// Plate, customer, debtor and note; never part of the hashed bytes.
    package var personal: [PersonalField: String] = [:]
    /// The quotas as a payment was asked for with them, so that the sale has the price that was
    /// paid; nil while none is asked for.
    package var fixedQuota: [QuotaUse]?

    package init(day: BusinessDay, group: CustomerGroup) {
        self.day = day
        self.group = group
    }

    package var delivery: Delivery {
        Delivery(
            day: day, group: group, origin: facts.origin, features: facts.features,
            holders: facts.holders.mapValues(\.key), isScaleBroken: facts.isScaleBroken,
            items: items)
    }

    package mutating func add(_ item: DeliveryItem, times: WeighingTimes? = nil) {
        items.append(item)
        self.times.append(times)
    }

    /// - Precondition: there is an item at `index`.
    package mutating func replace(at index: Int, with item: DeliveryItem) {
        items[index] = item
    }

    /// - Precondition: there is an item at `index`.
    package mutating func remove(at index: Int) {
        items.remove(at: index)
        times.remove(at: index)
    }
}

extension DeliveryDraft {
    /// The form in which a terminal stores it (docs/formats/terminal-store.md).
    package var json: JSONValue {
        .fields([
            "day": .string(day.iso), "group": .string(group.rawValue),
            "facts": facts == DeliveryFacts() ? nil : facts.json,
            // A delivery without items is none yet.
            "delivery": items.isEmpty ? nil : delivery.json,
            "times": .array(
                times.map { times in
                    times.map { .array([.string($0.weighedIn.iso), .string($0.weighedOut.iso)]) }
                        ?? .null
                }),
            "weighIn": weighIn.map(\.json),
            "personal": .object(
                personal.sorted { $0.key.rawValue < $1.key.rawValue }
                    .map { JSONValue.Member($0.key.rawValue, .string($0.value)) }),
            "quota": fixedQuota.map { .array($0.map(\.json)) },
        ])
    }

    package init(json: JSONValue) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: "draft")
        self.init(day: try reader.day("day"), group: try reader.choice("group"))
        if let json = reader.optionalValue("facts") { facts = try DeliveryFacts(json: json) }
        try readItems(&reader)
        if let json = reader.optionalValue("weighIn") {
            weighIn = try WeighIn(json: json, path: "draft.weighIn")
        }
        var inner = try reader.object("personal")
        for field in PersonalField.allCases {
            personal[field] = try inner.optionalString(field.rawValue)
        }
        try inner.finish()
        if reader.has("quota") {
            fixedQuota = try reader.list("quota", QuotaUse.init(json:path:))
        }
        try reader.finish()
    }

    private mutating func readItems(_ reader: inout ObjectReader) throws(JSONShapeError) {
        let items = reader.has("delivery") ? try reader.delivery().items : []
        let times = try reader.list("times") { (json, path) throws(JSONShapeError) in
            try WeighingTimes.read(json, path: path)
        }
        guard times.count == items.count else {
            throw reader.problem("times", wanted: "one for each item")
        }
        for (item, times) in zip(items, times) { add(item, times: times) }
    }
}

extension DeliveryDraft.WeighIn {
    fileprivate var json: JSONValue {
        .fields([
            "fraction": .string(fraction.text), "scale": .string(scale),
            "ticket": .string(ticket), "gross": .integer(gross.value), "at": .string(at.iso),
        ])
    }

    fileprivate init(json: JSONValue, path: String) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        self.init(
            fraction: try reader.identifier("fraction"), scale: try reader.string("scale"),
            ticket: try reader.string("ticket"), gross: Grams(try reader.integer("gross")),
            at: try reader.timestamp("at"))
        try reader.finish()
    }
}

extension DeliveryDraft.WeighingTimes {
    fileprivate static func read(
        _ json: JSONValue, path: String
    ) throws(JSONShapeError) -> DeliveryDraft.WeighingTimes? {
        guard json != .null else { return nil }
        let texts = json.array?.compactMap(\.string) ?? []
        guard texts.count == 2, let weighedIn = Timestamp(iso: texts[0]),
            let weighedOut = Timestamp(iso: texts[1])
        else { throw JSONShapeError(path: path, wanted: "two instants or null", found: "other") }
        return DeliveryDraft.WeighingTimes(weighedIn: weighedIn, weighedOut: weighedOut)
    }
}
