import HTTPTypes
import Hummingbird
import Journal
import Operations
import People
import Sales
import Signing
import SourceFiles
import Storage
import Tariffs
import Text
import Units

extension APIRoutes {
    func addSaleRoutes(to group: RouterGroup<APIContext>) {
        let yard = group.group("v1/yards/{yard}")
        yard.post("quotes") { request, context in
            try await quote(request, at: try context.yard(installation))
        }
        yard.get("sales") { request, context in
            try await sales(request, at: try context.yard(installation))
        }
        yard.get("sales/{terminal}/{sequence}") { request, context in
            let yard = try context.yard(installation)
            return try sale(request, try context.reference(), at: yard)
        }
        yard.get("sales/sum") { request, context in
            let person = try installation.person(request, for: .readSales)
            let yard = try context.yard(installation)
            let query = try SaleQuery(request.uri.queryParameters)
            guard try !installation.isHidden(query, of: yard, from: person) else {
                throw OperationsError.countFirst
            }
            let sum = try await installation.sum(of: yard, query)
            return Response.json(
                .fields(["count": .integer(sum.count), "total": .integer(sum.total.value)]))
        }
        addPersonalRoutes(to: yard)
        yard.get("log/checkpoint") { _, context in
            let note = try await installation.checkpoint(of: try context.yard(installation))
            return Response.bytes(Array(note.utf8), type: "text/plain; charset=utf-8")
        }
        yard.get("log/status") { request, context in
            _ = try installation.person(request, for: .readSales)
            return Response.json(
                try installation.logStatus(of: try context.yard(installation)).json)
        }
        yard.get("log/proof/{index}") { request, context in
            _ = try installation.person(request, for: .readSales)
            let yard = try context.yard(installation)
            let proof = try await installation.proof(of: try context.number("index"), in: yard)
            return Response.bytes(Array(proof.utf8), type: "text/plain; charset=utf-8")
        }
        yard.get("log/entries/{index}") { request, context in
            _ = try installation.person(request, for: .readAudit)
            let position = LogPosition(
                yard: try context.yard(installation).number, index: try context.number("index"))
            return Response.bytes(
                try installation.record(at: position).bytes, type: "text/plain; charset=utf-8")
        }
    }

    private func quote(_ request: Request, at yard: Yard) async throws -> Response {
        if try installation.terminal(token: request.bearer ?? "")?.yard != yard.number {
            _ = try installation.person(request, for: .readSales)
        }
        let delivery = try Delivery(json: try await request.json())
        return Response.json(try installation.quote(delivery, at: yard).json)
    }

    private func sales(_ request: Request, at yard: Yard) async throws -> Response {
        _ = try installation.person(request, for: .readSales)
        let parameters = request.uri.queryParameters
        let page = try await installation.sales(
            of: yard, try SaleQuery(parameters),
            after: parameters.get("cursor").map { String($0) },
            limit: try parameters.pageLimit())
        return Response.json(
            .fields([
                "sales": .array(page.rows.map(\.json)),
                "next": page.next.map { .string($0) } ?? .null,
            ]))
    }

    private func sale(_ request: Request, _ reference: SaleReference, at yard: Yard) throws
        -> Response
    {
        _ = try installation.person(request, for: .readSales)
        let detail = try installation.saleDetail(reference, of: yard)
        return Response.json(detail.json)
    }
}

extension APIContext {
    func reference() throws -> SaleReference {
        guard let terminal = parameters.get("terminal").flatMap({ TerminalID($0) }) else {
            throw Problem.notFound
        }
        return SaleReference(terminal: terminal, sequence: try number("sequence"))
    }
}

extension PricingDecision {
    fileprivate var json: JSONValue {
        switch self {
        case .priced(let quote):
            .fields([
                "total": .integer(quote.total.value),
                "lines": .array(quote.lines.map { SaleLine($0).json }),
                "tariff": quote.tariff.json, "quota": .array(quote.quota.map(\.json)),
            ])
        case .refused(let refusals):
            .fields([
                "refused": .array(
                    refusals.map {
                        .fields([
                            "code": .string($0.code), "item": $0.item.map { .integer(Int64($0)) },
                            "de": .string($0.reason.german), "en": .string($0.reason.english),
                        ])
                    })
            ])
        }
    }
}

extension SaleSummary {
    var json: JSONValue {
        .fields([
            "terminal": .string(reference.terminal.text), "seq": .integer(reference.sequence),
            "index": .integer(index), "at": .string(at.iso), "day": .string(day.iso),
            "kind": .string(kind.rawValue), "state": .string(state),
            "total": .integer(total.value), "flags": .array(flags.map { .string($0) }),
            "subject": .string(subject), "scheme": scheme.map { .string($0.rawValue) },
            "standing": .string(standing.rawValue), "lastFour": lastFour.map { .string($0) },
        ])
    }
}

extension SaleDetail {
    fileprivate var json: JSONValue {
        .fields([
            "index": .integer(stored.position.index),
            "entry": .string(String(decoding: stored.bytes, as: UTF8.self)),
            "statement": .string(stored.statement.hex), "kid": .string(stored.kid),
            "reversals": .array(reversals.map { .object($0.members) }),
            "resolution": resolution.map { .object($0.members) } ?? .null,
        ])
    }
}
