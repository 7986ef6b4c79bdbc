import HTTPTypes
package import Hummingbird
package import Operations
import Text

/// The HTTP interface for terminals, scripts and other programs (`/v1`, docs: /openapi.json).
package struct APIRoutes: Sendable {
    let installation: Installation
    let attendants: Attendants

    package init(_ installation: Installation) {
        self.installation = installation
        attendants = Attendants(installation: installation)
    }

    /// Adds all routes under `/v1`, and health and OpenAPI beside it.
    package func addRoutes(to router: Router<APIContext>) {
        let allowed = AllowedMethods()
        let problems = ProblemMiddleware(installation: installation, allowed: allowed)
        let group = router.add(middleware: problems).group()
        group.get("healthz") { _, _ in Response.json(.fields(["status": "alive"])) }
        group.get("readyz") { _, _ in try ready() }
        addTerminalRoutes(to: group)
        addSaleRoutes(to: group)
        addCloseRoutes(to: group)
        addOfficeRoutes(to: group)
        addReportRoutes(to: group)
        addReconciliationRoutes(to: group)
        addKeyRoutes(to: group)
        addLogRoutes(to: group)
        addEventRoutes(to: group)
        allowed.note(router)
    }

    /// Ready is who can record sales; who only reads, or waits for space, says why.
    private func ready() throws -> Response {
        let yards = installation.yards
        if let refusal = installation.standing.refusal(of: .sales) { throw refusal }
        return Response.json(.fields(["status": "ready", "yards": .integer(Int64(yards.count))]))
    }
}
