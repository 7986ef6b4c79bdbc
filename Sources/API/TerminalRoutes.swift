import HTTPTypes
import Hummingbird
import Journal
import NIOCore
import Operations
import People
import Sales
import Signing
import Storage
import Tariffs
import Text
import Units

/// Who may be named as attendant at a yard: everybody who can sign in as cashier.
struct Attendants: Sendable {
    let installation: Installation

    var json: JSONValue {
        get throws {
            .array(
                try installation.people().filter { $0.isActive && $0.roles.contains(.cashier) }
                    .map { .fields(["id": .string($0.id.text), "name": .string($0.name)]) })
        }
    }
}

extension APIRoutes {
    func addTerminalRoutes(to group: RouterGroup<APIContext>) {
        group.post("v1/enrolments") { request, _ in try await enrol(request) }
        let yard = group.group("v1/yards/{yard}")
        yard.post("envelopes") { request, context in
            try await admit(request, at: try context.yard(installation))
        }
        yard.post("envelopes/batch") { request, context in
            try await admitBatch(request, at: try context.yard(installation))
        }
        yard.get("terminals/{terminal}") { request, context in
            let yard = try context.yard(installation)
            let row = try installation.terminal(request, at: yard)
            guard row.id.text == context.parameters.get("terminal") else {
                throw Problem.notFound
            }
            return Response.json(
                try state(of: row, at: yard, unresolved: try Self.unresolved(request)))
        }
        yard.post("terminals/{terminal}/heartbeat") { request, context in
            try await heartbeat(request, at: try context.yard(installation))
        }
        yard.post("terminals/{terminal}/next-key") { request, context in
            try await announceKey(request, at: try context.yard(installation))
        }
        yard.post("terminals/{terminal}/quotas") { request, context in
            try await quotas(request, at: try context.yard(installation))
        }
    }

    private func enrol(_ request: Request) async throws -> Response {
        var reader = try ObjectReader(try await request.json())
        let code = try reader.string("code")
        let key = try reader.parsed("key", as: "a raw P-256 public key in base64url") {
            Base64URL.decode($0).flatMap(ES256PublicKey.init(raw:))
        }
        let proof = Array(try reader.string("proof").utf8)
        try reader.finish()
        let enrolled = try await installation.enrol(code: code, key: key, proof: proof)
        let yard = enrolled.yard
        return Response.json(
            .fields([
                "yard": .string(yard.id.text), "terminal": .string(enrolled.terminal.text),
                "name": .string(enrolled.name), "town": .string(yard.genesis.town),
                "address": .string(yard.genesis.address),
                "yardName": .string(yard.genesis.yardName),
                "receiptOrigin": .string(yard.receiptOrigin), "log": .string(yard.origin),
                "logKey": .string(yard.logKey), "token": .string(enrolled.token),
                "attendants": try attendants.json,
            ]), status: .created)
    }

    private func state(
        of row: TerminalRow, at yard: Yard, unresolved: [Int64]
    ) throws -> JSONValue {
        let resolved = try installation.resolvedSales(among: unresolved, of: row)
        return .fields([
            "terminal": .string(row.id.text), "state": .string(row.state.rawValue),
            "last": .integer(row.highest), "attendants": try attendants.json,
            "address": .string(yard.genesis.address),
            "yardName": .string(yard.genesis.yardName),
            "receiptOrigin": .string(yard.receiptOrigin), "kid": .string(row.kid),
            "logKey": .string(yard.logKey),
            "resolved": .array(resolved.map { .integer($0) }),
        ])
    }

    /// The sales of unknown payment that a terminal asks about: `unresolved=5,9`.
    private static func unresolved(_ request: Request) throws -> [Int64] {
        guard let text = request.uri.queryParameters["unresolved"] else { return [] }
        let numbers = text.split(separator: ",").map { Int64($0) }
        guard (1...256).contains(numbers.count), !numbers.contains(nil) else {
            throw OperationsError.input(
                field: "unresolved", wanted: "1 to 256 numbers of sales with commas between")
        }
        return numbers.compactMap { $0 }
    }

    /// What was used so far of the quotas that a terminal asks for.
    private func quotas(_ request: Request, at yard: Yard) async throws -> Response {
        _ = try installation.terminal(request, at: yard)
        var reader = try ObjectReader(try await request.json())
        let keys = try reader.list("keys", QuotaKey.init(json:path:))
        try reader.finish()
        guard keys.count <= 4 * Tariff.itemCountMax else {
            throw OperationsError.input(field: "keys", wanted: "at most \(4 * Tariff.itemCountMax)")
        }
        let uses = try installation.quotas(keys, of: yard)
        return Response.json(.fields(["quotas": .array(uses.map(\.json))]))
    }

    private func heartbeat(_ request: Request, at yard: Yard) async throws -> Response {
        let row = try installation.terminal(request, at: yard)
        var reader = try ObjectReader(try await request.json())
        let range: ClosedRange<Int64> = 0...StrictJSON.numberMax
        let (head, queued) = (
            try reader.integer("head", in: range), try reader.integer("queued", in: range)
        )
        let unknown = try reader.integer("unknown", in: range)
        _ = try reader.optionalString("version")
        let checkpoint = try reader.optionalParsed("checkpoint", as: "a signed note in base64") {
            Base64.decode($0)
        }
        try reader.finish()
        if let checkpoint {
            try installation.present(checkpoint, of: yard, from: .terminal(row.id.text))
        }
        try await installation.heartbeat(row, head: head, queued: queued, unknown: unknown)
        return Response(status: .noContent)
    }

    // MARK: Envelopes

    private func admit(_ request: Request, at yard: Yard) async throws -> Response {
        let envelope = try Envelope(json: try await request.json())
        return ReadyAnswer(try await installation.admit(envelope, to: yard)).response
    }

    private func admitBatch(_ request: Request, at yard: Yard) async throws -> Response {
        var reader = try ObjectReader(try await request.json(bytesMax: 1 << 20))
        let items = try reader.array("envelopes")
        try reader.finish()
        guard (1...256).contains(items.count) else {
            throw Problem(
                422, "batch-size", "The batch has \(items.count) envelopes",
                "Send 1 to 256 envelopes in one batch.")
        }
        let envelopes = items.map { item in Result { try Envelope(json: item) } }
        let answers = try await installation.admit(envelopes, to: yard)
        return .json(.fields(["results": .array(try answers.map(result))]))
    }

    /// The answer to one envelope of a batch: a poisoned one does not stop those behind it.
    private func result(_ answer: Result<Admission, any Error>) throws -> JSONValue {
        switch answer {
        case .success(.acknowledged(let acknowledgement)):
            return .fields([
                "status": acknowledgement.isRepeat ? 200 : 201,
                "acknowledgement": acknowledgement.json,
            ])
        case .success(.equivocation(let evidence, let recorded)):
            return Problem.equivocation(evidence: evidence, recorded: recorded).result
        case .failure(let error):
            guard let problem = Problem(error) else { throw error }
            return problem.result
        }
    }
}

extension ReadyAnswer {
    /// The answer to one envelope.
    init(_ admission: Admission) {
        switch admission {
        case .acknowledged(let acknowledgement):
            self = .json(
                acknowledgement.json, status: acknowledgement.isRepeat ? .ok : .created)
        case .equivocation(let evidence, let recorded):
            self = Problem.equivocation(evidence: evidence, recorded: recorded).answer
        }
    }
}

extension Problem {
    fileprivate static func equivocation(evidence: Int64, recorded: Int64) -> Problem {
        Problem(
            409, "equivocation", "Another record has this sequence number",
            "Both are kept. The terminal is in quarantine until an approver releases it.",
            extra: [
                .init("evidence", .integer(evidence)), .init("recorded", .integer(recorded)),
            ])
    }

    fileprivate var result: JSONValue {
        .fields(["status": .integer(Int64(status)), "problem": json])
    }
}
