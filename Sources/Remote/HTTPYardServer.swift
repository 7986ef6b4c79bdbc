import AsyncHTTPClient
package import Journal
import NIOCore
import NIOHTTP1
import Sales
import Signing
package import Tariffs
import Text
package import Units

/// The server over HTTP.
package struct HTTPYardServer: YardServer {
    /// Who asks, and with what token.
    package struct Credentials: Hashable, Sendable {
        package let yard: YardID
        package let terminal: TerminalID
        package let token: String

        package init(yard: YardID, terminal: TerminalID, token: String) {
            self.yard = yard
            self.terminal = terminal
            self.token = token
        }
    }

    private let base: String
    private let credentials: Credentials?
    private let promptSeconds: Int64
    private let timeoutSeconds: Int64

    private static let answerBytesMax = 24_000_000

    /// Where nobody listens, that is the answer: the shared client would try again and again until
    /// the time is over, while somebody waits for a receipt.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration.singletonConfiguration
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// - Parameters:
    ///   - address: such as `https://hofbuch.musterstadt.example`; a trailing slash is ignored.
    ///   - credentials: nil before enrolment.
    ///   - promptSeconds: longest wait for an answer that an attendant waits for.
    ///   - timeoutSeconds: longest wait for any other answer.
    package init(
        address: String, credentials: Credentials?, promptSeconds: Int64 = 2,
        timeoutSeconds: Int64 = 20
    ) {
        base = address.hasSuffix("/") ? String(address.dropLast()) : address
        self.credentials = credentials
        self.promptSeconds = promptSeconds
        self.timeoutSeconds = timeoutSeconds
    }

    package func enrol(_ request: EnrolmentRequest) async throws -> EnrolmentAnswer {
        let body = JSONValue.fields([
            "code": .string(request.code), "key": .string(Base64URL.encode(request.key)),
            "proof": .string(String(decoding: request.proof, as: UTF8.self)),
        ])
        let answer = try await send(.POST, "/v1/enrolments", body: body)
        return try read(answer, as: 201) { try EnrolmentAnswer(json: $0) }
    }

    package func tariffs(from day: BusinessDay) async throws -> [TariffVersion] {
        let path = "/v1/yards/\(try identity().yard)/tariffs/book?from=\(day.iso)"
        let answer = try await send(.GET, path)
        return try read(answer, as: 200) { json in
            var reader = try ObjectReader(json)
            return try reader.list("versions", TariffVersion.init(json:path:))
        }
    }

    package func tariffFile(_ digest: String) async throws -> [UInt8] {
        let path = "/v1/yards/\(try identity().yard)/tariffs/\(digest)"
        let answer = try await send(.GET, path)
        guard answer.status == 200 else { throw answer.failure }
        return answer.body
    }

    package func standing(unresolved: [Int64]) async throws -> TerminalStanding {
        let asked = unresolved.map { String($0) }.joined(separator: ",")
        let query = asked.isEmpty ? "" : "?unresolved=\(asked)"
        let answer = try await send(.GET, try terminalPath() + query)
        return try read(answer, as: 200) { try TerminalStanding(json: $0) }
    }

    package func report(_ heartbeat: Heartbeat) async throws {
        let body = JSONValue.fields([
            "head": .integer(heartbeat.head), "queued": .integer(Int64(heartbeat.queued)),
            "unknown": .integer(Int64(heartbeat.unknown)), "version": .string(heartbeat.version),
            "checkpoint": heartbeat.checkpoint.map { .string(Base64.encode($0)) },
        ])
        let answer = try await send(.POST, "\(try terminalPath())/heartbeat", body: body)
        guard (200..<300).contains(answer.status) else { throw answer.failure }
    }

    package func submit(_ envelope: Envelope) async throws -> Submission {
        let path = "/v1/yards/\(try identity().yard)/envelopes"
        let answer = try await send(.POST, path, body: envelope.json)
        if answer.status == 200 || answer.status == 201 {
            return .acknowledged(
                try read(answer, as: answer.status) {
                    try Acknowledgement(json: $0)
                })
        }
        guard case .problem(let problem) = answer.failure, problem.isAboutTheRecord else {
            throw answer.failure
        }
        return .refused(problem)
    }

    package func submit(_ envelopes: [Envelope]) async throws -> [Submission] {
        let path = "/v1/yards/\(try identity().yard)/envelopes/batch"
        let body = JSONValue.fields(["envelopes": .array(envelopes.map(\.json))])
        let answer = try await send(.POST, path, body: body)
        let results = try read(answer, as: 200) { try Submission.results(json: $0) }
        guard results.count == envelopes.count else {
            throw ServerFailure.malformed("\(results.count) results for \(envelopes.count)")
        }
        return results
    }

    package func quotas(_ keys: [QuotaKey]) async throws -> [QuotaUse] {
        let body = JSONValue.fields(["keys": .array(keys.map(\.json))])
        let answer = try await send(
            .POST, "\(try terminalPath())/quotas", body: body, within: promptSeconds)
        return try read(answer, as: 200) { try QuotaUse.list(json: $0) }
    }

    package func announceKey(_ announcement: [UInt8], possession: [UInt8]) async throws {
        let body = JSONValue.fields([
            "announcement": .string(String(decoding: announcement, as: UTF8.self)),
            "possession": .string(String(decoding: possession, as: UTF8.self)),
        ])
        let answer = try await send(.POST, "\(try terminalPath())/next-key", body: body)
        guard (200..<300).contains(answer.status) else { throw answer.failure }
    }

    package func logKeySteps() async throws -> [LogKeyStep] {
        let answer = try await send(.GET, "/v1/yards/\(try identity().yard)/log/keys")
        return try read(answer, as: 200) { json in
            var reader = try ObjectReader(json)
            return try reader.list("steps", LogKeyStep.init(json:path:))
        }
    }

    private func identity() throws -> Credentials {
        guard let credentials else {
            throw ServerFailure.problem(
                ServerProblem(status: 401, code: "not-enrolled", detail: ""))
        }
        return credentials
    }

    private func terminalPath() throws -> String {
        let who = try identity()
        return "/v1/yards/\(who.yard)/terminals/\(who.terminal)"
    }

    private func read<Value>(
        _ answer: HTTPAnswer, as status: Int, _ decode: (JSONValue) throws -> Value
    ) throws -> Value {
        guard answer.status == status else { throw answer.failure }
        do {
            return try decode(try WireJSON.parse(answer.body))
        } catch {
            throw ServerFailure.malformed("\(error)")
        }
    }

    private func send(
        _ method: HTTPMethod, _ path: String, body: JSONValue? = nil,
        within seconds: Int64? = nil
    ) async throws -> HTTPAnswer {
        var request = HTTPClientRequest(url: base + path)
        request.method = method
        if let credentials {
            request.headers.add(name: "Authorization", value: "Bearer \(credentials.token)")
        }
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body.bytes))
        }
        do {
            let seconds = seconds ?? timeoutSeconds
            return try await answered(within: seconds) { [request] in
                let response = try await Self.client.execute(
                    request, timeout: .seconds(seconds))
                let bytes = try await response.body.collect(upTo: Self.answerBytesMax)
                return HTTPAnswer(
                    status: Int(response.status.code),
                    retryAfterSeconds: response.headers.first(name: "Retry-After")
                        .flatMap { Int($0) },
                    body: Array(bytes.readableBytesView))
            }
        } catch let error as CancellationError {
            throw error
        } catch {
            throw ServerFailure.unreachable("\(error)")
        }
    }
}
