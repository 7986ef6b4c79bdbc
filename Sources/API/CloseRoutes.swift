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
            try closes(request, of: try context.yard(installation))
        }
        yard.get("closes/{number}") { request, context in
            _ = try installation.person(request, for: .readSales)
            let yard = try context.yard(installation)
            let close = try installation.close(try context.number("number"), of: yard)
            let seal = try installation.seal(ofClose: close.number, at: yard)
            return Response.json(close.json(sealed: seal))
        }
        addNextCloseRoutes(to: yard)
        addExportRoutes(to: yard)
    }

    private func closes(_ request: Request, of yard: Yard) throws -> Response {
        _ = try installation.person(request, for: .readSales)
        let parameters = request.uri.queryParameters
        try parameters.requireOnly("cursor", "limit")
        let page = try installation.closeList(
            of: yard, after: parameters.get("cursor"),
            limit: try parameters.pageLimit())
        return Response.json(
            .fields([
                "closes": .array(page.rows.map { $0.close.json(sealed: $0.seal) }),
                "next": page.next.map { .string($0) } ?? .null,
            ]))
    }
}
