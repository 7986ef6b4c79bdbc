import Ledger
import Sales
import Tariffs
package import Text
package import Units

// The body of a close record (docs/formats/close.md): every figure two people signed.

extension DayClose {
    /// Everything in one object.
    package var json: JSONValue { .object(head + detail + people) }

    /// What ``json(detail:bytes:)`` leaves out.
    package var detailJSON: JSONValue { .object(detail) }

    /// The same with ``detailJSON`` named by its digest, for a close too long for one record.
    ///
    /// - Parameters:
    ///   - digest: SHA-256 of the bytes of ``detailJSON``, hexadecimal.
    ///   - bytes: how many those are.
    package func json(detail digest: String, bytes: Int64) -> JSONValue {
        let named = JSONValue.fields(["sha256": .string(digest), "bytes": .integer(bytes)])
        return .object(head + [.init("detail", named)] + people)
    }

    /// The digest and length of the detail that a body names; nil if it holds everything itself.
    package static func detail(of body: JSONValue) -> (digest: String, bytes: Int64)? {
        guard let detail = body["detail"], let digest = detail["sha256"]?.string,
            let bytes = detail["bytes"]?.integer
        else { return nil }
        return (digest, bytes)
    }

    private var head: [JSONValue.Member] {
        [
            .init("number", .integer(number)), .init("day", .string(day.iso)),
            .init("budgetYear", .integer(Int64(budgetYear))), .init("from", .integer(from)),
            .init("to", .integer(to)),
        ]
    }

    private var detail: [JSONValue.Member] {
        [
            .init("totals", totals.json), .init("comparisons", .array(comparisons.map(\.json))),
        ] + (cuts.isEmpty ? [] : [.init("cuts", .array(cuts.map(\.json)))])
            + (cutFindings.isEmpty
                ? [] : [.init("cutFindings", .array(cutFindings.map(\.json)))])
    }

    private var people: [JSONValue.Member] {
        [
            .init("grandTotalBefore", .integer(grandTotalBefore.value)),
            .init("grandTotalAfter", .integer(grandTotalAfter.value)),
            .init("countedBy", .string(countedBy.text)), .init("countedAt", .string(countedAt.iso)),
        ]
            + (recounts == 0 ? [] : [.init("recounts", .integer(recounts))])
            + (sentBack.isEmpty ? [] : [.init("sentBack", .array(sentBack.map(\.json)))])
            + [
                .init("approvedBy", .string(approvedBy.text)),
                .init("approvedAt", .string(approvedAt.iso)),
                .init("accountPlan", .string(accountPlan)),
                .init("accountPlanDigest", .string(accountPlanDigest)),
            ]
            + (clearing.map { [.init("clearing", .array($0.map(\.json)))] } ?? [])
            + (thirdParty.isEmpty
                ? [] : [.init("thirdParty", .array(thirdParty.map(\.json)))])
            + (software.map { [.init("software", .string($0))] } ?? [])
    }

    /// Reads ``json``, or ``json(detail:bytes:)`` with its detail.
    ///
    /// - Parameter detail: ``detailJSON``, whose digest the caller has checked; nil where the body
    ///   holds everything itself.
    package init(json: JSONValue, yard: YardID, detail: JSONValue? = nil) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: "close")
        let number = try reader.integer("number", in: 1...StrictJSON.numberMax)
        let day = try reader.day("day")
        _ = try reader.integer("budgetYear")
        let (from, to) = (try reader.integer("from"), try reader.integer("to"))
        let part: Detail
        if let detail {
            _ = try reader.value("detail")
            var inner = try ObjectReader(detail, path: "close.detail")
            part = try Detail(&inner)
            try inner.finish()
        } else {
            part = try Detail(&reader)
        }
        let close = DayClose(
            number: number, yard: yard, day: day, from: from, to: to, totals: part.totals,
            comparisons: part.comparisons, cuts: part.cuts, cutFindings: part.cutFindings,
            grandTotalBefore: Cents(try reader.integer("grandTotalBefore")),
            countedBy: try reader.identifier("countedBy"),
            countedAt: try reader.timestamp("countedAt"),
            recounts: try reader.optionalInteger("recounts", in: 1...StrictJSON.numberMax) ?? 0,
            sentBack: reader.has("sentBack")
                ? try reader.list("sentBack", SentBack.init(json:path:)) : [],
            approvedBy: try reader.identifier("approvedBy"),
            approvedAt: try reader.timestamp("approvedAt"),
            accountPlan: try reader.string("accountPlan"),
            accountPlanDigest: try reader.string("accountPlanDigest"),
            clearing: reader.has("clearing")
                ? try reader.list("clearing", ClearingBalance.init(json:path:)) : nil,
            thirdParty: reader.has("thirdParty")
                ? try reader.list("thirdParty", ThirdPartyMoney.init(json:path:)) : [],
            software: try reader.optionalString("software"))
        guard try reader.integer("grandTotalAfter") == close.grandTotalAfter.value else {
            throw reader.problem("grandTotalAfter", wanted: "before plus turnover")
        }
        try reader.finish()
        self = close
    }

    /// What grows with the day.
    private struct Detail {
        let totals: CloseTotals
        let comparisons: [CardComparison]
        let cuts: [BatchCut]
        let cutFindings: [CutFinding]

        init(_ reader: inout ObjectReader) throws(JSONShapeError) {
            totals = try CloseTotals(json: try reader.value("totals"))
            comparisons = try reader.list("comparisons", CardComparison.init(json:path:))
            cuts = reader.has("cuts") ? try reader.list("cuts", BatchCut.init(json:path:)) : []
            cutFindings =
                reader.has("cutFindings")
                ? try reader.list("cutFindings", CutFinding.init(json:path:)) : []
        }
    }
}

extension SentBack {
    package var json: JSONValue {
        .fields(["by": .string(by.text), "at": .string(at.iso), "reason": .string(reason)])
    }

    package init(json: JSONValue, path: String) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        self.init(
            by: try reader.identifier("by"), at: try reader.timestamp("at"),
            reason: try reader.string("reason"))
        try reader.finish()
    }
}

extension Tally {
    fileprivate var members: [JSONValue.Member] {
        [.init("count", .integer(count)), .init("amount", .integer(amount.value))]
    }

    fileprivate init(from reader: inout ObjectReader) throws(JSONShapeError) {
        self.init(
            count: try reader.integer("count"), amount: Cents(try reader.integer("amount")))
    }
}

extension CloseTotals {
    package var json: JSONValue {
        let counts = counts.sorted { $0.key < $1.key }
            .map { JSONValue.Member($0.key, .integer($0.value)) }
        let tenders = tenders.sorted { $0.key.rawValue < $1.key.rawValue }.map { tender, tally in
            JSONValue.object([.init("tender", .string(tender.rawValue))] + tally.members)
        }
        let cards = cards.sorted { $0.key < $1.key }.map { key, tally in
            JSONValue.object(
                [
                    .init("tid", .string(key.cardTerminal)),
                    .init("scheme", .string(key.scheme.rawValue)),
                ] + tally.members)
        }
        return .fields([
            "counts": .object(counts), "positions": .array(positions.map(\.json)),
            "vat": .array(vat.map(\.json)), "tenders": .array(tenders), "cards": .array(cards),
            "accounts": .array(accounts.map(\.json)),
            "terminals": .array(terminals.map(\.json)), "turnover": .integer(turnover.value),
            "unknown": .array(unknown.map(\.json)), "late": .array(late.map(\.json)),
            "flagged": .array(flagged.map { .integer($0) }),
            "settled": settled.isEmpty ? nil : .array(settled.map(\.json)),
            "amounts": course?.amountsJSON,
            "firstReceipt": (course?.receipts?.lowerBound).map { .string($0.iso) },
            "lastReceipt": (course?.receipts?.upperBound).map { .string($0.iso) },
        ])
    }

    init(json: JSONValue) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: "totals")
        self.init()
        for member in try reader.value("counts").members ?? [] {
            counts[member.name] = member.value.integer
        }
        positions = try reader.list("positions", PositionTotal.init(json:path:))
        vat = try reader.list("vat", VATBlock.init(total:path:))
        for var tender in try reader.objects("tenders") {
            tenders[try tender.choice("tender")] = try Tally(from: &tender)
            try tender.finish()
        }
        for var card in try reader.objects("cards") {
            let key = CardKey(
                cardTerminal: try card.string("tid"), scheme: try card.choice("scheme"))
            cards[key] = try Tally(from: &card)
            try card.finish()
        }
        accounts = try reader.list("accounts", AccountTotal.init(json:path:))
        terminals = try reader.list("terminals", TerminalRange.init(json:path:))
        turnover = Cents(try reader.integer("turnover"))
        unknown = try reader.list("unknown", SaleReference.init(json:path:))
        late = try reader.list("late", SaleReference.init(json:path:))
        flagged = try reader.array("flagged").compactMap(\.integer)
        if reader.has("settled") {
            settled = try reader.list("settled", SettledShare.init(json:path:))
        }
        if reader.has("amounts") { course = try CloseCourse(from: &reader) }
        try reader.finish()
    }
}

extension CloseCourse {
    fileprivate var amountsJSON: JSONValue {
        .object(
            amounts.sorted { $0.key < $1.key }.map { .init($0.key, .integer($0.value.value)) })
    }

    fileprivate init(from reader: inout ObjectReader) throws(JSONShapeError) {
        self.init()
        for member in try reader.value("amounts").members ?? [] {
            amounts[member.name] = member.value.integer.map { Cents($0) }
        }
        guard reader.has("firstReceipt") else { return }
        let first = try reader.timestamp("firstReceipt")
        let last = try reader.timestamp("lastReceipt")
        guard first <= last else {
            throw reader.problem("lastReceipt", wanted: "a time not before firstReceipt")
        }
        receipts = first...last
    }
}

extension ClearingBalance {
    fileprivate var json: JSONValue {
        .fields([
            "account": .string(account.number), "before": .integer(before.value),
            "after": .integer(after.value),
        ])
    }

    fileprivate init(json: JSONValue, path: String) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        self.init(
            account: try reader.account(), before: Cents(try reader.integer("before")),
            after: Cents(try reader.integer("after")))
        try reader.finish()
    }
}

extension ThirdPartyMoney {
    fileprivate var json: JSONValue {
        .fields(["account": .string(account.number), "amount": .integer(amount.value)])
    }

    fileprivate init(json: JSONValue, path: String) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        self.init(account: try reader.account(), amount: Cents(try reader.integer("amount")))
        try reader.finish()
    }
}

extension ObjectReader {
    fileprivate mutating func account() throws(JSONShapeError) -> Account {
        try parsed("account", as: "4 to 9 digits") { Account($0) }
    }
}

extension VATBlock {
    /// Like ``init(json:path:)``, for totals: amounts may be beyond those of one entry.
    fileprivate init(total json: JSONValue, path: String) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        let treatment = try VATTreatment.read(from: &reader)
        self.init(
            treatment: treatment, gross: Cents(try reader.integer("gross")),
            tax: Cents(try reader.integer("tax")))
        try reader.finish()
    }
}

extension PositionTotal {
    fileprivate var json: JSONValue {
        .object(
            [
                .init("tariff", .string(tariff)), .init("position", .string(position)),
                .init("name", .string(name)), .init("legal", .string(legalForm.rawValue)),
                .init("vat", .string(vat.code)), .init("rate", .integer(vat.rate.basisPoints)),
            ] + tally.members)
    }

    fileprivate init(json: JSONValue, path: String) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        self.init(
            tariff: try reader.string("tariff"), position: try reader.string("position"),
            name: try reader.string("name"), legalForm: try reader.choice("legal"),
            vat: try .read(from: &reader), tally: try Tally(from: &reader))
        try reader.finish()
    }
}

extension AccountTotal {
    fileprivate var json: JSONValue {
        .fields([
            "account": .string(account.number), "costCentre": costCentre.map { .string($0) },
            "debit": .integer(debit.value), "credit": .integer(credit.value),
        ])
    }

    fileprivate init(json: JSONValue, path: String) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        self.init(
            account: try reader.account(),
            costCentre: try reader.optionalString("costCentre"),
            debit: Cents(try reader.integer("debit")),
            credit: Cents(try reader.integer("credit")))
        try reader.finish()
    }
}

extension TerminalRange {
    fileprivate var json: JSONValue {
        .fields([
            "terminal": .string(terminal.text), "first": .integer(first), "last": .integer(last),
            "count": .integer(count), "missing": .array(missing.map { .integer($0) }),
        ])
    }

    fileprivate init(json: JSONValue, path: String) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        self.init(
            terminal: try reader.identifier("terminal"), first: try reader.integer("first"),
            last: try reader.integer("last"), count: try reader.integer("count"),
            missing: try reader.array("missing").compactMap(\.integer))
        try reader.finish()
    }
}
