package import Sales
package import Units

/// A simulated card terminal with a small file of its own, so that its memory survives like that
/// of a real one: what it charged, the totals and the answer to an enquiry.
package actor SimulatedCardTerminal: CardTerminal {
    /// What the next payments do; after the last one all are approved.
    package enum Behaviour: String, Hashable, Sendable, CaseIterable {
        case approve, decline, abort
        /// Refuses at once; nothing was charged.
        case notStarted = "not-started"
        /// Charges the card and then says nothing more; only an enquiry can tell.
        case silentAfterApproval = "silent-after-approval"
    }

    /// Whether it can say afterwards what became of an attempt (repeat receipt).
    package enum Memory: Hashable, Sendable { case tells, keepsSilent }

    package nonisolated let identity: CardTerminalIdentity
    private let scheme: CardScheme
    private let memory: Memory
    private let number: String
    private var script: [Behaviour]
    private var journal: CardJournal

    /// Opens or creates the file at `path`.
    ///
    /// - Parameter number: TID; 1 to 16 digits or capital letters.
    /// - Throws: ``CardTerminalError``.
    package init(
        path: String, number: String = "51234567", scheme: CardScheme = .girocard,
        memory: Memory = .tells, script: [Behaviour] = []
    ) throws {
        guard CardSlip.isCode(number) else { throw CardTerminalError.number(number) }
        self.number = number
        self.scheme = scheme
        self.memory = memory
        self.script = script
        identity = CardTerminalIdentity(kind: .simulated, number: number)
        journal = try CardJournal(path: path)
    }

    /// Adds behaviours for payments to come.
    package func behave(_ next: [Behaviour]) { script += next }

    package func pay(_ amount: Cents, reference: String) async throws -> CardStep {
        guard amount > .zero else { throw CardTerminalError.amount(amount) }
        let behaviour = script.isEmpty ? .approve : script.removeFirst()
        switch behaviour {
        case .approve, .silentAfterApproval:
            let slip = try book(.payment, amount, scheme, reference)
            return .finished(behaviour == .approve ? .approved(slip) : .unknown)
        case .decline:
            try journal.append(.failed(.declined, reference: reference))
            return .finished(.declined)
        case .abort:
            try journal.append(.failed(.aborted, reference: reference))
            return .finished(.aborted)
        case .notStarted:
            return .finished(.notStarted)
        }
    }

    package func reverse(
        _ slip: CardSlip, amount: Cents, reference: String
    ) async throws -> CardStep {
        guard journal.canReverse(receiptNumber: slip.receiptNumber, amount: amount) else {
            return .finished(.declined)
        }
        return .finished(
            .approved(try book(.reversal(of: slip.receiptNumber), amount, slip.scheme, reference)))
    }

    package func enquire(reference: String) async throws -> CardOutcome? {
        guard memory == .tells else { return nil }
        guard let last = journal.last(reference: reference) else {
            // It remembers every command that reached it, so this one did not.
            return .notStarted
        }
        switch last.result {
        case .booked(let booking): return .approved(try slip(booking))
        case .failed(.declined): return .declined
        case .failed(.aborted): return .aborted
        case .failed(.notStarted): return .notStarted
        case .dayEnd: return nil
        }
    }

    package func totals() async throws -> [SchemeTotal]? { journal.totals }

    /// The day end (Kassenschnitt): gives the totals and starts again at zero.
    package func endDay() throws -> [SchemeTotal] {
        let totals = journal.totals
        try journal.append(.dayEnd)
        return totals
    }

    /// How often a card was charged, ever; for tests of "never charges again".
    package var paymentCount: Int { journal.paymentCount }

    private func book(
        _ kind: CardJournal.Kind, _ amount: Cents, _ scheme: CardScheme, _ reference: String
    ) throws -> CardSlip {
        let booking = CardJournal.Booking(
            kind: kind, amount: amount, scheme: scheme, receipt: journal.nextReceipt,
            trace: journal.nextTrace)
        try journal.append(.booked(booking, reference: reference))
        return try slip(booking)
    }

    private func slip(_ booking: CardJournal.Booking) throws -> CardSlip {
        let slip = CardSlip(
            cardTerminal: number, scheme: booking.scheme,
            receiptNumber: padded(booking.receipt, 4), traceNumber: padded(booking.trace, 6),
            authorisation: padded((booking.trace * 7_919) % 1_000_000, 6), lastFour: "0019")
        guard let slip else { throw CardTerminalError.number(number) }
        return slip
    }
}

/// Why a card terminal could not be asked.
package enum CardTerminalError: Error, Hashable, Sendable {
    /// Not a TID.
    case number(String)
    /// Payments are positive.
    case amount(Cents)
    /// The simulated terminal's file is damaged at this line, counted from 1.
    case journal(path: String, line: Int)
    /// The file could not be read or written.
    case file(path: String, errno: Int32)
}
