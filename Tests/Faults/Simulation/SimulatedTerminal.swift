import DayClosing
import Journal
import Sales
import Units

/// A card terminal's memory: what it charged and gave back.
struct CardDevice {
    let number: String
    private(set) var net = Tally()
    private(set) var sinceDayEnd = Tally()
    private var slips = 0

    init(number: String) { self.number = number }

    /// Charges, or gives back where `amount` is negative.
    mutating func book(_ amount: Cents) throws -> CardSlip {
        slips += 1
        net = Tally(count: net.count + 1, amount: net.amount + amount)
        sinceDayEnd = Tally(count: sinceDayEnd.count + 1, amount: sinceDayEnd.amount + amount)
        guard
            let slip = CardSlip(
                cardTerminal: number, scheme: .girocard, receiptNumber: "\(slips)",
                traceNumber: "\(slips)")
        else { throw Unforeseen("\(number) makes no slip") }
        return slip
    }

    mutating func endDay() { sinceDayEnd = Tally() }
}

/// A yard terminal: chain, queue, clock and card device of its own.
struct SimulatedTerminal {
    let register: Register
    var device: CardDevice
    /// Its clock against the true one.
    var skewMilliseconds: Int64 = 0
    /// Signed and not acknowledged, in order.
    var queue: [SignedSale] = []
    /// The newest sale by card, while it can be voided.
    var voidable: (reference: SaleReference, sale: Sale)?
    /// Sales whose card payment fell silent, with the slip if the card was charged.
    var silent: [(reference: SaleReference, slip: CardSlip?)] = []

    init(_ register: Register, number: Int) {
        self.register = register
        device = CardDevice(number: "5123456\(number)")
    }

    /// Sells; `fate` says how the card step ends.
    mutating func sell(_ sample: Sale, _ fate: CardFate, at time: Timestamp) throws {
        let slip = fate == .silentUncharged ? nil : try device.book(sample.total)
        let settlement: Settlement =
            switch (fate, slip) {
            case (.approved, .some(let slip)): .card(slip)
            default: .unknown(cardTerminal: device.number)
            }
        let sale = try Sale(
            delivery: sample.delivery, tariff: sample.tariff, lines: sample.lines,
            quota: sample.quota, settlement: settlement, attempts: [])
        let signed = try register.sign(.sale(sale), at: time.adding(milliseconds: skewMilliseconds))
        queue.append(signed)
        if fate == .approved {
            voidable = (signed.reference, sale)
        } else {
            silent.append((signed.reference, slip))
        }
    }

    /// Takes the newest sale back on the card terminal.
    mutating func void(at time: Timestamp) throws {
        guard let (reference, sale) = voidable else { return }
        voidable = nil
        let slip = try device.book(-sale.total)
        let reversal = try Reversal.make(
            .void, of: sale, reference: reference, earlier: [], amounts: nil, reason: "vertippt",
            settlement: .card(slip))
        queue.append(
            try register.sign(
                .void(reversal), at: time.adding(milliseconds: skewMilliseconds)))
    }

    /// How a card step ends. Silent covers both a card terminal that says nothing and a terminal
    /// that was killed between approval and signing: it restarts into unknown.
    enum CardFate: CaseIterable { case approved, silentCharged, silentUncharged }
}
