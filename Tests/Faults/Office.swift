import Foundation
import Journal
import Keys
import Operations
import Signing
import Tariffs
import Text

/// The people of the town at their desks, over HTTP.
struct Office {
    let wire: Wire
    private var tokens: [String: String] = [:]

    init(port: Int) throws {
        guard let wire = Wire(port: port) else { throw Unforeseen("nobody listens on \(port)") }
        self.wire = wire
        for (id, _) in Town.people {
            let answer = try succeed(
                "POST", "/v1/sessions",
                .fields(["name": .string(id), "password": .string(Town.password(of: id))]))
            tokens[id] = answer["token"]?.string
        }
    }

    /// Sends JSON and wants a success.
    @discardableResult
    func succeed(
        _ method: String, _ path: String, by person: String? = nil, _ body: JSONValue? = nil
    ) throws -> JSONValue {
        let answer = try send(method, path, by: person, body?.bytes ?? [])
        guard (200..<300).contains(answer.status) else {
            throw Unforeseen("\(method) \(path): \(answer.status) \(answer.text)")
        }
        return answer.body.isEmpty ? .null : try answer.json
    }

    func send(_ method: String, _ path: String, by person: String? = nil, _ body: [UInt8] = [])
        throws -> Answer
    {
        let token = person.flatMap { tokens[$0] }
        guard let answer = wire.request(method, path, token: token, body) else {
            throw LineBroken(path: path)
        }
        return answer
    }

    struct LineBroken: Error {
        let path: String
    }

    /// Brings the sample tariff into force by two people.
    func activateTariff() throws -> Tariff {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("tariffs/goettingen-2024.yaml")
        let bytes = Array(try Data(contentsOf: file))
        let answer = try send("POST", "/v1/yards/hof-1/tariffs", by: "clara", bytes)
        guard let digest = try answer.json["digest"]?.string else {
            throw Unforeseen("the tariff was not taken: \(answer.text)")
        }
        try succeed("POST", "/v1/yards/hof-1/tariffs/\(digest)/approve", by: "bernd")
        return try TariffFile.decode(bytes)
    }

    /// A one-time code for a terminal that two people want.
    func enrolmentCode(of terminal: String) throws -> String {
        let request = try succeed(
            "POST", "/v1/yards/hof-1/enrolments", by: "clara",
            .fields(["terminal": .string(terminal), "name": .string("Kasse \(terminal)")]))
        guard let id = request["id"]?.integer, let code = request["code"]?.string else {
            throw Unforeseen("the enrolment has no code")
        }
        try succeed("POST", "/v1/yards/hof-1/enrolments/\(id)/approve", by: "bernd")
        return code
    }

    /// Enrols a terminal with this key; gives the server's answer.
    func enrol(_ terminal: String, _ key: ES256PrivateKey) throws -> JSONValue {
        let code = try enrolmentCode(of: terminal)
        let proof = try key.compactJWS(
            typ: "wsh-enrol+jws", kid: key.publicKey.thumbprint,
            payload: JSONValue.fields(["code": .string(code)]).bytes)
        return try succeed(
            "POST", "/v1/enrolments",
            .fields([
                "code": .string(code), "key": .string(Base64URL.encode(key.publicKey.raw)),
                "proof": .string(String(decoding: proof, as: UTF8.self)),
            ]))
    }

    /// Counts what the journal expects, so that nothing differs, and approves: a close.
    func closeDay(_ day: String) throws {
        // Anna counts blind.
        let next = try succeed("GET", "/v1/yards/hof-1/closes/next", by: "bernd")
        let cards = next["totals"]?["cards"]?.array ?? []
        let totals = cards.map { card in
            JSONValue.fields([
                "tid": card["tid"] ?? .null, "scheme": card["scheme"] ?? .null,
                "count": card["count"] ?? .null, "amount": card["amount"] ?? .null,
            ])
        }
        let counted = try succeed(
            "POST", "/v1/yards/hof-1/closes/next/count", by: "anna",
            .fields([
                "day": .string(day), "totals": .array(totals), "acknowledgeUnknown": .bool(true),
            ]))
        for comparison in counted["draft"]?["comparisons"]?.array ?? []
        where comparison["expected"] != comparison["counted"] {
            try succeed(
                "POST", "/v1/yards/hof-1/closes/next/explain", by: "anna",
                .fields([
                    "tid": comparison["tid"] ?? .null, "scheme": comparison["scheme"] ?? .null,
                    "reason": .string("unexplained"), "text": .string("kam nach dem Zählen"),
                ]))
        }
        try succeed("POST", "/v1/yards/hof-1/closes/next/approve", by: "bernd")
    }

    /// Exports a close.
    func export(_ close: Int64) throws {
        try succeed(
            "POST", "/v1/yards/hof-1/exports", by: "clara",
            .fields(["profile": .string("hledger"), "closes": .array([.integer(close)])]))
    }
}
