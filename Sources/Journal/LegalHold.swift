import Sales
import Text
package import Units

/// Personal data beside these records must not be erased until the hold is lifted, such as for a
/// lawsuit or an audit. Two people set it.
package struct LegalHold: Hashable, Sendable {
    /// Counted within a yard from 1.
    package let number: Int64
    /// First log index.
    package let first: Int64
    /// Last log index; nil for everything that comes too.
    package let last: Int64?
    package let reason: String
    package let requestedBy: PersonID
    package let approvedBy: PersonID

    package init(
        number: Int64, first: Int64, last: Int64?, reason: String, requestedBy: PersonID,
        approvedBy: PersonID
    ) {
        self.number = number
        self.first = first
        self.last = last
        self.reason = reason
        self.requestedBy = requestedBy
        self.approvedBy = approvedBy
    }

    package func overlaps(_ range: ClosedRange<Int64>) -> Bool {
        first <= range.upperBound && range.lowerBound <= last ?? .max
    }
}

/// A hold ends; what is due by then is erased at the next round. Two people lift it.
package struct HoldLift: Hashable, Sendable {
    /// Of the hold.
    package let number: Int64
    package let reason: String
    package let requestedBy: PersonID
    package let approvedBy: PersonID

    package init(number: Int64, reason: String, requestedBy: PersonID, approvedBy: PersonID) {
        self.number = number
        self.reason = reason
        self.requestedBy = requestedBy
        self.approvedBy = approvedBy
    }
}

extension LegalHold {
    var members: [JSONValue.Member] {
        [
            .init("number", .integer(number)), .init("first", .integer(first)),
            .init("last", last.map { .integer($0) } ?? .null), .init("reason", .string(reason)),
            .init("requestedBy", .string(requestedBy.text)),
            .init("approvedBy", .string(approvedBy.text)),
        ]
    }

    init(from reader: inout ObjectReader) throws(JSONShapeError) {
        let number = try reader.integer("number", in: 1...StrictJSON.numberMax)
        let first = try reader.integer("first", in: 0...StrictJSON.numberMax)
        let value = try reader.value("last")
        if value != .null, value.integer.map({ $0 >= first }) != true {
            throw reader.problem("last", wanted: "an index from first on, or null")
        }
        self.init(
            number: number, first: first, last: value.integer,
            reason: try reader.string("reason"),
            requestedBy: try reader.identifier("requestedBy"),
            approvedBy: try reader.identifier("approvedBy"))
    }
}

extension HoldLift {
    var members: [JSONValue.Member] {
        [
            .init("number", .integer(number)), .init("reason", .string(reason)),
            .init("requestedBy", .string(requestedBy.text)),
            .init("approvedBy", .string(approvedBy.text)),
        ]
    }

    init(from reader: inout ObjectReader) throws(JSONShapeError) {
        self.init(
            number: try reader.integer("number", in: 1...StrictJSON.numberMax),
            reason: try reader.string("reason"),
            requestedBy: try reader.identifier("requestedBy"),
            approvedBy: try reader.identifier("approvedBy"))
    }
}
