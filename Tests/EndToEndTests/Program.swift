import Foundation

/// The real program, as a town's administrator runs it.
enum Program {
    /// `HOFBUCH_BINARY`, or the program built beside these tests.
    static var path: String {
        get throws {
            if let given = ProcessInfo.processInfo.environment["HOFBUCH_BINARY"] { return given }
            let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            let folder = URL(fileURLWithPath: tests).deletingLastPathComponent()
            let path = folder.appendingPathComponent("hofbuch").path
            guard FileManager.default.isExecutableFile(atPath: path) else {
                throw Unexpected("\(path) is not there; build it or set HOFBUCH_BINARY")
            }
            return path
        }
    }

    struct Result: Sendable {
        let status: Int32
        let output: String
        let errors: String
    }

    /// Runs a command to its end.
    ///
    /// - Parameter environment: variables beside those of the tests.
    static func run(
        _ arguments: [String], in folder: String, environment: [String: String] = [:]
    ) async throws -> Result {
        let running = try RunningProgram(
            path: path, arguments: arguments, folder: folder, environment: environment)
        let status = await running.ended()
        return Result(status: status, output: try running.output(), errors: try running.errors())
    }

    /// Runs a command with no more than so much memory of its own.
    static func run(
        _ arguments: [String], in folder: String, kilobytesMax: Int
    ) async throws -> Result {
        let script = #"ulimit -d "$1"; shift; exec "$@""#
        let running = try RunningProgram(
            path: "/bin/bash",
            arguments: ["-c", script, "bash", "\(kilobytesMax)", path] + arguments,
            folder: folder)
        let status = await running.ended()
        return Result(status: status, output: try running.output(), errors: try running.errors())
    }

    /// Runs a command that has to end well.
    @discardableResult
    static func succeed(_ arguments: [String], in folder: String) async throws -> String {
        let result = try await run(arguments, in: folder)
        guard result.status == 0 else {
            throw Unexpected("\(arguments) ended with \(result.status): \(result.errors)")
        }
        return result.output
    }

    /// Runs a command that has to end well; gives its output and the seconds of processor time
    /// it took, which do not grow when other programs want the processors too.
    static func timed(_ arguments: [String], in folder: String) async throws
        -> (output: String, seconds: Double)
    {
        let script = #""$@"; code=$?; times >&2; exit $code"#
        let running = try RunningProgram(
            path: "/bin/bash", arguments: ["-c", script, "bash", path] + arguments, folder: folder)
        let status = await running.ended()
        let errors = try running.errors()
        guard status == 0 else {
            throw Unexpected("\(arguments) ended with \(status): \(errors)")
        }
        let times = errors.matches(of: #/([0-9]+)m([0-9.]+)s/#).suffix(2)
        let seconds = times.map { (Double($0.1) ?? 0) * 60 + (Double($0.2) ?? 0) }
        return (try running.output(), seconds.reduce(0, +))
    }

    /// Starts the server of a data directory and waits until it listens, on a free port unless
    /// one is named.
    static func serve(
        _ data: String, port: String = "0", in folder: String
    ) async throws -> (program: RunningProgram, line: Line) {
        let program = try start(["serve", "--data", data, "--port", port], in: folder)
        let found = try await program.wait(for: /Console: (http:\/\/127\.0\.0\.1:[0-9]+)\//)
        return (program, Line(base: String(found.1)))
    }

    static func start(_ arguments: [String], in folder: String) throws -> RunningProgram {
        try RunningProgram(path: path, arguments: arguments, folder: folder)
    }
}

/// A started program. Its output goes to files, so that no pipe can fill up and stop it.
final class RunningProgram: Sendable {
    private let process = Process()
    private let stem: String
    private let end: AsyncStream<Int32>

    init(
        path: String, arguments: [String], folder: String, environment: [String: String] = [:]
    ) throws {
        stem = "\(folder)/\(UUID().uuidString)"
        let (end, continuation) = AsyncStream.makeStream(of: Int32.self)
        self.end = end
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment
            .merging(environment) { $1 }
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try Self.newFile(stem + ".out")
        process.standardError = try Self.newFile(stem + ".err")
        process.terminationHandler = { process in
            continuation.yield(process.terminationStatus)
            continuation.finish()
        }
        try process.run()
    }

    private static func newFile(_ path: String) throws -> FileHandle {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else { throw Unexpected("\(path) cannot be written") }
        return file
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        for end in [".out", ".err"] { unlink(stem + end) }
    }

    /// As it was written, a byte order mark too.
    func output() throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: stem + ".out")), as: UTF8.self)
    }
    func errors() throws -> String { try String(contentsOfFile: stem + ".err", encoding: .utf8) }

    /// Ends it as a power cut does.
    func killNow() { kill(process.processIdentifier, SIGKILL) }

    func terminate() { process.terminate() }

    var isRunning: Bool { process.isRunning }

    /// Waits for the end; gives the exit status, or the signal's number.
    func ended() async -> Int32 {
        for await status in end { return status }
        // A test that ran out of time is cancelled here, and the program still runs.
        return process.isRunning ? -1 : process.terminationStatus
    }

    /// Waits until the output holds a match.
    func wait<Output>(for pattern: Regex<Output>, seconds: Int = 60) async throws -> Output {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < deadline {
            if let match = try output().firstMatch(of: pattern) { return match.output }
            guard process.isRunning else { break }
            await Task.yield()
        }
        throw Unexpected("the program did not say \(pattern): \(try output()) \(try errors())")
    }
}

/// Something that a test did not foresee.
struct Unexpected: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Runs `body` with a new temporary folder and removes it afterwards.
func withFolder(_ body: (String) async throws -> Void) async throws {
    let files = FileManager.default
    let path = files.temporaryDirectory.path + "/hofbuch-test-\(UUID().uuidString)"
    try files.createDirectory(atPath: path, withIntermediateDirectories: true)
    do { try await body(path) } catch {
        try files.removeItem(atPath: path)
        throw error
    }
    try files.removeItem(atPath: path)
}

/// The folder of this package.
let repository = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
