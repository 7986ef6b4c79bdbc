import Sales
package import Text
import Units

// How lines of bank and acquirer files are kept (docs/formats/statements.md): strict JSON, members
// without value left out.

extension String {
    /// The text as strict JSON can hold it: form C; control characters, and those that turn the
    /// direction of writing, become spaces.
    var storable: String {
        let isOdd = { (scalar: Unicode.Scalar) in
            switch scalar.value {
            case 0..<0x20, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069: true
            default: false
            }
        }
        guard unicodeScalars.contains(where: isOdd) else { return composed }
        let kept = unicodeScalars.map { isOdd($0) ? " " : $0 }
        return String(String.UnicodeScalarView(kept)).composed
    }
}

extension BankStatement {
    /// The same statement with texts as they can be kept.
    package var storable: BankStatement {
        BankStatement(
            kind: kind, message: message.storable, id: id.storable, sequence: sequence,
            account: account.storable, currency: currency.storable, opening: opening,
            closing: closing, entries: entries.map(\.storable))
    }
}

extension StatementEntry {
    fileprivate var storable: StatementEntry {
        StatementEntry(
            amount: amount, currency: currency.storable, status: status, isReversal: isReversal,
            bookedOn: bookedOn, valueOn: valueOn, kind: kind.storable, facts: facts.storable,
            card: card?.storable,
            details: details.map {
                EntryDetail(
                    amount: $0.amount, kind: $0.kind.storable, facts: $0.facts.storable,
                    card: $0.card?.storable, returnReason: $0.returnReason?.storable)
            })
    }

    package var json: JSONValue {
        .fields([
            "amount": .integer(amount.value), "currency": .string(currency),
            "status": .string(status.rawValue), "reversal": isReversal ? .bool(true) : nil,
            "booked": bookedOn.map { .string($0.iso) }, "value": valueOn.map { .string($0.iso) },
            "kind": kind.json, "facts": facts.json, "card": card?.json,
            "details": details.isEmpty ? nil : .array(details.map(\.json)),
        ])
    }

    /// Reads ``json``.
    package init(json: JSONValue) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: "entry")
        self.init(
            amount: Cents(try reader.integer("amount")),
            currency: try reader.string("currency"), status: try reader.status(),
            isReversal: try reader.optionalBool("reversal") ?? false,
            bookedOn: try reader.optionalDay("booked"), valueOn: try reader.optionalDay("value"),
            kind: try TransactionKind(from: &reader), facts: try TransactionFacts(from: &reader),
            card: try CardTakings(from: &reader),
            details: reader.has("details")
                ? try reader.list("details", EntryDetail.init(json:path:)) : [])
        try reader.finish()
    }
}

extension EntryDetail {
    fileprivate var json: JSONValue {
        .fields([
            "amount": amount.map { .integer($0.value) }, "kind": kind.json, "facts": facts.json,
            "card": card?.json, "return": returnReason.map { .string($0) },
        ])
    }

    fileprivate init(json: JSONValue, path: String) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        self.init(
            amount: try reader.optionalInteger("amount").map { Cents($0) },
            kind: try TransactionKind(from: &reader), facts: try TransactionFacts(from: &reader),
            card: try CardTakings(from: &reader), returnReason: try reader.optionalString("return"))
        try reader.finish()
    }
}

extension TransactionKind {
    fileprivate var storable: TransactionKind {
        TransactionKind(code: code?.storable, gvc: gvc?.storable)
    }

    fileprivate var json: JSONValue? {
        self == .unknown
            ? nil
            : .fields(["code": code.map { .string($0) }, "gvc": gvc.map { .string($0) }])
    }

    fileprivate init(from entry: inout ObjectReader) throws(JSONShapeError) {
        guard entry.has("kind") else {
            self = .unknown
            return
        }
        var reader = try entry.object("kind")
        self.init(
            code: try reader.optionalString("code"), gvc: try reader.optionalString("gvc"))
        try reader.finish()
    }
}

extension TransactionFacts {
    fileprivate var storable: TransactionFacts {
        TransactionFacts(
            bankReference: bankReference?.storable, references: references.map(\.storable),
            party: party?.storable, text: text.storable, charges: charges)
    }

    fileprivate var json: JSONValue {
        .fields([
            "bank": bankReference.map { .string($0) },
            "references": references.isEmpty ? nil : .array(references.map { .string($0) }),
            "party": party.map { .string($0) }, "text": text.isEmpty ? nil : .string(text),
            "charges": charges == .zero ? nil : .integer(charges.value),
        ])
    }

    fileprivate init(from entry: inout ObjectReader) throws(JSONShapeError) {
        var reader = try entry.object("facts")
        self.init(
            bankReference: try reader.optionalString("bank"),
            references: reader.has("references") ? try reader.strings("references") : [],
            party: try reader.optionalString("party"),
            text: try reader.optionalString("text") ?? "",
            charges: Cents(try reader.optionalInteger("charges") ?? 0))
        try reader.finish()
    }
}

extension CardTakings {
    fileprivate var storable: CardTakings {
        CardTakings(terminal: terminal?.storable, batch: batch?.storable)
    }

    fileprivate var json: JSONValue {
        .fields([
            "terminal": terminal.map { .string($0) }, "batch": batch.map { .string($0) },
        ])
    }

    fileprivate init?(from entry: inout ObjectReader) throws(JSONShapeError) {
        guard entry.has("card") else { return nil }
        var reader = try entry.object("card")
        self.init(
            terminal: try reader.optionalString("terminal"),
            batch: try reader.optionalString("batch"))
        try reader.finish()
    }
}

extension AcquirerLine {
    /// The same line with texts as they can be kept.
    package var storable: AcquirerLine {
        AcquirerLine(
            kind: kind, reference: reference.storable, day: day, terminal: terminal?.storable,
            scheme: scheme, cut: cut?.storable, gross: gross, fee: fee, payout: payout.storable)
            ?? self
    }

    package var json: JSONValue {
        .fields([
            "kind": .string(kind.rawValue), "reference": .string(reference),
            "day": .string(day.iso), "terminal": terminal.map { .string($0) },
            "scheme": scheme.map { .string($0.rawValue) }, "cut": cut.map { .string($0) },
            "gross": .integer(gross.value),
            "fee": .integer(fee.value), "payout": .string(payout),
        ])
    }

    /// Reads ``json``.
    package init(json: JSONValue) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: "line")
        let line = AcquirerLine(
            kind: try reader.choice("kind"), reference: try reader.string("reference"),
            day: try reader.day("day"), terminal: try reader.optionalString("terminal"),
            scheme: reader.has("scheme") ? try reader.choice("scheme", of: CardScheme.self) : nil,
            cut: try reader.optionalString("cut"), gross: Cents(try reader.integer("gross")),
            fee: Cents(try reader.integer("fee")),
            payout: try reader.string("payout"))
        guard let line else {
            throw reader.problem("gross", wanted: "the sign that belongs to the kind")
        }
        try reader.finish()
        self = line
    }
}

extension ObjectReader {
    fileprivate mutating func status() throws(JSONShapeError) -> StatementEntry.Status {
        let text = try string("status")
        guard let status = StatementEntry.Status(rawValue: text) else {
            throw problem("status", wanted: "BOOK, PDNG, INFO or FUTR")
        }
        return status
    }

    fileprivate mutating func optionalDay(_ name: String) throws(JSONShapeError) -> BusinessDay? {
        has(name) ? try day(name) : nil
    }
}
