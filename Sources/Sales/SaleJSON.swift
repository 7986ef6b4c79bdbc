package import Tariffs
package import Text
package import Units

// The members of facts inside signed payloads; docs/formats/envelope.md is the specification.

extension VATTreatment {
    package var code: String {
        switch self {
        case .outsideScope: "outside"
        case .exempt: "exempt"
        case .taxable: "taxable"
        }
    }

    package init?(code: String, basisPoints: Int64) {
        switch (code, basisPoints) {
        case ("outside", 0): self = .outsideScope
        case ("exempt", 0): self = .exempt
        case ("taxable", 1...10_000): self = .taxable(VATRate(basisPoints: basisPoints))
        default: return nil
        }
    }

    package static func read(from reader: inout ObjectReader) throws(JSONShapeError)
        -> VATTreatment
    {
        let code = try reader.string("vat")
        let rate = try reader.integer("rate", in: 0...10_000)
        guard let treatment = VATTreatment(code: code, basisPoints: rate) else {
            throw reader.problem("vat", wanted: "outside or exempt with rate 0, or taxable")
        }
        return treatment
    }
}

extension VATBlock {
    package var json: JSONValue {
        .fields([
            "vat": .string(treatment.code), "rate": .integer(treatment.rate.basisPoints),
            "gross": .integer(gross.value), "tax": .integer(tax.value),
        ])
    }

    package init(json: JSONValue, path: String) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        treatment = try .read(from: &reader)
        gross = try reader.cents("gross")
        tax = try reader.cents("tax")
        try reader.finish()
    }
}

extension ObjectReader {
    /// The error that the member `name` has another value than wanted.
    package func problem(_ name: String, wanted: String) -> JSONShapeError {
        JSONShapeError(path: path(of: name), wanted: wanted, found: "another value")
    }

    /// An amount within plus or minus ``Units/Cents/entryLimit``.
    package mutating func cents(_ name: String) throws(JSONShapeError) -> Cents {
        Cents(try integer(name, in: -Cents.entryLimit...Cents.entryLimit))
    }

    package mutating func identifier<Kind>(
        _ name: String, as: Identifier<Kind>.Type = Identifier<Kind>.self
    )
        throws(JSONShapeError) -> Identifier<Kind>
    {
        guard let identifier = Identifier<Kind>(try string(name)) else {
            throw problem(name, wanted: "1 to 64 of a-z, 0-9, - and .")
        }
        return identifier
    }

    package mutating func timestamp(_ name: String) throws(JSONShapeError) -> Timestamp {
        guard let timestamp = Timestamp(iso: try string(name)) else {
            throw problem(name, wanted: "an instant such as 2026-11-22T17:24:47.123Z")
        }
        return timestamp
    }

    package mutating func day(_ name: String) throws(JSONShapeError) -> BusinessDay {
        guard let day = BusinessDay(iso: try string(name)) else {
            throw problem(name, wanted: "a date such as 2026-11-22")
        }
        return day
    }

    /// A member whose text is the raw value of one of a closed set.
    package mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, of: Choice.Type = Choice.self
    ) throws(JSONShapeError) -> Choice {
        guard let choice = Choice(rawValue: try string(name)) else {
            let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw problem(name, wanted: "one of \(known)")
        }
        return choice
    }
}

extension SaleLine {
    package var json: JSONValue { .object(members + (figures?.members ?? [])) }

    private var members: [JSONValue.Member] {
        let fields: JSONValue = .fields([
            "position": .string(position), "paragraph": .string(paragraph),
            "fraction": .string(fraction.text), "name": .string(name),
            "billed": .integer(billed), "legal": .string(legalForm.rawValue),
            "vat": .string(vat.code), "rate": .integer(vat.rate.basisPoints),
            "gross": .integer(gross.value), "de": .string(explanation.german),
            "en": .string(explanation.english),
        ])
        return fields.members ?? []
    }

    package init(json: JSONValue, path: String) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        position = try reader.string("position")
        paragraph = try reader.string("paragraph")
        fraction = try reader.identifier("fraction")
        name = try reader.string("name")
        billed = try reader.integer("billed", in: 0...1_000_000_000_000)
        legalForm = try reader.choice("legal")
        vat = try .read(from: &reader)
        gross = try reader.cents("gross")
        explanation = Explanation(
            german: try reader.string("de"), english: try reader.string("en"))
        figures = reader.has("charged") ? try LineFigures(from: &reader) : nil
        try reader.finish()
    }
}

extension LineFigures {
    /// The exact price is written as numerator over denominator: `1520/1`.
    fileprivate var members: [JSONValue.Member] {
        var members: [JSONValue.Member] = [
            .init("charged", .integer(charged)), .init("free", .integer(free)),
            .init("exact", .string("\(exact.numerator)/\(exact.denominator)")),
        ]
        if let freeLeft { members.append(.init("freeLeft", .integer(freeLeft))) }
        if let bound { members.append(.init("bound", .integer(bound.value))) }
        return members
    }

    fileprivate init(from reader: inout ObjectReader) throws(JSONShapeError) {
        let charged = try reader.integer("charged", in: 0...1_000_000_000_000)
        let free = try reader.integer("free", in: 0...1_000_000_000_000)
        guard let exact = Ratio(text: try reader.string("exact")) else {
            throw reader.problem("exact", wanted: "a fraction such as 1520/1")
        }
        self.init(
            free: free,
            freeLeft: try reader.optionalInteger("freeLeft", in: 0...1_000_000_000_000),
            charged: charged, exact: exact,
            bound: reader.has("bound") ? try reader.cents("bound") : nil)
    }
}

extension Ratio {
    /// Reads `1520/1`; nil for anything else, and out of reach.
    fileprivate init?(text: String) {
        guard let stroke = text.utf8.firstIndex(of: UInt8(ascii: "/")),
            let numerator = Self.whole(text[..<stroke]),
            let denominator = Self.whole(text[text.utf8.index(after: stroke)...]),
            denominator > 0
        else { return nil }
        self.init(numerator, over: denominator)
        guard isInReach else { return nil }
    }

    /// Nearly all numbers fit into 64 bits, which are read several times faster.
    private static func whole(_ digits: Substring) -> Int128? {
        Int64(digits).map { Int128($0) } ?? Int128(digits)
    }
}

extension QuotaKey {
    package var json: JSONValue { .object(members) }

    fileprivate var members: [JSONValue.Member] {
        [
            .init("rule", .string(rule)), .init("kind", .string(kind.rawValue)),
            .init("holder", .string(holder.rawValue)), .init("key", .string(key.text)),
            .init("from", .string(periodStart.iso)),
        ]
    }

    package init(json: JSONValue, path: String) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        self = try QuotaKey(from: &reader)
        try reader.finish()
    }

    /// Reads ``json``'s members, whatever else stands beside them.
    package init(from reader: inout ObjectReader) throws(JSONShapeError) {
        self.init(
            rule: try reader.string("rule"), kind: try reader.choice("kind"),
            holder: try reader.choice("holder"), key: try reader.identifier("key"),
            periodStart: try reader.day("from"))
    }
}

extension QuotaUse {
    package var json: JSONValue {
        .object(
            key.members + [
                .init("used", .integer(used)), .init("taken", .integer(taken)),
            ])
    }

    package init(json: JSONValue, path: String) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        let key = try QuotaKey(from: &reader)
        self.init(
            key: key, used: try reader.integer("used", in: 0...1_000_000_000_000),
            taken: try reader.integer("taken", in: 0...1_000_000_000_000))
        try reader.finish()
    }
}

extension SaleReference {
    package var json: JSONValue {
        .fields(["terminal": .string(terminal.text), "seq": .integer(sequence)])
    }

    package init(json: JSONValue, path: String) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        self.init(
            terminal: try reader.identifier("terminal"),
            sequence: try reader.integer("seq", in: 1...9_007_199_254_740_991))
        try reader.finish()
    }
}

extension ObjectReader {
    /// The number of a card terminal, if there.
    fileprivate mutating func cardTerminal() throws(JSONShapeError) -> String? {
        guard let number = try optionalString("tid") else { return nil }
        guard CardSlip.isCode(number) else {
            throw problem("tid", wanted: "1 to 16 digits or capital letters")
        }
        return number
    }
}

extension CardSlip {
    /// The members of a slip, to stand beside a `kind`.
    package var members: [JSONValue.Member] {
        var members: [JSONValue.Member] = [
            .init("tid", .string(cardTerminal)), .init("scheme", .string(scheme.rawValue)),
            .init("receipt", .string(receiptNumber)), .init("trace", .string(traceNumber)),
        ]
        if let authorisation { members.append(.init("auth", .string(authorisation))) }
        if let lastFour { members.append(.init("last4", .string(lastFour))) }
        return members
    }

    package init(from reader: inout ObjectReader) throws(JSONShapeError) {
        let slip = CardSlip(
            cardTerminal: try reader.string("tid"), scheme: try reader.choice("scheme"),
            receiptNumber: try reader.string("receipt"), traceNumber: try reader.string("trace"),
            authorisation: try reader.optionalString("auth"),
            lastFour: try reader.optionalString("last4"))
        guard let slip else {
            throw reader.problem("tid", wanted: "slip numbers of 1 to 16 digits or capital letters")
        }
        self = slip
    }
}

extension Settlement {
    package var json: JSONValue {
        switch self {
        case .free: .fields(["kind": "free"])
        case .card(let slip): .object([.init("kind", "card")] + slip.members)
        case .onAccount: .fields(["kind": "on-account"])
        case .unknown(let terminal):
            .fields(["kind": "unknown", "tid": terminal.map { .string($0) }])
        }
    }

    package init(json: JSONValue, path: String) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        switch try reader.string("kind") {
        case "free": self = .free
        case "card": self = .card(try CardSlip(from: &reader))
        case "on-account": self = .onAccount
        case "unknown": self = .unknown(cardTerminal: try reader.cardTerminal())
        default: throw reader.problem("kind", wanted: "free, card, on-account or unknown")
        }
        try reader.finish()
    }
}

extension ReversalSettlement {
    package var json: JSONValue {
        switch self {
        case .card(let slip): .object([.init("kind", "card")] + slip.members)
        case .bankTransfer: .fields(["kind": "bank-transfer"])
        case .noMoney: .fields(["kind": "no-money"])
        }
    }

    package init(json: JSONValue, path: String) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        switch try reader.string("kind") {
        case "card": self = .card(try CardSlip(from: &reader))
        case "bank-transfer": self = .bankTransfer
        case "no-money": self = .noMoney
        default: throw reader.problem("kind", wanted: "card, bank-transfer or no-money")
        }
        try reader.finish()
    }
}

extension FailedAttempt {
    package var json: JSONValue {
        .fields([
            "outcome": .string(outcome.rawValue), "tid": cardTerminal.map { .string($0) },
            "at": .string(at.iso),
        ])
    }

    package init(json: JSONValue, path: String) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        outcome = try reader.choice("outcome")
        cardTerminal = try reader.cardTerminal()
        at = try reader.timestamp("at")
        try reader.finish()
    }
}
