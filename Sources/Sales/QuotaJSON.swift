package import Tariffs
package import Text
import Units

// Which quota: the same members in signed payloads and in what a terminal asks the server
// (docs/formats/envelope.md).

extension QuotaKey {
    /// The members that name a quota.
    package var members: [JSONValue.Member] {
        [
            .init("rule", .string(rule)), .init("kind", .string(kind.rawValue)),
            .init("holder", .string(holder.rawValue)), .init("key", .string(key.text)),
            .init("from", .string(periodStart.iso)),
        ]
    }

    package var json: JSONValue { .object(members) }

    /// Reads ``members``, whatever else stands beside them.
    package init(from reader: inout ObjectReader) throws(JSONShapeError) {
        self.init(
            rule: try reader.string("rule"), kind: try reader.choice("kind"),
            holder: try reader.choice("holder"), key: try reader.identifier("key"),
            periodStart: try reader.day("from"))
    }
}

extension QuotaUse {
    package var json: JSONValue {
        .object(
            key.members + [
                .init("used", .integer(used)), .init("taken", .integer(taken)),
            ])
    }

    package init(json: JSONValue, path: String) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        try self.init(from: &reader)
        try reader.finish()
    }

    /// Reads a quota with its use, whatever else stands beside them.
    package init(from reader: inout ObjectReader) throws(JSONShapeError) {
        self.init(
            key: try QuotaKey(from: &reader),
            used: try reader.integer("used", in: 0...Self.numberMax),
            taken: try reader.integer("taken", in: 0...Self.numberMax))
    }

    private static let numberMax: Int64 = 1_000_000_000_000
}
