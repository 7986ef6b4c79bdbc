import Foundation
import Journal
import Sales
import Signing
import Tariffs
import Text
import Units

/// An answer of the server with its body in memory.
struct HTTPAnswer {
    let status: Int
    let retryAfterSeconds: Int?
    let body: [UInt8]

    /// What an answer that is no success means.
    var failure: ServerFailure {
        if status == 429 || status == 503 { return .busy(retryAfterSeconds: retryAfterSeconds) }
        do {
            var reader = try ObjectReader(try WireJSON.parse(body))
            return .problem(
                ServerProblem(
                    status: status, code: try reader.optionalString("code") ?? "http-\(status)",
                    detail: try reader.optionalString("detail") ?? ""))
        } catch {
            // A proxy in between answers in its own words; the status says enough.
            return .problem(ServerProblem(status: status, code: "http-\(status)", detail: ""))
        }
    }
}

/// JSON as a server's answer may spell it, which is freer than signed payloads: a proof has line
/// ends in it. Numbers must be whole.
enum WireJSON {
    static func parse(_ bytes: [UInt8]) throws -> JSONValue {
        try JSONDecoder().decode(Node.self, from: Data(bytes)).value
    }

    private struct Node: Decodable {
        let value: JSONValue

        init(from decoder: any Decoder) throws {
            if let object = Self.attempt({ try decoder.container(keyedBy: Name.self) }) {
                value = .object(
                    try object.allKeys.map {
                        JSONValue.Member(
                            $0.stringValue, try object.decode(Node.self, forKey: $0).value)
                    })
                return
            }
            if var array = Self.attempt({ try decoder.unkeyedContainer() }) {
                var elements: [JSONValue] = []
                while !array.isAtEnd { elements.append(try array.decode(Node.self).value) }
                value = .array(elements)
                return
            }
            let single = try decoder.singleValueContainer()
            if single.decodeNil() {
                value = .null
            } else if let truth = Self.attempt({ try single.decode(Bool.self) }) {
                value = .bool(truth)
            } else if let number = Self.attempt({ try single.decode(Int64.self) }) {
                value = .integer(number)
            } else {
                value = .string(try single.decode(String.self))
            }
        }

        /// Whether the value is of a kind can only be found out by decoding it as that kind.
        private static func attempt<Value>(_ decode: () throws -> Value) -> Value? {
            do { return try decode() } catch { return nil }
        }
    }

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}

// Answers may gain members later, so unknown ones are left alone here.

extension Attendant {
    init(json: JSONValue, path: String) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        self.init(id: try reader.identifier("id"), name: try reader.string("name"))
    }
}

extension EnrolmentAnswer {
    init(json: JSONValue) throws(JSONShapeError) {
        var reader = try ObjectReader(json)
        self.init(
            yard: try reader.identifier("yard"), terminal: try reader.identifier("terminal"),
            name: try reader.string("name"), town: try reader.string("town"),
            address: try reader.string("address"),
            yardName: try reader.optionalString("yardName"),
            receiptOrigin: try reader.optionalString("receiptOrigin"),
            log: try reader.string("log"),
            logKey: try reader.string("logKey"), token: try reader.string("token"),
            attendants: try reader.list("attendants", Attendant.init(json:path:)))
    }
}

extension TerminalStanding {
    init(json: JSONValue) throws(JSONShapeError) {
        var reader = try ObjectReader(json)
        var resolved: [Int64] = []
        for element in try reader.optionalArray("resolved") ?? [] {
            guard case .integer(let sequence) = element else {
                throw reader.problem("resolved", wanted: "numbers of sales")
            }
            resolved.append(sequence)
        }
        self.init(
            state: try reader.choice("state"), last: try reader.integer("last"),
            attendants: try reader.list("attendants", Attendant.init(json:path:)),
            address: try reader.optionalString("address"),
            yardName: try reader.optionalString("yardName"),
            receiptOrigin: try reader.optionalString("receiptOrigin"),
            kid: try reader.optionalString("kid"), logKey: try reader.optionalString("logKey"),
            resolved: resolved)
    }
}

extension TariffVersion {
    init(json: JSONValue, path: String) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        let digest = try reader.string("digest")
        guard Digest(hex: digest) != nil else {
            throw reader.problem("digest", wanted: "64 lowercase hexadecimal digits")
        }
        let to: BusinessDay? =
            if try reader.value("to") == .null { nil } else { try reader.day("to") }
        self.init(
            digest: digest, id: try reader.string("id"), from: try reader.day("from"), to: to)
    }
}

extension Submission {
    /// The elements of a batch's `results`.
    static func results(json: JSONValue) throws(JSONShapeError) -> [Submission] {
        var reader = try ObjectReader(json)
        return try reader.list("results") { (json, path) throws(JSONShapeError) in
            var inner = try ObjectReader(json, path: path)
            let status = Int(try inner.integer("status", in: 100...599))
            if status == 200 || status == 201 {
                return .acknowledged(
                    try Acknowledgement(json: try inner.value("acknowledgement"), path: path))
            }
            var problem = try inner.object("problem")
            let found = ServerProblem(
                status: status, code: try problem.optionalString("code") ?? "http-\(status)",
                detail: try problem.optionalString("detail") ?? "")
            return found.isAboutTheRecord ? .refused(found) : .postponed(found)
        }
    }
}

extension QuotaUse {
    /// The elements of an answer's `quotas`.
    static func list(json: JSONValue) throws(JSONShapeError) -> [QuotaUse] {
        var reader = try ObjectReader(json)
        return try reader.list("quotas") { (json, path) throws(JSONShapeError) in
            var inner = try ObjectReader(json, path: path)
            return QuotaUse(
                key: try QuotaKey(from: &inner),
                used: try inner.integer("used", in: 0...1_000_000_000_000), taken: 0)
        }
    }
}
