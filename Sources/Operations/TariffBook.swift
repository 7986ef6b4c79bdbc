import Foundation
import Journal
package import People
import Sales
import Signing
import SourceFiles
package import Storage
package import Tariffs
package import Text
package import Units

/// A tariff file of a yard, decoded.
package struct TariffInForce: Sendable {
    package let row: TariffRow
    package let tariff: Tariff

    init(_ row: TariffRow) throws {
        self.row = row
        tariff = try TariffFile.decode(row.bytes)
    }

    package func covers(_ day: BusinessDay) -> Bool {
        row.from <= day && row.to.map { day <= $0 } ?? true
    }

    package func price(_ delivery: Delivery, quota: [QuotaUse]) -> PricingDecision {
        tariff.price(delivery, quota: quota)
    }
}

/// A tariff file as bytes.
package enum TariffFile {
    /// The tariff in `bytes`, if the file has no error and all its examples hold.
    ///
    /// - Throws: ``OperationsError/tariffInvalid(_:)`` with every problem found.
    package static func decode(_ bytes: [UInt8]) throws(OperationsError) -> Tariff {
        let (tariff, problems) = read(bytes)
        let errors = problems.filter { $0.severity == .error }
        guard let tariff, errors.isEmpty else { throw .tariffInvalid(errors) }
        return tariff
    }

    /// The tariff, nil if it cannot be read, with every error and warning, its examples run.
    package static func read(_ bytes: [UInt8]) -> (tariff: Tariff?, problems: [SourceProblem]) {
        let tree: SourceNode
        do { tree = try SourceFile.tree(of: bytes) } catch { return (nil, [error]) }
        let decoding = Tariff.decode(tree, digest: Digest.sha256(bytes).hex)
        guard let tariff = decoding.tariff else { return (nil, decoding.problems) }
        return (tariff, decoding.problems + tariff.check())
    }
}

extension Installation {
    /// The tariff in force at a yard on a day.
    ///
    /// - Throws: ``OperationsError/tariffUnknown(day:)``.
    package func tariff(of yard: Yard, on day: BusinessDay) throws -> TariffInForce {
        guard let found = tariffsInForce(yard: yard.number).first(where: { $0.covers(day) }) else {
            throw OperationsError.tariffUnknown(day: day.iso)
        }
        return found
    }

    /// Every tariff of a yard, proposed ones too.
    package func tariffs(of yard: Yard) throws -> [TariffRow] {
        try database.read { try $0.tariffs(yard: yard.number) }
    }

    /// A tariff file by its digest.
    package func tariffFile(_ digest: String, of yard: Yard) throws -> [UInt8]? {
        try tariffs(of: yard).first { $0.digest == digest }?.bytes
    }

    /// Puts a tariff file forward; it comes into force when a second person approves it.
    ///
    /// - Throws: ``OperationsError`` (`forbidden`, `tariffInvalid`, `tariffOverlaps`,
    ///   `accountsMissing`).
    package func proposeTariff(_ bytes: [UInt8], for yard: Yard, by person: Person) async throws
        -> String
    {
        try person.allowed(.proposeTariff)
        let tariff = try TariffFile.decode(bytes)
        let missing = plan.missing(for: tariff)
        guard missing.isEmpty else { throw OperationsError.accountsMissing(missing) }
        let row = TariffRow(
            digest: tariff.reference.digest, id: tariff.reference.id,
            title: tariff.reference.title, from: tariff.validity.from, to: tariff.validity.to,
            bytes: bytes, proposedBy: person.id, position: nil)
        return try await writer.perform { batch in
            let present = try batch.transaction.reading.tariffs(yard: yard.number)
            if present.contains(where: { $0.digest == row.digest }) { return row.digest }
            for other in present where other.position != nil && row.overlaps(other) {
                throw OperationsError.tariffOverlaps(id: other.id)
            }
            try batch.transaction.insert(row, yard: yard.number)
            return row.digest
        }
    }

    /// Brings a proposed tariff into force: a journal record with the file's digest.
    package func approveTariff(_ digest: String, for yard: Yard, by person: Person) async throws {
        let now = clock()
        _ = try await writer.perform { [self] batch in
            let rows = try batch.transaction.reading.tariffs(yard: yard.number)
            guard let row = rows.first(where: { $0.digest == digest && $0.position == nil }) else {
                throw OperationsError.tariffUnknown(day: digest)
            }
            try person.allowed(.approveTariff, otherThan: row.proposedBy)
            // Asked again: both may have been put forward before one came into force.
            for other in rows where other.position != nil && row.overlaps(other) {
                throw OperationsError.tariffOverlaps(id: other.id)
            }
            let activation = TariffActivation(
                id: row.id, title: row.title, digest: row.digest, from: row.from, to: row.to,
                proposedBy: row.proposedBy, approvedBy: person.id)
            let position = try append(.tariff(activation), to: yard, at: now, in: batch)
            try batch.transaction.activateTariff(
                yard: yard.number, digest: digest, by: person.id, position: position.index)
        }
        try refreshRegister()
    }

    /// The price of a delivery at a yard, by the tariff in force on its day.
    package func quote(_ delivery: Delivery, at yard: Yard) throws -> PricingDecision {
        try tariff(of: yard, on: delivery.day).price(delivery, quota: [])
    }
}

extension TariffRow {
    fileprivate func overlaps(_ other: TariffRow) -> Bool {
        let endsBefore = to.map { $0 < other.from } ?? false
        let startsAfter = other.to.map { $0 < from } ?? false
        return !endsBefore && !startsAfter
    }
}
