import ArgumentParser
import AsyncHTTPClient
import Foundation
import Glibc
import Keys
import Logging
import NIOCore
import NIOHTTP1
import Operations
import Signing
import Text

/// Which installation, and who asks.
struct OfficeOptions: ParsableArguments {
    @Option(help: "The data directory.")
    var data = "data"

    @Option(name: .customLong("as"), help: "Sign-in name of the person who does this.")
    var person: String

    @Option(help: "File with the password; without it the terminal asks.")
    var passwordFile: String?

    @Option(help: "The yard; left out if there is only one, or where all of them are meant.")
    var yard: String?

    @Flag(help: "Print JSON.")
    var json = false

    func password() throws -> String {
        try readPassword(of: person, file: passwordFile)
    }

    /// Signs in, runs `body`, and says on standard error what went wrong.
    func run(_ body: @Sendable @escaping (OfficeClient) async throws -> Void) async throws {
        try await reporting { try await OfficeClient.run(self, body) }
    }

    /// The same for what concerns the town and not one yard.
    func runForTown(_ body: @Sendable @escaping (OfficeClient) async throws -> Void) async throws {
        try await reporting { try await OfficeClient.run(self, needsYard: false, body) }
    }

    /// Signs in, asks below the yard's address, and shows the answer: as JSON where that is wanted,
    /// else as `words` prints it.
    func show(
        _ path: String, method: HTTPMethod = .GET,
        _ words: @Sendable @escaping (JSONValue) -> Void
    ) async throws {
        let json = json
        try await run { client in
            let answer = try await client.atYard(method, path)
            if json { print(answer.text) } else { words(answer) }
        }
    }

    /// The same for what concerns the town and not one yard, by its whole path.
    func showForTown(
        _ path: String, _ words: @Sendable @escaping (JSONValue) -> Void
    ) async throws {
        let json = json
        try await runForTown { client in
            let answer = try await client.send(.GET, path)
            if json { print(answer.text) } else { words(answer) }
        }
    }

    /// Signs in, posts what a second person has to approve, and prints the number of the request.
    func ask(_ path: String, _ body: JSONValue) async throws {
        try await run { client in
            let answer = try await client.atYard(.POST, path, body)
            print("Request \(answer["id"]?.integer ?? 0) waits for another approver.")
        }
    }

    /// Signs in, posts to a path below the yard's address, and prints `done`.
    func post(_ path: String, _ body: JSONValue? = nil, done: String) async throws {
        try await run {
            try await $0.atYard(.POST, path, body)
            print(done)
        }
    }
}

/// The password of a person: from a file, or typed.
func readPassword(of person: String, file: String?) throws -> String {
    if let file {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw Failure("the password file \(file) cannot be read", Exit.noInput)
        }
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines)
    }
    guard let typed = getpass("Password of \(person): ") else {
        throw Failure("no password was typed; use a file", Exit.noInput)
    }
    return String(cString: typed)
}

/// Talks to the server's interface: to a running one, or to one started for this command.
struct OfficeClient {
    let base: String
    let token: String
    let yard: String

    /// Signs in and runs `body`; starts a server for its duration if none runs.
    ///
    /// - Parameters:
    ///   - needsYard: whether it is about one yard, which has to be named where there are several;
    ///     where it is about all of them, naming one is a mistake.
    ///   - password: where it is known already; else it is read from the file or asked for.
    static func run(
        _ options: OfficeOptions, needsYard: Bool = true, password known: String? = nil,
        _ body: @Sendable @escaping (OfficeClient) async throws -> Void
    ) async throws {
        guard needsYard || options.yard == nil else {
            throw Failure("this is about all yards; leave --yard out", Exit.usage)
        }
        let directory = DataDirectory(options.data)
        let (person, password) = (options.person, try known ?? options.password())
        let yard = options.yard ?? (needsYard ? nil : "")
        let work: @Sendable (String) async throws -> Void = { base in
            let client = try await OfficeClient.signIn(
                base, person: person, password: password, yard: yard)
            do { try await body(client) } catch {
                await client.signOut()
                throw error
            }
            try await client.send(.DELETE, "/v1/sessions")
        }
        if let base = RunningServer.address(directory) {
            try await work(base)
        } else {
            let installation = try Installation(directory: directory, logger: .quiet)
            let server = Server(installation: installation, address: .loopback) { _ in }
            try await server.serving(work)
            try installation.close()
        }
    }

    static func signIn(_ base: String, person: String, password: String, yard: String?)
        async throws -> OfficeClient
    {
        let anonymous = OfficeClient(base: base, token: "", yard: "")
        let answer: JSONValue
        do {
            answer = try await anonymous.send(
                .POST, "/v1/sessions",
                .fields(["name": .string(person), "password": .string(password)]))
        } catch let failure as Failure where failure.code == Exit.notPermitted {
            throw Failure("\(person): \(failure.text)", failure.code)
        }
        let token = answer["token"]?.string ?? ""
        let client = OfficeClient(base: base, token: token, yard: "")
        let known = try await client.send(.GET, "/v1/yards")
        let yards = known["yards"]?.array?.compactMap { $0["id"]?.string } ?? []
        guard let chosen = yard ?? (yards.count == 1 ? yards.first : nil) else {
            await client.signOut()
            throw Failure(
                "there are several yards (\(yards.joined(separator: ", "))); say which with --yard",
                Exit.usage)
        }
        return OfficeClient(base: base, token: token, yard: chosen)
    }

    /// Ends the session after something failed, which is what the command says then: a session
    /// that cannot be ended ends by itself.
    private func signOut() async {
        do { try await send(.DELETE, "/v1/sessions") } catch {
            Logger.quiet.debug("the session stays open", metadata: ["error": "\(error)"])
        }
    }

    /// Sends a request and gives the JSON answer; an error answer becomes a ``Failure``.
    @discardableResult
    func send(
        _ method: HTTPMethod, _ path: String, _ body: JSONValue? = nil, _ size: AnswerSize = .page
    ) async throws -> JSONValue {
        let bytes = try await fetch(method, path, body.map(\.bytes), size)
        return bytes.isEmpty ? .null : try StrictJSON.parse(bytes, depthMax: 32)
    }

    /// Like ``send(_:_:_:_:)`` below the yard's address.
    @discardableResult
    func atYard(
        _ method: HTTPMethod, _ path: String, _ body: JSONValue? = nil, _ size: AnswerSize = .page
    ) async throws -> JSONValue {
        try await send(method, "/v1/yards/\(yard)/\(path)", body, size)
    }

    /// All members of a list that comes page by page, in the order in which they come.
    func all(_ name: String, _ path: String) async throws -> [JSONValue] {
        var (all, next): ([JSONValue], String?) = ([], nil)
        let joint = path.contains("?") ? "&" : "?"
        repeat {
            let page = try await send(.GET, path + (next.map { "\(joint)cursor=\($0)" } ?? ""))
            all += page[name]?.array ?? []
            next = page["next"]?.string
        } while next != nil
        return all
    }

    func fetch(
        _ method: HTTPMethod, _ path: String, _ body: [UInt8]? = nil, _ size: AnswerSize = .page
    ) async throws -> [UInt8] {
        var request = request(method, path)
        if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
        return try await size.exchange(request) { response in
            let bytes = try await response.bytes(upTo: size.bytesMax)
            guard response.isGood else { throw response.failure(bytes) }
            return bytes
        }
    }

    /// Writes an answer to a file as it comes in. The file is there when all of it is, and stays as
    /// it was if anything goes wrong.
    ///
    /// - Parameter digest: what the bytes must hash to; nil where nobody said.
    func download(_ path: String, to file: String, digest: Digest?) async throws {
        try await DurableFile.receive(path: file) { write in
            let found = try await AnswerSize.export.exchange(request(.GET, path)) { response in
                guard response.isGood else {
                    throw response.failure(try await response.bytes(upTo: Self.refusalMax))
                }
                var hash = Digest.Stream()
                for try await piece in response.body {
                    let bytes = Array(piece.readableBytesView)
                    hash.append(bytes)
                    try write(bytes)
                }
                return hash.finish()
            }
            guard digest == nil || digest == found else {
                throw Failure(
                    "what came for \(file) is not what the register names; it was not kept. Fetch "
                        + "it again.", Exit.badData)
            }
        }
    }

    /// The most bytes of an answer that says why there is no file.
    private static let refusalMax = 1 << 16

    private func request(_ method: HTTPMethod, _ path: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: base + path)
        request.method = method
        if !token.isEmpty { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        return request
    }

    static func failure(_ status: Int, _ bytes: [UInt8]) -> Failure {
        let problem: JSONValue
        do { problem = try StrictJSON.parse(bytes, depthMax: 8) } catch { problem = .null }
        let code =
            switch status {
            case 401, 403: Exit.notPermitted
            case 404: Exit.noInput
            case 429, 503, 507: Exit.tryAgain
            case 500: Exit.bug
            default: Exit.badData
            }
        let detail =
            problem["detail"]?.string ?? problem["title"]?.string
            ?? "The server answered \(status)."
        let name = problem["code"]?.string.map { " (\($0))" } ?? ""
        return Failure(detail + name, code)
    }
}

/// How much an answer may be, and so how long it may take.
enum AnswerSize {
    /// What people read.
    case page
    /// The export of a large day: its making, its files, an archive of them.
    case export

    private var timeout: TimeAmount { self == .page ? .seconds(60) : .hours(1) }
    fileprivate var bytesMax: Int { self == .page ? 64 << 20 : Int(UInt32.max) }

    /// Sends a request and gives what `read` makes of the answer while it comes in.
    fileprivate func exchange<Value: Sendable>(
        _ request: HTTPClientRequest, _ read: (HTTPClientResponse) async throws -> Value
    ) async throws -> Value {
        guard self == .export else {
            return try await read(HTTPClient.shared.execute(request, timeout: timeout))
        }
        // The shared client gives up on an answer that does not begin within 90 seconds.
        let client = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: .init(timeout: .init(connect: .seconds(10), read: timeout)))
        let answer: Result<Value, any Error>
        do {
            answer = .success(try await read(client.execute(request, timeout: timeout)))
        } catch {
            answer = .failure(error)
        }
        try await client.shutdown()
        return try answer.get()
    }
}

extension HTTPClientResponse {
    fileprivate var isGood: Bool { (200..<300).contains(Int(status.code)) }

    fileprivate func bytes(upTo count: Int) async throws -> [UInt8] {
        Array(try await body.collect(upTo: count).readableBytesView)
    }

    fileprivate func failure(_ bytes: [UInt8]) -> Failure {
        OfficeClient.failure(Int(status.code), bytes)
    }
}

/// Finds the server of a data directory: the file it writes while it listens.
enum RunningServer {
    static func path(_ directory: DataDirectory) -> String { directory.path + "/address" }

    /// Tells commands on this machine where the server of a data directory listens.
    static func announce(_ base: String, _ directory: DataDirectory) {
        do {
            try DurableFile.replace(path: path(directory), with: Array(base.utf8))
        } catch {
            Message.error("\(path(directory)) cannot be written: \(error)")
        }
    }

    /// The base address of the running server; nil if none holds the data directory.
    static func address(_ directory: DataDirectory) -> String? {
        guard ProcessLock.holder(path: directory.lock) != nil,
            let data = FileManager.default.contents(atPath: path(directory))
        else { return nil }
        return String(decoding: data, as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

extension Logger {
    /// For commands that print their own messages.
    static var quiet: Logger {
        var logger = Logger(label: "hofbuch")
        logger.logLevel = .error
        return logger
    }

    /// For commands about what stops the server: they say it themselves.
    static var none: Logger { Logger(label: "hofbuch") { _ in SwiftLogNoOpLogHandler() } }
}
