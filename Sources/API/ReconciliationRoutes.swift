import HTTPTypes
import Hummingbird
import NIOCore
import Operations
import People
import Sales
import Text
import Units

extension APIRoutes {
    /// Bank statements, and what belongs together. They concern the town, not one yard.
    func addReconciliationRoutes(to group: RouterGroup<APIContext>) {
        group.get("v1/reconciliation") { request, _ in
            _ = try installation.person(request, for: .readBank)
            return Response.json(try board())
        }
        group.post("v1/reconciliation/run") { request, _ in
            let person = try installation.person(request)
            let count = try await installation.bookMatches(by: person)
            return Response.json(.fields(["booked": .integer(Int64(count))]))
        }
        group.get("v1/reconciliation/statements") { request, _ in
            _ = try installation.person(request, for: .readBank)
            return Response.json(try installation.bankBook().series.json)
        }
        group.post("v1/reconciliation/statements") { request, _ in try await takeFile(request) }
        group.post("v1/reconciliation/settlements") { request, _ in try await settle(request) }
        group.post("v1/reconciliation/settlements/{yard}/{index}/undo") { request, context in
            let person = try installation.person(request)
            let yard = try context.yard(installation)
            var reader = try ObjectReader(try await request.json())
            let reason = try reader.string("reason")
            try reader.finish()
            try await installation.undoSettlement(
                "\(yard.id.text)/\(try context.number("index"))", reason: reason, by: person)
            return Response(status: .noContent)
        }
    }

    private func board() throws -> JSONValue {
        let claims = try installation.yards.flatMap { try installation.openClaims(of: $0) }
        return try installation.bankBook().json(claims: claims)
    }

    /// The body is the file as the bank gave it.
    private func takeFile(_ request: Request) async throws -> Response {
        let person = try installation.person(request, for: .importStatement)
        guard request.headers[.contentEncoding] == nil else {
            throw Problem(
                415, "encoding-unsupported", "Compressed bodies are not read",
                "Send the file without Content-Encoding; unpack ZIP files first.")
        }
        var buffer = try await request.collected(Installation.bankFileBytesMax)
        let bytes = buffer.readBytes(length: buffer.readableBytes) ?? []
        let report = try await installation.importBankFile(
            bytes, profile: request.uri.queryParameters["profile"].map { String($0) }, by: person)
        return Response.json(report.json, status: .created)
    }

    private func settle(_ request: Request) async throws -> Response {
        let person = try installation.person(request)
        var reader = try ObjectReader(try await request.json())
        let expected = try reader.optionalArray("expected").map { _ in
            try reader.strings("expected")
        }
        let received = try reader.optionalArray("received").map { _ in
            try reader.strings("received")
        }
        let wish = SettlementWish(
            try reader.decision(), expected: expected ?? [], received: received ?? [],
            original: try original(&reader), reason: try reader.string("reason"))
        try reader.finish()
        let id = try await installation.settle(wish, by: person)
        return Response.json(.fields(["id": .string(id)]), status: .created)
    }

    private func original(_ reader: inout ObjectReader) throws -> (Yard, SaleReference)? {
        guard var sale = try reader.optionalObject("original") else { return nil }
        let yard = try installation.yard(try sale.string("yard"))
        let reference = SaleReference(
            terminal: try sale.identifier("terminal"),
            sequence: try sale.integer("seq", in: 1...StrictJSON.numberMax))
        try sale.finish()
        return (yard, reference)
    }
}

extension ObjectReader {
    fileprivate mutating func decision() throws(JSONShapeError) -> SettlementWish.Decision {
        let name = try string("decision")
        let difference = try optionalParsed("difference", as: "fee, chargeback or unresolved") {
            (text: String) -> SettledMatter? in
            SettlementWish.differences.first { $0.code == text }
        }
        guard difference == nil || name == "match" else {
            throw problem("difference", wanted: "no difference but for a match")
        }
        switch name {
        case "match": return .match(difference: difference)
        case "not-ours": return .notOurs
        case "fee": return .fee
        case "chargeback": return .chargeback
        case "claim-paid": return .claimPaid
        case "claim-unpaid": return .claimUnpaid
        default:
            throw problem(
                "decision",
                wanted: "match, not-ours, fee, chargeback, claim-paid or claim-unpaid")
        }
    }
}
