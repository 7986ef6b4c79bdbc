// swift-format-ignore-file: NeverForceUnwrap
// Sample names that are not names would be a mistake of these tests.

import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Journal
import NIOCore
import Remote
import Synchronization
import Tariffs
import Testing
import Text
import Units

/// The client against a real HTTP server that answers as the interface says.
struct HTTPYardServerTests {
    private static let envelope = Envelope(jws: Array("a.b.c".utf8), disclosures: [])
    private static let acknowledgement = Acknowledgement(
        index: 4, isRepeat: false, flags: ["late"], entry: Array("wsh-entry/v1\nkind sale\n".utf8),
        proof: "c2sp.org/tlog-proof@v1\nindex 4\n\nlog\n5\n— ü\n")
    private static let problem = #"{"status":422,"code":"jws-malformed","detail":"nein"}"#

    /// Serves `answer` for every request and gives a client of it.
    private func serving(
        _ status: HTTPResponse.Status, _ body: String, headers: HTTPFields = [:],
        _ test: @escaping @Sendable (HTTPYardServer) async throws -> Void
    ) async throws {
        let router = Router()
        for path in ["/v1/**", "/**"] {
            for method in [HTTPRequest.Method.get, .post] {
                router.on(RouterPath(path), method: method) { request, _ in
                    let hasToken = request.headers[.authorization] == "Bearer secret"
                    return Response(
                        status: hasToken ? status : .unauthorized, headers: headers,
                        body: .init(byteBuffer: ByteBuffer(string: body)))
                }
            }
        }
        let application = Application(router: router)
        try await application.test(.live) { client in
            let port = try #require(client.port)
            try await test(
                HTTPYardServer(
                    address: "http://127.0.0.1:\(port)/",
                    credentials: .init(
                        yard: YardID("hof-1")!, terminal: TerminalID("t1")!, token: "secret"),
                    promptSeconds: 300, timeoutSeconds: 300))
        }
    }

    @Test(arguments: [HTTPResponse.Status.ok, .created])
    func `an acknowledgement keeps its line ends`(status: HTTPResponse.Status) async throws {
        try await serving(status, Self.acknowledgement.json.text) { server in
            let answer = try await server.submit(Self.envelope)
            #expect(answer == .acknowledged(Self.acknowledgement))
        }
    }

    @Test func `a batch answers record by record`() async throws {
        let body = """
            {"results":[{"status":200,"acknowledgement":\(Self.acknowledgement.json.text)},
            {"status":422,"problem":\(Self.problem)},
            {"status":503,"problem":{"code":"busy","detail":""}}]}
            """
        try await serving(.ok, body) { server in
            let answers = try await server.submit([Self.envelope, Self.envelope, Self.envelope])
            #expect(
                answers == [
                    .acknowledged(Self.acknowledgement),
                    .refused(ServerProblem(status: 422, code: "jws-malformed", detail: "nein")),
                    .postponed(ServerProblem(status: 503, code: "busy", detail: "")),
                ])
            await #expect(throws: ServerFailure.malformed("3 results for 2")) {
                try await server.submit([Self.envelope, Self.envelope])
            }
        }
    }

    @Test func `a refusal is about the record, a wrong token is not`() async throws {
        let problem = ServerProblem(status: 422, code: "jws-malformed", detail: "nein")
        try await serving(.unprocessableContent, Self.problem) { server in
            let answer = try await server.submit(Self.envelope)
            #expect(answer == .refused(problem))
        }
        try await serving(.forbidden, "<html>proxy</html>") { server in
            await #expect(
                throws: ServerFailure.problem(
                    ServerProblem(status: 403, code: "http-403", detail: ""))
            ) { try await server.submit(Self.envelope) }
        }
    }

    @Test func `a busy server says when to come back`() async throws {
        let headers: HTTPFields = [HTTPField.Name("Retry-After")!: "7"]
        try await serving(.serviceUnavailable, "", headers: headers) { server in
            await #expect(throws: ServerFailure.busy(retryAfterSeconds: 7)) {
                try await server.submit(Self.envelope)
            }
        }
    }

    @Test func `the tariff book comes as versions, a file as bytes`() async throws {
        let day = BusinessDay(iso: "2026-11-23")!
        let digest = String(repeating: "0a", count: 32)
        let body = """
            {"versions":[{"digest":"\(digest)","id":"a","from":"2026-01-01","to":"2026-12-31"},
            {"digest":"\(digest)","id":"b","from":"2027-01-01","to":null}]}
            """
        try await serving(.ok, body) { server in
            let versions = try await server.tariffs(from: day)
            #expect(versions.map(\.id) == ["a", "b"])
            #expect(versions.map(\.to) == [BusinessDay(iso: "2026-12-31"), nil])
        }
        try await serving(.ok, #"{"versions":[{"digest":"../x","id":"a","from":"","to":null}]}"#) {
            server in
            await #expect(throws: ServerFailure.self) { try await server.tariffs(from: day) }
        }
        try await serving(.ok, "tarif: x\n") { server in
            let bytes = try await server.tariffFile(digest)
            #expect(bytes == Array("tarif: x\n".utf8))
        }
        try await serving(.notFound, "") { server in
            await #expect(
                throws: ServerFailure.problem(
                    ServerProblem(status: 404, code: "http-404", detail: ""))
            ) { try await server.tariffFile(digest) }
        }
    }

    @Test func `the standing may come without an address`() async throws {
        try await serving(.ok, #"{"terminal":"t1","state":"quarantined","last":3,"attendants":[]}"#)
        {
            server in
            let standing = try await server.standing(unresolved: [])
            #expect(standing == TerminalStanding(state: .quarantined, last: 3, attendants: []))
        }
    }

    @Test func `the standing says which of the payments asked about are resolved`() async throws {
        let asked = Mutex("")
        let router = Router()
        router.get("/**") { request, _ in
            asked.withLock { $0 = request.uri.description }
            let body = """
                {"terminal":"t1","state":"active","last":9,"attendants":[],"yardName":"Hof Süd",\
                "receiptOrigin":"https://hof.musterstadt.example","resolved":[9]}
                """
            return Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: body)))
        }
        try await Application(router: router).test(.live) { client in
            let server = HTTPYardServer(
                address: "http://127.0.0.1:\(try #require(client.port))",
                credentials: .init(
                    yard: YardID("hof-1")!, terminal: TerminalID("t1")!, token: "secret"),
                timeoutSeconds: 300)
            let standing = try await server.standing(unresolved: [5, 9])
            #expect(standing.resolved == [9])
            #expect(standing.yardName == "Hof Süd")
            #expect(standing.receiptOrigin == "https://hof.musterstadt.example")
        }

        #expect(asked.withLock { $0 } == "/v1/yards/hof-1/terminals/t1?unresolved=5,9")
    }

    @Test func `quotas come as numbers, and further members are left alone`() async throws {
        let key = QuotaKey(
            rule: "1.1", kind: .free, holder: .household, key: HolderKey("4711")!,
            periodStart: BusinessDay(iso: "2026-01-01")!)
        let body = """
            {"quotas":[{"rule":"1.1","kind":"free","holder":"household","key":"4711",
            "from":"2026-01-01","used":1500000,"taken":0,"records":2}],"asOf":17}
            """
        try await serving(.ok, body) { server in
            let uses = try await server.quotas([key])
            #expect(uses == [QuotaUse(key: key, used: 1_500_000, taken: 0)])
        }
        try await serving(.ok, body.replacing("1500000", with: "-1")) { server in
            await #expect(throws: ServerFailure.self) { try await server.quotas([key]) }
        }
        try await serving(.notFound, "") { server in
            await #expect(throws: ServerFailure.self) { try await server.quotas([key]) }
        }
    }

    @Test func `quotas are asked for by rule, kind, holder, key and first day`() async throws {
        let asked = Mutex<(path: String, body: String)>(("", ""))
        let router = Router()
        router.on("/**", method: .post) { request, _ in
            let body = try await request.body.collect(upTo: 10_000)
            asked.withLock { $0 = (request.uri.path, String(buffer: body)) }
            return Response(
                status: .ok, body: .init(byteBuffer: ByteBuffer(string: #"{"quotas":[]}"#)))
        }
        let key = QuotaKey(
            rule: "A2", kind: .limit, holder: .card, key: HolderKey("k-7")!,
            periodStart: BusinessDay(iso: "2026-11-23")!)
        try await Application(router: router).test(.live) { client in
            let server = HTTPYardServer(
                address: "http://127.0.0.1:\(try #require(client.port))",
                credentials: .init(
                    yard: YardID("hof-1")!, terminal: TerminalID("t1")!, token: "secret"),
                promptSeconds: 300)
            let uses = try await server.quotas([key])
            #expect(uses.isEmpty)
        }

        let (path, body) = asked.withLock { $0 }
        #expect(path == "/v1/yards/hof-1/terminals/t1/quotas")
        #expect(
            body == #"{"keys":[{"rule":"A2","kind":"limit","holder":"card","key":"k-7","#
                + #""from":"2026-11-23"}]}"#)
    }

    @Test func `nobody there is unreachable, and told before the time is over`() async throws {
        let server = HTTPYardServer(
            address: "http://127.0.0.1:1", credentials: nil, timeoutSeconds: 300)
        let began = ContinuousClock.now

        await #expect(throws: ServerFailure.self) {
            try await server.enrol(EnrolmentRequest(code: "c", key: [], proof: []))
        }

        // Far more than a refusal takes on a busy machine, far less than the time allowed.
        #expect(ContinuousClock.now - began < .seconds(150))
    }
}
