// swift-format-ignore-file: NeverForceUnwrap
// Sample names that are not names would be a mistake of these tests.

import CardTerminals
import Foundation
import Hummingbird
import HummingbirdTesting
import Journal
import Keys
import Logging
import Remote
import Signing
import Synchronization
import Tariffs
import TerminalOperations
import Testing
import Transparency
import Units

@testable import YardTerminal

/// A server that enrols, hands out a tariff and is away for everything else.
struct AwayServer: YardServer {
    var file = Self.tariff
    /// Whether it is there after all, and refuses every record.
    var isRefusing = false

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

        positionen:
          - nr: 1
            fundstelle: § 1
            abfallarten: bauschutt
            wer: alle
            preis: 0,10 € je kg, anteilig
          - nr: 2
            fundstelle: § 2
            abfallarten: reifen
            wer: privat
            preis: 5,00 € je Stück
          - nr: 3
            fundstelle: § 3
            abfallarten: reifen
            wer: gewerblich
            preis: abgelehnt
            grund: Reifen nehmen wir nur von Haushalten an.
            grund englisch: We take tyres from households only.

        beispiele:
          - nr: 1
            datum: 23.11.2026
            wer: privat
            anlieferung: 2 Stück reifen
            summe: 10,00 €

        """.utf8)

    func enrol(_ request: EnrolmentRequest) async throws -> EnrolmentAnswer {
        EnrolmentAnswer(
            yard: YardID("hof-1")!, terminal: TerminalID("t1")!, name: "Kasse 1",
            town: "Musterstadt", address: "Am Hof 1, 12345 Musterstadt", yardName: "Hof Süd",
            receiptOrigin: "https://hof.musterstadt.example", log: "musterstadt.example/log/hof-1",
            logKey: try Ed25519PrivateKey.generate()
                .verifierKey(name: "musterstadt.example/log/hof-1", kind: .note).text,
            token: "secret",
            attendants: [Attendant(id: PersonID("mueller")!, name: "Frau <Müller>")])
    }

    func tariffs(from day: BusinessDay) async throws -> [TariffVersion] {
        [
            TariffVersion(
                digest: Digest.sha256(file).hex, id: "probe",
                from: BusinessDay(iso: "2026-01-01")!, to: nil)
        ]
    }
    func tariffFile(_ digest: String) async throws -> [UInt8] { file }
    func standing(unresolved: [Int64]) async throws -> TerminalStanding {
        throw ServerFailure.unreachable("away")
    }
    func report(_ heartbeat: Heartbeat) async throws {
        if !isRefusing { throw ServerFailure.unreachable("away") }
    }
    func submit(_ envelope: Envelope) async throws -> Submission {
        guard isRefusing else { throw ServerFailure.unreachable("away") }
        return .refused(ServerProblem(status: 422, code: "payload-malformed", detail: "test"))
    }
    func submit(_ envelopes: [Envelope]) async throws -> [Submission] {
        throw ServerFailure.unreachable("away")
    }
    func announceKey(_ announcement: [UInt8], possession: [UInt8]) async throws {
        throw ServerFailure.unreachable("away")
    }
    func logKeySteps() async throws -> [LogKeyStep] { throw ServerFailure.unreachable("away") }
    func quotas(_ keys: [QuotaKey]) async throws -> [QuotaUse] {
        throw ServerFailure.unreachable("away")
    }
}

/// A clock that stands until a test moves it.
final class PageClock: Sendable {
    private let time = Mutex(Timestamp(iso: "2026-11-23T09:00:00.000Z")!)

    var now: Timestamp { time.withLock { $0 } }

    func advance(milliseconds: Int64) {
        time.withLock { $0 = $0.adding(milliseconds: milliseconds) }
    }
}

/// A browser at the pages of a terminal in a folder of its own.
struct PageYard {
    let clock: PageClock
    let session: YardTerminalSession
    let pages: TerminalPages
    let client: any TestClientProtocol

    struct Answer {
        let status: HTTPResponse.Status
        let location: String?
        let body: String
        let response: TestResponse
    }

    /// Opens a terminal, serves its pages and lets `test` walk through them.
    ///
    /// - Parameter slip: the town's own template of the slip; nil for none.
    static func with(
        _ script: [SimulatedCardTerminal.Behaviour]? = nil, isSignedIn: Bool = true,
        tariff: [UInt8] = AwayServer.tariff, isRefusing: Bool = false, slip: String? = nil,
        _ test: @escaping @Sendable (PageYard) async throws -> Void
    ) async throws {
        let folder = NSTemporaryDirectory() + "hofbuch-" + UUID().uuidString
        defer { do { try FileManager.default.removeItem(atPath: folder) } catch {} }
        try await TerminalEnrolment.enrol(
            server: "http://127.0.0.1", code: "c", folder: folder, server: AwayServer())
        let card: any CardTerminal =
            if let script {
                try SimulatedCardTerminal(path: folder + "/card.jsonl", script: script)
            } else {
                StandAloneCardTerminal(number: "51234567")
            }
        if let slip {
            try FileManager.default.createDirectory(
                atPath: folder + "/receipts", withIntermediateDirectories: true)
            try Data(slip.utf8).write(
                to: URL(filePath: folder + "/receipts/beleg.txt.mustache"))
        }
        let clock = PageClock()
        let session = try YardTerminalSession.open(
            folder: folder, cardTerminal: card,
            world: TerminalWorld(
                now: { clock.now }, localDay: { $0.dayUTC },
                localTime: { String($0.iso.dropFirst(11).prefix(8)) },
                random: { count in (0..<count).map { _ in UInt8.random(in: 0...255) } },
                version: "test"), server: AwayServer(file: tariff, isRefusing: isRefusing))
        try await session.refreshTariffs()
        if isSignedIn { try await session.chooseAttendant(PersonID("mueller")!) }
        let pages = try TerminalPages(session: session, logger: Logger(label: "test"))
        let application = Application(router: pages.router())
        try await application.test(.live) { client in
            try await test(
                PageYard(clock: clock, session: session, pages: pages, client: client))
        }
        try await session.close()
    }

    func get(_ path: String, headers: HTTPFields = [:]) async throws -> Answer {
        try await send(.get, path, headers: headers, body: "")
    }

    /// Posts a form as the pages' own forms do.
    func post(_ path: String, _ fields: KeyValuePairs<String, String> = [:]) async throws -> Answer
    {
        let all = [("csrf", pages.csrf)] + fields.map { ($0.key, $0.value) }
        let allowed = CharacterSet.alphanumerics
        let body = all.map { name, value in
            name + "=" + (value.addingPercentEncoding(withAllowedCharacters: allowed) ?? "")
        }
        return try await send(.post, path, headers: [:], body: body.joined(separator: "&"))
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, headers: HTTPFields, body: String
    ) async throws -> Answer {
        try await client.execute(
            uri: path, method: method, headers: headers, body: ByteBuffer(string: body)
        ) { response in
            Answer(
                status: response.status, location: response.headers[.location],
                body: String(buffer: response.body), response: response)
        }
    }

    /// Starts a delivery of two tyres; gives its path.
    func tyres() async throws -> String {
        let started = try await post(
            "/anlieferung", ["gruppe": "household", "abfall": "reifen"])
        let path = try #require(started.location).split(separator: "?")[0].dropLast(
            "/position".count)
        let added = try await post(
            "\(path)/position",
            ["abfall": "reifen", "einheit": "stueck", "menge": "2", "herkunft": "gezaehlt"])
        #expect(added.location == String(path))
        return String(path)
    }
}
