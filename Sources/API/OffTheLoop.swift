package import Hummingbird

/// Answers on the shared pool of tasks whatever may take long: pages, lists, passwords, batches.
/// What stays on the connection's event loop is one sale a request, which never waits for a disk
/// or a lock there.
package struct OffTheLoop<Context: RequestContext>: RouterMiddleware {
    package init() {}

    package func handle(
        _ request: Request, context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        if request.method == .post, request.uri.path.hasSuffix("/envelopes") {
            return try await next(request, context)
        }
        return try await withTaskExecutorPreference(globalConcurrentExecutor) {
            try await next(request, context)
        }
    }
}
