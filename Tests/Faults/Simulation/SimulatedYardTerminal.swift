import Calendars
import CardTerminals
import DayClosing
import Foundation
import People
import Sales
import Storage
import Synchronization
import Tariffs
import TerminalOperations
import TerminalStorage
import Units

/// The yard terminal's own code in this process: its store in a folder, its card terminal with a
/// memory of its own, and a line to the server. It loses its power beside the card terminal.
final class SimulatedYardTerminal: @unchecked Sendable {
    let cardNumber: String
    let line: SimulatedLine
    private let clock: VirtualClock
    private let skew = Skew()
    private let world: TerminalWorld
    private let card: SimulatedCardTerminal
    private let power: TerminalPower
    private let ended = Mutex(Tally())
    private var session: YardTerminalSession
    /// How often the card terminal was asked for money.
    private(set) var payments = 0

    /// - Parameter terminal: the folder of an enrolled terminal, copied.
    init(
        _ terminal: String, number: Int, in folder: String, clock: VirtualClock,
        server: SimulatedServer, history: History, seed: UInt64
    ) throws {
        let name = URL(fileURLWithPath: terminal).lastPathComponent
        let own = "\(folder)/\(name)"
        self.clock = clock
        cardNumber = "6123456\(number)"
        try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: terminal, toPath: "\(own)/life-0")
        card = try SimulatedCardTerminal(path: "\(own)/card", number: cardNumber)
        let power = TerminalPower(of: own)
        self.power = power
        line = SimulatedLine(terminal: name, server: server, history: history, power: power)
        world = try Self.surroundings(clock, skew, seed)
        session = try YardTerminalSession.open(
            folder: power.store, cardTerminal: WatchedCard(card: card, power: power),
            world: world, server: line)
    }

    private static func surroundings(_ clock: VirtualClock, _ skew: Skew, _ seed: UInt64) throws
        -> TerminalWorld
    {
        guard let calendar = LocalCalendar(zone: LocalCalendar.yardZone) else {
            throw Unforeseen("no calendar")
        }
        let salts = Mutex(SplitMix(seed: seed))
        return TerminalWorld(
            now: { clock.now.adding(milliseconds: skew.milliseconds) },
            localDay: calendar.day(of:), localTime: calendar.time(of:),
            random: { count in
                salts.withLock { salts in
                    (0..<count).map { _ in UInt8.random(in: 0...255, using: &salts) }
                }
            }, version: "simulation")
    }

    var crashes: Int { power.failures }

    /// Fetches attendants and tariffs, and somebody begins to serve.
    func begin() async throws {
        line.fates = []
        _ = try await session.flush()
        _ = try await session.refreshTariffs()
        try await session.chooseAttendant(Simulation.cashier.id)
    }

    func skew(milliseconds: Int64) { skew.milliseconds = milliseconds }

    /// Ends the program and starts it again, after a crash with the store of that moment.
    func restart() async throws {
        try await session.close()
        power.goOn()
        session = try YardTerminalSession.open(
            folder: power.store, cardTerminal: WatchedCard(card: card, power: power),
            world: world, server: line)
    }

    func close() async throws { try await session.close() }

    /// Runs a step; nil if the power failed in it.
    @discardableResult
    private func perform<Value: Sendable>(
        _ body: (YardTerminalSession) async throws -> Value
    ) async throws -> Value? {
        let result: Result<Value, any Error>
        do { result = .success(try await body(session)) } catch { result = .failure(error) }
        guard power.hasFailed else {
            power.disarm()
            return try result.get()
        }
        try await restart()
        return nil
    }
}

// What happens at the yard.
extension SimulatedYardTerminal {
    /// A customer comes, sees a price, and pays or does not.
    func serveCustomer(_ random: inout SplitMix) async throws {
        let sacks = Int.random(in: 1...5, using: &random)
        let behaviours: [SimulatedCardTerminal.Behaviour] = [
            .approve, .approve, .approve, .approve, .approve, .approve, .decline, .abort,
            .notStarted, .silentAfterApproval,
        ]
        let behaviour = behaviours[Int.random(in: 0..<behaviours.count, using: &random)]
        arm(&random, [.beforeCard, .afterCard])
        line.fates = SimulatedLine.Fate.random(count: 2, &random)
        let ending = Int.random(in: 0...9, using: &random)
        let isVoided = Int.random(in: 0...9, using: &random) == 0
        let moments: [TerminalPower.Moment] = [.beforeCard, .afterCard]
        let moment = Bool.random(using: &random) ? moments.randomElement(using: &random) : nil
        try await perform { session in
            do {
                let number = try await session.startDelivery(.household)
                try await session.addItems(
                    phrase: "1 m³ gruenabfall; \(sacks) Sack restabfall", to: number)
                guard case .priced(let quote) = try await session.quote(number) else { return }
                payments += 1
                await card.behave([behaviour])
                switch try await session.beginPayment(number, amount: quote.total) {
                case .failed: try await end(number, quote.total, ending, session)
                case .sold(let sequence) where isVoided:
                    if let moment { power.arm(moment) }
                    _ = try await session.beginVoid(sequence, reason: "vertippt")
                case .sold, .unknown, .awaitsSlip: break
                }
            } catch let error as TerminalError {
                // After its day end a card terminal takes nothing back.
                guard [.reversalFailed, .tooLateForVoid].contains(error.code) else { throw error }
            }
        }
    }

    /// No money came: a claim, a customer who leaves, or one who tries again later.
    private func end(
        _ number: DeliveryNumber, _ amount: Cents, _ ending: Int, _ session: YardTerminalSession
    ) async throws {
        switch ending {
        case 0..<4:
            _ = try await session.claim(
                number, amount: amount, debtor: "Max Muster, Musterstadt")
        case 4..<7: _ = try await session.abandon(number, reason: "Karte abgelehnt")
        default: break
        }
    }

    /// Finds out what became of payments that fell silent.
    func settle(_ random: inout SplitMix) async throws {
        arm(&random, [])
        let signs = Int.random(in: 0...2, using: &random) == 0
        try await perform { session in
            for view in try await session.openDeliveries() where view.state == .unknown {
                if signs {
                    let sequence = try await session.signUnknown(view.number)
                    try await resolve(sequence, view.attempts.last, session)
                } else {
                    _ = try await session.enquire(view.number)
                }
            }
            try await settleVoids(session)
        }
    }

    /// Asks the card terminal about voids that nobody knows the end of.
    private func settleVoids(_ session: YardTerminalSession) async throws {
        let head = try await session.status().queue.head
        guard head > 0 else { return }
        for sequence in 1...head where try await session.openReversal(of: sequence) != nil {
            do { _ = try await session.enquireVoid(sequence) } catch let error as TerminalError {
                guard error.code == .reversalFailed else { throw error }
            }
        }
    }

    /// A sale that was signed as unknown is settled by what the card terminal remembers.
    private func resolve(
        _ sequence: Int64, _ attempt: StoredAttempt?, _ session: YardTerminalSession
    ) async throws {
        let reference = attempt?.reference ?? ""
        let finding: PaymentResolution.Finding =
            switch try await card.enquire(reference: reference) {
            case .approved(let slip): .charged(slip)
            default: .notChargedVoid
            }
        _ = try await session.resolve(
            sequence, finding, evidence: .totals, note: "Kassenschnitt")
    }

    /// Hands in the queue over a line that loses and repeats.
    func flush(_ random: inout SplitMix) async throws {
        arm(&random, [.afterAnswer])
        line.fates = SimulatedLine.Fate.random(count: 6, &random)
        try await perform { try await $0.flush() }
    }

    /// The power fails in one step of seven.
    private func arm(_ random: inout SplitMix, _ moments: [TerminalPower.Moment]) {
        guard Int.random(in: 0...6, using: &random) == 0, !moments.isEmpty else { return }
        let moment = moments[Int.random(in: 0..<moments.count, using: &random)]
        power.arm(moment)
    }

    /// Everything ends and arrives; gives what is wrong with that.
    func finish() async throws -> [String] {
        line.fates = []
        var random = SplitMix(seed: 1)
        try await settle(&random)
        power.disarm()
        for view in try await session.openDeliveries() {
            if view.state == .unknown {
                _ = try await session.enquire(view.number)
            }
            if try await session.delivery(view.number).state == .open {
                _ = try await session.abandon(view.number, reason: "Feierabend")
            }
        }
        for _ in 0..<3 { _ = try await session.flush() }
        var wrong: [String] = []
        let status = try await session.status()
        if status.queue.queued > 0 { wrong.append("I5: \(status.queue.queued) records stay") }
        if status.unknown > 0 { wrong.append("I6: \(status.unknown) payments stay unknown") }
        if let alarm = status.alarm { wrong.append("I3: the terminal's alarm \(alarm)") }
        let chain = try await session.verifyChain()
        if !chain.isEmpty { wrong.append("I5: the terminal's chain breaks at \(chain)") }
        let highest = try line.highest
        if status.queue.head != highest { wrong.append("I5: the server has \(highest)") }
        return wrong
    }
}

// The card terminal's own memory.
extension SimulatedYardTerminal {
    /// Since its last day end.
    func sinceDayEnd() async throws -> Tally {
        let totals = try await card.totals() ?? []
        return totals.reduce(Tally()) {
            Tally(count: $0.count + Int64($1.count), amount: $0.amount + $1.amount)
        }
    }

    func endDay() async throws {
        let day = try await sinceDayEnd()
        _ = try await card.endDay()
        ended.withLock { $0 = Tally(count: $0.count + day.count, amount: $0.amount + day.amount) }
    }

    /// What it took in all.
    func net() async throws -> Cents {
        let rest = try await sinceDayEnd().amount
        return ended.withLock { $0.amount } + rest
    }
}

/// A card terminal beside which the power fails.
private struct WatchedCard: CardTerminal {
    let card: SimulatedCardTerminal
    let power: TerminalPower

    var identity: CardTerminalIdentity { card.identity }

    func pay(_ amount: Cents, reference: String) async throws -> CardStep {
        try await watched { try await card.pay(amount, reference: reference) }
    }

    func reverse(_ slip: CardSlip, amount: Cents, reference: String) async throws -> CardStep {
        try await watched { try await card.reverse(slip, amount: amount, reference: reference) }
    }

    func enquire(reference: String) async throws -> CardOutcome? {
        try await card.enquire(reference: reference)
    }

    func totals() async throws -> [SchemeTotal]? { try await card.totals() }

    private func watched(_ command: () async throws -> CardStep) async throws -> CardStep {
        power.reach(.beforeCard)
        guard !power.hasFailed else { throw Unforeseen("the power has failed") }
        let step = try await command()
        power.reach(.afterCard)
        return step
    }
}
