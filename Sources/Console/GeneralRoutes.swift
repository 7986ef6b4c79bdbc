import HTTPTypes
import Hummingbird
import NIOCore
import Pages
import People

extension ConsoleRoutes {
    /// Start, sign-in, assets, and everything that does not exist.
    var generalRoutes: [ConsoleRoute] {
        var routes: [ConsoleRoute] = [
            .open(.get, "/") { _ -> Response in .redirect("/heute") },
            .open(.get, "/anmelden", signInPage), .open(.post, "/anmelden", signIn),
            .open(.post, "/abmelden", signOut), .open(.get, "/assets/{file}", asset),
            // Asking for anything prolongs the session.
            .get(Self.sessionPath, .readSales) { _ in Response(status: .noContent) },
        ]
        routes += [HTTPRequest.Method.get, .post, .put, .delete].map(Self.missing)
        return routes
    }

    /// Says of any path that there is no such page.
    static func missing(_ method: HTTPRequest.Method) -> ConsoleRoute {
        .open(method, "**") { _ -> Response in throw ConsoleProblem.notFound }
    }

    /// What a page asks while somebody types.
    static let sessionPath = "/sitzung"

    private func asset(_ arrival: Arrival) async throws -> Response {
        guard let asset = Asset.at(path: arrival.path) else { throw ConsoleProblem.notFound }
        return Response(
            status: .ok,
            headers: [.contentType: asset.mediaType, .cacheControl: Asset.cacheControl],
            body: .init(byteBuffer: ByteBuffer(bytes: asset.bytes)))
    }
}

/// Says that there is no such page where the router looks no further for the route of everything:
/// below a path that begins like another route, and at one that only forms are sent to.
struct MissingPages<Context: RequestContext>: RouterMiddleware {
    let console: ConsoleRoutes

    /// Programs that ask there are answered by the interface.
    private static var programs: [String] { ["/v1", "/log/", "/healthz", "/readyz"] }

    func handle(
        _ request: Request, context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound && isForPeople(request) {
            return await console.answer(
                ConsoleRoutes.missing(request.method), ConsoleRoutes.arrival(request, context))
        }
    }

    private func isForPeople(_ request: Request) -> Bool {
        request.method != .head && !Self.programs.contains(where: request.uri.path.hasPrefix)
    }
}
