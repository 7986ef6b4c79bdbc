import Tariffs
package import Text
import Units

extension SimulationReport {
    /// The report as data (docs/formats/tariff-reports.md).
    package var json: JSONValue {
        .fields([
            "report": "simulation", "tariff": heading.json,
            "currency": .string(currency.rawValue), "counts": counts.json,
            "positions": .array(rows.map(\.json)),
            "refusals": .array(
                refusals.map {
                    .fields([
                        "code": .string($0.code.rawValue), "count": .integer(Int64($0.count)),
                    ])
                }),
            "dearer": .array(dearer.map(\.json)), "cheaper": .array(cheaper.map(\.json)),
            "refusedNow": .array(refusedNow.map(\.json)),
        ])
    }
}

extension SaleCounts {
    fileprivate var json: JSONValue {
        .fields([
            "sales": .integer(Int64(all)), "dearer": .integer(Int64(dearer)),
            "cheaper": .integer(Int64(cheaper)), "same": .integer(Int64(same)),
            "refusedNow": .integer(Int64(refusedNow)),
            "acceptedNow": .integer(Int64(acceptedNow)),
            "refusedStill": .integer(Int64(refusedStill)),
            "recorded": .integer(recorded.value), "draft": .integer(draft.value),
            "lost": .integer(lost.value), "gained": .integer(gained.value),
        ])
    }
}

extension SimulationReport.Row {
    fileprivate var json: JSONValue {
        .fields([
            "position": .string(position), "fractions": .string(fractions),
            "group": .string(group.rawValue),
            "recordedLines": .integer(Int64(effect.recordedLines)),
            "draftLines": .integer(Int64(effect.draftLines)),
            "recorded": .integer(effect.recorded.value), "draft": .integer(effect.draft.value),
            "reused": .bool(isReused),
        ])
    }
}

extension SimulationReport.Case {
    fileprivate var json: JSONValue {
        .fields([
            "sale": .string(name), "day": .string(day.iso), "recorded": .integer(recorded.value),
            "draft": draft.map { .integer($0.value) },
            "sentences": .array(sentences.map(\.json)),
        ])
    }
}

extension Explanation {
    /// The sentence in both languages.
    var json: JSONValue { .fields(["de": .string(german), "en": .string(english)]) }
}
