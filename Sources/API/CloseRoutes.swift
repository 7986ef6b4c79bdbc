import DayClosing
import HTTPTypes
import Hummingbird
import Operations
import People
import Sales
import Text
import Units

extension APIRoutes {
    func addCloseRoutes(to group: RouterGroup<APIContext>) {
        let yard = group.group("v1/yards/{yard}")
        yard.get("closes") { request, context in
            _ = try installation.person(request, for: .readSales)
            let yard = try context.yard(installation)
            let seals = try installation.seals(of: yard)
            let closes = try installation.closes(of: yard).map { close in
                close.json(sealed: seals[close.number])
            }
            return Response.json(.fields(["closes": .array(closes)]))
        }
        yard.get("closes/{number}") { request, context in
            _ = try installation.person(request, for: .readSales)
            let yard = try context.yard(installation)
            let close = try installation.close(try context.number("number"), of: yard)
            let seal = try installation.seal(ofClose: close.number, at: yard)
            return Response.json(close.json(sealed: seal))
        }
        yard.get("closes/next") { request, context in
            _ = try installation.person(request, for: .readSales)
            return Response.json(
                try installation.closeProgress(of: try context.yard(installation)).json)
        }
        yard.post("closes/next/count") { request, context in
            try await count(request, at: try context.yard(installation))
        }
        yard.post("closes/next/explain") { request, context in
            try await explain(request, at: try context.yard(installation))
        }
        yard.post("closes/next/approve") { request, context in
            let person = try installation.person(request)
            let close = try await installation.approveClose(
                at: try context.yard(installation), by: person)
            return Response.json(close.json, status: .created)
        }
        yard.post("closes/next/reject") { request, context in
            let person = try installation.person(request)
            try await installation.rejectClose(at: try context.yard(installation), by: person)
            return Response(status: .noContent)
        }
        addExportRoutes(to: yard)
    }

    private func count(_ request: Request, at yard: Yard) async throws -> Response {
        let person = try installation.person(request)
        var reader = try ObjectReader(try await request.json())
        let day = try reader.day("day")
        var counted: [CardKey: Tally] = [:]
        for var total in try reader.objects("totals") {
            let key = try total.cardKey()
            guard counted[key] == nil else {
                throw Problem(
                    422, "input-invalid", "A total stands twice",
                    "\(key.cardTerminal), \(key.scheme.rawValue): give each total once.")
            }
            counted[key] = Tally(
                count: try total.integer("count", in: 0...1_000_000),
                amount: Cents(try total.integer("amount")))
            try total.finish()
        }
        try reader.finish()
        try await installation.countClose(counted, day: day, at: yard, by: person)
        return Response.json(try installation.closeProgress(of: yard).json, status: .created)
    }

    private func explain(_ request: Request, at yard: Yard) async throws -> Response {
        let person = try installation.person(request)
        var reader = try ObjectReader(try await request.json())
        let key = try reader.cardKey()
        let reason: DifferenceReason = try reader.choice("reason")
        let text = try reader.string("text")
        try reader.finish()
        try await installation.explainDifference(
            key, reason: reason, text: text, at: yard, by: person)
        return Response.json(try installation.closeProgress(of: yard).json)
    }
}

extension ObjectReader {
    fileprivate mutating func cardKey() throws(JSONShapeError) -> CardKey {
        let terminal = try string("tid")
        guard CardSlip.isCode(terminal) else {
            throw problem("tid", wanted: "1 to 16 digits or capital letters")
        }
        return CardKey(cardTerminal: terminal, scheme: try choice("scheme"))
    }
}

extension CloseProgress {
    fileprivate var json: JSONValue {
        .fields([
            "number": .integer(number), "totals": totals.json,
            "draft": draft.map { draft in
                .fields([
                    "day": .string(draft.day.iso), "upto": .integer(draft.upto),
                    "countedBy": .string(draft.countedBy.text),
                    "countedAt": .string(draft.countedAt.iso),
                    "comparisons": .array(draft.comparisons.map(\.json)),
                ])
            } ?? .null,
        ])
    }
}
