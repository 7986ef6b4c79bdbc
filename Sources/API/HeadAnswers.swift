package import Hummingbird

/// Sends no body to who asks by HEAD, whoever made the answer (RFC 9110, 9.3.2): on a line that is
/// kept, it would be read as the next answer.
package struct HeadAnswers<Context: RequestContext>: RouterMiddleware {
    package init() {}

    package func handle(
        _ request: Request, context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        let answer = try await next(request, context)
        return request.method == .head ? answer.createHeadResponse() : answer
    }
}
