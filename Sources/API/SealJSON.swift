import DayClosing
import Operations
import Text
import Units

extension DayClose {
    /// The close with what others have signed about it. That is no part of the record.
    func json(sealed seal: CloseSeal?) -> JSONValue {
        guard let seal, case .object(let members) = json else { return json }
        return .object(members + [.init("seal", seal.json)])
    }
}

extension CloseSeal {
    fileprivate var json: JSONValue {
        .fields([
            "state": .string(state.rawValue), "size": witnessedSize.map { .integer($0) } ?? .null,
            "witnesses": .array(
                witnesses.map {
                    .fields(["name": .string($0.name), "at": JSONValue(seconds: $0.atSeconds)])
                }),
            "stampedAt": stampedAtSeconds.map { JSONValue(seconds: $0) } ?? .null,
        ])
    }
}

extension LogStatus {
    var json: JSONValue {
        .fields([
            "size": .integer(size), "witnessedSize": witnessedSize.map { .integer($0) } ?? .null,
            "salesSince": .integer(salesSince), "quorum": .bool(hasQuorum),
            "witnesses": .array(
                witnesses.map { witness in
                    .fields([
                        "name": .string(witness.name),
                        "size": witness.size.map { .integer($0) } ?? .null,
                        "problem": witness.problem.map { .string($0.code) } ?? .null,
                    ])
                }),
        ])
    }
}

extension JSONValue {
    /// An instant of whole seconds since 1970; null for one that no calendar has.
    fileprivate init(seconds: Int64) {
        let time = Timestamp(
            milliseconds: seconds.multipliedReportingOverflow(by: 1_000).partialValue)
        self = time.map { .string($0.iso) } ?? .null
    }
}
