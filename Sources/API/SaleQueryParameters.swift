import Hummingbird
import Operations
import Sales
import Storage
import Text
import Units

extension SaleQuery {
    /// Reads the parameters of `GET …/sales`; an unknown name is refused, so that a misspelled
    /// filter does not let everything through.
    ///
    /// - Throws: a ``Problem`` (422) for the first parameter that does not fit.
    init(_ parameters: Parameters) throws {
        self.init()
        for (name, value) in parameters {
            try set(String(name), to: String(value))
        }
    }

    private mutating func set(_ name: String, to text: String) throws {
        switch name {
        case "receipt": receipt = try Self.read(name, text, "t1-000042", SaleReference.init)
        case "terminal": terminal = try Self.read(name, text, "t1") { TerminalID($0) }
        case "day":
            criteria.dayFrom = try Self.day(name, text)
            criteria.dayTo = criteria.dayFrom
        case "from": criteria.dayFrom = try Self.day(name, text)
        case "to": criteria.dayTo = try Self.day(name, text)
        case "since": criteria.since = try Self.instant(name, text)
        case "before": criteria.before = try Self.instant(name, text)
        case "amount":
            criteria.totalFrom = try Self.cents(name, text)
            criteria.totalTo = criteria.totalFrom
        case "amountFrom": criteria.totalFrom = try Self.cents(name, text)
        case "amountTo": criteria.totalTo = try Self.cents(name, text)
        case "lastFour":
            criteria.lastFour = try Self.read(name, text, "0815") { $0.isLastFour ? $0 : nil }
        case "state":
            criteria.state = try Self.read(name, text, "card") {
                RecordRow.states.contains($0) ? $0 : nil
            }
        case "standing":
            criteria.standing = try Self.read(name, text, "paid", SaleStanding.init(rawValue:))
        case "text":
            criteria.text = try Self.read(name, text, "bauschutt") {
                $0.isEmpty || $0.isTooLong ? nil : $0
            }
        case "cursor", "limit": break
        default:
            throw Problem(
                422, "input-invalid", "No such filter", "\(name) is no filter; see /openapi.json.")
        }
    }

    private static func day(_ name: String, _ text: String) throws -> BusinessDay {
        try read(name, text, "2026-11-22") { BusinessDay(iso: $0) }
    }

    private static func instant(_ name: String, _ text: String) throws -> Timestamp {
        try read(name, text, "2026-11-22T17:24:47.123Z") { Timestamp(iso: $0) }
    }

    private static func cents(_ name: String, _ text: String) throws -> Cents {
        try read(name, text, "1100") { Int64($0).map { Cents($0) } }
    }

    private static func read<Value>(
        _ name: String, _ text: String, _ example: String, _ read: (String) -> Value?
    ) throws -> Value {
        guard let value = read(text) else {
            throw Problem(
                422, "input-invalid", "A filter does not fit",
                "\(name) has to look like \(example).")
        }
        return value
    }
}

extension Parameters {
    /// Refuses names that are none of `names`: a misspelled one would not be missed, and the
    /// answer would be another than the one that was asked for.
    ///
    /// - Throws: a ``Problem`` (422) for the first such name.
    func requireOnly(_ names: String...) throws {
        for (name, _) in self where !names.contains(String(name)) {
            throw Problem(
                422, "input-invalid", "No such parameter",
                "\(name) is none of \(names.joined(separator: ", ")); see /openapi.json.")
        }
    }

    /// How many a page of a list may hold at most; 100 where nobody says.
    ///
    /// - Throws: a ``Problem`` (422) for what is no number from 1 on.
    func pageLimit() throws -> Int {
        guard let text = get("limit") else { return 100 }
        guard let limit = Int(text), limit > 0 else {
            throw Problem(
                422, "input-invalid", "No such limit", "limit has to be a number such as 100.")
        }
        return limit
    }
}

extension String {
    fileprivate var isLastFour: Bool {
        utf8.count == 4 && utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
