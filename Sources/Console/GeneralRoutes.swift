import HTTPTypes
import Hummingbird
import NIOCore
import Pages

extension ConsoleRoutes {
    /// Start, sign-in, assets, and everything that does not exist.
    var generalRoutes: [ConsoleRoute] {
        [
            .open(.get, "/") { _ -> Response in .redirect("/heute") },
            .open(.get, "/anmelden", signInPage), .open(.post, "/anmelden", signIn),
            .open(.post, "/abmelden", signOut), .open(.get, "/assets/{file}", asset),
            .open(.get, "**") { _ -> Response in throw ConsoleProblem.notFound },
        ]
    }

    private func asset(_ arrival: Arrival) async throws -> Response {
        guard let asset = Asset.at(path: arrival.path) else { throw ConsoleProblem.notFound }
        return Response(
            status: .ok,
            headers: [.contentType: asset.mediaType, .cacheControl: Asset.cacheControl],
            body: .init(byteBuffer: ByteBuffer(bytes: asset.bytes)))
    }
}
