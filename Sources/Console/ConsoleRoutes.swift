import HTTPTypes
package import Hummingbird
import NIOCore
package import Operations
import Pages
import People
import Receipts

/// The console's pages: everything that people in the office do with a browser, and the public
/// page of a receipt.
///
/// Pages come from the server and work without scripts. Every POST carries the session's token,
/// acts, and leads on to a page that may be loaded again.
package struct ConsoleRoutes: Sendable {
    let installation: Installation
    let templates: PageTemplates
    let receipts: ReceiptTemplates
    let memory = ConsoleMemory()

    /// The console of an installation, with the town's receipt templates where it has some.
    ///
    /// - Throws: `TemplateError` for a malformed receipt template, or what the file system says.
    package init(_ installation: Installation) throws {
        self.installation = installation
        templates = .embedded
        receipts = try ReceiptTemplates(folder: installation.directory.receipts)
    }

    /// Adds all pages and assets, and a page for every other path.
    package func addRoutes<Context: RequestContext>(to router: Router<Context>) {
        for route in routes {
            router.on(RouterPath(route.path), method: route.method) {
                (request, context) -> Response in
                await answer(route, Self.arrival(request, context))
            }
        }
        // Last, so that of all answers it sees only that there is none.
        router.add(middleware: MissingPages(console: self))
    }

    static func arrival(_ request: Request, _ context: some RequestContext) -> Arrival {
        var arrival = Arrival(
            request: request, parameters: context.parameters, id: context.id,
            logger: context.logger)
        arrival.peer = (context as? any RemoteAddressRequestContext)?.remoteAddress?.ipAddress
        return arrival
    }

    private var routes: [ConsoleRoute] {
        let groups = [
            passwordRoutes, generalRoutes, startRoutes, saleRoutes, reversalRoutes, debtorRoutes,
            paymentRoutes, closeRoutes,
            exportRoutes,
            tariffRoutes, terminalRoutes, keyRoutes, auditRoutes, receiptRoutes, reportRoutes,
            reconciliationRoutes, bankFileRoutes,
        ]
        return groups.flatMap(\.self)
    }
}

/// One path with what answers it and who may ask.
struct ConsoleRoute: Sendable {
    /// Answers a stranger.
    typealias PublicAnswer = @Sendable (Arrival) async throws -> Response
    /// Answers a person who is signed in.
    typealias Answer = @Sendable (Visit) async throws -> Response

    enum Access: Sendable {
        case anyone(PublicAnswer)
        case people(Act, Answer)
    }

    let method: HTTPRequest.Method
    let path: String
    let access: Access
    /// Whether its form may carry a file.
    var takesFile = false

    static func get(_ path: String, _ act: Act, _ answer: @escaping Answer) -> ConsoleRoute {
        ConsoleRoute(method: .get, path: path, access: .people(act, answer))
    }

    static func post(_ path: String, _ act: Act, _ answer: @escaping Answer) -> ConsoleRoute {
        ConsoleRoute(method: .post, path: path, access: .people(act, answer))
    }

    /// A form that may carry a file, which is read only for a person who may do `act`.
    static func upload(_ path: String, _ act: Act, _ answer: @escaping Answer) -> ConsoleRoute {
        ConsoleRoute(
            method: .post, path: path, access: .people(act, answer), takesFile: true)
    }

    static func open(
        _ method: HTTPRequest.Method, _ path: String, _ answer: @escaping PublicAnswer
    ) -> ConsoleRoute {
        ConsoleRoute(method: method, path: path, access: .anyone(answer))
    }
}
