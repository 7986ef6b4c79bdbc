package import Remote
import Sales
import TerminalStorage
import Text
package import Units

/// Who this terminal is, as the server said at enrolment and since.
package struct TerminalIdentity: Hashable, Sendable {
    package let server: String
    package let yard: YardID
    package let terminal: TerminalID
    /// Of the terminal.
    package let name: String
    package let town: String
    /// Name and address of the yard, and scheme and host of the public pages of receipts, as they
    /// are printed. From a server that does not say name and host, those of the terminal and its
    /// enrolment.
    package let yardName: String
    package let address: String
    package let receiptOrigin: String
    package let log: String
    package let logKey: String
    package let attendants: [Attendant]
    let token: String
}

extension TerminalIdentity {
    /// - Throws: ``TerminalError`` `not-enrolled`.
    init(from access: TerminalAccess) throws {
        func need(_ name: TerminalSetting) throws -> String {
            guard let value = try access.setting(name) else { throw TerminalError.notEnrolled }
            return value
        }
        guard let yard = YardID(try need(.yard)), let terminal = TerminalID(try need(.terminal))
        else { throw TerminalError.notEnrolled }
        let (server, name) = (try need(.server), try need(.name))
        self.init(
            server: server, yard: yard, terminal: terminal, name: name, town: try need(.town),
            yardName: try access.setting(.yardName) ?? name, address: try need(.address),
            receiptOrigin: try access.setting(.receiptOrigin) ?? server, log: try need(.log),
            logKey: try need(.logKey),
            attendants: try Attendant.list(try need(.attendants)), token: try need(.token))
    }

    /// Keeps what the server answered to an enrolment.
    static func store(
        _ answer: EnrolmentAnswer, server: String, in access: TerminalAccess
    ) throws {
        let values: KeyValuePairs<TerminalSetting, String> = [
            .server: server, .yard: answer.yard.text, .terminal: answer.terminal.text,
            .name: answer.name, .town: answer.town, .address: answer.address, .log: answer.log,
            .logKey: answer.logKey, .token: answer.token,
            .attendants: Attendant.text(answer.attendants),
            .serverState: TerminalStanding.State.active.rawValue,
        ]
        for (name, value) in values { try access.set(name, to: value) }
        try access.set(.yardName, to: answer.yardName)
        try access.set(.receiptOrigin, to: answer.receiptOrigin)
    }
}

extension Attendant {
    /// How the terminal stores its attendants.
    static func text(_ attendants: [Attendant]) -> String {
        JSONValue.array(
            attendants.map { .fields(["id": .string($0.id.text), "name": .string($0.name)]) }
        ).text
    }

    static func list(_ text: String) throws -> [Attendant] {
        guard case .array(let elements) = try StrictJSON.parse(Array(text.utf8)) else { return [] }
        return try elements.map { json in
            var reader = try ObjectReader(json, path: "attendants")
            return Attendant(id: try reader.identifier("id"), name: try reader.string("name"))
        }
    }
}

extension TerminalError {
    static let notEnrolled = TerminalError(
        .notEnrolled, "Dieses Gerät ist noch nicht angemeldet.", .unchanged,
        "Melden Sie es mit dem Einmal-Code an: hofbuch terminal enrol.")
}
