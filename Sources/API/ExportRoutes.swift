import HTTPTypes
import Hummingbird
import Operations
import People
import Sales
import Text
import Units

extension APIRoutes {
    func addExportRoutes(to yard: RouterGroup<APIContext>) {
        yard.get("exports") { request, context in
            _ = try installation.person(request, for: .readSales)
            let standings = try installation.exportStandings(of: try context.yard(installation))
            return Response.json(
                .fields([
                    "exports": .array(standings.map(\.json)),
                    "formats": .array(try installation.exportFormats().map { .string($0) }),
                    "targets": .array(try installation.exportTargets().map { .string($0) }),
                ]))
        }
        yard.post("exports") { request, context in
            try await createExport(request, at: try context.yard(installation))
        }
        yard.get("exports/completeness") { request, context in
            _ = try installation.person(request, for: .readSales)
            let all = try installation.exportCompleteness(of: try context.yard(installation))
            return Response.json(.fields(["formats": .array(all.map(\.json))]))
        }
        yard.get("exports/{number}/files.zip") { request, context in
            let person = try installation.person(request)
            let archive = try await installation.fetchExportArchive(
                ofExport: try context.number("number"), at: try context.yard(installation),
                by: person)
            return Response.download(
                archive, type: "application/zip",
                headers: [.contentDisposition: "attachment; filename=\"\(archive.name)\""])
        }
        yard.get("exports/{number}/{file}") { request, context in
            let person = try installation.person(request)
            let name = try context.parameters.require("file")
            let file = try await installation.fetchExportFile(
                name, ofExport: try context.number("number"),
                at: try context.yard(installation), by: person)
            return Response.download(
                file, type: "application/octet-stream",
                headers: [.contentDisposition: "attachment"])
        }
        addHandoverRoutes(to: yard)
    }

    private func createExport(_ request: Request, at yard: Yard) async throws -> Response {
        let person = try installation.person(request)
        var reader = try ObjectReader(try await request.json())
        let profile = try reader.string("profile")
        let closes = try reader.array("closes").map { number in
            guard case .integer(let number) = number else {
                throw reader.problem("closes", wanted: "numbers of closes")
            }
            return number
        }
        guard Set(closes).count == closes.count else {
            throw reader.problem("closes", wanted: "each close once")
        }
        try reader.finish()
        let export = try await installation.createExport(
            profile, of: closes, at: yard, by: person)
        return Response.json(
            ExportStanding(export: export, handovers: []).json, status: .created)
    }

    private func addHandoverRoutes(to yard: RouterGroup<APIContext>) {
        yard.post("exports/{number}/hand-over") { request, context in
            let person = try installation.person(request)
            var reader = try ObjectReader(try await request.json())
            let target = try reader.string("target")
            try reader.finish()
            let (number, yard) = (try context.number("number"), try context.yard(installation))
            try await installation.handOverExport(number, to: target, at: yard, by: person)
            return Response.json(try installation.exportStanding(number, of: yard).json)
        }
        yard.post("exports/{number}/acknowledge") { request, context in
            let person = try installation.person(request)
            var reader = try ObjectReader(try await request.json())
            let reference = try reader.optionalString("reference") ?? ""
            try reader.finish()
            let (number, yard) = (try context.number("number"), try context.yard(installation))
            try await installation.acknowledgeExport(
                number, reference: reference, at: yard, by: person)
            return Response.json(try installation.exportStanding(number, of: yard).json)
        }
        yard.post("exports/{number}/reject") { request, context in
            let person = try installation.person(request)
            var reader = try ObjectReader(try await request.json())
            let reason = try reader.string("reason")
            try reader.finish()
            let (number, yard) = (try context.number("number"), try context.yard(installation))
            try await installation.rejectExport(number, reason: reason, at: yard, by: person)
            return Response.json(try installation.exportStanding(number, of: yard).json)
        }
    }
}

extension ExportStanding {
    /// The record with its state and what led to it.
    fileprivate var json: JSONValue {
        guard case .object(let members) = export.json else { return export.json }
        return .object(
            members + [
                .init("state", .string(state.rawValue)),
                .init("handovers", .array(handovers.map(\.json))),
            ])
    }
}

extension ExportHandover {
    fileprivate var json: JSONValue {
        .fields([
            "step": .string(step.rawValue), "means": means.map { .string($0) } ?? .null,
            "note": .string(note), "by": .string(by.text), "at": .string(at.iso),
        ])
    }
}

extension ExportCompleteness {
    fileprivate var json: JSONValue {
        .fields([
            "format": .string(format), "complete": .bool(isComplete),
            "missing": .array(missing.map { .integer($0) }),
            "twice": .array(twice.map { .integer($0) }),
            "unanswered": .array(unanswered.map { .integer($0) }),
            "grandTotal": .integer(grandTotal.value), "exported": .integer(exported.value),
            "closes": .array(
                closes.map { close in
                    .fields([
                        "number": .integer(close.number), "day": .string(close.day.iso),
                        "turnover": .integer(close.turnover.value),
                        "exports": .array(close.exports.map { .integer($0) }),
                        "state": close.state.map { .string($0.rawValue) } ?? .null,
                    ])
                }),
        ])
    }
}
