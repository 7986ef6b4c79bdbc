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
import Transparency
import Units

/// A terminal that enrolled through the interface and signs sales one after the other.
struct SigningTerminal: Sendable {
    let id: TerminalID
    let yard: YardID
    let log: String
    let logKey: VerifierKey
    let key: ES256PrivateKey

    /// Asks as operator, approves as approver, and shows the code with a new key.
    static func enrol(
        _ name: String, at line: Line, operator: String, approver: String, yard: String = "hof-1"
    ) async throws -> SigningTerminal {
        let request = try await line.json(
            .POST, "/v1/yards/\(yard)/enrolments", token: `operator`,
            .fields(["terminal": .string(name), "name": .string("Kasse \(name)")]))
        let (id, code) = (
            try #require(request["id"]?.integer), try #require(request["code"]?.string)
        )
        try await line.json(
            .POST, "/v1/yards/\(yard)/enrolments/\(id)/approve", token: approver)
        let key = try ES256PrivateKey.generate()
        let proof = try key.compactJWS(
            typ: "wsh-enrol+jws", kid: key.publicKey.thumbprint,
            payload: JSONValue.fields(["code": .string(code)]).bytes)
        let answer = try await line.json(
            .POST, "/v1/enrolments",
            .fields([
                "code": .string(code), "key": .string(Base64URL.encode(key.publicKey.raw)),
                "proof": .string(String(decoding: proof, as: UTF8.self)),
            ]))
        return SigningTerminal(
            id: try #require(TerminalID(name)), yard: try #require(YardID(yard)),
            log: try #require(answer["log"]?.string),
            logKey: try #require(answer["logKey"]?.string.flatMap(VerifierKey.init)), key: key)
    }

    /// Envelope bodies of `count` sales, the first with sequence number 1.
    func envelopes(_ count: Int, of sale: Sale) throws -> [[UInt8]] {
        var previous = RecordHead.genesisPrevious
        let attendant = try #require(PersonID("anna"))
        return try (1...Int64(count)).map { sequence in
            let head = RecordHead(
                log: log, yard: yard, terminal: id, sequence: sequence, previous: previous,
                at: SystemClock.now(), attendant: attendant)
            let record = TerminalRecord(head: head, fact: .sale(sale), personal: [])
            let jws = try key.compactJWS(
                typ: TerminalRecord.typ, kid: key.publicKey.thumbprint, payload: record.payload)
            previous = try CompactJWS.parse(jws).signingInputDigest
            return Envelope(jws: jws, disclosures: []).json.bytes
        }
    }
}

extension Sale {
    /// A sale by the tariff that the test put in force, without asking the server.
    static func sample(_ tariff: Tariff) throws -> Sale {
        let calendar = try #require(LocalCalendar(zone: "Europe/Berlin"))
        let delivery = try DeliveryPhrase.parse(
            "privat: 1 m³ gruenabfall; 2 Sack restabfall", day: calendar.day(of: SystemClock.now()),
            group: .household, tariff: tariff)
        guard case .priced(let quote) = tariff.price(delivery) else {
            throw Unexpected("the sample delivery has no price")
        }
        let slip = try #require(
            CardSlip(
                cardTerminal: "51234567", scheme: .girocard, receiptNumber: "1", traceNumber: "1"))
        return try Sale(quote: quote, settlement: .card(slip), attempts: [])
    }
}
