import Calendars
import Defaults
import Foundation
import Journal
import Keys
import Logging
import Operations
import People
import Sales
import Signing
import Storage
import Tariffs
import Testing
import Text
import Transparency
import Units

/// A yard in a temporary folder with people, a tariff in force and enrolled terminals.
struct TestYard: Sendable {
    let directory: DataDirectory
    let clock: TestClock
    let installation: Installation
    let yard: Yard
    let terminals: [TestTerminal]

    static let cashier = person("anna", [.cashier])
    static let approver = person("bernd", [.approver])
    static let office = person("clara", [.finance, .operator])
    static let auditor = person("david", [.auditor])
    /// Has every role, and still cannot be two people.
    static let everybody = person("erna", Set(Role.allCases))

    var terminal: TestTerminal { terminals[0] }

    static func person(_ name: String, _ roles: Set<Role>, isActive: Bool = true) -> Person {
        Person(id: named(name), name: name.capitalized, roles: roles, isActive: isActive)
    }

    static func named<Kind>(_ text: String) -> Identifier<Kind> {
        guard let identifier = Identifier<Kind>(text) else { fatalError("no name: \(text)") }
        return identifier
    }

    static let description = YardDescription(
        id: named("hof-1"), name: "Wertstoffhof Nord", town: "Musterstadt",
        address: "Am Hof 1, 12345 Musterstadt", host: "musterstadt.example")

    static var tariff: [UInt8] { DefaultFile.named("tariffs/goettingen-2024.yaml")?.bytes ?? [] }

    static func open(
        _ path: String, clock: TestClock, terminals: Int, hasTariff: Bool
    ) async throws -> TestYard {
        let directory = DataDirectory(path)
        try Installation.create(in: directory, finance: DefaultFile.files(in: "finance/"))
        let installation = try Installation(
            directory: directory, clock: { clock.now }, logger: .silent)
        let yard = try await installation.createYard(description)
        if hasTariff { try await installation.activate(tariff, at: yard) }
        var enrolled: [TestTerminal] = []
        for number in 0..<terminals {
            enrolled.append(
                try await TestTerminal.enrol("t\(number + 1)", at: yard, in: installation, clock))
        }
        return TestYard(
            directory: directory, clock: clock, installation: installation, yard: yard,
            terminals: enrolled)
    }

    /// The delivery's sale: by card, or free where it costs nothing.
    func sale(_ phrase: String, _ settlement: Settlement? = nil) throws -> Sale {
        let day = installation.calendar.day(of: clock.now)
        let tariff = try installation.tariff(of: yard, on: day)
        let delivery = try DeliveryPhrase.parse(
            phrase, day: day, group: .household, tariff: tariff.tariff)
        let decision = try installation.quote(delivery, at: yard)
        guard case .priced(let quote) = decision else {
            throw Unexpected("\(phrase) has no price: \(decision)")
        }
        let settled = quote.total == .zero ? Settlement.free : .card(Self.slip(1))
        return try Sale(quote: quote, settlement: settlement ?? settled, attempts: [])
    }

    static func slip(_ number: Int, tid: String = "51234567") -> CardSlip {
        let slip = CardSlip(
            cardTerminal: tid, scheme: .girocard, receiptNumber: "\(number)",
            traceNumber: "\(number)")
        guard let slip else { fatalError("the sample slip is a slip") }
        return slip
    }

    /// Who gets refunds by bank transfer.
    static func payee(
        _ name: String = "Erika Beispiel", _ iban: String = "DE02120300000000202051"
    ) throws -> Payee {
        try Payee(name: name, iban: iban)
    }

    func admit(_ signed: SignedRecord) async throws -> Acknowledgement {
        let admission = try await installation.admit(signed.envelope, to: yard)
        guard case .acknowledged(let acknowledgement) = admission else {
            throw Unexpected("not acknowledged: \(admission)")
        }
        return acknowledgement
    }

    /// Signs a sale at the first terminal and admits it.
    @discardableResult
    func sell(_ phrase: String, _ settlement: Settlement? = nil) async throws -> SaleReference {
        let signed = try terminal.sign(.sale(try sale(phrase, settlement)))
        _ = try await admit(signed)
        return signed.reference
    }

    /// Another yard of the same town, `hof-2`.
    func addYard() async throws -> Yard {
        try await installation.createYard(
            YardDescription(
                id: Self.named("hof-2"), name: "Wertstoffhof Süd", town: "Musterstadt",
                address: "Am Hof 2, 12345 Musterstadt", host: "musterstadt.example"))
    }

    /// The log's key from the genesis record, as an auditor has it.
    var logKey: VerifierKey {
        get throws { try #require(VerifierKey(yard.genesis.logKey)) }
    }

    /// Makes sure that an acknowledgement proves its own entry; gives the checkpoint's size.
    @discardableResult
    func verify(_ acknowledgement: Acknowledgement) throws -> Int64 {
        let proof = try TlogProof.parse(Array(acknowledgement.proof.utf8))
        #expect(proof.index == acknowledgement.index)
        return try proof.verify(entry: acknowledgement.entry, log: logKey).checkpoint.size
    }
}

/// Something that a test did not foresee.
struct Unexpected: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Runs `body` with a yard in a new temporary folder and removes it afterwards.
func withYard(
    terminals: Int = 1, hasTariff: Bool = true, at start: String = TestClock.morning,
    _ body: (TestYard) async throws -> Void
) async throws {
    try await withFolder { path in
        let yard = try await TestYard.open(
            path + "/data", clock: TestClock(start), terminals: terminals, hasTariff: hasTariff)
        do { try await body(yard) } catch {
            try yard.installation.close()
            throw error
        }
        try yard.installation.close()
    }
}

/// Runs `body` with a new temporary folder and removes it afterwards.
func withFolder(_ body: (String) async throws -> Void) async throws {
    let files = FileManager.default
    let path = files.temporaryDirectory.path + "/hofbuch-test-\(UUID().uuidString)"
    try files.createDirectory(atPath: path, withIntermediateDirectories: true)
    do { try await body(path) } catch {
        try files.removeItem(atPath: path)
        throw error
    }
    try files.removeItem(atPath: path)
}

extension Installation {
    /// Brings a tariff into force by two people.
    func activate(_ bytes: [UInt8], at yard: Yard) async throws {
        let digest = try await proposeTariff(bytes, for: yard, by: TestYard.office)
        try await approveTariff(digest, for: yard, by: TestYard.approver)
    }
}

extension Logger {
    static var silent: Logger {
        var logger = Logger(label: "hofbuch.tests")
        logger.logLevel = .critical
        return logger
    }
}
