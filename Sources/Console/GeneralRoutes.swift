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
        for method in [HTTPRequest.Method.get, .post, .put, .delete] {
            routes.append(.open(method, "**") { _ -> Response in throw ConsoleProblem.notFound })
        }
        return routes
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
