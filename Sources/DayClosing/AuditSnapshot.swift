import Sales
package import Text
package import Units

/// What a yard's books said at one moment, frozen for an audit without ending the day
/// (Zwischenprüfung; KomHVO NRW section 31, unannounced audit).
package struct AuditSnapshot: Hashable, Sendable {
    /// Gapless per yard, from 1.
    package let number: Int64
    package let yard: YardID
    package let by: PersonID
    package let at: Timestamp
    /// Why it was taken; one line.
    package let reason: String
    package let day: BusinessDay
    /// The last close before it; 0 if there was none.
    package let afterClose: Int64
    /// The log positions since that close; the second one is not held.
    package let from: Int64
    package let to: Int64
    package let totals: CloseTotals
    /// Running grand total of turnover at the last close, and with what came since.
    package let grandTotalBefore: Cents
    package var grandTotalAfter: Cents { grandTotalBefore + totals.turnover }

    package init(
        number: Int64, yard: YardID, by: PersonID, at: Timestamp, reason: String,
        day: BusinessDay, afterClose: Int64, from: Int64, to: Int64, totals: CloseTotals,
        grandTotalBefore: Cents
    ) {
        self.number = number
        self.yard = yard
        self.by = by
        self.at = at
        self.reason = reason
        self.day = day
        self.afterClose = afterClose
        self.from = from
        self.to = to
        self.totals = totals
        self.grandTotalBefore = grandTotalBefore
    }
}

extension AuditSnapshot {
    /// Everything in one object.
    package var json: JSONValue { .object(head + [.init("totals", totals.json)]) }

    /// What ``json(detail:bytes:)`` leaves out.
    package var detailJSON: JSONValue { .fields(["totals": totals.json]) }

    /// The same with ``detailJSON`` named by its digest, as a close does.
    package func json(detail digest: String, bytes: Int64) -> JSONValue {
        let named = JSONValue.fields(["sha256": .string(digest), "bytes": .integer(bytes)])
        return .object(head + [.init("detail", named)])
    }

    private var head: [JSONValue.Member] {
        [
            .init("number", .integer(number)), .init("by", .string(by.text)),
            .init("at", .string(at.iso)), .init("reason", .string(reason)),
            .init("day", .string(day.iso)), .init("afterClose", .integer(afterClose)),
            .init("from", .integer(from)), .init("to", .integer(to)),
            .init("grandTotalBefore", .integer(grandTotalBefore.value)),
            .init("grandTotalAfter", .integer(grandTotalAfter.value)),
        ]
    }

    /// Reads ``json``, or ``json(detail:bytes:)`` with its detail, whose digest the caller checked.
    package init(json: JSONValue, yard: YardID, detail: JSONValue? = nil) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: "snapshot")
        let totals: CloseTotals
        if let detail {
            _ = try reader.value("detail")
            var inner = try ObjectReader(detail, path: "snapshot.detail")
            totals = try CloseTotals(json: try inner.value("totals"))
            try inner.finish()
        } else {
            totals = try CloseTotals(json: try reader.value("totals"))
        }
        let snapshot = AuditSnapshot(
            number: try reader.integer("number", in: 1...StrictJSON.numberMax), yard: yard,
            by: try reader.identifier("by"), at: try reader.timestamp("at"),
            reason: try reader.string("reason"), day: try reader.day("day"),
            afterClose: try reader.integer("afterClose", in: 0...StrictJSON.numberMax),
            from: try reader.integer("from"), to: try reader.integer("to"), totals: totals,
            grandTotalBefore: Cents(try reader.integer("grandTotalBefore")))
        guard try reader.integer("grandTotalAfter") == snapshot.grandTotalAfter.value else {
            throw reader.problem("grandTotalAfter", wanted: "before plus turnover")
        }
        try reader.finish()
        self = snapshot
    }
}
