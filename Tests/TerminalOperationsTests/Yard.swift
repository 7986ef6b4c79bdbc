// swift-format-ignore-file: NeverForceUnwrap
// Sample names that are not names would be a mistake of these tests.

import Calendars
import CardTerminals
import Foundation
import Remote
import Sales
import Synchronization
import Tariffs
import TerminalOperations
import TerminalStorage
import Units

/// A clock that tests move.
final class TestClock: Sendable {
    private let time = Mutex(Timestamp(iso: "2026-11-23T09:00:00.000Z")!)

    var now: Timestamp { time.withLock { $0 } }
    func advance(milliseconds: Int64) {
        time.withLock { $0 = $0.adding(milliseconds: milliseconds) }
    }
}

/// A terminal in a folder of its own with everything around it.
struct Yard {
    let folder: String
    let server: FakeYardServer
    let clock = TestClock()

    static let tariff = Array(
        """
        tarif: probe-2026
        art: Satzung
        titel: Probetarif
        ort: Musterstadt
        hof: Hof Süd
        rechtsgrundlage: Satzung vom 01.01.2026
        quelle: Probe
        gültig ab: 01.01.2026
        währung: EUR
        preisbasis: brutto
        rundung: kaufmännisch je Zeile
        rechtsform: Gebühr
        umsatzsteuer: nicht steuerbar

        abfallarten:
          - kennung: bauschutt
            name: Bauschutt
            englisch: rubble
          - kennung: reifen
            name: Reifen
            englisch: tyre
          - kennung: papier
            name: Papier
            englisch: paper

        positionen:
          - nr: 1
            fundstelle: § 1
            abfallarten: bauschutt
            wer: alle
            preis: 0,10 € je kg, anteilig
          - nr: 2
            fundstelle: § 2
            abfallarten: reifen
            wer: alle
            preis: 5,00 € je Stück
          - nr: 3
            fundstelle: § 3
            abfallarten: papier
            wer: alle
            preis: kostenlos

        beispiele:
          - nr: 1
            datum: 23.11.2026
            wer: privat
            anlieferung: 2 Stück reifen
            summe: 10,00 €

        """.utf8)

    /// - Parameter tariff: the file that the server hands out.
    init(tariff: [UInt8] = Self.tariff) async throws {
        folder = NSTemporaryDirectory() + "hofbuch-" + UUID().uuidString
        server = try FakeYardServer()
        await server.set { $0.tariffs = [tariff] }
        try await TerminalEnrolment.enrol(
            server: "http://127.0.0.1", code: "code-1", folder: folder, server: server)
        let session = try open()
        try await session.refreshTariffs()
        try await session.chooseAttendant(PersonID("mueller")!)
        try await session.close()
    }

    var world: TerminalWorld {
        let clock = clock
        return TerminalWorld(
            now: { clock.now }, localDay: { $0.dayUTC },
            localTime: { String($0.iso.dropFirst(11).prefix(8)) },
            random: { count in (0..<count).map { _ in UInt8.random(in: 0...255) } },
            version: "test")
    }

    /// A session whose days are those of a real calendar.
    func open(calendar: LocalCalendar) throws -> YardTerminalSession {
        let clock = clock
        let world = TerminalWorld(
            now: { clock.now }, localDay: calendar.day(of:), localTime: calendar.time(of:),
            random: world.random, version: "test")
        return try YardTerminalSession.open(
            folder: folder, cardTerminal: StandAloneCardTerminal(), world: world, server: server)
    }

    func open(_ card: any CardTerminal = StandAloneCardTerminal()) throws -> YardTerminalSession {
        try YardTerminalSession.open(
            folder: folder, cardTerminal: card, world: world, server: server)
    }

    func simulated(
        _ script: [SimulatedCardTerminal.Behaviour] = [],
        memory: SimulatedCardTerminal.Memory = .tells
    ) throws -> SimulatedCardTerminal {
        try SimulatedCardTerminal(
            path: folder + "/card.jsonl", memory: memory, script: script)
    }

    func remove() {
        do { try FileManager.default.removeItem(atPath: folder) } catch {}
    }
}

let tyres = DeliveryItem(
    fraction: FractionID("reifen")!, amount: .pieces(2), source: .counted)
let paper = DeliveryItem(
    fraction: FractionID("papier")!, amount: .pieces(1), source: .counted)

func slip(_ number: Int, tid: String = "51234567") -> CardSlip {
    CardSlip(
        cardTerminal: tid, scheme: .girocard, receiptNumber: "\(number)", traceNumber: "\(number)")!
}

extension YardTerminalSession {
    /// A delivery of two tyres for 10.00.
    func tyreDelivery() throws -> DeliveryNumber {
        let number = try startDelivery(.household)
        try addItem(tyres, to: number)
        return number
    }

    /// Begins the payment of a delivery of two tyres.
    func payTyres() async throws -> DeliveryNumber {
        let number = try tyreDelivery()
        _ = try await beginPayment(number, amount: Cents(1_000))
        return number
    }

    /// Signs two tyres whose payment stays unknown.
    func signUnknownTyres() async throws -> Int64 {
        let number = try await payTyres()
        return try signUnknown(number)
    }

    /// Sells two tyres on the simulated card terminal or with a typed slip.
    @discardableResult
    func sellTyres(slip number: Int = 1) async throws -> Int64 {
        let delivery = try tyreDelivery()
        var progress = try await beginPayment(delivery, amount: Cents(1_000))
        if progress == .awaitsSlip {
            progress = try recordOutcome(delivery, .approved(slip(number)))
        }
        guard case .sold(let sequence) = progress else {
            throw TerminalError(.internalFault, "not sold: \(progress)", .unchanged, "")
        }
        return sequence
    }
}
