package import Text
import Units

extension Conformance {
    /// The table as data (docs/formats/tariff-reports.md).
    package var json: JSONValue {
        .fields([
            "report": "conformance", "tariff": heading.json,
            "positions": .array(positions.map(\.json)), "rules": .array(rules.map(\.json)),
            "assumptions": assumptions.json, "examples": .array(examples.map(\.json)),
            "failing": .integer(Int64(failing.count)),
        ])
    }
}

extension Conformance.PositionRow {
    fileprivate var json: JSONValue {
        .fields([
            "position": .string(number), "paragraph": .string(paragraph),
            "wording": wording.map { .string($0) }, "fractions": .string(fractions),
            "for": .string(scope), "price": price.json,
            "details": .array(details.map(\.json)), "legalForm": .string(legalForm),
            "vat": .string(vat), "assumption": assumption.map { .string($0) },
        ])
    }
}

extension Conformance.ExampleRow {
    fileprivate var json: JSONValue {
        .fields([
            "number": .string(number), "day": .string(day.iso), "delivery": .string(delivery),
            "earlier": .integer(Int64(earlier)), "expected": .string(expected),
            "found": .string(found), "passes": .bool(difference == nil),
            "difference": difference.map { .string($0) },
            "checkedBy": checkedBy.map { .string($0) },
        ])
    }
}
