import HTTPTypes
import Hummingbird
import NIOCore
import Pages
import People

extension ConsoleRoutes {
    /// Start, sign-in and assets.
    var generalRoutes: [ConsoleRoute] {
        [
            .open(.get, "/") { _ -> Response in .redirect(Self.startPath) },
            .open(.get, "/anmelden", signInPage), .open(.post, "/anmelden", signIn),
            .open(.post, "/abmelden", signOut), .open(.get, "/assets/{file}", asset),
            // Asking for anything prolongs the session.
            .get(Self.sessionPath, .readSales) { _ in Response(status: .noContent) },
        ]
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

/// Says that there is no such page where the router finds none, at a path that only forms are sent
/// to as well.
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
            let missing = ConsoleRoute.open(request.method, "**") { _ -> Response in
                throw ConsoleProblem.notFound
            }
            return await console.answer(missing, ConsoleRoutes.arrival(request, context))
        }
    }

    private func isForPeople(_ request: Request) -> Bool {
        !Self.programs.contains(where: request.uri.path.hasPrefix)
    }
}
