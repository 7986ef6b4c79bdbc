import Hummingbird
import Journal
import Operations
import People
import Sales
import Storage
import Text
import Units

extension APIRoutes {
    /// A yard's tariff book: what is in force when, what is proposed, and old prices again.
    func addTariffRoutes(to yard: RouterGroup<APIContext>) {
        yard.get("tariffs") { request, context in
            _ = try installation.person(request, for: .readSales)
            let rows = try installation.tariffs(of: try context.yard(installation))
            return Response.json(.fields(["tariffs": .array(rows.map(\.json))]))
        }
        yard.post("tariffs") { request, context in
            let person = try installation.person(request)
            var buffer = try await request.collected(1 << 20)
            let bytes = buffer.readBytes(length: buffer.readableBytes) ?? []
            let digest = try await installation.proposeTariff(
                bytes, for: try context.yard(installation), by: person)
            return Response.json(.fields(["digest": .string(digest)]), status: .created)
        }
        yard.post("tariffs/{digest}/approve") { request, context in
            let person = try installation.person(request)
            try await installation.approveTariff(
                try context.parameters.require("digest"), for: try context.yard(installation),
                by: person)
            return Response(status: .noContent)
        }
        yard.post("tariffs/{digest}/withdraw") { request, context in
            let person = try installation.person(request)
            try await installation.withdrawTariff(
                try context.parameters.require("digest"), for: try context.yard(installation),
                by: person)
            return Response(status: .noContent)
        }
        yard.get("tariffs/book") { request, context in
            try book(request, of: try context.yard(installation))
        }
        yard.get("tariffs/{digest}") { request, context in
            let yard = try context.yard(installation)
            try requireReader(request, of: yard)
            let digest = try context.parameters.require("digest")
            return Response.bytes(
                try installation.tariffFile(digest, of: yard), type: "application/yaml")
        }
        yard.get("sales/{terminal}/{sequence}/repricing") { request, context in
            _ = try installation.person(request, for: .readSales)
            let repricing = try installation.reprice(
                try context.reference(), of: try context.yard(installation))
            return Response.json(repricing.json)
        }
    }

    private func book(_ request: Request, of yard: Yard) throws -> Response {
        try requireReader(request, of: yard)
        guard let day = BusinessDay(iso: request.uri.queryParameters.get("from") ?? "") else {
            throw Problem(422, "input-invalid", "No such day", "Give ?from=2026-11-22.")
        }
        let versions = try installation.tariffBook(of: yard, from: day)
        return Response.json(.fields(["versions": .array(versions.map(\.json))]))
    }

    /// A terminal of the yard, or a person who may read its sales.
    private func requireReader(_ request: Request, of yard: Yard) throws {
        if try installation.terminal(token: request.bearer ?? "")?.yard == yard.number { return }
        _ = try installation.person(request, for: .readSales)
    }
}

extension TariffRow {
    fileprivate var json: JSONValue {
        .fields([
            "digest": .string(digest), "id": .string(id), "title": .string(title),
            "from": .string(from.iso), "to": to.map { .string($0.iso) } ?? .null,
            "state": .string(state.rawValue), "proposedBy": .string(proposedBy.text),
            "proposedAt": proposedAt.map { .string($0.iso) } ?? .null,
            "approvedBy": approvedBy.map { .string($0.text) } ?? .null,
            "index": position.map { .integer($0) } ?? .null,
            "withdrawnBy": withdrawnBy.map { .string($0.text) } ?? .null,
        ])
    }
}

extension TariffVersion {
    fileprivate var json: JSONValue {
        .fields([
            "digest": .string(digest), "id": .string(id), "from": .string(from.iso),
            "to": to.map { .string($0.iso) } ?? .null,
        ])
    }
}

extension Repricing {
    fileprivate var json: JSONValue {
        .fields([
            "terminal": .string(reference.terminal.text), "seq": .integer(reference.sequence),
            "index": .integer(index), "day": .string(day.iso), "tariff": tariff.json,
            "stored": .array(stored.map(\.json)), "computed": .array(computed.map(\.json)),
            "refused": .array(refused.map { .string($0) }),
            "difference": .integer(difference.value), "agrees": .bool(agrees),
            "flags": .array(flags.map { .string($0) }),
            "quotaDifference": quotaDifference.map { .integer($0.value) },
        ])
    }
}
