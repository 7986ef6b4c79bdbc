package import Sales
package import Signing
package import Text
package import Units

/// Which record of which terminal: the members every terminal-signed payload starts with.
package struct RecordHead: Hashable, Sendable {
    /// Origin of the log it is meant for, such as `musterstadt.example/log/hof-1`.
    package let log: String
    package let yard: YardID
    package let terminal: TerminalID
    /// From 1, gapless per terminal.
    package let sequence: Int64
    /// SHA-256 of the signing input of the record with the sequence number before this one;
    /// ``genesisPrevious`` for the first.
    package let previous: Digest
    /// The terminal's own clock; informative.
    package let at: Timestamp
    /// The attendant.
    package let attendant: PersonID

    package init(
        log: String, yard: YardID, terminal: TerminalID, sequence: Int64, previous: Digest,
        at: Timestamp, attendant: PersonID
    ) {
        self.log = log
        self.yard = yard
        self.terminal = terminal
        self.sequence = sequence
        self.previous = previous
        self.at = at
        self.attendant = attendant
    }

    /// What stands for "the record before" in a terminal's first record: SHA-256 of nothing.
    package static let genesisPrevious = Digest.sha256([UInt8]())

    package var reference: SaleReference { SaleReference(terminal: terminal, sequence: sequence) }
}

/// What a terminal can say.
package enum TerminalFact: Hashable, Sendable {
    case sale(Sale)
    case noSale(NoSale)
    /// A void at the terminal, within two minutes of the sale.
    case void(Reversal)
    /// An unknown payment resolved by the attendant.
    case resolution(PaymentResolution)

    package var kind: RecordKind {
        switch self {
        case .sale: .sale
        case .noSale: .noSale
        case .void: .void
        case .resolution: .resolution
        }
    }
}

extension TerminalFact {
    /// The earlier sale that it is about.
    package var original: SaleReference? {
        switch self {
        case .sale, .noSale: nil
        case .void(let reversal): reversal.original
        case .resolution(let resolution): resolution.original
        }
    }

    /// The reasons that people typed and that are signed with it.
    package var typedTexts: [String] {
        switch self {
        case .sale(let sale): sale.delivery.typedTexts
        case .noSale(let noSale): [noSale.reason] + noSale.delivery.typedTexts
        case .void(let reversal): [reversal.reason]
        case .resolution(let resolution): [resolution.note]
        }
    }
}

/// The kinds of journal records (docs/formats/journal.md).
package enum RecordKind: String, Hashable, Sendable, CaseIterable {
    case genesis, enrol, tariff, sale
    case noSale = "no-sale"
    case void, refund, resolution, release, rotate, revoke, decision
    case rotateLog = "rotate-log"
    case rotateRecord = "rotate-record"
    case loss
    case approve, close, export, snapshot, handover, erase, hold, lift
    case bankStatement = "bank-statement"
    case match, unmatch
    case bankFee = "bank-fee"
    case chargeback
    case claimPaid = "claim-paid"
    case claimUnpaid = "claim-unpaid"
    case debtor
    /// A signed statement that contradicts a recorded one; kept, never counted.
    case evidence
}

/// A personal field named in the hashed bytes only by its salted digest (design decision 8).
package struct PersonalDigest: Hashable, Sendable {
    package let name: PersonalField
    /// SHA-256 of salt and value.
    package let digest: Digest

    package init(name: PersonalField, digest: Digest) {
        self.name = name
        self.digest = digest
    }
}

/// The personal fields that may travel beside a record.
package enum PersonalField: String, Hashable, Sendable, CaseIterable {
    case plate, customer, debtor, note, iban, payee
}

/// A terminal-signed record: what the JWS payload says.
package struct TerminalRecord: Hashable, Sendable {
    package let head: RecordHead
    package let fact: TerminalFact
    /// Ascending by name, each at most once.
    package let personal: [PersonalDigest]

    package init(head: RecordHead, fact: TerminalFact, personal: [PersonalDigest]) {
        self.head = head
        self.fact = fact
        self.personal = personal.sorted { $0.name.rawValue < $1.name.rawValue }
    }

    /// The `typ` of the protected header.
    package static let typ = "wsh-sale+jws"
}

extension TerminalRecord {
    /// The payload as it is signed: compact JSON, members in this order (docs/formats/envelope.md).
    package var payload: [UInt8] {
        var members: [JSONValue.Member] = [
            .init("v", 1), .init("kind", .string(fact.kind.rawValue)),
            .init("log", .string(head.log)), .init("yard", .string(head.yard.text)),
            .init("terminal", .string(head.terminal.text)), .init("seq", .integer(head.sequence)),
            .init("prev", .string(head.previous.base64url)), .init("at", .string(head.at.iso)),
            .init("attendant", .string(head.attendant.text)),
        ]
        switch fact {
        case .sale(let sale): members += sale.members
        case .noSale(let noSale): members += noSale.members
        case .void(let reversal): members += reversal.members
        case .resolution(let resolution): members += resolution.members
        }
        members.append(.init("personal", .array(personal.map(\.json))))
        return JSONValue.object(members).bytes
    }

    /// Reads a payload in the strict profile of trust.md 7; unknown members are refused.
    package init(payload: [UInt8]) throws(PayloadError) {
        let json: JSONValue
        do { json = try StrictJSON.parse(payload, depthMax: 4) } catch { throw .json(error) }
        do { self = try TerminalRecord(json: json) } catch { throw .shape(error) }
    }

    private init(json: JSONValue) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: "payload")
        _ = try reader.integer("v", in: 1...1)
        let kind: RecordKind = try reader.choice("kind")
        head = try RecordHead(from: &reader)
        switch kind {
        case .sale: fact = .sale(try Sale(from: &reader))
        case .noSale: fact = .noSale(try NoSale(from: &reader))
        case .void: fact = .void(try Reversal(kind: .void, from: &reader))
        case .resolution: fact = .resolution(try PaymentResolution(from: &reader))
        case .genesis, .enrol, .tariff, .refund, .release, .rotate, .revoke, .decision, .rotateLog,
            .rotateRecord, .loss, .approve, .close, .export, .snapshot, .handover, .erase, .hold,
            .lift, .bankStatement, .match, .unmatch, .bankFee, .chargeback, .claimPaid,
            .claimUnpaid, .debtor,
            .evidence:
            throw reader.problem("kind", wanted: "sale, no-sale, void or resolution")
        }
        personal = try reader.list("personal", PersonalDigest.init(json:path:))
        let names = personal.map(\.name.rawValue)
        guard zip(names, names.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw reader.problem("personal", wanted: "each field once, ascending by name")
        }
        try reader.finish()
    }
}

extension RecordHead {
    fileprivate init(from reader: inout ObjectReader) throws(JSONShapeError) {
        log = try reader.string("log")
        yard = try reader.identifier("yard")
        terminal = try reader.identifier("terminal")
        sequence = try reader.integer("seq", in: 1...9_007_199_254_740_991)
        guard let digest = Digest(base64url: try reader.string("prev")) else {
            throw reader.problem("prev", wanted: "32 bytes in base64url")
        }
        previous = digest
        at = try reader.timestamp("at")
        attendant = try reader.identifier("attendant")
    }
}

extension PersonalDigest {
    package var json: JSONValue {
        .fields(["name": .string(name.rawValue), "digest": .string(digest.base64url)])
    }

    package init(json: JSONValue, path: String) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        name = try reader.choice("name")
        guard let digest = Digest(base64url: try reader.string("digest")) else {
            throw reader.problem("digest", wanted: "32 bytes in base64url")
        }
        self.digest = digest
        try reader.finish()
    }
}

/// Why a payload is no record.
package enum PayloadError: Error, Hashable, Sendable {
    case json(StrictJSONError)
    case shape(JSONShapeError)
}
