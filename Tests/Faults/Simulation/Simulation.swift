import Calendars
import DayClosing
import Foundation
import Journal
import Operations
import People
import Sales
import Storage
import Units

/// Terminals, server, witness and card devices in one process and one seed.
struct Simulation {
    let town: Town
    let server: SimulatedServer
    let clock: VirtualClock
    let history = History()
    /// Bare chains of records, which also come out of order.
    var terminals: [SimulatedTerminal]
    /// The yard terminal's own code, with its store and its card terminal.
    let yardTerminals: [SimulatedYardTerminal]
    let witness: SimulatedWitness
    var random: SplitMix
    private(set) var complaints: [String] = []

    static let cashier = person("anna", [.cashier])
    static let approver = person("bernd", [.approver])
    static let office = person("clara", [.finance, .operator])

    private static func person(_ name: String, _ roles: Set<Role>) -> Person {
        guard let id = PersonID(name) else { preconditionFailure("\(name) is a name") }
        return Person(id: id, name: name, roles: roles)
    }

    /// Evenings before a change of clocks, of the year, and a leap day.
    private static let starts = [
        "2026-12-31T20:00:00.000Z", "2027-03-27T22:00:00.000Z", "2027-10-30T21:00:00.000Z",
        "2028-02-28T20:00:00.000Z", "2027-06-15T07:00:00.000Z",
    ]

    init(_ town: Town, in folder: String, seed: UInt64, breakage: Breakage?) throws {
        self.town = town
        random = SplitMix(seed: seed)
        let start = Self.starts[Int.random(in: 0..<Self.starts.count, using: &random)]
        guard let time = Timestamp(iso: start) else { throw Unforeseen(start) }
        clock = VirtualClock(time)
        let witness = try SimulatedWitness(of: town, in: folder, clock: clock)
        self.witness = witness
        let server = try SimulatedServer(
            data: town.folder + "/data", in: folder, clock: clock, breakage: breakage
        ) { try witness.join($0) }
        terminals = town.registers().prefix(2).enumerated().map {
            SimulatedTerminal($0.element, number: $0.offset)
        }
        self.server = server
        let (ours, past) = (self.clock, self.history)
        yardTerminals = try town.yardTerminals.enumerated().map { number, terminal in
            try SimulatedYardTerminal(
                terminal, number: number, in: folder, clock: ours, server: server,
                history: past, seed: seed &+ UInt64(number))
        }
    }

    mutating func any(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    mutating func complain(_ words: String) { complaints.append(words) }

    /// One thing happens.
    mutating func step() async throws {
        clock.move(milliseconds: Int64(any(0...900_000)))
        if any(0...9) == 0 {
            let points = FaultPoint.writing
            server.arm(points[any(0...points.count - 1)], count: any(1...3))
        }
        let number = any(0...terminals.count - 1)
        let yardTerminal = yardTerminals[any(0...yardTerminals.count - 1)]
        switch any(0...99) {
        case 0..<15: try sell(at: number)
        case 15..<18: try terminals[number].void(at: clock.now)
        case 18..<30: try await deliver(from: number, upTo: any(1...8))
        case 30..<33:
            terminals[number].skewMilliseconds = Int64(any(-7_200_000...7_200_000))
        case 33..<55: try await yardTerminal.serveCustomer(&random)
        case 55..<62: try await yardTerminal.settle(&random)
        case 62..<74: try await yardTerminal.flush(&random)
        case 74..<77: try await yardTerminal.restart()
        case 77..<79: yardTerminal.skew(milliseconds: Int64(any(-1_800_000...1_800_000)))
        case 79..<82: clock.move(milliseconds: Int64(any(-3_600_000...86_400_000)))
        case 82..<84: try await refund()
        case 84..<88: try await close()
        case 88..<91: try await restart()
        case 91..<97: try await ask(witness.anyManner(&random))
        default: try await resolve(at: number)
        }
    }

    /// An orderly restart of the server, which compares heads with the witness as it does.
    private mutating func restart() async throws {
        try server.restart()
        await CosignatureRounds(server.installation, exchange: witness.exchange(.honest))
            .compareHeads()
        if let stop = server.installation.standing.now.stop {
            complain("I8: the server stops without a reason: \(stop.error.code)")
        }
    }

    private mutating func sell(at number: Int) throws {
        let fate: SimulatedTerminal.CardFate =
            switch any(0...19) {
            case 0: .silentCharged
            case 1: .silentUncharged
            default: .approved
            }
        let sample = town.sales[any(0...town.sales.count - 1)]
        try terminals[number].sell(sample, fate, at: clock.now)
    }

    /// Hands in the first of the queue; answers get lost, requests come twice or out of order.
    mutating func deliver(from number: Int, upTo count: Int, isCalm: Bool = false) async throws {
        var batch = Array(terminals[number].queue.prefix(count))
        guard !batch.isEmpty else { return }
        batch.forEach(history.post)
        if !isCalm {
            if any(0...9) == 0 { batch.shuffle(using: &random) }
            if any(0...9) == 0 { batch += batch }
        }
        let isLost = !isCalm && any(0...4) == 0
        let yard = try server.yard
        let envelopes = batch.map { Envelope(jws: $0.jws, disclosures: []) }
        let answers = try await server.perform { installation in
            try await installation.admit(envelopes.map { .success($0) }, to: yard)
        }
        guard let answers, !isLost else { return }
        for (sale, answer) in zip(batch, answers) {
            guard case .acknowledged(let acknowledgement) = try answer.get() else {
                complain("\(sale.reference.receiptNumber) is called another record")
                continue
            }
            history.tell(Receipt(acknowledgement), sale.reference)
            terminals[number].queue.removeAll { $0.reference == sale.reference }
        }
    }

    private mutating func refund() async throws {
        let told = history.receipts.keys.sorted()
        guard !told.isEmpty else { return }
        let original = told[any(0...told.count - 1)]
        let yard = try server.yard
        let wish = ReversalWish(
            kind: .refund, original: original, amounts: [0: Cents(Int64(any(1...500)))],
            reason: "doppelt", method: .bankTransfer)
        let payee = try Payee(name: "Erika Beispiel", iban: "DE02120300000000202051")
        try await allowingRefusal {
            let id = try await server.perform {
                try await $0.requestReversal(wish, payee: payee, at: yard, by: Self.cashier)
            }
            guard let id else { return }
            _ = try await server.perform {
                try await $0.approveReversal(id, at: yard, by: Self.approver)
            }
        }
    }

    /// A person finds out what became of a silent payment whose sale has arrived.
    mutating func resolve(at number: Int) async throws {
        guard let (reference, slip) = terminals[number].silent.first,
            history.receipts[reference] != nil
        else { return }
        let yard = try server.yard
        let finding: PaymentResolution.Finding = slip.map { .charged($0) } ?? .notChargedVoid
        let resolution = PaymentResolution(
            original: reference, finding: finding, evidence: .totals, note: "Kassenschnitt")
        var isDone = false
        do {
            isDone =
                try await server.perform {
                    try await $0.resolve(resolution, debtor: nil, at: yard, by: Self.cashier)
                    return true
                } ?? false
        } catch OperationsError.notUnknown { isDone = true }
        if isDone { terminals[number].silent.removeFirst() }
    }

    /// Counts by the devices' own totals, names every difference, and approves.
    mutating func close() async throws {
        let yard = try server.yard
        let day = server.installation.calendar.day(of: clock.now)
        let counted = try await self.counted()
        let isCounted: Void? = try await server.perform {
            try await $0.countClose(
                counted, day: day, at: yard, by: Self.cashier, unknown: .carriedOver)
        }
        guard isCounted != nil else { return }
        let progress = try server.installation.closeProgress(of: yard)
        for comparison in progress.draft?.comparisons ?? [] where !comparison.agrees {
            let explained: Void? = try await server.perform {
                try await $0.explainDifference(
                    comparison.key, reason: .straddling, text: "noch nicht da oder unbekannt",
                    at: yard, by: Self.cashier)
            }
            guard explained != nil else { return }
        }
        let closes = try server.installation.closes(of: yard).count
        try await allowingRefusal {
            _ = try await server.perform { try await $0.approveClose(at: yard, by: Self.approver) }
        }
        // The answer may be lost and the close there.
        if try server.installation.closes(of: yard).count > closes {
            for number in terminals.indices { terminals[number].device.endDay() }
            for terminal in yardTerminals { try await terminal.endDay() }
        }
    }

    /// What the card terminals say that they took since their last day end.
    private func counted() async throws -> [CardKey: Tally] {
        var counted: [CardKey: Tally] = [:]
        for terminal in terminals {
            let key = CardKey(cardTerminal: terminal.device.number, scheme: .girocard)
            counted[key] = terminal.device.sinceDayEnd
        }
        for terminal in yardTerminals {
            let key = CardKey(cardTerminal: terminal.cardNumber, scheme: .girocard)
            counted[key] = try await terminal.sinceDayEnd()
        }
        return counted
    }

    /// A round of cosignatures with a witness in some mood.
    mutating func ask(_ manner: SimulatedWitness.Manner) async throws {
        let exchange = witness.exchange(manner)
        _ = try await server.perform {
            await CosignatureRounds($0, exchange: exchange).round()
        }
        if manner == .killed { try witness.restart() }
        if let stop = server.installation.standing.now.stop {
            complain("I8: the log contradicts what its witness knows: \(stop.error.code)")
        }
    }

    /// A refusal is an answer; anything else is not.
    private func allowingRefusal(_ body: () async throws -> Void) async throws {
        do { try await body() } catch is OperationsError {}
    }
}
