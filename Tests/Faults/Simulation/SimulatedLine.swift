import Foundation
import Journal
import Keys
import Operations
import People
import Remote
import Sales
import Signing
import Storage
import Tariffs
import Text
import Units

/// The way from a yard terminal to the simulated server, without HTTP: requests and answers get
/// lost, and requests come twice.
final class SimulatedLine: YardServer, @unchecked Sendable {
    enum Fate: CaseIterable, Sendable {
        case passes, requestLost, answerLost, twice

        /// The fates of the next calls; half of the lines are good.
        static func random(count: Int, _ random: inout SplitMix) -> [Fate] {
            let isBad = Bool.random(using: &random)
            return (0..<count).map { _ in
                let fate = allCases[Int.random(in: 0..<allCases.count, using: &random)]
                return isBad ? fate : .passes
            }
        }
    }

    private let terminal: String
    private let server: SimulatedServer
    private let history: History
    private let power: TerminalPower
    private let lock = NSLock()
    private var coming: [Fate] = []

    init(terminal: String, server: SimulatedServer, history: History, power: TerminalPower) {
        self.terminal = terminal
        self.server = server
        self.history = history
        self.power = power
    }

    /// What becomes of the next calls; those after them pass.
    var fates: [Fate] {
        get { lock.withLock { coming } }
        set { lock.withLock { coming = newValue } }
    }

    /// The highest number that the server has of this terminal.
    var highest: Int64 {
        get throws { try row(server.installation).highest }
    }

    private func row(_ installation: Installation) throws -> TerminalRow {
        let rows = try installation.terminals(of: try server.yard)
        guard let row = rows.first(where: { $0.id.text == terminal }) else {
            throw Unforeseen("\(terminal) is not enrolled")
        }
        return row
    }

    private func call<Value: Sendable>(
        _ body: @escaping @Sendable (Installation, Yard) async throws -> Value
    ) async throws -> Value {
        guard !power.hasFailed else { throw ServerFailure.unreachable("no power") }
        let fate = lock.withLock { coming.isEmpty ? .passes : coming.removeFirst() }
        if fate == .requestLost { throw ServerFailure.unreachable("the request is lost") }
        let yard = try server.yard
        do {
            var value = try await server.perform { try await body($0, yard) }
            if fate == .twice { value = try await server.perform { try await body($0, yard) } }
            guard let value, fate != .answerLost else {
                throw ServerFailure.unreachable("the answer is lost")
            }
            return value
        } catch let error as OperationsError {
            throw ServerFailure.problem(
                ServerProblem(status: error.status, code: error.code, detail: ""))
        }
    }

    func enrol(_ request: EnrolmentRequest) async throws -> EnrolmentAnswer {
        throw ServerFailure.unreachable("it is enrolled")
    }

    func tariffs(from day: BusinessDay) async throws -> [TariffVersion] {
        try await call { try $0.tariffBook(of: $1, from: day) }
    }

    func tariffFile(_ digest: String) async throws -> [UInt8] {
        try await call { try $0.tariffFile(digest, of: $1) }
    }

    func standing(unresolved: [Int64]) async throws -> TerminalStanding {
        try await call { [self] installation, yard in
            let row = try row(installation)
            guard let state = TerminalStanding.State(rawValue: row.state.rawValue) else {
                throw Unforeseen("\(row.state)")
            }
            let people = try installation.people().filter { $0.roles.contains(.cashier) }
            return TerminalStanding(
                state: state, last: row.highest,
                attendants: people.map { Attendant(id: $0.id, name: $0.name) },
                kid: row.kid, logKey: yard.logKey,
                resolved: try installation.resolvedSales(among: unresolved, of: row))
        }
    }

    func report(_ heartbeat: Heartbeat) async throws {
        try await call { [self] installation, yard in
            let row = try row(installation)
            if let checkpoint = heartbeat.checkpoint {
                try installation.present(checkpoint, of: yard, from: .terminal(row.id.text))
            }
            try await installation.heartbeat(
                row, head: heartbeat.head, queued: Int64(heartbeat.queued),
                unknown: Int64(heartbeat.unknown))
        }
    }

    func submit(_ envelope: Envelope) async throws -> Submission {
        try await submit([envelope])[0]
    }

    func submit(_ envelopes: [Envelope]) async throws -> [Submission] {
        let sales = try envelopes.map(SignedSale.init(envelope:))
        sales.forEach(history.post)
        let answers = try await call { installation, yard in
            try await installation.admit(envelopes.map { .success($0) }, to: yard)
        }
        let submissions = try zip(sales, answers).map { sale, answer -> Submission in
            switch try answer.get() {
            case .acknowledged(let acknowledgement):
                history.tell(Receipt(acknowledgement), sale.reference)
                return .acknowledged(acknowledgement)
            case .equivocation:
                history.complain("\(sale.reference.receiptNumber) is called another record")
                return .refused(ServerProblem(status: 409, code: "equivocation", detail: ""))
            }
        }
        power.reach(.afterAnswer)
        return submissions
    }

    func announceKey(_ announcement: [UInt8], possession: [UInt8]) async throws {
        throw ServerFailure.unreachable("no key changes here")
    }

    func logKeySteps() async throws -> [LogKeyStep] {
        try await call { try $0.logKeySteps(of: $1) }
    }

    func quotas(_ keys: [QuotaKey]) async throws -> [QuotaUse] {
        try await call { try $0.quotas(keys, of: $1) }
    }
}

extension SignedSale {
    /// A record that a terminal hands in.
    init(envelope: Envelope) throws {
        let parts = try CompactJWS.parse(envelope.jws)
        let record = try TerminalRecord(payload: parts.payload)
        self.init(
            reference: record.head.reference, jws: envelope.jws, body: envelope.json.bytes,
            statement: parts.signingInputDigest, total: record.fact.turnover)
    }
}
