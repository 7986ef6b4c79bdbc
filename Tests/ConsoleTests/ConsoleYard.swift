import Calendars
import DayClosing
import Defaults
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Journal
import Keys
import Logging
import Operations
import Pages
import People
import Sales
import Signing
import Synchronization
import Tariffs
import Testing
import Text
import Units

@testable import Console

/// An installation in a temporary folder with people, a tariff, a terminal, and its console.
final class ConsoleYard: Sendable {
    static let password = "ein langes Passwort"
    static let day: Int64 = 1_795_000_000_000

    let folder: String
    let installation: Installation
    let yard: Yard
    private let key: ES256PrivateKey
    private let head = Mutex<(sequence: Int64, previous: Digest)>((0, RecordHead.genesisPrevious))

    init() async throws {
        folder = NSTemporaryDirectory() + "hofbuch-console-\(UUID().uuidString)"
        let directory = DataDirectory(folder)
        try Installation.create(in: directory, finance: DefaultFile.files(in: "finance/"))
        let now = try #require(Timestamp(milliseconds: Self.day))
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        installation = try Installation(directory: directory, clock: { now }, logger: logger)
        yard = try await installation.createYard(
            YardDescription(
                id: try Self.name("nord"), name: "Wertstoffhof Nord", town: "Musterstadt",
                address: "Am Hafen 7, 12345 Musterstadt", host: "musterstadt.example"))
        var people: [String: Person] = [:]
        for (id, _) in Self.roles {
            let person = try Self.person(id)
            people[id] = person
            try await installation.save(person, password: Self.password)
        }
        let asking = try #require(people["betrieb"])
        let approving = try #require(people["freigabe"])
        let tariff = try #require(DefaultFile.named("tariffs/goettingen-2024.yaml")).bytes
        let digest = try await installation.proposeTariff(tariff, for: yard, by: asking)
        try await installation.approveTariff(digest, for: yard, by: approving)
        key = try ES256PrivateKey.generate()
        let (request, code) = try await installation.requestEnrolment(
            try Self.name("t1"), name: "Einfahrt", at: yard, by: asking)
        try await installation.approveEnrolment(request, at: yard, by: approving)
        _ = try await installation.enrol(
            code: code, key: key.publicKey,
            proof: try key.compactJWS(
                typ: "wsh-enrol+jws", kid: key.publicKey.thumbprint,
                payload: JSONValue.fields(["code": .string(code)]).bytes))
    }

    deinit {
        do {
            try installation.close()
            try FileManager.default.removeItem(atPath: folder)
        } catch {
            Issue.record("\(error)")
        }
    }

    /// The people by sign-in name; `beide` has the roles of two.
    static let roles: KeyValuePairs<String, Set<Role>> = [
        "kasse": [.cashier], "freigabe": [.approver], "finanzen": [.finance],
        "pruefung": [.auditor], "betrieb": [.operator], "beide": [.cashier, .approver],
    ]

    private static func name<Kind>(_ text: String) throws -> Identifier<Kind> {
        try #require(Identifier<Kind>(text))
    }

    static let slip = CardSlip(
        cardTerminal: "51234567", scheme: .girocard, receiptNumber: "1", traceNumber: "2")

    /// Signs a sale at the terminal and admits it; paid by card unless `settlement` says else.
    @discardableResult func sell(_ settlement: Settlement? = nil, plate: String? = nil)
        async throws -> SaleReference
    {
        let day = installation.calendar.day(of: installation.clock())
        let inForce = try installation.tariff(of: yard, on: day)
        let delivery = try DeliveryPhrase.parse(
            "privat: 1 m³ gruenabfall; 2 Sack restabfall; 2 Stück pkw-reifen-ohne-felge",
            day: day, group: .household, tariff: inForce.tariff)
        guard case .priced(let quote) = inForce.price(delivery, quota: []) else {
            throw ConsoleProblem.notFound
        }
        let slip = try #require(Self.slip)
        let sale = try Sale(quote: quote, settlement: settlement ?? .card(slip), attempts: [])
        let disclosures =
            plate.map {
                [Disclosure(name: .plate, salt: [UInt8](repeating: 7, count: 32), value: $0)]
            } ?? []
        let (sequence, previous) = head.withLock { ($0.sequence + 1, $0.previous) }
        let record = TerminalRecord(
            head: RecordHead(
                log: yard.origin, yard: yard.id, terminal: try Self.name("t1"),
                sequence: sequence, previous: previous, at: installation.clock(),
                attendant: try Self.name("kasse")),
            fact: .sale(sale), personal: disclosures.map(\.digest))
        let jws = try key.compactJWS(
            typ: TerminalRecord.typ, kid: key.publicKey.thumbprint, payload: record.payload)
        let statement = try CompactJWS.parse(jws).signingInputDigest
        head.withLock { $0 = (sequence, statement) }
        _ = try await installation.admit(
            Envelope(jws: jws, disclosures: disclosures), to: yard)
        return record.head.reference
    }

    /// The person with this sign-in name.
    static func person(_ id: String) throws -> Person {
        let roles = try #require(Self.roles.first { $0.key == id }).value
        return Person(id: try Self.name(id), name: "Name \(id)", roles: roles)
    }

    /// Closes and exports a day; gives the link to its first file.
    ///
    /// - Parameter browsers: who counts, approves and exports.
    func exported(_ browsers: [Browser]) async throws -> PageLink {
        try await count(browsers[0])
        _ = try await approve(browsers[1])
        _ = try await browsers[2].post("/exporte", ["abschluss": "1", "format": "hledger"])
        return try #require(try installation.exports(of: yard).first?.links.first)
    }

    /// Approves what is counted, as somebody who has looked at it.
    func approve(_ browser: Browser) async throws -> Answer {
        let mark = try installation.closeProgress(of: yard).draft?.mark
        return try await browser.post(
            "/abschluss/freigeben", ["geprueft": "ja", "stand": mark ?? ""])
    }

    /// Counts all that the next close holds as one card payment, so that nothing differs.
    ///
    /// - Parameter fields: further ones, such as the number of the cut.
    @discardableResult
    func count(_ browser: Browser, _ fields: [String: String] = [:]) async throws -> Answer {
        let turnover = try installation.closeProgress(of: yard).totals.turnover
        return try await browser.post(
            "/abschluss/zaehlen",
            [
                "anzahl-51234567-girocard": "1",
                "betrag-51234567-girocard": String(turnover.german.dropLast(2)),
            ].merging(fields) { $1 })
    }

    /// Names what stands counted and explained, as the forms about it do.
    var mark: String {
        get throws { try #require(try installation.closeProgress(of: self.yard).draft).mark }
    }

    /// Names what has to be known before the next close is counted.
    var openMark: String {
        get throws {
            try installation.closePoints(try installation.closeProgress(of: yard)).mark
        }
    }

    /// What the terminal says of itself: that many records not sent, that many payments unknown.
    func report(queued: Int64, unknown: Int64 = 0) async throws {
        let row = try #require(try installation.terminals(of: yard).first)
        try await installation.heartbeat(row, head: 1, queued: queued, unknown: unknown)
    }

    /// Another yard of the same town.
    func addYard(_ id: String) async throws -> Yard {
        try await installation.createYard(
            YardDescription(
                id: try Self.name(id), name: "Hof \(id)", town: "Musterstadt",
                address: "Weg 1, 12345 Musterstadt", host: "musterstadt.example"))
    }

    /// Runs `body` with a browser for each of these people.
    func browsing(
        _ people: [String], _ body: @Sendable @escaping ([Browser]) async throws -> Void
    ) async throws {
        let router = Router(context: BasicRequestContext.self)
        try ConsoleRoutes(installation).addRoutes(to: router)
        try await Application(router: router).test(.router) { client in
            var browsers: [Browser] = []
            for person in people {
                let browser = Browser(client: client)
                if !person.isEmpty { try await browser.signIn(person) }
                browsers.append(browser)
            }
            try await body(browsers)
        }
    }
}

/// Runs `body` with a yard that has one sale, and its cashier, who was shown the form of the count.
func counting(
    _ body: @Sendable @escaping (ConsoleYard, Browser) async throws -> Void
) async throws {
    let yard = try await ConsoleYard()
    try await yard.sell()
    try await yard.browsing(["kasse"]) { browsers in
        _ = try await browsers[0].get("/abschluss/zaehlen")
        try await body(yard, browsers[0])
    }
}

/// What came back: status, text, and where it leads.
struct Answer: Sendable {
    let status: Int
    let text: String
    let headers: HTTPFields
    var location: String? { headers[.location] }
}

/// A browser with one cookie and the token of the last page.
final class Browser: Sendable {
    private let client: any TestClientProtocol
    private let state = Mutex<(cookie: String?, csrf: String)>((nil, ""))

    init(client: any TestClientProtocol) {
        self.client = client
    }

    func signIn(_ name: String) async throws {
        let answer = try await post(
            "/anmelden", ["name": name, "passwort": ConsoleYard.password, "ziel": "/verkaeufe"])
        try #require(answer.status == 303)
        _ = try await get("/verkaeufe")
    }

    func get(_ path: String, headers: HTTPFields = [:]) async throws -> Answer {
        try await send(path, .get, nil, headers)
    }

    /// Posts fields with the token; `csrf` replaces it.
    func post(
        _ path: String, _ fields: [String: String] = [:], csrf: String? = nil,
        headers: HTTPFields = [:]
    ) async throws -> Answer {
        var all = fields
        all["csrf"] = csrf ?? state.withLock { $0.csrf }
        let body = all.map { "\($0.key.queryEscaped)=\($0.value.queryEscaped)" }
            .joined(separator: "&")
        return try await send(path, .post, ByteBuffer(string: body), headers)
    }

    /// Posts fields and a file as a browser does; without one, as if none was chosen.
    func upload(
        _ path: String, _ fields: [String: String] = [:], file: (name: String, bytes: [UInt8])?,
        as field: String = "datei", csrf: String? = nil
    ) async throws -> Answer {
        var all = fields
        all["csrf"] = csrf ?? state.withLock { $0.csrf }
        var body: [UInt8] = []
        for (name, value) in all {
            let head = "--grenze\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n"
            body += Array("\(head)\(value)\r\n".utf8)
        }
        let head =
            "--grenze\r\nContent-Disposition: form-data; name=\"\(field)\"; "
            + "filename=\"\(file?.name ?? "")\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        body += Array(head.utf8) + (file?.bytes ?? []) + Array("\r\n--grenze--\r\n".utf8)
        return try await send(
            path, .post, ByteBuffer(bytes: body),
            [.contentType: "multipart/form-data; boundary=grenze"])
    }

    private func send(
        _ path: String, _ method: HTTPRequest.Method, _ body: ByteBuffer?, _ headers: HTTPFields
    ) async throws -> Answer {
        var headers = headers
        headers[.cookie] = state.withLock { $0.cookie }
        let answer = try await client.execute(
            uri: path, method: method, headers: headers,
            body: body
        ) { response in
            Answer(
                status: response.status.code, text: String(buffer: response.body),
                headers: response.headers)
        }
        state.withLock { state in
            if let set = answer.headers[.setCookie], set.hasPrefix("hofbuch=") {
                state.cookie = String(set.prefix { $0 != ";" })
            }
            if let token = answer.text.firstMatch(of: #/name="csrf" value="([^"]+)"/#) {
                state.csrf = String(token.1)
            }
        }
        return answer
    }
}

/// Keeps what a response writes.
final class CollectingWriter: ResponseBodyWriter, Sendable {
    let text = Mutex("")

    func write(_ buffer: ByteBuffer) async throws {
        text.withLock { $0 += String(buffer: buffer) }
    }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
