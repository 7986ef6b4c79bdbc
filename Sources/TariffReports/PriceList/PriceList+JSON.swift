import Tariffs
package import Text
import Units

extension PriceList {
    /// The list as data (docs/formats/tariff-reports.md).
    package var json: JSONValue {
        .fields([
            "report": "pricelist", "tariff": heading.json, "day": day.map { .string($0.iso) },
            "currency": .string(currency.rawValue), "sections": .array(sections.map(\.json)),
            "rules": .array(rules.map(\.json)),
        ])
    }
}

extension PriceList.Section {
    fileprivate var json: JSONValue {
        .fields([
            "fraction": .string(fraction.id.text), "name": .string(fraction.name),
            "english": .string(fraction.englishName), "goods": .bool(fraction.isGoods),
            "also": fraction.also.json, "belongs": fraction.belongs.json,
            "excluded": fraction.excluded.json, "entries": .array(entries.map(\.json)),
        ])
    }
}

extension PriceList.Entry {
    fileprivate var json: JSONValue {
        .fields([
            "position": .string(number), "paragraph": .string(paragraph),
            "for": .string(scope), "price": price.json,
            "details": .array(details.map(\.json)),
        ])
    }
}

extension PricePhrase {
    /// The price as every report's JSON gives it.
    var json: JSONValue {
        .fields([
            "words": .string(words), "steps": .array(steps.map(\.json)),
            "note": note.map { .string($0) },
        ])
    }
}

extension PriceStep {
    fileprivate var json: JSONValue {
        .fields([
            "for": scope.words.map { .string($0) },
            "tenThousandths": price.map { .integer($0.tenThousandths) }, "per": .string(per),
        ])
    }
}

extension RuleWords {
    var json: JSONValue {
        .fields([
            "title": .string(title), "words": .string(words), "paragraph": .string(paragraph),
            "law": law.isEmpty ? nil : .array(law.map(\.json)),
        ])
    }
}
