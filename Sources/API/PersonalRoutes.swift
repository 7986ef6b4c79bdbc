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
    /// Personal data: shown and searched for a purpose, and the log of who did.
    func addPersonalRoutes(to yard: RouterGroup<APIContext>) {
        yard.post("sales/{terminal}/{sequence}/personal") { request, context in
            let person = try installation.person(request)
            let yard = try context.yard(installation)
            var reader = try ObjectReader(try await request.json())
            let purpose = try reader.string("purpose")
            try reader.finish()
            let detail = try installation.saleDetail(try context.reference(), of: yard)
            let found = try await installation.personalData(of: detail, for: purpose, by: person)
            return Response.json(
                .fields([
                    "personal": .array(
                        found.map {
                            .fields([
                                "name": .string($0.name.rawValue), "value": .string($0.value),
                            ])
                        })
                ]))
        }
        yard.post("sales/{terminal}/{sequence}/debtor") { request, context in
            let person = try installation.person(request)
            var reader = try ObjectReader(try await request.json())
            let (debtor, reason) = (try reader.string("debtor"), try reader.string("reason"))
            try reader.finish()
            try await installation.nameDebtor(
                debtor, of: try context.reference(), reason: reason,
                at: try context.yard(installation), by: person)
            return Response(status: .noContent)
        }
        yard.post("sales/search") { request, context in
            let person = try installation.person(request)
            var reader = try ObjectReader(try await request.json())
            let (plate, purpose) = (try reader.string("plate"), try reader.string("purpose"))
            try reader.finish()
            let found = try await installation.sales(
                withPlate: plate, at: try context.yard(installation), for: purpose, by: person)
            return Response.json(.fields(["sales": .array(found.map(\.json))]))
        }
        addRetentionRoutes(to: yard)
        yard.get("personal/accesses") { request, context in
            let person = try installation.person(request, for: .readAccessLog)
            let parameters = request.uri.queryParameters
            try parameters.requireOnly("cursor")
            let (rows, next) = try installation.accessLog(
                of: try context.yard(installation),
                after: parameters.get("cursor"), by: person)
            return Response.json(
                .fields([
                    "accesses": .array(rows.map(\.json)),
                    "next": next.map { .string($0) } ?? .null,
                ]))
        }
    }
}

extension AccessRow {
    fileprivate var json: JSONValue {
        .fields([
            "id": .integer(id), "at": .string(at.iso), "person": .string(person.text),
            "index": position.map { .integer($0.index) } ?? .null,
            "act": .string(act.rawValue), "fields": .string(fields),
            "purpose": .string(purpose),
        ])
    }
}
