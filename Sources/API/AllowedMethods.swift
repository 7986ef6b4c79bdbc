import HTTPTypes
import Hummingbird
import Synchronization

/// Which methods an address takes: where the router has no route for a method, it says only that
/// there is nothing.
final class AllowedMethods: Sendable {
    private typealias Route = (path: RouterPath, method: HTTPRequest.Method)

    private let routes = Mutex<[Route]>([])

    func note(_ router: Router<APIContext>) {
        let all = router.routes.map { Route($0.path, $0.method) }
        routes.withLock { $0 = all }
    }

    /// The value of `Allow` (RFC 9110, 10.2.1) at `path`; nil where there is nothing at all.
    func text(at path: String) -> String? {
        let parts = path.split(separator: "/")
        var methods = Set(
            routes.withLock { $0.filter { $0.path.fits(parts) }.map(\.method.rawValue) })
        // The router answers HEAD wherever it answers GET.
        if methods.contains("GET") { methods.insert("HEAD") }
        return methods.isEmpty ? nil : methods.sorted().joined(separator: ", ")
    }
}

extension RouterPath {
    fileprivate func fits(_ parts: [Substring]) -> Bool {
        if components.last == .recursiveWildcard {
            let fixed = components.dropLast()
            return parts.count > fixed.count && zip(fixed, parts).allSatisfy { $0 ~= $1 }
        }
        return components.count == parts.count && zip(components, parts).allSatisfy { $0 ~= $1 }
    }
}
