package import Tariffs
package import Text
import Units

extension TariffReference {
    package var json: JSONValue {
        .fields(["id": .string(id), "title": .string(title), "digest": .string(digest)])
    }

    package init(json: JSONValue, path: String) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        self.init(
            id: try reader.string("id"), title: try reader.string("title"),
            digest: try reader.string("digest"))
        try reader.finish()
    }
}

extension ObjectReader {
    /// The elements of an array, each decoded as a document of its own: `decode` is given the
    /// empty path, and its error gets the element's place in front.
    package mutating func list<Element>(
        _ name: String, _ decode: (JSONValue, String) throws(JSONShapeError) -> Element
    ) throws(JSONShapeError) -> [Element] {
        let values = try array(name)
        var elements: [Element] = []
        elements.reserveCapacity(values.count)
        for json in values {
            do { elements.append(try decode(json, "")) } catch {
                throw error.inside("\(path(of: name))[\(elements.count)]")
            }
        }
        return elements
    }

    /// The delivery under the member `delivery`.
    package mutating func delivery() throws(JSONShapeError) -> Delivery {
        let json = try value("delivery")
        do {
            return try Delivery(json: json)
        } catch {
            throw problem("delivery", wanted: "a delivery: \(error)")
        }
    }
}

extension Sale {
    /// The members of a sale in its payload, after those of the head.
    package var members: [JSONValue.Member] {
        [
            .init("delivery", delivery.json), .init("tariff", tariff.json),
            .init("lines", .array(lines.map(\.json))), .init("quota", .array(quota.map(\.json))),
            .init("total", .integer(total.value)), .init("vat", .array(vat.map(\.json))),
            .init("settlement", settlement.json),
            .init("attempts", .array(attempts.map(\.json))),
        ]
    }

    /// Reads ``members``; total and VAT must be what the lines add up to.
    package init(from reader: inout ObjectReader) throws(JSONShapeError) {
        let delivery = try reader.delivery()
        let tariff = try TariffReference(json: try reader.value("tariff"), path: "tariff")
        let lines = try reader.list("lines", SaleLine.init(json:path:))
        let quota = try reader.list("quota", QuotaUse.init(json:path:))
        let total = try reader.cents("total")
        let vat = try reader.list("vat", VATBlock.init(json:path:))
        let settlement = try Settlement(
            json: try reader.value("settlement"), path: "settlement")
        let attempts = try reader.list("attempts", FailedAttempt.init(json:path:))
        let sale: Sale
        do {
            sale = try Sale(
                delivery: delivery, tariff: tariff, lines: lines, quota: quota,
                settlement: settlement, attempts: attempts)
        } catch {
            throw reader.problem("settlement", wanted: "a sale that can exist: \(error)")
        }
        guard sale.total == total else {
            throw reader.problem("total", wanted: "the sum of the lines, \(sale.total.value)")
        }
        guard sale.vat == vat else {
            throw reader.problem("vat", wanted: "the tax contained in the lines, by treatment")
        }
        self = sale
    }
}

extension NoSale {
    package var members: [JSONValue.Member] {
        [
            .init("cause", .string(cause.rawValue)), .init("delivery", delivery.json),
            .init("reason", .string(reason)), .init("attempts", .array(attempts.map(\.json))),
        ]
    }

    package init(from reader: inout ObjectReader) throws(JSONShapeError) {
        self.init(
            cause: try reader.choice("cause"), delivery: try reader.delivery(),
            reason: try reader.string("reason"),
            attempts: try reader.list("attempts", FailedAttempt.init(json:path:)))
    }
}

extension Reversal.Line {
    package var json: JSONValue {
        .fields([
            "line": .integer(Int64(index)), "position": .string(position),
            "legal": .string(legalForm.rawValue), "vat": .string(vat.code),
            "rate": .integer(vat.rate.basisPoints), "gross": .integer(gross.value),
        ])
    }

    package init(json: JSONValue, path: String) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        index = Int(try reader.integer("line", in: 0...999))
        position = try reader.string("position")
        legalForm = try reader.choice("legal")
        vat = try .read(from: &reader)
        gross = Cents(try reader.integer("gross", in: 1...Cents.entryLimit))
        try reader.finish()
    }
}

extension Reversal {
    /// The members of a void or refund; the kind stands in the head.
    package var members: [JSONValue.Member] {
        [
            .init("original", original.json), .init("lines", .array(lines.map(\.json))),
            .init("vat", .array(vat.map(\.json))), .init("amount", .integer(amount.value)),
            .init("reason", .string(reason)), .init("settlement", settlement.json),
        ]
    }

    package init(kind: Kind, from reader: inout ObjectReader) throws(JSONShapeError) {
        let original = try SaleReference(json: try reader.value("original"), path: "original")
        let lines = try reader.list("lines", Line.init(json:path:))
        let vat = try reader.list("vat", VATBlock.init(json:path:))
        let amount = try reader.cents("amount")
        guard zip(lines, lines.dropFirst()).allSatisfy({ $0.index < $1.index }) else {
            throw reader.problem("lines", wanted: "each line of the sale once, ascending")
        }
        guard lines.map(\.gross).sum() == amount else {
            throw reader.problem("amount", wanted: "the sum of the lines")
        }
        guard vat.map(\.treatment) == Self.treatments(of: lines),
            vat.allSatisfy({ $0.gross == Self.gross(of: $0.treatment, in: lines) })
        else { throw reader.problem("vat", wanted: "the sums of the lines by treatment") }
        self.init(
            kind: kind, original: original, lines: lines, vat: vat,
            reason: try reader.string("reason"),
            settlement: try ReversalSettlement(
                json: try reader.value("settlement"), path: "settlement"))
    }
}

extension PaymentResolution {
    package var members: [JSONValue.Member] {
        let finding: JSONValue =
            switch finding {
            case .charged(let slip): .object([.init("kind", "charged")] + slip.members)
            case .notChargedClaim: .fields(["kind": "not-charged-claim"])
            case .notChargedVoid: .fields(["kind": "not-charged-void"])
            }
        return [
            .init("original", original.json), .init("finding", finding),
            .init("evidence", .string(evidence.rawValue)), .init("note", .string(note)),
        ]
    }

    package init(from reader: inout ObjectReader) throws(JSONShapeError) {
        original = try SaleReference(json: try reader.value("original"), path: "original")
        var inner = try ObjectReader(try reader.value("finding"), path: "finding")
        switch try inner.string("kind") {
        case "charged": finding = .charged(try CardSlip(from: &inner))
        case "not-charged-claim": finding = .notChargedClaim
        case "not-charged-void": finding = .notChargedVoid
        default:
            throw inner.problem("kind", wanted: "charged, not-charged-claim or not-charged-void")
        }
        try inner.finish()
        evidence = try reader.choice("evidence")
        note = try reader.string("note")
    }
}
