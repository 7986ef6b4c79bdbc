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

/// One yard of the quarter: its terminal, its card terminal, and what both did so far.
final class QuarterYard {
    let id: YardID
    /// As the slip numbers the card terminal, and as the bank does.
    let tid: String
    let bankName: String
    private let terminal: SigningTerminal
    private let tariff: Tariff
    private let calendar: LocalCalendar
    private var sequence: Int64 = 0
    private var previous = RecordHead.genesisPrevious
    /// What the card terminal counted since the last cut, by scheme: amounts.
    var counted: [CardScheme: [Int64]] = [:]
    private(set) var salesCount = 0

    init(
        _ number: Int, terminal: SigningTerminal, tariff: Tariff
    ) throws {
        id = terminal.yard
        tid = "6810000\(number)"
        bankName = "6501000\(number)"
        self.terminal = terminal
        self.tariff = tariff
        calendar = try #require(LocalCalendar(zone: "Europe/Berlin"))
    }

    /// Sells `volume` cubic metres of green waste and records the payment on both sides.
    @discardableResult
    func sell(
        _ volume: Int, on day: BusinessDay, by scheme: CardScheme = .girocard,
        through line: Line, settled: (CardSlip) -> Settlement = Settlement.card
    ) async throws -> (SaleReference, CardSlip, Int64) {
        let delivery = try DeliveryPhrase.parse(
            "privat: \(volume) m³ gruenabfall", day: day, group: .household, tariff: tariff)
        guard case .priced(let quote) = tariff.price(delivery) else {
            throw Unexpected("\(volume) m³ have no price")
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
        salesCount += 1
        return (reference, slip, cents)
    }

    private func record(
        _ fact: TerminalFact, on day: BusinessDay, through line: Line
    ) async throws -> SaleReference {
        let morning = Int64(day.ordinal) * 86_400_000 + 9 * 3_600_000
        let at = try #require(Timestamp(milliseconds: morning + sequence * 1_000))
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

    /// The totals slip of a cut: what the card terminal counted since the one before.
    func cut() -> [(scheme: CardScheme, count: Int64, cents: Int64)] {
        defer { counted = [:] }
        return counted.sorted { $0.key.rawValue < $1.key.rawValue }.map { scheme, amounts in
            (scheme, Int64(amounts.count), amounts.reduce(0, +))
        }
    }
}
