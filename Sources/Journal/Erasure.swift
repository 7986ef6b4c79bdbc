import Sales
package import Text
package import Units

/// Personal data was erased: who asked, why, which records and fields; never the data.
package struct Erasure: Hashable, Sendable {
    package enum Cause: String, Hashable, Sendable, CaseIterable {
        /// The time a field is kept is over.
        case retention
        /// Somebody asked, such as the person concerned.
        case request
    }

    /// The records whose field was erased.
    package struct Field: Hashable, Sendable {
        package let name: PersonalField
        /// Log indexes, ascending, not touching: every record within that had the field lost it.
        package let ranges: [ClosedRange<Int64>]

        package init(name: PersonalField, ranges: [ClosedRange<Int64>]) {
            self.name = name
            self.ranges = ranges
        }
    }

    package let cause: Cause
    /// In a sentence: the rule with its source, or why somebody asked.
    package let reason: String
    /// Nil where the server erased by itself because the time was over.
    package let requestedBy: PersonID?
    /// The second person; nil for `retention`.
    package let approvedBy: PersonID?
    /// Ascending by name, each at most once.
    package let fields: [Field]

    package init(
        cause: Cause, reason: String, requestedBy: PersonID?, approvedBy: PersonID?,
        fields: [Field]
    ) {
        self.cause = cause
        self.reason = reason
        self.requestedBy = requestedBy
        self.approvedBy = approvedBy
        self.fields = fields.sorted { $0.name.rawValue < $1.name.rawValue }
    }

    /// Most ranges that one record names, so that it stays below the limit of an entry.
    package static let rangesMax = 350

    /// Whether `field` of the record at `index` was erased.
    package func covers(_ field: PersonalField, at index: Int64) -> Bool {
        fields.contains { $0.name == field && $0.ranges.contains { $0.contains(index) } }
    }
}

extension Erasure {
    var members: [JSONValue.Member] {
        [
            .init("cause", .string(cause.rawValue)), .init("reason", .string(reason)),
            .init("requestedBy", requestedBy.map { .string($0.text) } ?? .null),
            .init("approvedBy", approvedBy.map { .string($0.text) } ?? .null),
            .init("erased", .array(fields.map(\.json))),
        ]
    }

    init(from reader: inout ObjectReader) throws(JSONShapeError) {
        self.init(
            cause: try reader.choice("cause"), reason: try reader.string("reason"),
            requestedBy: try reader.person("requestedBy"),
            approvedBy: try reader.person("approvedBy"),
            fields: try reader.list("erased", Field.init(json:path:)))
    }
}

extension Erasure.Field {
    /// The field as `erase` records and answers write it.
    package var json: JSONValue {
        .fields([
            "name": .string(name.rawValue),
            "ranges": .array(
                ranges.map { [.integer($0.lowerBound), .integer($0.upperBound)] }),
        ])
    }

    fileprivate init(json: JSONValue, path: String) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        name = try reader.choice("name")
        var ranges: [ClosedRange<Int64>] = []
        for range in try reader.array("ranges") {
            guard case .array(let ends) = range, ends.count == 2, let first = ends[0].integer,
                let last = ends[1].integer, first >= 0, first <= last,
                ranges.last.map({ $0.upperBound < first }) ?? true
            else {
                throw reader.problem("ranges", wanted: "ascending pairs of log indexes")
            }
            ranges.append(first...last)
        }
        self.ranges = ranges
        try reader.finish()
    }
}

extension ObjectReader {
    /// A person, or nil for `null`.
    fileprivate mutating func person(_ name: String) throws(JSONShapeError) -> PersonID? {
        let value = try value(name)
        guard value != .null else { return nil }
        guard let text = value.string, let id = PersonID(text) else {
            throw problem(name, wanted: "a person or null")
        }
        return id
    }
}
