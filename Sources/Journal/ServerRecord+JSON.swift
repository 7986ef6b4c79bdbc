import Sales
import Signing
import Text
import Units

extension ServerRecord {
    /// The payload as it is signed (docs/formats/journal.md).
    package var payload: [UInt8] {
        var members: [JSONValue.Member] = [
            .init("v", 1), .init("kind", .string(fact.kind.rawValue)), .init("log", .string(log)),
            .init("yard", .string(yard.text)), .init("at", .string(at.iso)),
        ]
        members += fact.members
        members.append(.init("personal", .array(personal.map(\.json))))
        return JSONValue.object(members).bytes
    }

    /// Reads a payload in the strict profile; unknown members are refused.
    package init(payload: [UInt8]) throws(PayloadError) {
        let json: JSONValue
        do { json = try StrictJSON.parse(payload, depthMax: 6) } catch { throw .json(error) }
        do { self = try ServerRecord(json: json) } catch { throw .shape(error) }
    }

    private init(json: JSONValue) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: "payload")
        _ = try reader.integer("v", in: 1...1)
        let kind: RecordKind = try reader.choice("kind")
        log = try reader.string("log")
        yard = try reader.identifier("yard")
        at = try reader.timestamp("at")
        fact = try ServerFact(kind: kind, from: &reader)
        personal = try reader.list("personal", PersonalDigest.init(json:path:))
        try reader.finish()
    }
}

extension ServerFact {
    fileprivate var members: [JSONValue.Member] {
        switch self {
        case .genesis(let genesis): genesis.members
        case .enrol(let enrolment): enrolment.members
        case .tariff(let activation): activation.members
        case .reversal(let reversal, let approval, let person):
            reversal.members + [
                .init("approval", .integer(approval)), .init("by", .string(person.text)),
            ]
        case .resolution(let resolution, let person):
            resolution.members + [.init("by", .string(person.text))]
        case .release(let release): release.members
        case .rotate(let rotation): rotation.members
        case .revoke(let revocation): revocation.members
        case .decision(let decision): decision.members
        case .rotateLog(let rotation): rotation.members
        case .rotateRecord(let rotation): rotation.members
        case .loss(let loss): loss.members
        case .approve(let approval): approval.members
        case .close(let body), .export(let body), .snapshot(let body), .handover(let body):
            [.init("body", body)]
        case .erase(let erasure): erasure.members
        case .hold(let hold): hold.members
        case .lift(let lift): lift.members
        case .bankStatement(let statement): statement.members
        case .debtor(let naming): naming.members
        case .settled(let record): record.members
        }
    }

    fileprivate init(kind: RecordKind, from reader: inout ObjectReader) throws(JSONShapeError) {
        switch kind {
        case .genesis: self = .genesis(try Genesis(from: &reader))
        case .enrol: self = .enrol(try Enrolment(from: &reader))
        case .tariff: self = .tariff(try TariffActivation(from: &reader))
        case .void, .refund:
            let reversal = try Reversal(kind: kind == .void ? .void : .refund, from: &reader)
            self = .reversal(
                reversal, approval: try reader.integer("approval", in: 0...StrictJSON.numberMax),
                completedBy: try reader.identifier("by"))
        case .resolution:
            self = .resolution(
                try PaymentResolution(from: &reader), by: try reader.identifier("by"))
        case .release: self = .release(try TerminalRelease(from: &reader))
        case .rotate: self = .rotate(try KeyRotation(from: &reader))
        case .revoke: self = .revoke(try KeyRevocation(from: &reader))
        case .decision: self = .decision(try RecordDecision(from: &reader))
        case .rotateLog: self = .rotateLog(try LogKeyRotation(from: &reader))
        case .rotateRecord: self = .rotateRecord(try RecordKeyRotation(from: &reader))
        case .loss: self = .loss(try JournalLoss(from: &reader))
        case .approve: self = .approve(try Approval(from: &reader))
        case .close: self = .close(try reader.value("body"))
        case .export: self = .export(try reader.value("body"))
        case .snapshot: self = .snapshot(try reader.value("body"))
        case .handover: self = .handover(try reader.value("body"))
        case .erase: self = .erase(try Erasure(from: &reader))
        case .hold: self = .hold(try LegalHold(from: &reader))
        case .lift: self = .lift(try HoldLift(from: &reader))
        case .bankStatement: self = .bankStatement(try ImportedStatement(from: &reader))
        case .debtor: self = .debtor(try DebtorNaming(from: &reader))
        case .match: self = .settled(try SettlementRecord(kind: .match, from: &reader))
        case .unmatch: self = .settled(try SettlementRecord(kind: .unmatch, from: &reader))
        case .bankFee: self = .settled(try SettlementRecord(kind: .bankFee, from: &reader))
        case .chargeback: self = .settled(try SettlementRecord(kind: .chargeback, from: &reader))
        case .claimPaid: self = .settled(try SettlementRecord(kind: .claimPaid, from: &reader))
        case .claimUnpaid:
            self = .settled(try SettlementRecord(kind: .claimUnpaid, from: &reader))
        case .sale, .noSale, .evidence:
            throw reader.problem("kind", wanted: "a kind of record that the server signs")
        }
    }
}

extension Genesis {
    fileprivate var members: [JSONValue.Member] {
        [
            .init("town", .string(town)), .init("name", .string(yardName)),
            .init("address", .string(address)), .init("logKey", .string(logKey)),
            .init("recordKey", .string(Base64URL.encode(recordKey.raw))),
            .init("policy", .string(policy)),
        ]
    }

    fileprivate init(from reader: inout ObjectReader) throws(JSONShapeError) {
        self.init(
            town: try reader.string("town"), yardName: try reader.string("name"),
            address: try reader.string("address"), logKey: try reader.string("logKey"),
            recordKey: try reader.publicKey("recordKey"), policy: try reader.string("policy"))
    }
}

extension Enrolment {
    fileprivate var members: [JSONValue.Member] {
        [
            .init("terminal", .string(terminal.text)), .init("name", .string(name)),
            .init("key", .string(Base64URL.encode(key.raw))),
            .init("requestedBy", .string(requestedBy.text)),
            .init("approvedBy", .string(approvedBy.text)),
        ]
    }

    fileprivate init(from reader: inout ObjectReader) throws(JSONShapeError) {
        self.init(
            terminal: try reader.identifier("terminal"), name: try reader.string("name"),
            key: try reader.publicKey("key"), requestedBy: try reader.identifier("requestedBy"),
            approvedBy: try reader.identifier("approvedBy"))
    }
}

extension TariffActivation {
    fileprivate var members: [JSONValue.Member] {
        [
            .init("id", .string(id)), .init("title", .string(title)),
            .init("digest", .string(digest)), .init("from", .string(from.iso)),
            .init("to", to.map { .string($0.iso) } ?? .null),
        ] + (ends.map { [.init("ends", $0.json)] } ?? []) + [
            .init("proposedBy", .string(proposedBy.text)),
            .init("approvedBy", .string(approvedBy.text)),
        ]
    }

    fileprivate init(from reader: inout ObjectReader) throws(JSONShapeError) {
        let (id, title) = (try reader.string("id"), try reader.string("title"))
        let (digest, from) = (try reader.string("digest"), try reader.day("from"))
        let to: BusinessDay? =
            if try reader.value("to") == .null { nil } else { try reader.day("to") }
        let ends: TariffEnding? =
            if reader.has("ends") {
                try TariffEnding(json: try reader.value("ends"), path: reader.path(of: "ends"))
            } else {
                nil
            }
        self.init(
            id: id, title: title, digest: digest, from: from, to: to, ends: ends,
            proposedBy: try reader.identifier("proposedBy"),
            approvedBy: try reader.identifier("approvedBy"))
    }
}

extension TariffEnding {
    fileprivate var json: JSONValue {
        .fields(["digest": .string(digest), "on": .string(on.iso)])
    }

    fileprivate init(json: JSONValue, path: String) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        self.init(digest: try reader.string("digest"), on: try reader.day("on"))
        try reader.finish()
    }
}

extension TerminalRelease {
    fileprivate var members: [JSONValue.Member] {
        [
            .init("terminal", .string(terminal.text)), .init("reason", .string(reason)),
            .init("approvedBy", .string(approvedBy.text)),
        ]
    }

    fileprivate init(from reader: inout ObjectReader) throws(JSONShapeError) {
        self.init(
            terminal: try reader.identifier("terminal"), reason: try reader.string("reason"),
            approvedBy: try reader.identifier("approvedBy"))
    }
}

extension Approval {
    fileprivate var members: [JSONValue.Member] {
        [
            .init("request", .integer(request)), .init("original", original.json),
            .init("amount", .integer(amount.value)), .init("reason", .string(reason)),
            .init("requestedBy", .string(requestedBy.text)),
            .init("approvedBy", .string(approvedBy.text)),
        ]
    }

    fileprivate init(from reader: inout ObjectReader) throws(JSONShapeError) {
        self.init(
            request: try reader.integer("request", in: 1...StrictJSON.numberMax),
            original: try SaleReference(json: try reader.value("original"), path: "original"),
            amount: try reader.cents("amount"), reason: try reader.string("reason"),
            requestedBy: try reader.identifier("requestedBy"),
            approvedBy: try reader.identifier("approvedBy"))
    }
}
