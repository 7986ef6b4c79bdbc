import Calendars
import Foundation
import Journal
import Keys
import Sales
import Signing
import Storage
import Tariffs
import Text
import Transparency
import Units

/// A town founded once by the real program: people, a tariff in force, enrolled terminals. Each
/// round of a fault test works on a copy.
struct Town {
    let folder: String
    let terminals: [(id: TerminalID, key: ES256PrivateKey)]
    /// Bearer token of the first of them.
    let token: String
    /// Folders of terminals that the program itself enrolled.
    let yardTerminals: [String]
    let yard: YardID
    let log: String
    let logKey: VerifierKey
    let sales: [Sale]

    static let registerCount = 8
    static let people = [
        ("anna", "cashier"), ("bernd", "approver"), ("clara", "finance,operator"),
    ]

    static func password(of id: String) -> String { "\(id)-hat-ein-passwort" }

    /// - Parameter wrapper: put before the program's name, such as `faketime` with its time.
    init(in folder: String, day: BusinessDay? = nil, wrapper: [String] = []) throws {
        self.folder = folder
        let data = folder + "/data"
        try Program.succeed(
            [
                "init", "--data", data, "--town", "Musterstadt", "--yard", "hof-1",
                "--yard-name", "Wertstoffhof Nord", "--address", "Am Hof 1, 12345 Musterstadt",
                "--host", "musterstadt.example",
            ], in: folder, wrapper: wrapper)
        for (id, roles) in Self.people {
            let file = "\(folder)/\(id).password"
            try Data("\(Self.password(of: id))\n".utf8).write(to: URL(fileURLWithPath: file))
            try Program.succeed(
                [
                    "user", "add", "--data", data, "--id", id, "--name", id, "--roles", roles,
                    "--password-file", file,
                ], in: folder, wrapper: wrapper)
        }
        #if DEBUG
        try Data().write(to: URL(fileURLWithPath: "\(data)/\(ProvokedFaults.marker)"))
        #endif
        let server = try Server(data: data, in: folder, wrapper: wrapper)
        let office = try server.office()
        let tariff = try office.activateTariff()
        var terminals: [(id: TerminalID, key: ES256PrivateKey)] = []
        var enrolled = JSONValue.null
        var first: String?
        for number in 1...Self.registerCount {
            let key = try ES256PrivateKey.generate()
            enrolled = try office.enrol("t\(number)", key)
            if number == 1 { first = enrolled["token"]?.string }
            guard let id = TerminalID("t\(number)") else { throw Unforeseen("t1 is no name") }
            terminals.append((id, key))
        }
        self.terminals = terminals
        yardTerminals = try ["k1", "k2"].map { name in
            let path = "\(folder)/\(name)"
            try Program.succeed(
                [
                    "terminal", "enrol", "--folder", path, "--server",
                    "http://127.0.0.1:\(server.port)", try office.enrolmentCode(of: name),
                ], in: folder)
            return path
        }
        guard let yard = YardID("hof-1"), let token = first, let log = enrolled["log"]?.string,
            let key = enrolled["logKey"]?.string.flatMap({ VerifierKey($0) }),
            let calendar = LocalCalendar(zone: "Europe/Berlin")
        else { throw Unforeseen("the enrolment's answer is incomplete") }
        (self.yard, self.log, self.token, logKey) = (yard, log, token, key)
        sales = try Sale.samples(tariff, day: day ?? calendar.day(of: SystemClock.now()))
        try server.stop()
    }

    /// Fresh terminals at the beginning of their chains.
    func registers() -> [Register] {
        terminals.map { Register($0.id, key: $0.key, log: log, yard: yard, sales: sales) }
    }
}

/// The program under test.
enum Program {
    /// `HOFBUCH_BINARY`, or the program built beside this one.
    static let path: String = {
        if let given = ProcessInfo.processInfo.environment["HOFBUCH_BINARY"] { return given }
        let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        return own.deletingLastPathComponent().appendingPathComponent("hofbuch").path
    }()

    @discardableResult
    static func succeed(_ arguments: [String], in folder: String, wrapper: [String] = []) throws
        -> String
    {
        let child = try Child(wrapper + [path] + arguments, in: folder)
        let status = child.wait()
        guard status == 0 else {
            throw Unforeseen("\(arguments) ended with \(status): \(child.errors)")
        }
        return child.output
    }
}

/// A running server.
final class Server {
    let child: Child
    let port: Int
    /// From the start of the process until it listened.
    let startSeconds: Double

    /// - Throws: ``Unforeseen`` with the program's words if it does not come to listen.
    init(
        data: String, in folder: String, wrapper: [String] = [],
        environment: [String: String] = [:]
    ) throws {
        let began = ContinuousClock.now
        child = try Child(
            wrapper + [Program.path, "serve", "--data", data, "--port", "0"],
            environment: environment, in: folder)
        guard let found = child.wait(for: /Console: http:\/\/127\.0\.0\.1:([0-9]+)\//),
            let port = Int(found.1)
        else {
            let status = child.ended.map { "\($0)" } ?? "still running"
            throw NotServing(status: child.ended, words: child.errors + child.output + status)
        }
        self.port = port
        startSeconds = began.duration(to: .now) / .seconds(1)
    }

    struct NotServing: Error {
        let status: Int32?
        let words: String
    }

    func office() throws -> Office { try Office(port: port) }

    /// Stops it as the supervisor does, and wants a clean end.
    func stop() throws {
        child.signal(SIGTERM)
        let status = child.wait(seconds: 15)
        guard status == 0 else {
            throw Unforeseen("the server ended with \(status) after SIGTERM: \(child.errors)")
        }
    }
}
