import ArgumentParser
import Calendars
import DayClosing
import Foundation
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
    var port: UInt16 = 8080
    @Flag(help: "End after the summary instead of serving.")
    var once = false

    func run() async throws {
        try await reporting {
            let port = Int(port)
            try ServerAddress(host: "127.0.0.1", port: port, tls: nil).requireFree()
            let began = ContinuousClock.now
            let town = try await DemoTown.open(DataDirectory(data), port: port)
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

    static let yard = "hof-1"
    static let people: [(String, String, Set<Role>)] = [
        ("anna", "Anna Beispiel, Kasse", [.cashier]),
        ("bernd", "Bernd Muster, Hofleitung", [.approver]),
        ("clara", "Clara Probe, Finanzen und Technik", [.finance, .operator]),
        ("david", "David Test, Rechnungsprüfung", [.auditor]),
    ]

    /// Opens the town, or founds it on the first run.
    ///
    /// - Parameter port: where terminals find the server.
    static func open(_ directory: DataDirectory, port: Int) async throws -> DemoTown {
        let isNew = !FileManager.default.fileExists(atPath: directory.database)
        let day = try nextDay(directory, isNew: isNew)
        let morning = Timestamp(milliseconds: Int64(day.ordinal) * 86_400_000 + 23_400_000)
        guard let morning else { throw Failure("the day \(day.iso) is too far", Exit.badData) }
        let clock = DemoClock(morning)
        if isNew { try await found(directory, on: day, clock, port: port) }
        let installation = try Installation(
            directory: directory, clock: { clock.now }, logger: .quiet)
        return DemoTown(
            installation: installation, clock: clock, day: day,
            signIns: try readSignIns(directory, installation))
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

    private static func readSignIns(_ directory: DataDirectory, _ installation: Installation)
        throws -> [SignIn]
    {
        let path = directory.path + "/sign-ins.txt"
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure(
                "\(path) cannot be read, so \(directory.path) is no sample town, or none that is "
                    + "whole. Delete the folder, or choose another --data.", Exit.noInput)
        }
        let text = String(decoding: data, as: UTF8.self)
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
        try await serving(port: port) { base in
            let day = try await DemoDay(town: self, base: base)
            return try await day.play()
        }
    }

    /// Serves the town while `body` runs, and hands it the base address.
    func serving<Value: Sendable>(
        port: Int, _ body: @Sendable @escaping (String) async throws -> Value
    ) async throws -> Value {
        let server = Server(
            installation: installation,
            address: ServerAddress(host: "127.0.0.1", port: port, tls: nil)
        ) { _ in }
        return try await server.serving(body)
    }
}
