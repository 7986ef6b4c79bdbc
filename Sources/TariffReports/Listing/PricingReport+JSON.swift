import Tariffs
package import Text
import Units

extension PricingReport {
    /// The decision as data (docs/formats/tariff-reports.md).
    package var json: JSONValue {
        switch decision {
        case .priced(let quote):
            .fields([
                "report": "price", "tariff": .string(tariff.reference.id), "accepted": true,
                "currency": .string(tariff.currency.rawValue),
                "day": .string(quote.delivery.day.iso), "total": .integer(quote.total.value),
                "deposit": .integer(quote.deposit.value),
                "lines": .array(quote.lines.map(\.report)),
                "quota": .array(quote.quota.map(\.report)),
            ])
        case .refused(let refusals):
            .fields([
                "report": "price", "tariff": .string(tariff.reference.id), "accepted": false,
                "refusals": .array(
                    refusals.map {
                        .fields([
                            "code": .string($0.code), "item": $0.item.map { .integer(Int64($0)) },
                            "de": .string($0.reason.german), "en": .string($0.reason.english),
                        ])
                    }),
            ])
        }
    }
}

extension QuoteLine {
    fileprivate var report: JSONValue {
        .fields([
            "position": .string(position), "paragraph": .string(paragraph),
            "fraction": .string(fraction.text), "name": .string(name),
            "gross": .integer(gross.value), "billed": .integer(billed),
            "legalForm": .string(legalForm.rawValue), "vat": .string(vat.word),
            "vatBasisPoints": .integer(vat.rate.basisPoints),
            "de": .string(explanation.german), "en": .string(explanation.english),
            "figures": figures.map(\.report),
        ])
    }
}

extension VATTreatment {
    fileprivate var word: String {
        switch self {
        case .outsideScope: "outside"
        case .exempt: "exempt"
        case .taxable: "taxable"
        }
    }
}

extension LineFigures {
    fileprivate var report: JSONValue {
        .fields([
            "free": .integer(free), "freeLeft": freeLeft.map { .integer($0) },
            "charged": .integer(charged), "exact": .string(exact.exactAmount),
            "exactNumerator": .string("\(exact.numerator)"),
            "exactDenominator": .string("\(exact.denominator)"),
            "bound": bound.map { .integer($0.value) },
        ])
    }
}

extension QuotaUse {
    fileprivate var report: JSONValue {
        .fields([
            "rule": .string(key.rule), "kind": .string(key.kind.rawValue),
            "holder": .string(key.holder.rawValue), "key": .string(key.key.text),
            "since": .string(key.periodStart.iso), "before": .integer(used),
            "taken": .integer(taken), "after": .integer(used + taken),
        ])
    }
}
