import HTTPTypes
import Hummingbird
import Journal
import Operations
import People
import Sales
import Storage
import Text
import Units

extension APIRoutes {
    /// Keys of terminals and of the server: who has which, what waits for a second person.
    func addKeyRoutes(to group: RouterGroup<APIContext>) {
        let yard = group.group("v1/yards/{yard}")
        yard.get("log/keys") { _, context in
            let steps = try installation.logKeySteps(of: try context.yard(installation))
            return Response.json(.fields(["steps": .array(steps.map(\.json))]))
        }
        yard.get("keys") { request, context in
            _ = try installation.person(request, for: .readAudit)
            return Response.json(try keys(of: try context.yard(installation)))
        }
        yard.get("keys/requests") { request, context in
            _ = try installation.person(request, for: .readAudit)
            let rows = try installation.openKeyRequests(of: try context.yard(installation))
            return Response.json(.fields(["requests": .array(rows.map(\.json))]))
        }
        yard.post("keys/requests") { request, context in
            try await ask(request, at: try context.yard(installation))
        }
        yard.post("keys/requests/{id}/approve") { request, context in
            let person = try installation.person(request)
            try await installation.approveKeyRequest(
                try context.number("id"), at: try context.yard(installation), by: person)
            return Response(status: .noContent)
        }
        yard.post("keys/requests/{id}/reject") { request, context in
            let person = try installation.person(request)
            try await installation.rejectKeyRequest(
                try context.number("id"), at: try context.yard(installation), by: person)
            return Response(status: .noContent)
        }
        group.post("v1/keys/retire") { request, _ in
            let person = try installation.person(request)
            var reader = try ObjectReader(try await request.json())
            let name = try reader.string("key")
            try reader.finish()
            try await installation.retireKey(name, by: person)
            return Response(status: .noContent)
        }
        yard.get("terminals/{terminal}/doubtful") { request, context in
            _ = try installation.person(request, for: .readAudit)
            let records = try installation.doubtfulRecords(
                of: try context.terminal(), at: try context.yard(installation))
            return Response.json(.fields(["records": .array(records.map(\.json))]))
        }
        yard.post("decisions") { request, context in
            try await decide(request, at: try context.yard(installation))
        }
    }

    func announceKey(_ request: Request, at yard: Yard) async throws -> Response {
        let row = try installation.terminal(request, at: yard)
        var reader = try ObjectReader(try await request.json())
        let (announcement, possession) = (
            try reader.string("announcement"), try reader.string("possession")
        )
        try reader.finish()
        let id = try await installation.announceKey(
            Array(announcement.utf8), possession: Array(possession.utf8), of: row, at: yard)
        return Response.json(
            .fields(["request": id.map { .integer($0) } ?? .null]),
            status: id == nil ? .ok : .created)
    }

    private func keys(of yard: Yard) throws -> JSONValue {
        let server = try installation.serverKeys().filter { $0.yard == yard.id }
        let terminals = try installation.terminalKeys(of: yard)
        return .fields([
            "server": .array(server.map(\.json)), "terminals": .array(terminals.map(\.json)),
        ])
    }

    private func ask(_ request: Request, at yard: Yard) async throws -> Response {
        let person = try installation.person(request)
        var reader = try ObjectReader(try await request.json())
        let kind = try reader.string("kind")
        if kind == KeyRequestRow.Kind.revoke.rawValue {
            let terminal: TerminalID = try reader.identifier("terminal")
            let trusted = try reader.integer("trusted", in: 0...StrictJSON.numberMax)
            let reason = try reader.string("reason")
            try reader.finish()
            let id = try await installation.requestRevocation(
                of: terminal, trusted: trusted, reason: reason, at: yard, by: person)
            return Response.json(.fields(["id": .integer(id)]), status: .created)
        }
        let inToken = try reader.optionalBool("token") ?? false
        try reader.finish()
        let purpose: ServerKeyPurpose
        switch KeyRequestRow.Kind(rawValue: kind) {
        case .rotateLog: purpose = .log
        case .rotateRecord: purpose = .record
        case .rotate, .revoke, nil:
            throw OperationsError.input(
                field: "kind", wanted: "revoke, rotate-log or rotate-record")
        }
        let (id, key) = try await installation.requestRotation(
            of: purpose, inToken: inToken, at: yard, by: person)
        return Response.json(
            .fields(["id": .integer(id), "key": .string(key)]), status: .created)
    }

    private func decide(_ request: Request, at yard: Yard) async throws -> Response {
        let person = try installation.person(request)
        var reader = try ObjectReader(try await request.json())
        let reference = SaleReference(
            terminal: try reader.identifier("terminal"),
            sequence: try reader.integer("seq", in: 1...StrictJSON.numberMax))
        let (counts, reason) = (try reader.bool("counts"), try reader.string("reason"))
        try reader.finish()
        try await installation.decide(
            reference, counts: counts, reason: reason, at: yard, by: person)
        return Response(status: .noContent)
    }
}

extension APIContext {
    fileprivate func terminal() throws -> TerminalID {
        guard let id = parameters.get("terminal").flatMap({ TerminalID($0) }) else {
            throw Problem.notFound
        }
        return id
    }
}

extension ServerKey {
    fileprivate var json: JSONValue {
        .fields([
            "purpose": .string(purpose.rawValue), "key": .string(name),
            "state": .string(state.rawValue), "from": from.map { .integer($0) } ?? .null,
            "place": place.map { .string($0) } ?? .null,
        ])
    }
}

extension TerminalKeyState {
    fileprivate var json: JSONValue {
        .fields([
            "terminal": .string(terminal.text), "key": .string(kid),
            "state": .string(state.rawValue), "from": .integer(from),
            "to": to.map { .integer($0) } ?? .null,
        ])
    }
}

extension KeyRequestRow {
    fileprivate var json: JSONValue {
        .fields([
            "id": .integer(id), "kind": .string(kind.rawValue),
            "terminal": terminal.map { .string($0.text) } ?? .null,
            "key": newKey.map { .string($0) } ?? .null,
            "requestedBy": requestedBy.map { .string($0.text) } ?? .null,
            "requestedAt": .string(requestedAt.iso),
        ])
    }
}

extension DoubtfulRecord {
    fileprivate var json: JSONValue {
        .fields([
            "terminal": .string(reference.terminal.text), "seq": .integer(reference.sequence),
            "index": .integer(row.position.index), "kind": .string(row.kind.rawValue),
            "total": .integer(row.total.value), "state": .string(state.rawValue),
        ])
    }
}
