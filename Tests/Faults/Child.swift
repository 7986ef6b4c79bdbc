import Foundation
import Glibc

/// A started program; its output goes to files, so that no pipe can fill up and stop it.
final class Child: @unchecked Sendable {
    let pid: pid_t
    private let stem: String
    private let lock = NSLock()
    private var status: Int32?

    /// - Parameter arguments: the program's path or name first.
    init(_ arguments: [String], environment: [String: String] = [:], in folder: String) throws {
        stem = "\(folder)/\(UUID().uuidString)"
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        for (descriptor, ending) in [(1, "out"), (2, "err")] as [(Int32, String)] {
            posix_spawn_file_actions_addopen(
                &actions, descriptor, "\(stem).\(ending)", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        }
        // What others in this process have open is none of the program's, nor counted as its own.
        for name in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            guard let descriptor = Int32(name), descriptor > 2 else { continue }
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }
        let all = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let words = arguments.map { strdup($0) } + [nil]
        let values = all.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (words + values).forEach { free($0) } }
        var pid = pid_t()
        let code = posix_spawnp(&pid, arguments[0], &actions, nil, words, values)
        guard code == 0 else {
            throw Unforeseen(
                "\(arguments[0]) cannot be started: \(String(cString: strerror(code)))")
        }
        self.pid = pid
    }

    deinit {
        if ended == nil {
            signal(SIGKILL)
            wait()
        }
    }

    var output: String { text("out") }
    var errors: String { text("err") }

    private func text(_ ending: String) -> String {
        let bytes = FileManager.default.contents(atPath: "\(stem).\(ending)") ?? Data()
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Signals the program itself, below wrappers that wait for it, such as `faketime`.
    func signal(_ number: Int32) { if ended == nil { kill(Self.innermost(pid), number) } }

    private static func innermost(_ pid: pid_t) -> pid_t {
        let list = FileManager.default.contents(atPath: "/proc/\(pid)/task/\(pid)/children")
        let first = String(decoding: list ?? Data(), as: UTF8.self).split(separator: " ").first
        return first.flatMap { pid_t($0) }.map(innermost) ?? pid
    }

    /// The exit status, or the signal's number above 128 as a shell says it; nil while it runs.
    var ended: Int32? {
        lock.withLock {
            if status == nil {
                var raw: Int32 = 0
                if waitpid(pid, &raw, WNOHANG) == pid { status = Self.decoded(raw) }
            }
            return status
        }
    }

    private static func decoded(_ raw: Int32) -> Int32 {
        let signal = raw & 0x7F
        return signal == 0 ? (raw >> 8) & 0xFF : 128 + signal
    }

    /// Waits for the end; kills it after `seconds`.
    @discardableResult
    func wait(seconds: Double = 120) -> Int32 {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while true {
            if let status = ended { return status }
            if ContinuousClock.now > deadline { signal(SIGKILL) }
            usleep(1_000)
        }
    }

    /// Waits until the output holds a match, or the program ends.
    func wait<Output>(for pattern: Regex<Output>, seconds: Double = 60) -> Output? {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < deadline {
            if let match = output.firstMatch(of: pattern) { return match.output }
            if ended != nil { return output.firstMatch(of: pattern)?.output }
            usleep(2_000)
        }
        return nil
    }
}

/// Something that a fault test did not foresee: the test itself cannot go on.
struct Unforeseen: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Runs a command of the system to its end and wants success.
@discardableResult
func shell(_ words: String..., in folder: String = NSTemporaryDirectory()) throws -> String {
    let child = try Child(words, in: folder)
    let status = child.wait()
    guard status == 0 else {
        throw Unforeseen("\(words.joined(separator: " ")) ended with \(status): \(child.errors)")
    }
    return child.output
}

/// Whether a program is installed.
func isInstalled(_ name: String) -> Bool {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return (folders + ["/usr/sbin", "/sbin"]).contains {
        FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
    }
}
