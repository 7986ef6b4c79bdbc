import Hummingbird
import Logging
import NIOCore

@testable import hofbuch

extension ServerAddress {
    /// Serves a test's own routes while `body` runs, and hands it the base address.
    func serving<Value: Sendable>(
        _ router: Router<BasicRequestContext>,
        first: @escaping @Sendable () -> (any ChannelHandler)? = { nil },
        _ body: @Sendable @escaping (String) async throws -> Value
    ) async throws -> Value {
        try await serving(
            { started in
                Application(
                    router: router, server: try serverBuilder(first: first),
                    configuration: .init(address: .hostname(host, port: port)),
                    onServerRunning: { await started($0.localAddress?.port ?? 0) },
                    logger: .quiet)
            }, logger: .quiet, body)
    }
}
