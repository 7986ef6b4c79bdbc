import Ledger
import Sales
import Tariffs
package import Text
package import Units

// The body of a close record (docs/formats/close.md): every figure two people signed.

extension DayClose {
    package var json: JSONValue {
        .fields([
            "number": .integer(number), "day": .string(day.iso),
            "budgetYear": .integer(Int64(budgetYear)), "from": .integer(from),
            "to": .integer(to), "totals": totals.json,
            "comparisons": .array(comparisons.map(\.json)),
            "grandTotalBefore": .integer(grandTotalBefore.value),
            "grandTotalAfter": .integer(grandTotalAfter.value),
            "countedBy": .string(countedBy.text), "countedAt": .string(countedAt.iso),
            "approvedBy": .string(approvedBy.text), "approvedAt": .string(approvedAt.iso),
            "accountPlan": .string(accountPlan), "accountPlanDigest": .string(accountPlanDigest),
        ])
    }

    /// Reads ``json``.
    package init(json: JSONValue, yard: YardID) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: "close")
        let number = try reader.integer("number", in: 1...StrictJSON.numberMax)
        let day = try reader.day("day")
        _ = try reader.integer("budgetYear")
        let close = DayClose(
            number: number, yard: yard, day: day,
            from: try reader.integer("from"), to: try reader.integer("to"),
            totals: try CloseTotals(json: try reader.value("totals")),
            comparisons: try reader.list("comparisons", CardComparison.init(json:path:)),
            grandTotalBefore: Cents(try reader.integer("grandTotalBefore")),
            countedBy: try reader.identifier("countedBy"),
            countedAt: try reader.timestamp("countedAt"),
            approvedBy: try reader.identifier("approvedBy"),
            approvedAt: try reader.timestamp("approvedAt"),
            accountPlan: try reader.string("accountPlan"),
            accountPlanDigest: try reader.string("accountPlanDigest"))
        guard try reader.integer("grandTotalAfter") == close.grandTotalAfter.value else {
            throw reader.problem("grandTotalAfter", wanted: "before plus turnover")
        }
        try reader.finish()
        self = close
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

extension CardComparison {
    package var json: JSONValue {
        .fields([
            "tid": .string(key.cardTerminal), "scheme": .string(key.scheme.rawValue),
            "expectedCount": .integer(expected.count),
            "expected": .integer(expected.amount.value), "countedCount": .integer(counted.count),
            "counted": .integer(counted.amount.value),
            "reason": reason.map { .string($0.rawValue) },
            "explanation": explanation.map { .string($0) },
        ])
    }

    package init(json: JSONValue, path: String) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        key = CardKey(
            cardTerminal: try reader.string("tid"), scheme: try reader.choice("scheme"))
        expected = Tally(
            count: try reader.integer("expectedCount"),
            amount: Cents(try reader.integer("expected")))
        counted = Tally(
            count: try reader.integer("countedCount"),
            amount: Cents(try reader.integer("counted")))
        reason =
            reader.has("reason") ? try reader.choice("reason", of: DifferenceReason.self) : nil
        explanation = try reader.optionalString("explanation")
        try reader.finish()
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
        ])
    }

    fileprivate init(json: JSONValue) throws(JSONShapeError) {
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
        try reader.finish()
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
            account: try reader.parsed("account", as: "4 to 9 digits") { Account($0) },
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
