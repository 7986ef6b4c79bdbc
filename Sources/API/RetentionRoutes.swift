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
    /// How long personal data is kept, what must not be erased, and what is asked about it.
    func addRetentionRoutes(to yard: RouterGroup<APIContext>) {
        yard.get("personal/retention") { request, context in
            _ = try installation.person(request, for: .readAudit)
            let yard = try context.yard(installation)
            let states = try installation.retentionStates(of: yard)
            return Response.json(
                .fields([
                    "fields": .array(states.map(\.json)),
                    "accessDays": .integer(Int64(installation.retention.accessDays)),
                    "holds": .array(try installation.holds(of: yard).map(\.json)),
                ]))
        }
        yard.post("personal/retention") { request, context in
            let person = try installation.person(request)
            _ = try context.yard(installation)
            let count = try await installation.eraseExpired(by: person)
            return Response.json(count.json)
        }
        yard.get("personal/requests") { request, context in
            _ = try installation.person(request, for: .readAudit)
            let rows = try installation.openPersonalRequests(of: try context.yard(installation))
            return Response.json(.fields(["requests": .array(try rows.map { try $0.json })]))
        }
        yard.post("personal/requests") { request, context in
            let person = try installation.person(request)
            var reader = try ObjectReader(try await request.json())
            let kind: PersonalRequestRow.Kind = try reader.choice("kind")
            let wish = try PersonalWish(kind, from: &reader)
            let id = try await installation.requestPersonal(
                wish, at: try context.yard(installation), by: person)
            return Response.json(.fields(["id": .integer(id)]), status: .created)
        }
        yard.post("personal/requests/{id}/approve") { request, context in
            let person = try installation.person(request)
            try await installation.approvePersonal(
                try context.number("id"), at: try context.yard(installation), by: person)
            return Response(status: .noContent)
        }
        yard.post("personal/requests/{id}/reject") { request, context in
            let person = try installation.person(request)
            try await installation.rejectPersonal(
                try context.number("id"), at: try context.yard(installation), by: person)
            return Response(status: .noContent)
        }
    }
}

extension RetentionState {
    fileprivate var json: JSONValue {
        .fields([
            "name": .string(field.rawValue), "period": .string(rule.period.words),
            "kept": .bool(rule.isKept), "basis": .string(rule.basis),
            "stored": .integer(stored), "due": .integer(due), "held": .integer(held),
        ])
    }
}

extension ErasureCount {
    fileprivate var json: JSONValue {
        .fields([
            "erased": .object(
                fields.sorted { $0.key.rawValue < $1.key.rawValue }
                    .map { .init($0.key.rawValue, .integer($0.value)) }),
            "accesses": .integer(accesses), "overwritten": .bool(isOverwritten),
        ])
    }
}

extension LegalHold {
    fileprivate var json: JSONValue {
        .fields([
            "number": .integer(number), "first": .integer(first),
            "last": last.map { .integer($0) } ?? .null, "reason": .string(reason),
            "requestedBy": .string(requestedBy.text), "approvedBy": .string(approvedBy.text),
        ])
    }
}

extension PersonalRequestRow {
    fileprivate var json: JSONValue {
        get throws {
            .fields([
                "id": .integer(id), "kind": .string(kind.rawValue),
                "asked": try StrictJSON.parse(Array(body.utf8)),
                "requestedBy": .string(requestedBy.text), "requestedAt": .string(requestedAt.iso),
            ])
        }
    }
}
