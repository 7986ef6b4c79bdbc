import Calendars
import Foundation
import Journal
import Keys
import NIOHTTP1
import Sales
import Signing
import Tariffs
import Testing
import Text
import Units

/// A sale that was made, as the office speaks of it.
struct QuarterSale {
    let reference: SaleReference
    let slip: CardSlip
    let cents: Int64
}

/// What the slip of a batch cut says: amounts by scheme.
struct QuarterCut {
    let number: Int
    let printedAt: String
    let payments: [CardScheme: [Int64]]

    /// What the bank credits for it.
    var girocard: Int64 { payments[.girocard, default: []].reduce(0, +) }

    func json(of cardTerminal: String) -> JSONValue {
        .fields([
            "tid": .string(cardTerminal), "number": .string("\(number)"),
            "printedAt": .string(printedAt),
            "totals": .array(
                payments.sorted { $0.key.rawValue < $1.key.rawValue }.map { scheme, amounts in
                    .fields([
                        "scheme": .string(scheme.rawValue),
                        "count": .integer(Int64(amounts.count)),
                        "amount": .integer(amounts.reduce(0, +)),
                    ])
                }),
        ])
    }
}

/// One yard of the quarter: its terminal, its card terminal, and what both did so far.
final class QuarterYard {
    let id: YardID
    /// As the slip numbers the card terminal, and as bank and acquirer do.
    let tid: String
    let bankName: String
    private let terminal: SigningTerminal
    private let tariff: Tariff
    private var sequence: Int64 = 0
    private var salesOfDay: (day: BusinessDay, count: Int64)?
    private var previous = RecordHead.genesisPrevious
    private var cutNumber = 100
    private var cuts: [QuarterCut] = []
    private var cutSums: Set<Int64> = []
    /// What the card terminal counted since its last cut, and the journal since the last close.
    var counted: [CardScheme: [Int64]] = [:]
    var booked: [CardScheme: Int64] = [:]
    /// What closes without a cut hold, until the next one.
    var uncut: [CardScheme: Int64] = [:]
    private(set) var closeCount = 0
    private(set) var salesCount = 0
    private(set) var turnover: Int64 = 0

    init(_ number: Int, terminal: SigningTerminal, tariff: Tariff) {
        id = terminal.yard
        tid = "6810000\(number)"
        bankName = "6501000\(number)"
        self.terminal = terminal
        self.tariff = tariff
    }

    /// Sells `delivery` and records the payment on both sides.
    @discardableResult
    func sell(
        _ delivery: String, on day: BusinessDay, by scheme: CardScheme = .girocard,
        through line: Line, settled: (CardSlip) -> Settlement = Settlement.card
    ) async throws -> QuarterSale {
        let phrase = try DeliveryPhrase.parse(delivery, day: day, tariff: tariff)
        guard case .priced(let quote) = tariff.price(phrase) else {
            throw Unexpected("\(delivery) has no price")
        }
        sequence += 1
        let slip = try #require(
            CardSlip(
                cardTerminal: tid, scheme: scheme, receiptNumber: "\(sequence)",
                traceNumber: "\(sequence)"))
        let sale = try Sale(quote: quote, settlement: settled(slip), attempts: [])
        let reference = try await record(.sale(sale), on: day, through: line)
        let cents = sale.total.value
        if sale.settlement != .onAccount { counted[scheme, default: []].append(cents) }
        if case .card = sale.settlement { booked[scheme, default: 0] += cents }
        salesCount += 1
        turnover += cents
        return QuarterSale(reference: reference, slip: slip, cents: cents)
    }

    /// What the card terminal prints for a refund of this sale: no number of a payment.
    func refundSlip(of sale: QuarterSale) throws -> CardSlip {
        try #require(
            CardSlip(
                cardTerminal: tid, scheme: sale.slip.scheme, receiptNumber: "\(900_000 + sequence)",
                traceNumber: "\(900_000 + sequence)"))
    }

    private func record(
        _ fact: TerminalFact, on day: BusinessDay, through line: Line
    ) async throws -> SaleReference {
        let count = salesOfDay.map { $0.day == day ? $0.count + 1 : 1 } ?? 1
        salesOfDay = (day, count)
        let morning = Int64(day.ordinal) * 86_400_000 + 6 * 3_600_000
        let at = try #require(Timestamp(milliseconds: morning + count * 180_000))
        let head = RecordHead(
            log: terminal.log, yard: id, terminal: terminal.id, sequence: sequence,
            previous: previous, at: at, attendant: try #require(PersonID("anna")))
        let record = TerminalRecord(head: head, fact: fact, personal: [])
        let jws = try terminal.key.compactJWS(
            typ: TerminalRecord.typ, kid: terminal.key.publicKey.thumbprint,
            payload: record.payload)
        previous = try CompactJWS.parse(jws).signingInputDigest
        let answer = try await line.send(
            .POST, "/v1/yards/\(id.text)/envelopes",
            Envelope(jws: jws, disclosures: []).json.bytes)
        guard (200..<300).contains(answer.status) else {
            throw Unexpected("a sale was refused: \(String(decoding: answer.bytes, as: UTF8.self))")
        }
        return head.reference
    }

    /// A refund by card: on both sides less.
    func giveBack(_ cents: Int64) {
        counted[.girocard, default: []].append(-cents)
        booked[.girocard, default: 0] -= cents
        turnover -= cents
    }

    /// Whether no cut before came to the sum counted now: equal ones could stand for each other.
    var isDistinct: Bool {
        !cutSums.contains(counted[.girocard, default: []].reduce(0, +))
    }

    /// Prints the slip of a cut and counts from zero again.
    @discardableResult
    func cut(_ day: BusinessDay, at time: String = "18:05") -> QuarterCut {
        defer { counted = [:] }
        cutNumber += 1
        let cut = QuarterCut(
            number: cutNumber, printedAt: "\(day.iso) \(time)", payments: counted)
        cutSums.insert(cut.girocard)
        cuts.append(cut)
        return cut
    }

    /// The cuts since the last close, and what the journal says beside them; both begin anew.
    func close() -> (cuts: [QuarterCut], booked: [CardScheme: Int64]) {
        defer { (cuts, booked) = ([], [:]) }
        closeCount += 1
        return (cuts, booked)
    }

    /// What finance calls the card terminal's part of the last close.
    var lastCutCode: String { "\(id.text)-\(padded(closeCount, 6)):\(tid)" }
}
