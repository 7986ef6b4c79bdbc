package import Journal
package import People
package import Sales
package import Storage
import Synchronization
package import Text
import Units

/// What somebody asks about personal data; a second person decides.
package enum PersonalWish: Hashable, Sendable {
    /// To erase fields beside these records before their time is over.
    case erase(receipts: [SaleReference], fields: [PersonalField], reason: String)
    /// To keep what stands beside the records from `first` to `last` (all that come, if nil).
    case hold(first: Int64, last: Int64?, reason: String)
    case lift(number: Int64, reason: String)

    var kind: PersonalRequestRow.Kind {
        switch self {
        case .erase: .erase
        case .hold: .hold
        case .lift: .lift
        }
    }

    var reason: String {
        switch self {
        case .erase(_, _, let reason), .hold(_, _, let reason), .lift(_, let reason): reason
        }
    }
}

extension Installation {
    /// Asks to erase, hold or no longer hold personal data.
    ///
    /// - Throws: ``OperationsError`` `forbidden`, `reasonMissing`, `cardNumber`; then those that
    ///   the approval would throw, and `input` for a reason of several lines.
    package func requestPersonal(_ wish: PersonalWish, at yard: Yard, by person: Person)
        async throws -> Int64
    {
        try person.allowed(.requestPersonal)
        try Self.requireReason(wish.reason)
        let now = clock()
        return try await writer.perform { [self] batch in
            let reading = batch.transaction.reading
            switch wish {
            case .erase: _ = try erasure(wish, by: person.id, and: nil, of: yard, reading)
            case .hold(let first, let last, _):
                guard first >= 0, last.map({ $0 >= first }) ?? true else {
                    throw OperationsError.input(
                        field: "last", wanted: "a log index from first on")
                }
            case .lift(let number, _): try requireHold(number, of: yard, reading)
            }
            return try batch.transaction.insertPersonalRequest(
                yard: yard.number, kind: wish.kind, body: try wish.json.stored(), by: person.id,
                at: now)
        }
    }

    /// A second person's consent: what was asked is done and recorded.
    ///
    /// - Throws: ``OperationsError`` `forbidden`, `requestUnknown`, `requestState`, `saleUnknown`,
    ///   `mustBeKept`, `nothingToErase`, `onHold`, `holdUnknown`.
    package func approvePersonal(_ id: Int64, at yard: Yard, by person: Person) async throws {
        let now = clock()
        let isErasure = try await writer.perform { [self] batch -> Bool in
            let reading = batch.transaction.reading
            let row = try personalRequest(id, of: yard, reading)
            try person.allowed(.approvePersonal, otherThan: row.requestedBy)
            let wish = try PersonalWish(row)
            switch wish {
            case .erase:
                let erasure = try erasure(
                    wish, by: row.requestedBy, and: person.id, of: yard, reading)
                _ = try erase(erasure, of: yard, at: now, in: batch)
            case .hold(let first, let last, let reason):
                let hold = LegalHold(
                    number: try reading.lastHold(yard: yard.number) + 1, first: first,
                    last: last, reason: reason, requestedBy: row.requestedBy,
                    approvedBy: person.id)
                let place = try append(.hold(hold), to: yard, at: now, in: batch)
                try batch.transaction.insert(hold, yard: yard.number, at: place)
            case .lift(let number, let reason):
                try requireHold(number, of: yard, reading)
                let lift = HoldLift(
                    number: number, reason: reason, requestedBy: row.requestedBy,
                    approvedBy: person.id)
                let place = try append(.lift(lift), to: yard, at: now, in: batch)
                try batch.transaction.lift(number, yard: yard.number, at: place)
            }
            try batch.transaction.decidePersonalRequest(id, .approved, by: person.id)
            return wish.kind == .erase
        }
        guard isErasure else { return }
        await overwriteNowOrLater()
    }

    /// Refuses what was asked; nothing changes.
    package func rejectPersonal(_ id: Int64, at yard: Yard, by person: Person) async throws {
        try await writer.perform { [self] batch in
            let row = try personalRequest(id, of: yard, batch.transaction.reading)
            try person.allowed(.approvePersonal, otherThan: row.requestedBy)
            try batch.transaction.decidePersonalRequest(id, .rejected, by: person.id)
        }
    }

    /// What waits for a second person, newest first.
    package func openPersonalRequests(of yard: Yard) throws -> [PersonalRequestRow] {
        try database.read { try $0.openPersonalRequests(yard: yard.number) }
    }

    /// The holds in force, by number.
    package func holds(of yard: Yard) throws -> [LegalHold] {
        try database.read { try holds(of: yard, $0) }
    }

    func holds(of yard: Yard, _ reading: Reading) throws -> [LegalHold] {
        try reading.holds(yard: yard.number)
    }

    private func requireHold(_ number: Int64, of yard: Yard, _ reading: Reading) throws {
        guard try holds(of: yard, reading).contains(where: { $0.number == number }) else {
            throw OperationsError.holdUnknown(number)
        }
    }

    private func personalRequest(_ id: Int64, of yard: Yard, _ reading: Reading) throws
        -> PersonalRequestRow
    {
        guard let row = try reading.personalRequest(id), row.yard == yard.number else {
            throw OperationsError.requestUnknown(id)
        }
        guard row.state == .requested else {
            throw OperationsError.requestState(
                id, found: row.state.rawValue,
                wanted: PersonalRequestRow.State.requested.rawValue)
        }
        return row
    }

    /// Most receipts of one request: so one record of an erasure holds all fields of them.
    private static let receiptsMax = Erasure.rangesMax / PersonalField.allCases.count

    /// The erasure that a wish comes to now: beside the records and those about them.
    private func erasure(
        _ wish: PersonalWish, by first: PersonID, and second: PersonID?, of yard: Yard,
        _ reading: Reading
    ) throws -> Erasure {
        guard case .erase(let receipts, let names, let reason) = wish, !receipts.isEmpty,
            receipts.count <= Self.receiptsMax
        else {
            throw OperationsError.input(
                field: "receipts", wanted: "1 to \(Self.receiptsMax) receipt numbers")
        }
        for name in names where retention.rules[name]?.isKept == true {
            throw OperationsError.mustBeKept(name)
        }
        var found: [PersonalField: Set<Int64>] = [:]
        for receipt in receipts {
            guard let position = try reading.position(of: receipt, yard: yard.number) else {
                throw OperationsError.saleUnknown(receipt.receiptNumber)
            }
            for place in try reading.withRecordsAbout(position) {
                for disclosure in try reading.personal(at: place)
                where names.contains(disclosure.name) {
                    found[disclosure.name, default: []].insert(place.index)
                }
            }
        }
        guard !found.isEmpty else { throw OperationsError.nothingToErase }
        guard found.values.map(\.count).reduce(0, +) <= Erasure.rangesMax else {
            throw OperationsError.input(field: "receipts", wanted: "fewer receipt numbers")
        }
        return Erasure(
            cause: .request, reason: reason, requestedBy: first, approvedBy: second,
            fields: found.map { name, indexes in
                .init(name: name, ranges: indexes.sorted().map { $0...$0 })
            })
    }
}

extension PersonalWish {
    fileprivate var json: JSONValue {
        switch self {
        case .erase(let receipts, let fields, let reason):
            .fields([
                "receipts": .array(receipts.map { .string($0.receiptNumber) }),
                "fields": .array(fields.map { .string($0.rawValue) }),
                "reason": .string(reason),
            ])
        case .hold(let first, let last, let reason):
            .fields([
                "first": .integer(first), "last": last.map { .integer($0) } ?? .null,
                "reason": .string(reason),
            ])
        case .lift(let number, let reason):
            .fields(["number": .integer(number), "reason": .string(reason)])
        }
    }

    /// The wish of a request as it is kept.
    ///
    /// - Throws: `DamagedRow`.
    package init(_ row: PersonalRequestRow) throws {
        do {
            var reader = try ObjectReader(try StrictJSON.parse(Array(row.body.utf8)))
            self = try PersonalWish(row.kind, from: &reader)
        } catch {
            throw DamagedRow(table: "personal_request", position: row.id)
        }
    }

    /// Reads a wish of a kind: `receipts`, `fields`; `first`, `last`; `number`; and `reason`.
    package init(_ kind: PersonalRequestRow.Kind, from reader: inout ObjectReader) throws {
        let reason = try reader.string("reason")
        switch kind {
        case .erase:
            let receipts = try reader.strings("receipts").map { text in
                guard let receipt = SaleReference(text) else {
                    throw OperationsError.input(
                        field: "receipts", wanted: "receipt numbers such as t1-000042")
                }
                return receipt
            }
            let fields = try reader.strings("fields").map { text in
                guard let field = PersonalField(rawValue: text) else {
                    throw OperationsError.input(
                        field: "fields", wanted: "plate, customer, debtor, note, iban or payee")
                }
                return field
            }
            self = .erase(receipts: receipts, fields: fields, reason: reason)
        case .hold:
            let first = try reader.integer("first", in: 0...StrictJSON.numberMax)
            let last = reader.optionalValue("last") ?? .null
            guard last == .null || last.integer != nil else {
                throw OperationsError.input(field: "last", wanted: "a log index or null")
            }
            self = .hold(first: first, last: last.integer, reason: reason)
        case .lift:
            self = .lift(
                number: try reader.integer("number", in: 1...StrictJSON.numberMax),
                reason: reason)
        }
        try reader.finish()
    }
}

extension Reading {
    /// The holds in force of a yard, by number.
    ///
    /// - Throws: `DamagedRow` of a row that leads to another record.
    func holds(yard: Int64) throws -> [LegalHold] {
        try openHolds(yard: yard).map { position in
            guard let bytes = try entry(at: position),
                case .server(let record) = try StoredRecord(position: position, bytes: bytes).fact,
                case .hold(let hold) = record.fact
            else { throw DamagedRow(table: "legal_hold", position: position.number) }
            return hold
        }
    }
}
