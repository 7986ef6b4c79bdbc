import HTTPTypes
import Hummingbird
import Logging
import Pages
import Tariffs
import TerminalOperations

/// Turns what the terminal throws into pages: what happened, whether it was saved, what to do.
struct ProblemPages: RouterMiddleware {
    typealias Context = BasicRequestContext

    let pages: TerminalPages

    func handle(
        _ request: Request, context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        let response = try await answer(request, context, next)
        // With a body, the line's next answer could not be told from it.
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func answer(
        _ request: Request, _ context: Context,
        _ next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as TerminalError {
            return try await show(error, status: .conflict, path: request.uri.path)
        } catch let error as HTTPError where error.status == .notFound {
            let notFound = TerminalError(
                .deliveryUnknown, "Diese Seite gibt es nicht.", .unchanged,
                "Gehen Sie zurück zum Start.")
            return try await show(notFound, status: .notFound, path: "/")
        } catch {
            context.logger.error(
                "page failed", metadata: ["error": "\(error)", "path": "\(request.uri.path)"])
            let fault = TerminalError(
                .internalFault, "Im Programm ist ein Fehler aufgetreten.", .entered,
                "Starten Sie das Programm neu. Kassieren Sie nicht noch einmal.")
            return try await show(fault, status: .internalServerError, path: "/")
        }
    }

    private func show(
        _ error: TerminalError, status: HTTPResponse.Status, path: String
    ) async throws -> Response {
        var links = [PageLink("Zum Start", "/")]
        let parts = path.split(separator: "/")
        if parts.count >= 2, ["anlieferung", "beleg"].contains(parts[0]) {
            links.insert(PageLink("Zurück", "/\(parts[0])/\(parts[1])"), at: 0)
        }
        if error.code == .attendantMissing {
            links.insert(PageLink("Namen wählen", "/anmelden"), at: 0)
        }
        let page = TerminalProblemPage(
            title: "Das ging nicht", what: error.what, saved: error.saved.sentence,
            todo: error.advice, code: error.code.rawValue, links: links)
        return try await pages.show(page, status: status)
    }
}
