import HTTPTypes
import Hummingbird
import Journal
import NIOCore
import Operations
import People
import Sales
import Storage
import Text
import Units

extension APIRoutes {
    /// Refunds and voids with two people, and payments without outcome.
    func addReversalRoutes(to yard: RouterGroup<APIContext>) {
        yard.get("reversals") { request, context in
            _ = try installation.person(request, for: .readSales)
            let requests = try installation.reversalRequests(of: try context.yard(installation))
            return Response.json(.fields(["reversals": .array(requests.map(\.json))]))
        }
        yard.post("reversals") { request, context in
            let person = try installation.person(request)
            var reader = try ObjectReader(try await request.json())
            let wish = try ReversalWish(from: &reader)
            let payee = try Payee.read(from: &reader)
            try reader.finish()
            let id = try await installation.requestReversal(
                wish, payee: payee, at: try context.yard(installation), by: person)
            return Response.json(.fields(["id": .integer(id)]), status: .created)
        }
        yard.post("reversals/{id}/approve") { request, context in
            let person = try installation.person(request)
            try await installation.approveReversal(
                try context.number("id"), at: try context.yard(installation), by: person)
            return Response(status: .noContent)
        }
        yard.post("reversals/{id}/reject") { request, context in
            let person = try installation.person(request)
            try await installation.rejectReversal(
                try context.number("id"), at: try context.yard(installation), by: person)
            return Response(status: .noContent)
        }
        yard.post("reversals/{id}/complete") { request, context in
            let person = try installation.person(request)
            var reader = try ObjectReader(try await request.json())
            let slip = try CardSlip(from: &reader)
            try reader.finish()
            try await installation.completeReversal(
                try context.number("id"), slip: slip, at: try context.yard(installation),
                by: person)
            return Response(status: .noContent)
        }
        yard.post("reversals/{id}/payee") { request, context in
            let person = try installation.person(request)
            var reader = try ObjectReader(try await request.json())
            let purpose = try reader.string("purpose")
            try reader.finish()
            let payee = try await installation.payee(
                ofRequest: try context.number("id"), at: try context.yard(installation),
                for: purpose, by: person)
            return Response.json(.fields(["payee": payee.map(\.json) ?? .null]))
        }
        addPaymentRoutes(to: yard)
    }

    private func addPaymentRoutes(to yard: RouterGroup<APIContext>) {
        yard.get("payments/unknown") { request, context in
            _ = try installation.person(request, for: .readSales)
            let open = try installation.unresolvedPayments(of: try context.yard(installation))
            return Response.json(
                .fields([
                    "payments": .array(
                        open.map { row, reference in
                            .fields([
                                "terminal": .string(reference.terminal.text),
                                "seq": .integer(reference.sequence), "at": .string(row.at.iso),
                                "total": .integer(row.total.value),
                            ])
                        })
                ]))
        }
        yard.post("payments/resolve") { request, context in
            let person = try installation.person(request)
            var reader = try ObjectReader(try await request.json())
            let debtor = try reader.optionalString("debtor")
            let resolution = try PaymentResolution(from: &reader)
            try reader.finish()
            try await installation.resolve(
                resolution, debtor: debtor, at: try context.yard(installation), by: person)
            return Response(status: .noContent)
        }
    }
}

extension ReversalRequest {
    fileprivate var json: JSONValue {
        .fields([
            "id": .integer(row.id), "state": .string(row.state.rawValue),
            "kind": .string(wish.kind.rawValue), "original": wish.original.json,
            "amount": .integer(amount.value), "reason": .string(wish.reason),
            "method": .string(wish.method.rawValue),
            "requestedBy": .string(row.requestedBy.text),
            "decidedBy": row.decidedBy.map { .string($0.text) } ?? .null,
        ])
    }
}

extension ShownPayee {
    fileprivate var json: JSONValue {
        .fields(["name": .string(name), "iban": .string(iban)])
    }
}

extension Payee {
    /// The member `payee` of a request for a reversal; nil without one.
    ///
    /// - Throws: `JSONShapeError`; `OperationsError` `payee`.
    fileprivate static func read(from reader: inout ObjectReader) throws -> Payee? {
        guard reader.has("payee") else { return nil }
        var inner = try reader.object("payee")
        let (name, iban) = (try inner.string("name"), try inner.string("iban"))
        try inner.finish()
        do { return try Payee(name: name, iban: iban) } catch {
            throw OperationsError.payee(error)
        }
    }
}
