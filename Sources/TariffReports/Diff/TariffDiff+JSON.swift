package import Text
import Units

extension TariffDiff {
    /// The comparison as data (docs/formats/tariff-reports.md).
    package var json: JSONValue {
        .fields([
            "report": "diff", "old": old.json, "new": new.json, "equal": .bool(isEmpty),
            "sections": .array(sections.map(\.json)),
        ])
    }
}

extension TariffDiff.Section {
    fileprivate var json: JSONValue {
        .fields([
            "kind": .string(kind.rawValue), "unchanged": .integer(Int64(unchanged)),
            "changes": .array(changes.map(\.json)),
        ])
    }
}

extension SubjectChange {
    fileprivate var json: JSONValue {
        .fields([
            "kind": .string(kind.rawValue), "subject": .string(subject),
            "facts": .array(facts.map(\.json)), "statements": statements.json,
            "sentences": sentences.json,
        ])
    }
}

extension FactChange {
    fileprivate var json: JSONValue {
        .fields([
            "label": .string(label), "old": old.map { .string($0) },
            "new": new.map { .string($0) },
            "oldTenThousandths": difference.map { .integer($0.old.tenThousandths) },
            "newTenThousandths": difference.map { .integer($0.new.tenThousandths) },
            "percentTenths": difference?.percentTenths.map { .integer($0) },
        ])
    }
}
