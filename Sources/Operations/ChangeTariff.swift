import Calendars
package import Journal
package import People
import Storage
import Tariffs
import Units

// A new version of a tariff: put forward by one person, approved by another.
extension Installation {
    /// Puts a tariff file forward; it comes into force when a second person approves it.
    ///
    /// - Returns: the file's digest.
    /// - Throws: ``OperationsError`` (`forbidden`, `tariffInvalid`, `accountsMissing`,
    ///   `tariffOverlaps`, `tariffGap`, `tariffBackdated`), in this order.
    package func proposeTariff(_ bytes: [UInt8], for yard: Yard, by person: Person) async throws
        -> String
    {
        try person.allowed(.proposeTariff)
        let tariff = try TariffFile.proposed(bytes)
        let missing = plan.missing(for: tariff)
        guard missing.isEmpty else { throw OperationsError.accountsMissing(missing) }
        let now = clock()
        let today = calendar.day(of: now)
        let row = TariffRow(
            digest: tariff.reference.digest, id: tariff.reference.id,
            title: tariff.reference.title, from: tariff.validity.from, to: tariff.validity.to,
            bytes: bytes, proposedBy: person.id, proposedAt: now)
        return try await writer.perform { batch in
            let reading = batch.transaction.reading
            let present = try reading.tariffs(yard: yard.number)
            let same = present.first { $0.digest == row.digest }
            guard same == nil || same?.state == .withdrawn else { return row.digest }
            _ = try reading.succession(of: row, among: present, yard: yard.number, today: today)
            try batch.transaction.insert(row, yard: yard.number)
            return row.digest
        }
    }

    /// Brings a proposed tariff into force: a journal record with the file's digest and, where
    /// another version is in force on its first day, that one's end on the day before.
    ///
    /// - Throws: ``OperationsError`` (`tariffFileUnknown`, `tariffState`, `forbidden`,
    ///   `tariffOverlaps`, `tariffGap`, `tariffBackdated`), in this order.
    package func approveTariff(_ digest: String, for yard: Yard, by person: Person) async throws {
        let now = clock()
        let today = calendar.day(of: now)
        _ = try await writer.perform { [self] batch in
            let (reading, number) = (batch.transaction.reading, yard.number)
            let row = try reading.proposedTariff(digest, yard: number)
            try person.allowed(.approveTariff, otherThan: row.proposedBy)
            // Asked again: others may have come into force, and sales may have been made, since.
            let ending = try reading.succession(
                of: row, among: try reading.tariffs(yard: number), yard: number, today: today)
            let activation = TariffActivation(
                id: row.id, title: row.title, digest: row.digest, from: row.from, to: row.to,
                ends: ending, proposedBy: row.proposedBy, approvedBy: person.id)
            let position = try append(.tariff(activation), to: yard, at: now, in: batch)
            try batch.transaction.activateTariff(
                yard: number, digest: digest, by: person.id, position: position.index)
            if let ending {
                try batch.transaction.endTariff(
                    yard: number, digest: ending.digest, on: ending.on)
            }
        }
        try refreshRegister()
    }

    /// What a proposal would end if it were approved now; nil if nothing.
    ///
    /// - Throws: as ``approveTariff(_:for:by:)`` would.
    package func tariffEnding(of digest: String, at yard: Yard) throws -> TariffEnding? {
        let today = calendar.day(of: clock())
        return try database.read { reading in
            try reading.succession(
                of: try reading.proposedTariff(digest, yard: yard.number),
                among: try reading.tariffs(yard: yard.number), yard: yard.number, today: today)
        }
    }

    /// Takes a proposal back before it is approved. One person is enough: nothing in force changes.
    ///
    /// - Throws: ``OperationsError`` (`forbidden`, `tariffFileUnknown`, `tariffState`).
    package func withdrawTariff(_ digest: String, for yard: Yard, by person: Person) async throws {
        try person.allowed(.withdrawTariff)
        let now = clock()
        try await writer.perform { batch in
            _ = try batch.transaction.reading.proposedTariff(digest, yard: yard.number)
            try batch.transaction.withdrawTariff(
                yard: yard.number, digest: digest, by: person.id, at: now)
        }
    }
}

extension Reading {
    fileprivate func proposedTariff(_ digest: String, yard: Int64) throws -> TariffRow {
        let row = try tariffRow(digest, yard: yard)
        guard row.state == .proposed else {
            throw OperationsError.tariffState(digest, found: row.state.rawValue)
        }
        return row
    }

    /// What the version ends, if it fits the book and no sale rests on what it would replace.
    ///
    /// A sale keeps the price of the tariff that was in force when it was recorded, so a version
    /// begins in the past only where no such sale was made since its first day.
    fileprivate func succession(
        of row: TariffRow, among rows: [TariffRow], yard: Int64, today: BusinessDay
    ) throws -> TariffEnding? {
        let ending: TariffEnding?
        do throws(TariffBookError) {
            ending = try TariffBook(rows).succession(of: row.version)
        } catch {
            throw OperationsError(error)
        }
        if row.from <= today,
            let sold = try lastPricedDay(yard: yard, from: row.from, to: today)
        {
            throw OperationsError.tariffBackdated(from: row.from, sold: sold)
        }
        return ending
    }
}

extension OperationsError {
    fileprivate init(_ error: TariffBookError) {
        switch error {
        case .overlaps(let other):
            self = .tariffOverlaps(id: other.id, from: other.from, to: other.to)
        case .gap(let from, let to): self = .tariffGap(from: from, to: to)
        case .endsOther: preconditionFailure("only a record says what ends")
        }
    }
}
