import HTTPTypes
package import Hummingbird
import Logging
package import NIOCore
import Operations
import People
import Storage
import Text

/// What a request is about while it is answered.
package struct APIContext: RequestContext, RemoteAddressRequestContext {
    package var coreContext: CoreRequestContextStorage
    package let remoteAddress: SocketAddress?

    package init(source: Source) {
        coreContext = .init(source: source)
        remoteAddress = source.channel.remoteAddress
    }

    /// One megabyte (trust.md 6).
    package var maxUploadSize: Int { 1 << 20 }
}

extension Request {
    /// The token of `Authorization: Bearer`.
    var bearer: String? {
        guard let value = headers[.authorization], value.hasPrefix("Bearer ") else { return nil }
        return String(value.dropFirst(7))
    }

    /// The most bytes of a body of JSON.
    static let jsonBytesMax = 65_536

    /// The body as strict JSON; refused above `bytesMax`, and when compressed.
    func json(bytesMax: Int = Self.jsonBytesMax) async throws -> JSONValue {
        guard headers[.contentEncoding] == nil else {
            throw Problem(
                415, "encoding-unsupported", "Compressed bodies are not read",
                "Send the body without Content-Encoding.")
        }
        return try Self.json(of: try await collected(bytesMax))
    }

    /// - Throws: ``Problem``.
    static func json(of body: ByteBuffer) throws -> JSONValue {
        let bytes = Array(body.readableBytesView)
        do { return try StrictJSON.parse(bytes, depthMax: 8) } catch {
            throw Problem(
                422, "json-malformed", "The body is not strict JSON",
                "At byte \(error.offset): \(error.code.words). Numbers are whole, names stand "
                    + "once.")
        }
    }
}

extension Request {
    /// The body, within ``bodySeconds`` however slowly it trickles in. The clock is looked at with
    /// each part: a line that brings none is closed for idleness, and a timer for every request
    /// would cost more than its signature.
    func collected(_ bytesMax: Int) async throws -> ByteBuffer {
        let began = ContinuousClock.now
        var collected = ByteBuffer()
        for try await part in body {
            guard began.duration(to: .now) < .seconds(Self.bodySeconds) else {
                throw Problem(
                    408, "body-too-slow", "The body took too long",
                    "Send the whole request within \(Self.bodySeconds) seconds.")
            }
            guard collected.readableBytes + part.readableBytes <= bytesMax else {
                throw Problem(
                    413, "body-too-large", "The body is too large",
                    "Send at most \(bytesMax) bytes.")
            }
            if collected.readableBytes == 0 {
                collected = part
            } else {
                collected.writeImmutableBuffer(part)
            }
        }
        return collected
    }

    /// How long a body may take in all (trust.md 6).
    private static let bodySeconds = 30
}

extension Installation {
    /// The person of the request's session.
    func person(_ request: Request) throws -> Person {
        guard let token = request.bearer, let found = try session(token) else {
            throw Problem.unauthenticated
        }
        return found.person
    }

    func person(_ request: Request, for act: Act) throws -> Person {
        let person = try person(request)
        do { try person.require(act) } catch { throw OperationsError.forbidden(error) }
        return person
    }

    /// The enrolled terminal of the request's token.
    func terminal(_ request: Request, at yard: Yard) throws -> TerminalRow {
        guard let token = request.bearer, let row = try terminal(token: token),
            row.yard == yard.number
        else { throw Problem.unauthenticated }
        return row
    }
}

extension APIContext {
    func yard(_ installation: Installation) throws -> Yard {
        try installation.yard(try parameters.require("yard"))
    }

    func number(_ name: String) throws -> Int64 {
        guard let number = parameters.get(name).flatMap(Int64.init) else {
            throw Problem(422, "input-invalid", "Not a number", "\(name) has to be a number.")
        }
        return number
    }
}

/// Turns what operations throw into problem details; an unknown error is a 500 and logged once.
///
/// Answers for the interface only; pages say what went wrong as pages.
struct ProblemMiddleware: RouterMiddleware {
    typealias Context = APIContext

    let installation: Installation
    let allowed: AllowedMethods

    private static let prefixes = ["/v1", "/log/", "/healthz", "/readyz"]

    func handle(
        _ request: Request, context: APIContext,
        next: @concurrent (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch  where Self.prefixes.contains(where: request.uri.path.hasPrefix) {
            let path = request.uri.path
            guard let refusal = error as? HTTPError else {
                return installation.problem(error, path: path, id: context.id).answer.response
            }
            guard refusal.status == .notFound, let methods = allowed.text(at: path) else {
                return Problem(refusal).answer.response
            }
            var answer = Problem.methodRefused(request.method.rawValue, taken: methods).answer
            answer.headers[.allow] = methods
            return answer.response
        }
    }
}

extension Problem {
    fileprivate static func methodRefused(_ method: String, taken: String) -> Problem {
        Problem(
            405, "method-not-allowed", "This address does not take \(method)",
            "It takes \(taken). Check the request against /openapi.json.")
    }

    fileprivate init(_ error: HTTPError) {
        self.init(
            error.status.code, "http-\(error.status.code)", error.status.reasonPhrase,
            error.body ?? "See /openapi.json.")
    }
}

extension Installation {
    /// What is answered for what an operation threw; logged if nobody expected it.
    ///
    /// - Parameter id: what the operator finds the log line by.
    func problem(_ error: any Error, path: String, id: String) -> Problem {
        if let problem = Problem(damage(error) ?? error) { return problem }
        logger.error(
            "request failed",
            metadata: ["error": "\(error)", "path": "\(path)", "hb.request.id": "\(id)"])
        return Problem(
            500, "internal", "Something went wrong in the server",
            "Nothing was lost. Send the same again; tell the operator the id \(id).")
    }
}

/// An answer whose body is at hand.
struct ReadyAnswer {
    let status: HTTPResponse.Status
    var headers: HTTPFields
    let body: ByteBuffer

    init(_ status: HTTPResponse.Status, _ headers: HTTPFields, _ body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.headers[.contentLength] = String(body.count)
        self.body = ByteBuffer(bytes: body)
    }

    static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> ReadyAnswer {
        ReadyAnswer(
            status, [.contentType: "application/json", .cacheControl: "no-store"], value.bytes)
    }

    var response: Response {
        Response(status: status, headers: headers, body: .init(byteBuffer: body))
    }
}

extension Response {
    static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> Response {
        ReadyAnswer.json(value, status: status).response
    }

    static func bytes(_ bytes: [UInt8], type: String, headers: HTTPFields = [:]) -> Response {
        var fields = headers
        fields[.contentType] = type
        return Response(
            status: .ok, headers: fields, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
