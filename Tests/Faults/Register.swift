import Calendars
import Foundation
import Journal
import Keys
import Sales
import Signing
import Tariffs
import Text
import Units

/// A signed sale on its way to the server.
struct SignedSale: Sendable {
    let reference: SaleReference
    /// The compact JWS.
    let jws: [UInt8]
    /// The body of the request.
    let body: [UInt8]
    let statement: Digest
    let total: Cents
}

/// A yard terminal in the hand of a fault test: a key and a chain of signed sales.
final class Register: @unchecked Sendable {
    let id: TerminalID
    let key: ES256PrivateKey
    let log: String
    private let yard: YardID
    private let lock = NSLock()
    private var sequence: Int64 = 0
    private var previous = RecordHead.genesisPrevious
    private let sales: [Sale]

    init(_ id: TerminalID, key: ES256PrivateKey, log: String, yard: YardID, sales: [Sale]) {
        self.id = id
        self.key = key
        self.log = log
        self.yard = yard
        self.sales = sales
    }

    /// The same terminal with its state of now, as a restored backup or a second copy has it.
    func copy() -> Register {
        lock.withLock {
            let copy = Register(id, key: key, log: log, yard: yard, sales: sales)
            (copy.sequence, copy.previous) = (sequence, previous)
            return copy
        }
    }

    /// Signs the next sale of the chain.
    ///
    /// - Parameter variant: which of the sample sales.
    func sign(variant: Int? = nil, at: Timestamp = SystemClock.now()) throws -> SignedSale {
        let number = lock.withLock { variant ?? Int(sequence) }
        return try sign(.sale(sales[number % sales.count]), at: at)
    }

    /// Signs a sale and takes it back at once.
    func signVoid(at: Timestamp) throws -> (sale: SignedSale, void: SignedSale) {
        let sale = sales[0]
        let signed = try sign(variant: 0, at: at)
        guard
            let slip = CardSlip(
                cardTerminal: "51234567", scheme: .girocard, receiptNumber: "9001",
                traceNumber: "9001")
        else { throw Unforeseen("the void has no slip") }
        let reversal = try Reversal.make(
            .void, of: sale, reference: signed.reference, earlier: [], amounts: nil,
            reason: "vertippt", settlement: .card(slip))
        return (signed, try sign(.void(reversal), at: at))
    }

    /// Signs any fact as the next of the chain.
    func sign(_ fact: TerminalFact, at: Timestamp) throws -> SignedSale {
        try lock.withLock {
            guard let attendant = PersonID("anna") else { throw Unforeseen("anna is no name") }
            let head = RecordHead(
                log: log, yard: yard, terminal: id, sequence: sequence + 1, previous: previous,
                at: at, attendant: attendant)
            let record = TerminalRecord(head: head, fact: fact, personal: [])
            let jws = try key.compactJWS(
                typ: TerminalRecord.typ, kid: key.publicKey.thumbprint, payload: record.payload)
            previous = try CompactJWS.parse(jws).signingInputDigest
            sequence += 1
            return SignedSale(
                reference: head.reference, jws: jws,
                body: Envelope(jws: jws, disclosures: []).json.bytes, statement: previous,
                total: fact.turnover)
        }
    }
}

extension TerminalFact {
    /// What it adds to the turnover; negative for a void.
    var turnover: Cents {
        switch self {
        case .sale(let sale): sale.total
        case .void(let reversal): -reversal.amount
        case .noSale, .resolution: .zero
        }
    }
}

extension Sale {
    /// Sales by this tariff on `day`, paid by card, each with another total.
    static func samples(_ tariff: Tariff, day: BusinessDay) throws -> [Sale] {
        try (1...5).map { count in
            let delivery = try DeliveryPhrase.parse(
                "privat: \(count) m³ gruenabfall; 2 Sack restabfall", day: day, group: .household,
                tariff: tariff)
            guard case .priced(let quote) = tariff.price(delivery),
                let slip = CardSlip(
                    cardTerminal: "51234567", scheme: .girocard, receiptNumber: "\(count)",
                    traceNumber: "\(count)")
            else { throw Unforeseen("the sample delivery has no price") }
            return try Sale(quote: quote, settlement: .card(slip), attempts: [])
        }
    }
}
