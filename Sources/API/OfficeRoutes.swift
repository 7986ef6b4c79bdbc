import HTTPTypes
import Hummingbird
package import Journal
import NIOCore
package import Operations
import People
import Sales
import Storage
package import Text
import Transparency
import Units

extension APIRoutes {
    func addOfficeRoutes(to group: RouterGroup<APIContext>) {
        group.post("v1/sessions") { request, context in try await signIn(request, context) }
        group.delete("v1/sessions") { request, _ in
            if let token = request.bearer { try await installation.signOut(token) }
            return Response(status: .noContent)
        }
        group.get("v1/yards") { request, _ in
            _ = try installation.person(request, for: .readSales)
            return Response.json(
                .fields([
                    "yards": .array(
                        installation.yards.map { yard in
                            .fields([
                                "id": .string(yard.id.text), "log": .string(yard.origin),
                                "name": .string(yard.genesis.yardName),
                                "logKey": .string(yard.logKey),
                            ])
                        })
                ]))
        }
        group.get("v1/people") { request, _ in
            _ = try installation.person(request, for: .readAudit)
            return Response.json(.fields(["people": .array(try installation.people().map(\.json))]))
        }
        group.post("v1/people") { request, _ in try await savePerson(request) }
        group.get("v1/people/changes") { request, _ in
            let person = try installation.person(request, for: .readAudit)
            let parameters = request.uri.queryParameters
            try parameters.requireOnly("cursor")
            let (rows, next) = try installation.personChanges(
                after: parameters.get("cursor"), by: person)
            return Response.json(
                .fields([
                    "changes": .array(rows.map(\.json)), "next": next.map { .string($0) } ?? .null,
                ]))
        }
        group.post("v1/people/me/password") { request, _ in
            let person = try installation.person(request)
            var reader = try ObjectReader(try await request.json(bytesMax: 4_096))
            let (old, new) = (try reader.string("old"), try reader.string("new"))
            try reader.finish()
            try await installation.changePassword(of: person.id, from: old, to: new)
            return Response(status: .noContent)
        }
        let yard = group.group("v1/yards/{yard}")
        addTerminalOfficeRoutes(to: yard)
        addTariffRoutes(to: yard)
        addReversalRoutes(to: yard)
        group.post("v1/verifications") { request, _ in
            _ = try installation.person(request, for: .readAudit)
            return Response.json(try installation.verify().json)
        }
    }

    private func signIn(_ request: Request, _ context: APIContext) async throws -> Response {
        var reader = try ObjectReader(try await request.json(bytesMax: 4_096))
        let (name, password) = (try reader.string("name"), try reader.string("password"))
        try reader.finish()
        let source = SignInSource.address(
            peer: context.remoteAddress?.ipAddress,
            forwarded: HTTPField.Name("X-Forwarded-For").flatMap { request.headers[$0] })
        let signedIn = try await installation.signIn(name, password: password, from: source)
        return Response.json(
            .fields([
                "token": .string(signedIn.token), "person": signedIn.person.json,
            ]), status: .created)
    }

    private func savePerson(_ request: Request) async throws -> Response {
        let actor = try installation.person(request, for: .manageUsers)
        var reader = try ObjectReader(try await request.json())
        let person = Person(
            id: try reader.identifier("id"), name: try reader.string("name"),
            roles: Set(try reader.strings("roles").map(Self.role)),
            isActive: try reader.optionalBool("active") ?? true)
        let password = try reader.optionalString("password")
        try reader.finish()
        try await installation.save(person, password: password, by: actor.id)
        return Response.json(person.json, status: .created)
    }

    private static func role(_ name: String) throws -> Role {
        guard let role = Role(rawValue: name) else {
            let known = Role.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem(422, "input-invalid", "No such role", "Roles are \(known).")
        }
        return role
    }

    private func addTerminalOfficeRoutes(to yard: RouterGroup<APIContext>) {
        yard.get("terminals") { request, context in
            _ = try installation.person(request, for: .readAudit)
            let rows = try installation.terminals(of: try context.yard(installation))
            return Response.json(.fields(["terminals": .array(rows.map(\.json))]))
        }
        yard.get("enrolments") { request, context in
            _ = try installation.person(request, for: .readAudit)
            let rows = try installation.openEnrolments(of: try context.yard(installation))
            return Response.json(.fields(["enrolments": .array(rows.map(\.json))]))
        }
        yard.post("enrolments") { request, context in
            let person = try installation.person(request)
            var reader = try ObjectReader(try await request.json())
            let terminal: TerminalID = try reader.identifier("terminal")
            let name = try reader.string("name")
            try reader.finish()
            let (id, code) = try await installation.requestEnrolment(
                terminal, name: name, at: try context.yard(installation), by: person)
            return Response.json(
                .fields(["id": .integer(id), "code": .string(code)]), status: .created)
        }
        yard.post("enrolments/{id}/approve") { request, context in
            let person = try installation.person(request)
            try await installation.approveEnrolment(
                try context.number("id"), at: try context.yard(installation), by: person)
            return Response(status: .noContent)
        }
        yard.post("enrolments/{id}/reject") { request, context in
            let person = try installation.person(request)
            try await installation.rejectEnrolment(
                try context.number("id"), at: try context.yard(installation), by: person)
            return Response(status: .noContent)
        }
        yard.post("terminals/{terminal}/release") { request, context in
            let person = try installation.person(request)
            var reader = try ObjectReader(try await request.json())
            let reason = try reader.string("reason")
            try reader.finish()
            guard let id = TerminalID(try context.parameters.require("terminal")) else {
                throw Problem.notFound
            }
            try await installation.release(
                id, at: try context.yard(installation), reason: reason, by: person)
            return Response(status: .noContent)
        }
    }
}

extension Person {
    fileprivate var json: JSONValue {
        .fields([
            "id": .string(id.text), "name": .string(name),
            "roles": .array(roles.map(\.rawValue).sorted().map { .string($0) }),
            "active": .bool(isActive),
        ])
    }
}

extension PersonChangeRow {
    fileprivate var json: JSONValue {
        .fields([
            "id": .integer(id), "at": .string(at.iso),
            "by": by.map { .string($0.text) } ?? .null, "before": before?.json ?? .null,
            "after": after.json, "password": .bool(isNewPassword),
        ])
    }
}

extension EnrolmentRow {
    fileprivate var json: JSONValue {
        .fields([
            "id": .integer(id), "terminal": .string(terminal.text), "name": .string(name),
            "requestedBy": .string(requestedBy.text), "requestedAt": .string(requestedAt.iso),
            "approvedBy": approvedBy.map { .string($0.text) } ?? .null,
            "approvedAt": approvedAt.map { .string($0.iso) } ?? .null,
        ])
    }
}

extension TerminalRow {
    fileprivate var json: JSONValue {
        .fields([
            "terminal": .string(id.text), "name": .string(name), "kid": .string(kid),
            "state": .string(state.rawValue), "last": .integer(highest),
            "head": .integer(head), "queued": .integer(queued), "unknown": .integer(unknown),
            "seen": seen.map { .string($0.iso) } ?? .null,
        ])
    }
}

extension VerificationReport {
    package var json: JSONValue {
        .fields([
            "ok": .bool(misfit == nil), "entries": .integer(sums.entries),
            "signatures": .integer(sums.signatures), "terminals": .integer(Int64(sums.terminals)),
            "checkpoints": .integer(sums.checkpoints), "closes": .integer(Int64(sums.closes)),
            "exports": .integer(Int64(sums.exports)), "repriced": .integer(sums.repriced),
            "erased": .integer(sums.erased),
            "secondOpinions": .integer(sums.secondOpinions),
            "cosignatures": .integer(sums.cosignatures),
            "unknownSignatures": .integer(sums.unknownSignatures),
            "timeStamps": .integer(Int64(sums.stamps)),
            "witnessed": .object(
                witnessedSizes.sorted { $0.key < $1.key }.map { .init($0.key, .integer($0.value)) }
            ),
            "notChecked": .array(
                absent.map(\.rawValue).sorted().map { .string($0) }),
            "roots": .object(
                roots.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) }),
            "gaps": .object(
                gaps.sorted { $0.key < $1.key }.map {
                    .init($0.key, .array($0.value.map { .integer($0) }))
                }),
            "losses": .array(losses.map(\.json)),
            "migratedFrom": migratedFrom.map { .integer(Int64($0)) },
            "misfit": misfit.map { misfit in
                .fields([
                    "yard": .string(misfit.yard), "index": misfit.index.map { .integer($0) },
                    "what": .string(misfit.what), "consequence": .string(misfit.consequence),
                ])
            } ?? .null,
        ])
    }
}

extension AcceptedLoss {
    package var json: JSONValue {
        .fields([
            "index": .integer(index), "log": .string(log), "next": .string(loss.key.name),
            "key": .string(loss.key.text), "first": .integer(loss.first), "last": .integer(last),
            "knownBy": .array(
                loss.heads.map { head in
                    .fields(["size": .integer(head.size), "who": .string(head.knownBy)])
                }), "reason": .string(loss.reason),
            "requestedBy": .string(loss.requestedBy.text),
            "approvedBy": .string(loss.approvedBy.text),
        ])
    }
}
