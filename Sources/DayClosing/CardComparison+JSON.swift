import Sales
package import Text
import Units

extension CardComparison {
    package var json: JSONValue {
        .fields([
            "tid": .string(key.cardTerminal), "scheme": .string(key.scheme.rawValue),
            "expectedCount": .integer(expected.count),
            "expected": .integer(expected.amount.value),
            "countedCount": slip.map { .integer($0.count) },
            "counted": slip.map { .integer($0.amount.value) },
            "broughtCount": brought.map { .integer($0.tally.count) },
            "brought": brought.map { .integer($0.tally.amount.value) },
            "broughtSince": brought.map { .integer($0.since) },
            "reason": reason.map { .string($0.rawValue) },
            "explanation": explanation.map { .string($0) },
            "explainedBy": explainedBy.map { .string($0.text) },
        ])
    }

    package init(json: JSONValue, path: String) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        key = CardKey(
            cardTerminal: try reader.string("tid"), scheme: try reader.choice("scheme"))
        expected = Tally(
            count: try reader.integer("expectedCount"),
            amount: Cents(try reader.integer("expected")))
        if reader.has("counted") || reader.has("countedCount") {
            slip = Tally(
                count: try reader.integer("countedCount"),
                amount: Cents(try reader.integer("counted")))
        } else {
            slip = nil
        }
        if reader.has("broughtSince") {
            let tally = Tally(
                count: try reader.integer("broughtCount"),
                amount: Cents(try reader.integer("brought")))
            brought = CarriedDifference(tally, since: try reader.integer("broughtSince"))
        } else {
            brought = nil
        }
        reason =
            reader.has("reason") ? try reader.choice("reason", of: DifferenceReason.self) : nil
        explanation = try reader.optionalString("explanation")
        explainedBy =
            reader.has("explainedBy") ? try reader.identifier("explainedBy") : nil
        try reader.finish()
    }
}
