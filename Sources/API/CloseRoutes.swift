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
        addNextCloseRoutes(to: yard)
        addExportRoutes(to: yard)
    }

}
