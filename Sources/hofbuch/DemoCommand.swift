import ArgumentParser
import Calendars
import DayClosing
import Defaults
import Foundation
import Keys
import Logging
import Operations
import People
import Units

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Play a day at the yard of a sample town, close and export it, then serve.",
        discussion: """
            The first run creates the town; every further run plays the next day. Everything \
            stays in the data directory; delete it to start again.
            """)

    @Option(help: "The data directory of the sample town.")
    var data = "demo"
    @Option(help: "Port of the console.")
    var port = 8080
    @Flag(help: "End after the summary instead of serving.")
    var once = false

    func run() async throws {
        try await reporting {
            try ServerAddress(host: "127.0.0.1", port: port, tls: nil).requireFree()
            let began = ContinuousClock.now
            let town = try await DemoTown.open(DataDirectory(data))
            let day = try await town.playNextDay(port: port)
            try town.installation.close()
            print(try day.summary(data: data, seconds: ContinuousClock.now - began))
            guard !once else { return }
            var logger = Logger(label: "hofbuch")
            logger.logLevel = .warning
            let installation = try Installation(
                directory: DataDirectory(data), logger: logger)
            try await Server.serve(
                installation, at: ServerAddress(host: "127.0.0.1", port: port, tls: nil)
            ) { "Konsole: \($0)/   Beenden mit Strg-C." }
            try installation.close()
        }
    }
}

/// A clock that the demonstration sets; every look moves it on by a tenth of a second.
final class DemoClock: Sendable {
    private let lock = NSLock()
    private nonisolated(unsafe) var time: Timestamp

    init(_ time: Timestamp) {
        self.time = time
    }

    var now: Timestamp {
        lock.withLock {
            time = time.adding(milliseconds: 100)
            return time
        }
    }

    /// Moves on to `time`; never back.
    func advance(to time: Timestamp) {
        lock.withLock { self.time = max(self.time, time) }
    }
}

/// The sample town: its installation, four people, and who signs in how.
struct DemoTown {
    struct SignIn {
        let person: Person
        let password: String
    }

    let installation: Installation
    let clock: DemoClock
    let day: BusinessDay
    let signIns: [SignIn]
    let isNew: Bool

    static let yard = "hof-1"
    private static let people: [(String, String, Set<Role>)] = [
        ("anna", "Anna Beispiel, Kasse", [.cashier]),
        ("bernd", "Bernd Muster, Hofleitung", [.approver]),
        ("clara", "Clara Probe, Finanzen und Technik", [.finance, .operator]),
        ("david", "David Test, Rechnungsprüfung", [.auditor]),
    ]

    /// Opens the town, or founds it on the first run.
    static func open(_ directory: DataDirectory) async throws -> DemoTown {
        let isNew = !FileManager.default.fileExists(atPath: directory.database)
        if isNew {
            try Installation.create(in: directory, finance: DefaultFile.files(in: "finance/"))
        }
        let day = try nextDay(directory, isNew: isNew)
        let morning = Timestamp(milliseconds: Int64(day.ordinal) * 86_400_000 + 23_400_000)
        guard let morning else { throw Failure("the day \(day.iso) is too far", Exit.badData) }
        let clock = DemoClock(morning)
        let installation = try Installation(
            directory: directory, clock: { clock.now }, logger: .quiet)
        let signIns =
            try await isNew
            ? found(installation, directory) : readSignIns(directory, installation)
        return DemoTown(
            installation: installation, clock: clock, day: day, signIns: signIns, isNew: isNew)
    }

    /// The day after the last close, Sundays left out; four weeks ago for a new town.
    private static func nextDay(_ directory: DataDirectory, isNew: Bool) throws -> BusinessDay {
        var day = try today().adding(days: -28)
        if !isNew {
            let installation = try Installation(directory: directory, logger: .quiet)
            let last = try installation.closes(of: installation.yard(yard)).last?.day
            try installation.close()
            day = last?.adding(days: 1) ?? day
        }
        if day?.weekday == 7 { day = day?.adding(days: 1) }
        guard let day else { throw Failure("no further day can be played", Exit.badData) }
        return day
    }

    private static func found(_ installation: Installation, _ directory: DataDirectory)
        async throws -> [SignIn]
    {
        guard let id = YardID(yard) else { preconditionFailure("the sample yard has a name") }
        _ = try await installation.createYard(
            YardDescription(
                id: id, name: "Wertstoffhof Musterstadt", town: "Stadt Musterstadt",
                address: "Am Wertstoffhof 1, 12345 Musterstadt", host: "musterstadt.example"))
        var signIns: [SignIn] = []
        for (name, fullName, roles) in people {
            guard let id = PersonID(name) else { preconditionFailure("sample names are names") }
            let person = Person(id: id, name: fullName, roles: roles)
            let password =
                "\(name)-" + SystemRandom.bytes(6).map { "\($0 % 10)" }.joined()
                + "-demo"
            try await installation.save(person, password: password)
            signIns.append(SignIn(person: person, password: password))
        }
        let lines = signIns.map { signIn in
            let roles = signIn.person.roles.map(\.rawValue).sorted().joined(separator: ",")
            return "\(signIn.person.id) \(signIn.password) \(roles)\n"
        }
        try DurableFile.createNew(
            path: directory.path + "/sign-ins.txt", with: Array(lines.joined().utf8), mode: 0o600)
        return signIns
    }

    private static func readSignIns(_ directory: DataDirectory, _ installation: Installation)
        throws -> [SignIn]
    {
        let text = String(
            decoding: try bytes(of: directory.path + "/sign-ins.txt"), as: UTF8.self)
        return try text.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: " ").map(String.init)
            guard parts.count == 3, let id = PersonID(parts[0]) else { return nil }
            return SignIn(person: try installation.person(id), password: parts[1])
        }
    }

    func person(_ role: Role) throws -> SignIn {
        guard let found = signIns.first(where: { $0.person.roles.contains(role) }) else {
            throw Failure("the sample town has nobody with the role \(role)", Exit.badData)
        }
        return found
    }

    /// Plays the next day against the real server on loopback, at the address where the terminals
    /// find it later.
    func playNextDay(port: Int) async throws -> DemoDay {
        let server = Server(
            installation: installation,
            address: ServerAddress(host: "127.0.0.1", port: port, tls: nil)
        ) { _ in }
        return try await server.serving { base in
            let day = try await DemoDay(town: self, base: base)
            return try await day.play()
        }
    }
}
