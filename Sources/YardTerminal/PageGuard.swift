import HTTPTypes
import Hummingbird
import Pages
import TerminalOperations

/// Lets in only the browser that this program's pages were opened in.
///
/// A page elsewhere could otherwise make it post forms (forged requests) or reach it under another
/// name (rebound host names). Also adds the headers of every answer.
struct PageGuard: RouterMiddleware {
    typealias Context = BasicRequestContext

    let pages: TerminalPages

    /// No form is longer.
    static let bodyBytesMax = 65_536

    func handle(
        _ request: Request, context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await admit(request, context: context, next: next)
        for (name, value) in securityHeaders {
            guard let field = HTTPField.Name(name) else { continue }
            response.headers[field] = value
        }
        return response
    }

    private func admit(
        _ request: Request, context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard let host = request.head.authority, Self.isLocal(host) else {
            return Response(status: .misdirectedRequest)
        }
        guard request.method != .get, request.method != .head else {
            return try await next(request, context)
        }
        guard request.method == .post, Self.isFromOwnPage(request, host: host) else {
            return Response(status: .forbidden)
        }
        var request = request
        let body = try await request.collectBody(upTo: Self.bodyBytesMax)
        let given = FormValues(String(buffer: body))["csrf"]
        guard given.utf8.elementsEqual(pages.csrf.utf8) else { return try await outdated() }
        return try await next(request, context)
    }

    /// What a form of a page gets that was opened before the program was started again.
    private func outdated() async throws -> Response {
        try await pages.show(
            TerminalProblemPage(
                title: "Das Programm wurde neu gestartet",
                what: "Diese Seite war noch von vorher. Ihre letzte Eingabe wurde nicht "
                    + "gespeichert.",
                saved: TerminalError.Saved.nothing.sentence,
                todo: "Gehen Sie zum Start und geben Sie es noch einmal ein. Eine begonnene "
                    + "Zahlung steht dort.",
                code: "page-outdated", links: [PageLink("Zum Start", "/")]),
            status: .forbidden)
    }

    /// Whether the host, with or without a port, is a name of this machine.
    static func isLocal(_ authority: String) -> Bool {
        ["127.0.0.1", "localhost", "[::1]"].contains { name in
            guard authority.hasPrefix(name) else { return false }
            let rest = authority.dropFirst(name.count)
            return rest.isEmpty || (rest.first == ":" && UInt16(rest.dropFirst()) != nil)
        }
    }

    /// Browsers say where a form was; one that says nothing still needs the token.
    private static func isFromOwnPage(_ request: Request, host: String) -> Bool {
        if let origin = request.headers[.origin], origin != "http://\(host)" { return false }
        guard let site = HTTPField.Name("Sec-Fetch-Site") else { return false }
        return request.headers[site].map { $0 == "same-origin" } ?? true
    }
}
