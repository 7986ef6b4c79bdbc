import CloseSheets
import DayClosing
import HTTPTypes
import Hummingbird
import Operations
import People
import Text

extension APIRoutes {
    /// Closes on paper, the look between (X report), and audit snapshots.
    func addSheetRoutes(to yard: RouterGroup<APIContext>) {
        yard.get("closes/{number}/sheet.txt") { request, context in
            _ = try installation.person(request, for: .readSales)
            let sheet = try installation.closeSheet(
                try context.number("number"), of: try context.yard(installation))
            return Response.sheet(sheet)
        }
        yard.get("closes/{number}/sheet.pdf") { request, context in
            _ = try installation.person(request, for: .readSales)
            let bytes = try await installation.closeFile(
                try context.number("number"), of: try context.yard(installation))
            return Response.bytes(bytes, type: "application/pdf")
        }
        yard.get("closes/next/report") { request, context in
            let person = try installation.person(request, for: .readSales)
            let yard = try context.yard(installation)
            try await installation.addUp(yard)
            return Response.sheet(try installation.interimSheet(of: yard, for: person))
        }
        yard.get("snapshots") { request, context in
            let person = try installation.person(request, for: .readAudit)
            let all = try installation.snapshots(
                of: try context.yard(installation), for: person)
            return Response.json(.fields(["snapshots": .array(all.map(\.json))]))
        }
        yard.post("snapshots") { request, context in
            let person = try installation.person(request)
            var reader = try ObjectReader(try await request.json())
            let reason = try reader.string("reason")
            try reader.finish()
            let snapshot = try await installation.takeSnapshot(
                reason: reason, at: try context.yard(installation), by: person)
            return Response.json(snapshot.json, status: .created)
        }
        yard.get("snapshots/{number}") { request, context in
            let person = try installation.person(request, for: .readAudit)
            let found = try installation.snapshot(
                try context.number("number"), of: try context.yard(installation), for: person)
            return Response.json(found.snapshot.json)
        }
        yard.get("snapshots/{number}/sheet.txt") { request, context in
            let person = try installation.person(request, for: .readAudit)
            return Response.sheet(
                try installation.snapshotSheet(
                    try context.number("number"), of: try context.yard(installation),
                    for: person))
        }
    }
}

extension Response {
    fileprivate static func sheet(_ sheet: CloseSheet) -> Response {
        .bytes(Array(sheet.text.utf8), type: "text/plain; charset=utf-8")
    }
}
