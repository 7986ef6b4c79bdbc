package import Journal
package import People
import Sales
package import Storage
import Units

extension Installation {
    /// The personal data beside a record. Who looked at what, when and what for is noted first.
    ///
    /// - Parameter purpose: in a few words; 1 to 200 bytes.
    /// - Throws: ``OperationsError`` (`forbidden`, `reasonMissing`).
    package func personalData(
        of detail: SaleDetail, for purpose: String, by person: Person
    ) async throws -> [Disclosure] {
        try person.allowed(.readPersonalData)
        try Self.requirePurpose(purpose)
        let position = detail.stored.position
        let found = try database.read { try $0.personal(at: position) }
        guard !found.isEmpty else { return [] }
        let now = clock()
        try await writer.perform {
            try $0.transaction.logAccess(
                by: person.id, at: now, yard: position.yard, position: position, act: .read,
                fields: found.map(\.name.rawValue), purpose: purpose)
        }
        return found
    }

    /// Whether personal data is stored beside a record; looks at none of it.
    package func hasPersonalData(_ detail: SaleDetail) throws -> Bool {
        try !database.read { try $0.personal(at: detail.stored.position) }.isEmpty
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

    /// Who looked at personal data of a yard, newest first, at most 100, before the entry `id`.
    package func accessLog(of yard: Yard, before id: Int64?, by person: Person) throws
        -> [AccessRow]
    {
        try person.allowed(.readAccessLog)
        return try database.read { try $0.accesses(yard: yard.number, before: id, limit: 100) }
    }

    static func requirePurpose(_ text: String) throws {
        guard text.utf8.contains(where: { $0 > 0x20 }), text.utf8.count <= 200,
            text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
        else { throw OperationsError.reasonMissing }
    }
}
