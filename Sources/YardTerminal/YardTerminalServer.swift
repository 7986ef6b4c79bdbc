import Hummingbird
package import Logging
package import TerminalOperations

/// The attendant's page, on this machine only, and the sending of what is queued.
package struct YardTerminalServer: Sendable {
    let session: YardTerminalSession
    let port: Int
    let logger: Logger

    /// - Parameter port: on loopback; 0 takes any free one.
    package init(session: YardTerminalSession, port: Int, logger: Logger) {
        self.session = session
        self.port = port
        self.logger = logger
    }

    /// Serves until the process is asked to end, then closes the session.
    ///
    /// - Parameter started: called once with the port.
    package func run(started: @escaping @Sendable (Int) async -> Void) async throws {
        let application = Application(
            router: try TerminalPages(session: session, logger: logger).router(),
            configuration: .init(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { await started($0.localAddress?.port ?? port) }, logger: logger)
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await sendForEver() }
                try await application.runService()
                group.cancelAll()
            }
        } catch {
            try await session.close()
            throw error
        }
        try await session.close()
    }

    /// Sends what is queued and fetches tariffs, at the pace that the server allows; ends when
    /// the task is cancelled.
    private func sendForEver() async {
        var pace = FlushPace()
        while !Task.isCancelled {
            var report = FlushReport()
            do {
                report = try await session.flush()
                if report.stop == nil { try await session.refreshTariffs() }
            } catch {
                logger.error("sending failed", metadata: ["error": "\(error)"])
            }
            do {
                try await Task.sleep(for: .seconds(pace.waitSeconds(after: report)))
            } catch {
                return
            }
        }
    }
}
