import Sales
import Signing
package import Text
import Units

extension SettledItem {
    package var json: JSONValue {
        switch self {
        case .cut(let close, let terminal, let scheme, let batch):
            .fields([
                "close": .string(close), "tid": .string(terminal),
                "scheme": scheme.map { .string($0.rawValue) },
                "cut": batch.map { .string($0) },
            ])
        case .bank(let account, let day, let statement, let entry, let detail):
            .fields([
                "account": .string(account), "day": .string(day.iso),
                "statement": .string(statement), "entry": .integer(Int64(entry)),
                "detail": .integer(Int64(detail)),
            ])
        case .gross(let payout, let reference, let place):
            .fields([
                "payout": .string(payout), "line": .string(reference),
                "place": .integer(Int64(place)),
            ])
        case .payout(let id): .fields(["payout": .string(id)])
        }
    }

    package init(json: JSONValue, path: String) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        if reader.has("close") {
            self = .cut(
                close: try reader.string("close"), cardTerminal: try reader.string("tid"),
                scheme: reader.has("scheme")
                    ? try reader.choice("scheme", of: CardScheme.self) : nil,
                batch: try reader.optionalString("cut"))
        } else if reader.has("account") {
            self = .bank(
                account: try reader.string("account"), day: try reader.day("day"),
                statement: try reader.string("statement"),
                entry: Int(try reader.integer("entry", in: 1...1_000_000)),
                detail: Int(try reader.integer("detail", in: 0...1_000_000)))
        } else if reader.has("line") {
            self = .gross(
                payout: try reader.string("payout"), reference: try reader.string("line"),
                place: Int(try reader.integer("place", in: 0...1_000_000)))
        } else {
            self = .payout(try reader.string("payout"))
        }
        try reader.finish()
    }
}

extension SettlementRecord {
    var members: [JSONValue.Member] {
        [
            .init("rule", .string(rule)), .init("expected", .array(expected.map(\.json))),
            .init("received", .array(received.map(\.json))),
            .init("shares", .array(shares.map(\.json))),
            .init("undoes", undoes.map { .integer($0) } ?? .null),
            .init("original", original?.json ?? .null),
            .init("reason", reason.map { .string($0) } ?? .null), .init("by", .string(by.text)),
        ]
    }

    /// Reads ``members``: what counts no longer stands in an `unmatch` and nowhere else, a claim
    /// names its sale, and who decides without a rule says why.
    init(kind: Kind, from reader: inout ObjectReader) throws(JSONShapeError) {
        self.kind = kind
        rule = try reader.string("rule")
        expected = try reader.list("expected", SettledItem.init(json:path:))
        received = try reader.list("received", SettledItem.init(json:path:))
        shares = try reader.list("shares", SettledShare.init(json:path:))
        undoes = try reader.nullable("undoes")?.integer
        let original = try reader.nullable("original")
        self.original =
            if let original {
                try SaleReference(json: original, path: "original")
            } else { nil }
        reason = try reader.nullable("reason")?.string
        by = try reader.identifier("by")
        guard (kind == .unmatch) == (undoes.map { $0 >= 0 } ?? false) else {
            throw reader.problem("undoes", wanted: "the index of a record, in an unmatch only")
        }
        let isAboutClaim = kind == .claimPaid || kind == .claimUnpaid
        guard !isAboutClaim || self.original != nil else {
            throw reader.problem("original", wanted: "the sale of the claim")
        }
        let isByRule = kind == .match && !["manual", "not-ours"].contains(rule)
        guard isByRule || reason != nil else {
            throw reader.problem("reason", wanted: "why a person decided so")
        }
    }
}

extension ImportedStatement {
    var members: [JSONValue.Member] {
        [
            .init("source", .string(source)), .init("file", .string(file.hex)),
            .init("account", .string(account)), .init("id", .string(id)),
            .init("sequence", sequence.map { .integer($0) } ?? .null),
            .init("currency", .string(currency)), .init("opening", opening?.json ?? .null),
            .init("closing", closing?.json ?? .null), .init("count", .integer(lineCount)),
            .init("lines", .string(lines.hex)), .init("by", .string(by.text)),
        ]
    }

    init(from reader: inout ObjectReader) throws(JSONShapeError) {
        source = try reader.string("source")
        guard ["statement", "notification", "acquirer"].contains(source) else {
            throw reader.problem("source", wanted: "statement, notification or acquirer")
        }
        file = try reader.digest("file")
        account = try reader.string("account")
        id = try reader.string("id")
        sequence = try reader.nullable("sequence")?.integer
        currency = try reader.string("currency")
        opening = try reader.balance("opening")
        closing = try reader.balance("closing")
        lineCount = try reader.integer("count", in: 0...StrictJSON.numberMax)
        lines = try reader.digest("lines")
        by = try reader.identifier("by")
    }
}

extension ImportedStatement.Balance {
    fileprivate var json: JSONValue {
        .fields([
            "amount": .integer(amount.value), "day": day.map { .string($0.iso) } ?? .null,
        ])
    }
}

extension ObjectReader {
    /// The member; nil where it is null.
    fileprivate mutating func nullable(_ name: String) throws(JSONShapeError) -> JSONValue? {
        let value = try value(name)
        return value == .null ? nil : value
    }

    fileprivate mutating func digest(_ name: String) throws(JSONShapeError) -> Digest {
        try parsed(name, as: "64 hexadecimal digits") { Digest(hex: $0) }
    }

    fileprivate mutating func balance(
        _ name: String
    ) throws(JSONShapeError) -> ImportedStatement.Balance? {
        guard let json = try nullable(name) else { return nil }
        var reader = try ObjectReader(json, path: path(of: name))
        let amount = Cents(try reader.integer("amount"))
        let day: BusinessDay? =
            if let text = try reader.nullable("day") {
                BusinessDay(iso: text.string ?? "")
            } else { nil }
        try reader.finish()
        return ImportedStatement.Balance(amount: amount, day: day)
    }
}
