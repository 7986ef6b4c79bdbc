import Calendars
import CardTerminals
import Defaults
import Foundation
import Journal
import Keys
import Operations
import People
import Remote
import Sales
import Synchronization
import Tariffs
import TerminalOperations
import TerminalStorage
import Text
import Units

/// A server that a switch can take away, as a broken line does.
final class SwitchedServer: YardServer {
    private let server: HTTPYardServer
    private let isAway = Mutex(false)

    init(_ server: HTTPYardServer) {
        self.server = server
    }

    func setAway(_ away: Bool) {
        isAway.withLock { $0 = away }
    }

    private func reachable() throws -> HTTPYardServer {
        if isAway.withLock({ $0 }) { throw ServerFailure.unreachable("the line is cut") }
        return server
    }

    func enrol(_ request: EnrolmentRequest) async throws -> EnrolmentAnswer {
        try await reachable().enrol(request)
    }

    func tariffs(from day: BusinessDay) async throws -> [TariffVersion] {
        try await reachable().tariffs(from: day)
    }

    func tariffFile(_ digest: String) async throws -> [UInt8] {
        try await reachable().tariffFile(digest)
    }

    func standing(unresolved: [Int64]) async throws -> TerminalStanding {
        try await reachable().standing(unresolved: unresolved)
    }

    func report(_ heartbeat: Heartbeat) async throws {
        try await reachable().report(heartbeat)
    }

    func submit(_ envelope: Envelope) async throws -> Submission {
        try await reachable().submit(envelope)
    }

    func announceKey(_ announcement: [UInt8], possession: [UInt8]) async throws {
        try await reachable().announceKey(announcement, possession: possession)
    }

    func logKeySteps() async throws -> [LogKeyStep] { try await reachable().logKeySteps() }

    func quotas(_ keys: [QuotaKey]) async throws -> [QuotaUse] {
        try await reachable().quotas(keys)
    }

    func submit(_ envelopes: [Envelope]) async throws -> [Submission] {
        try await reachable().submit(envelopes)
    }
}

/// A yard terminal of the demonstration with its card terminal and its line to the server.
struct DemoTerminal: Sendable {
    let session: YardTerminalSession
    let card: SimulatedCardTerminal
    let line: SwitchedServer

    static func open(
        _ name: String, tid: String, in town: DemoTown, base: String,
        memory: SimulatedCardTerminal.Memory
    ) async throws -> DemoTerminal {
        let folder = Self.folder(of: name, in: town)
        let card = try SimulatedCardTerminal(
            path: "\(folder)/simulated-card.json", number: tid, memory: memory)
        let calendar = try yardCalendar()
        guard let id = TerminalID(name), let yard = YardID(DemoTown.yard) else {
            throw Failure("\(name) is no name of a terminal", Exit.bug)
        }
        let token = String(decoding: try bytes(of: folder + "/token"), as: UTF8.self)
        let line = SwitchedServer(
            HTTPYardServer(
                address: base, credentials: .init(yard: yard, terminal: id, token: token)))
        let clock = town.clock
        let world = TerminalWorld(
            now: { clock.now }, localDay: calendar.day(of:), localTime: calendar.time(of:),
            random: SystemRandom.bytes,
            version: Hofbuch.version)
        let session = try YardTerminalSession.open(
            folder: folder, cardTerminal: card, world: world, server: line)
        return DemoTerminal(session: session, card: card, line: line)
    }

    /// The way a town enrols: the operator asks, the approver approves, the terminal shows the
    /// code and its key.
    static func enrol(_ name: String, in town: DemoTown, base: String) async throws {
        let (installation, folder) = (town.installation, Self.folder(of: name, in: town))
        guard let id = TerminalID(name) else { preconditionFailure("sample names are names") }
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        let (request, code) = try await installation.requestEnrolment(
            id, name: "Kasse \(name.uppercased())",
            at: try installation.yard(DemoTown.yard), by: try town.person(.operator).person)
        try await installation.approveEnrolment(
            request, at: try installation.yard(DemoTown.yard), by: try town.person(.approver).person
        )
        let answer = try await TerminalEnrolment.enrol(
            server: base, code: code, folder: folder)
        try DurableFile.createNew(
            path: folder + "/token", with: Array(answer.token.utf8), mode: 0o600)
    }

    private static func folder(of name: String, in town: DemoTown) -> String {
        "\(town.installation.directory.path)/terminals/\(name)"
    }
}

/// Deliveries as people bring them, drawn from a seed: the same day gives the same deliveries.
struct DemoDeliveries {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    }

    private mutating func draw(_ below: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(below))
    }

    private mutating func pick(_ choices: [String]) -> String { choices[draw(choices.count)] }

    /// A delivery as a phrase of the tariff, such as `privat: 1,5 m³ gruenabfall`.
    mutating func next() -> String {
        let volume = pick(["0,25", "0,5", "0,75", "1", "1,25", "1,6", "1,75"])
        let count = draw(4) + 1
        switch draw(13) {
        case 0, 1, 2: return "privat: \(volume) m³ gruenabfall"
        case 3: return "privat: \(volume) m³ sperrmuell"
        case 4: return "privat: \(volume) m³ baustellenabfall"
        case 5: return "privat: \(count) Stück pkw-reifen-ohne-felge"
        case 6: return "privat: \(count) Sack restabfall; 1 m³ papier"
        case 7: return "privat: 1 m³ papier; 0,5 m³ schrott"
        case 8: return "gewerblich: \(volume) m³ sperrmuell; \(count) Sack restabfall"
        case 9: return "gewerblich: \(volume) m³ gewerbeabfall"
        case 10: return "gewerblich: \(volume) m³ altmoebel; \(count) Stück fahrradreifen"
        case 11: return "privat: \(count * 60) l flachglas"
        default: return "privat: \(count) Stück wurzelstock; \(volume) m³ gruenabfall"
        }
    }
}
