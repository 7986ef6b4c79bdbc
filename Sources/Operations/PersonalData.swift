package import Journal
package import People
import Sales
package import Storage
import Text
import Units

/// A personal value as far as somebody may see it.
package struct PersonalValue: Hashable, Sendable {
    package let name: PersonalField
    /// As stored; an IBAN masked but for its last four characters for whom has no
    /// `readBankDetails`.
    package let value: String

    package init(name: PersonalField, value: String) {
        self.name = name
        self.value = value
    }
}

/// Whether there is personal data beside a record and those about it.
package enum PersonalStanding: Hashable, Sendable {
    /// There never was any.
    case none
    case stored
    case erased
}

extension Installation {
    /// The personal data beside a record and beside those that take it back or resolve it, in the
    /// order of the log. Who looked at what, when and what for is noted first.
    ///
    /// - Parameter purpose: in a few words; 1 to 200 characters.
    /// - Throws: ``OperationsError`` (`forbidden`, `reasonMissing`).
    package func personalData(
        of detail: SaleDetail, for purpose: String, by person: Person
    ) async throws -> [PersonalValue] {
        try person.allowed(.readPersonalData)
        try Self.requirePurpose(purpose)
        let found = try database.read { reading in
            try reading.withRecordsAbout(detail.stored.position).map { position in
                (position: position, values: try reading.personal(at: position))
            }.filter { !$0.values.isEmpty }
        }
        guard !found.isEmpty else { return [] }
        let now = clock()
        try await writer.perform {
            for (position, values) in found {
                try $0.transaction.logAccess(
                    by: person.id, at: now, yard: position.yard, position: position, act: .read,
                    fields: values.map(\.name.rawValue), purpose: purpose)
            }
        }
        let isOpen = person.may(.readBankDetails)
        return found.flatMap(\.values).map { disclosure in
            let isMasked = disclosure.name == .iban && !isOpen
            return PersonalValue(
                name: disclosure.name,
                value: isMasked ? IBAN.masked(disclosure.value) : disclosure.value)
        }
    }

    /// Whether personal data is stored beside a record or those about it; looks at none of it.
    package func personalStanding(of detail: SaleDetail) throws -> PersonalStanding {
        try database.read { reading in
            var standing = PersonalStanding.none
            for position in try reading.withRecordsAbout(detail.stored.position) {
                guard try reading.personal(at: position).isEmpty else { return .stored }
                if try !StoredRecord(at: position, reading).personal.isEmpty { standing = .erased }
            }
            return standing
        }
    }

    /// The newest records whose plate is `plate` in any spelling, at most 100. The search is
    /// noted with each record that it found, or alone where it found none.
    ///
    /// - Throws: ``OperationsError`` (`forbidden`, `reasonMissing`, `input`).
    package func sales(
        withPlate plate: String, at yard: Yard, for purpose: String, by person: Person
    ) async throws -> [SaleSummary] {
        try person.allowed(.readPersonalData)
        try Self.requirePurpose(purpose)
        guard let normal = NormalPlate(plate) else {
            throw OperationsError.input(
                field: "plate", wanted: "letters A to Z, Ä, Ö, Ü and digits")
        }
        try await indexForSearch(yard)
        let found = try sales(
            of: yard, SaleQuery(), plate: plates.digest(of: normal), after: nil, limit: 100
        ).rows
        let positions: [LogPosition?] =
            found.isEmpty ? [nil] : found.map { LogPosition(yard: yard.number, index: $0.index) }
        let now = clock()
        try await writer.perform { batch in
            for position in positions {
                try batch.transaction.logAccess(
                    by: person.id, at: now, yard: yard.number, position: position, act: .search,
                    fields: [PersonalField.plate.rawValue], purpose: purpose)
            }
        }
        return found
    }

    /// Who looked at personal data of a yard, newest first, at most 100, after a cursor.
    ///
    /// - Returns: also the cursor that goes on; nil at the end.
    /// - Throws: ``OperationsError/cursorInvalid``, `forbidden`.
    package func accessLog(of yard: Yard, after cursor: String? = nil, by person: Person) throws
        -> (rows: [AccessRow], next: String?)
    {
        try person.allowed(.readAccessLog)
        let cursors = PageCursors(key: plates.key, yard: yard.number, filter: "accesses")
        let before = try cursor.map { try cursors.position(of: $0).number }
        let found = try database.read {
            try $0.accesses(yard: yard.number, before: before, limit: Self.accessesMax + 1)
        }
        let rows = Array(found.prefix(Self.accessesMax))
        let next = found.count > rows.count ? rows.last.map { LogPosition($0.id) } : nil
        return (rows, next.map { cursors.text(after: $0) })
    }

    private static let accessesMax = 100

    static func requirePurpose(_ text: String) throws {
        guard !text.isBlank, !text.isTooLong,
            text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
        else { throw OperationsError.reasonMissing }
    }
}

extension Reading {
    /// A record's position and those of the records about it, ascending.
    func withRecordsAbout(_ position: LogPosition) throws -> [LogPosition] {
        ([position] + (try references(of: position).map(\.at))).sorted()
    }
}

extension StoredRecord {
    /// What the record names only by its digests.
    fileprivate var personal: [PersonalDigest] {
        switch fact {
        case .terminal(let record): record.personal
        case .server(let record): record.personal
        case .evidence: []
        }
    }
}
