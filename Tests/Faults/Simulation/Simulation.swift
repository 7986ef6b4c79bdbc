import Calendars
import DayClosing
import Foundation
import Journal
import Operations
import People
import Sales
import Signing
import Storage
import Transparency
import Units

/// Terminals, server, witness and card devices in one process and one seed.
struct Simulation {
    let town: Town
    let server: SimulatedServer
    let clock: VirtualClock
    let history = History()
    var terminals: [SimulatedTerminal]
    var random: SplitMix
    var witness = SimulatedWitness()
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
        server = try SimulatedServer(
            data: town.folder + "/data", in: folder, clock: clock, breakage: breakage)
        terminals = town.registers().prefix(3).enumerated().map {
            SimulatedTerminal($0.element, number: $0.offset)
        }
    }

    mutating func any(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    mutating func complain(_ words: String) { complaints.append(words) }

    /// One thing happens.
    mutating func step() throws {
        clock.move(milliseconds: Int64(any(0...900_000)))
        if any(0...9) == 0 {
            let points = FaultPoint.allCases
            server.arm(points[any(0...points.count - 1)], count: any(1...3))
        }
        let number = any(0...terminals.count - 1)
        switch any(0...99) {
        case 0..<45: try sell(at: number)
        case 45..<50: try terminals[number].void(at: clock.now)
        case 50..<75: try deliver(from: number, upTo: any(1...8))
        case 75..<80: terminals[number].skewMilliseconds = Int64(any(-7_200_000...7_200_000))
        case 80..<83: clock.move(milliseconds: Int64(any(-3_600_000...86_400_000)))
        case 83..<86: try refund()
        case 86..<91: try close()
        case 91..<94: try server.restart()
        case 94..<97: try ask(witness: false)
        default: try resolve(at: number)
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
    mutating func deliver(from number: Int, upTo count: Int, isCalm: Bool = false) throws {
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
        let answers = try server.perform { installation in
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

    private mutating func refund() throws {
        let told = history.receipts.keys.sorted()
        guard !told.isEmpty else { return }
        let original = told[any(0...told.count - 1)]
        let yard = try server.yard
        let wish = ReversalWish(
            kind: .refund, original: original, amounts: [0: Cents(Int64(any(1...500)))],
            reason: "doppelt", method: .bankTransfer)
        try allowingRefusal {
            let id = try server.perform {
                try await $0.requestReversal(wish, at: yard, by: Self.cashier)
            }
            guard let id else { return }
            _ = try server.perform {
                try await $0.approveReversal(id, at: yard, by: Self.approver)
            }
        }
    }

    /// A person finds out what became of a silent payment whose sale has arrived.
    mutating func resolve(at number: Int) throws {
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
                try server.perform {
                    try await $0.resolve(resolution, debtor: nil, at: yard, by: Self.cashier)
                    return true
                } ?? false
        } catch OperationsError.notUnknown { isDone = true }
        if isDone { terminals[number].silent.removeFirst() }
    }

    /// Counts by the devices' own totals, names every difference, and approves.
    mutating func close() throws {
        let yard = try server.yard
        let day = server.installation.calendar.day(of: clock.now)
        let counted = Dictionary(
            uniqueKeysWithValues: terminals.map {
                (CardKey(cardTerminal: $0.device.number, scheme: .girocard), $0.device.sinceDayEnd)
            })
        let isCounted: Void? = try server.perform {
            try await $0.countClose(counted, day: day, at: yard, by: Self.cashier)
        }
        guard isCounted != nil else { return }
        let progress = try server.installation.closeProgress(of: yard)
        for comparison in progress.draft?.comparisons ?? [] where !comparison.agrees {
            let explained: Void? = try server.perform {
                try await $0.explainDifference(
                    comparison.key, reason: .straddling, text: "noch nicht da oder unbekannt",
                    at: yard, by: Self.cashier)
            }
            guard explained != nil else { return }
        }
        let closes = try server.installation.closes(of: yard).count
        try allowingRefusal {
            _ = try server.perform { try await $0.approveClose(at: yard, by: Self.approver) }
        }
        // The answer may be lost and the close there.
        if try server.installation.closes(of: yard).count > closes {
            for number in terminals.indices { terminals[number].device.endDay() }
        }
    }

    /// The witness looks at the newest checkpoint, and the server hears what the witness knows.
    mutating func ask(witness isCalm: Bool) throws {
        let yard = try server.yard
        guard let note = try server.perform({ try await $0.checkpoint(of: yard) }) else { return }
        if let problem = try witness.see(Array(note.utf8), town: town, database: server.data) {
            complain(problem)
        }
        guard let known = witness.note else { return }
        if try !server.installation.present(known, of: yard, from: .witness("w")) {
            complain("the log contradicts what its witness knows")
        }
    }

    /// A refusal is an answer; anything else is not.
    private func allowingRefusal(_ body: () throws -> Void) throws {
        do { try body() } catch is OperationsError {}
    }
}

/// A witness that follows the log and keeps its newest head.
struct SimulatedWitness {
    private var stored: Checkpoint?
    private(set) var note: [UInt8]?

    /// Judges a checkpoint as a witness does; gives what is wrong with it.
    mutating func see(_ bytes: [UInt8], town: Town, database: String) throws -> String? {
        let signed = try SignedNote.parse(bytes)
        let request = try WitnessRequest.of(
            signed, database: database + "/hofbuch.sqlite3", from: stored?.size ?? 0)
        let verdict = request.judged(keys: [town.logKey], stored: stored)
        guard case .cosign(let checkpoint) = verdict else { return "the witness says \(verdict)" }
        (stored, note) = (checkpoint, bytes)
        return nil
    }
}
