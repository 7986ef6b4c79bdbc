import AsyncHTTPClient
import Foundation
import Journal
import NIOCore
import NIOHTTP1
import Testing
import Text

/// What a request got back.
struct Answer: Sendable {
    let status: Int
    let bytes: [UInt8]
    var cacheControl = ""

    var json: JSONValue {
        get throws { try StrictJSON.parse(bytes, depthMax: 32) }
    }

    /// The answer to an envelope; its texts hold line ends, which strict JSON refuses.
    var acknowledgement: Acknowledgement {
        get throws {
            struct Fields: Decodable {
                let index: Int64
                let `repeat`: Bool
                let flags: [String]
                let entry: String
                let proof: String
            }
            let fields = try JSONDecoder().decode(Fields.self, from: Data(bytes))
            return Acknowledgement(
                index: fields.index, isRepeat: fields.repeat, flags: fields.flags,
                entry: Array(fields.entry.utf8), proof: fields.proof)
        }
    }
}

/// A line to a server under test.
struct Line: Sendable {
    let base: String

    func send(
        _ method: HTTPMethod, _ path: String, token: String? = nil, _ body: [UInt8]? = nil
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: base + path)
        request.method = method
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let buffer = try await response.body.collect(upTo: 16 << 20)
        return Answer(
            status: Int(response.status.code), bytes: Array(buffer.readableBytesView),
            cacheControl: response.headers.first(name: "Cache-Control") ?? "")
    }

    /// Sends JSON and wants a success.
    @discardableResult
    func json(
        _ method: HTTPMethod, _ path: String, token: String? = nil, _ body: JSONValue? = nil
    ) async throws -> JSONValue {
        let answer = try await send(method, path, token: token, body?.bytes)
        guard (200..<300).contains(answer.status) else {
            throw Unexpected(
                "\(method) \(path): \(answer.status) "
                    + String(decoding: answer.bytes, as: UTF8.self)
            )
        }
        return answer.bytes.isEmpty ? .null : try answer.json
    }
}

/// A data directory made by the real program, with people in every role.
struct Town: Sendable {
    let folder: String
    var data: String { folder + "/data" }

    static func found(in folder: String) async throws -> Town {
        let town = Town(folder: folder)
        try await Program.succeed(
            [
                "init", "--data", town.data, "--town", "Musterstadt", "--yard", "hof-1",
                "--yard-name", "Wertstoffhof Nord", "--address", "Am Hof 1, 12345 Musterstadt",
                "--host", "musterstadt.example",
            ], in: folder)
        for (id, roles) in [
            ("anna", "cashier"), ("bernd", "approver"), ("clara", "finance,operator"),
        ] {
            let password = "\(folder)/\(id).password"
            try Data("\(id)-hat-ein-passwort\n".utf8).write(to: URL(fileURLWithPath: password))
            try await Program.succeed(
                [
                    "user", "add", "--data", town.data, "--id", id, "--name", id, "--roles", roles,
                    "--password-file", password,
                ], in: folder)
        }
        return town
    }

    /// Starts the server on a free port and waits until it listens.
    func serve() async throws -> (program: RunningProgram, line: Line) {
        try await Program.serve(data, in: folder)
    }

    func signIn(_ id: String, _ line: Line) async throws -> String {
        let answer = try await line.json(
            .POST, "/v1/sessions",
            .fields(["name": .string(id), "password": .string("\(id)-hat-ein-passwort")]))
        return try #require(answer["token"]?.string)
    }
}
