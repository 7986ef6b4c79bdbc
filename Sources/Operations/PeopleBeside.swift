import DayClosing
import Journal
package import People
import Sales
import Storage
import Units

/// Personal data that an export names, and where in the log it belongs.
struct NamedPlace: Hashable, Sendable {
    let position: LogPosition
    /// Ascending by name, not empty.
    let fields: [PersonalField]
}

/// Finds whom a transfer is paid to and who owes a claim, beside the records of a yard.
struct PeopleBeside {
    let reading: Reading
    let yard: Int64
    /// What is wanted; nothing is looked at for others.
    let fields: Set<PersonalField>

    /// The record with the people that it is about, and where their data stands. Without what was
    /// erased.
    func named(_ record: ClosedRecord) throws -> (record: ClosedRecord, places: [NamedPlace]) {
        guard !fields.isEmpty else { return (record, []) }
        let (positions, wanted) = try subject(of: record)
        guard !wanted.isEmpty else { return (record, []) }
        var (named, places) = (record, [NamedPlace]())
        for position in positions {
            let found = try reading.personal(at: position).filter { wanted.contains($0.name) }
            guard !found.isEmpty else { continue }
            // What was said later about a sale stands.
            for disclosure in found { named.people[disclosure.name] = disclosure.value }
            places.append(
                NamedPlace(
                    position: position,
                    fields: found.map(\.name).sorted { $0.rawValue < $1.rawValue }))
        }
        return (named, places)
    }

    /// Which of the wanted fields say something about a record, and beside which records.
    private func subject(of record: ClosedRecord) throws -> ([LogPosition], Set<PersonalField>) {
        switch record.fact {
        case .sale(let reference, let sale) where sale.settlement == .onAccount:
            return (try positions(about: reference), fields.intersection([.debtor]))
        case .reversal(let reversal, of: _):
            switch reversal.settlement {
            case .bankTransfer:
                return (
                    [LogPosition(yard: yard, index: record.index)],
                    fields.intersection([.payee, .iban])
                )
            case .noMoney where record.takesClaimBack:
                return (try positions(about: reversal.original), fields.intersection([.debtor]))
            case .card, .noMoney: return ([], [])
            }
        case .resolution(let resolution, of: _) where resolution.finding == .notChargedClaim:
            return (try positions(about: resolution.original), fields.intersection([.debtor]))
        case .sale, .noSale, .resolution, .settlement, .withheld, .unmatched: return ([], [])
        }
    }

    private func positions(about reference: SaleReference) throws -> [LogPosition] {
        guard fields.contains(.debtor),
            let position = try reading.position(of: reference, yard: yard)
        else { return [] }
        return try reading.withRecordsAbout(position)
    }
}

extension ExportBatch {
    /// Whether a person may fetch the files: those that name people are not for everybody who may
    /// fetch others, nor for who made the export or may look at one person after the other.
    package func mayBeFetched(by person: Person) -> Bool { person.may(fetching) }

    /// - Throws: ``OperationsError/forbidden(_:)`` for whom may not see the people in the files.
    func requireSight(by person: Person) throws(OperationsError) { try person.allowed(fetching) }

    private var fetching: Act { people.isEmpty ? .fetchExport : .fetchNamingExport }
}

extension Installation {
    /// Notes who takes an export away that names people; nothing is noted of others.
    ///
    /// - Parameter purpose: what is done, in German: the audit reads it.
    func noteSight(
        of export: ExportBatch, at yard: Yard, by person: Person, as purpose: String
    ) async throws {
        guard !export.people.isEmpty else { return }
        let now = clock()
        try await writer.perform { batch in
            let row = try batch.transaction.reading.export(export.number, yard: yard.number)
            try batch.transaction.logAccess(
                by: person.id, at: now, yard: yard.number, position: row?.position, act: .read,
                fields: export.people.map(\.rawValue), purpose: purpose)
        }
    }
}
