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
    ///   `tariffIdTaken`, `tariffOverlaps`, `tariffGap`, `tariffReplacesOther`,
    ///   `tariffBackdated`), in this order.
    package func proposeTariff(_ bytes: [UInt8], for yard: Yard, by person: Person) async throws
        -> String
    {
        try person.allowed(.proposeTariff)
        let tariff = try sellable(bytes)
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
            _ = try reading.succession(
                of: row, replacing: tariff.heading.replaces, among: present, yard: yard.number,
                today: today)
            try batch.transaction.insert(row, yard: yard.number)
            return row.digest
        }
    }

    /// Brings a proposed tariff into force: a journal record with the file's digest and, where
    /// another version is in force on its first day, that one's end on the day before.
    ///
    /// - Throws: ``OperationsError`` (`tariffFileUnknown`, `tariffState`, `forbidden`,
    ///   `tariffInvalid`, `accountsMissing`, `tariffIdTaken`, `tariffOverlaps`, `tariffGap`,
    ///   `tariffReplacesOther`, `tariffBackdated`), in this order.
    package func approveTariff(_ digest: String, for yard: Yard, by person: Person) async throws {
        let now = clock()
        let today = calendar.day(of: now)
        _ = try await writer.perform { [self] batch in
            let (reading, number) = (batch.transaction.reading, yard.number)
            let row = try reading.proposedTariff(digest, yard: number)
            try person.allowed(.approveTariff, otherThan: row.proposedBy)
            // Asked again: the program and the account plan may be others since, versions may have
            // come into force, and sales may have been made.
            let tariff = try sellable(row.bytes)
            let ending = try reading.succession(
                of: row, replacing: tariff.heading.replaces,
                among: try reading.tariffs(yard: number), yard: number, today: today)
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
            let row = try reading.proposedTariff(digest, yard: yard.number)
            let tariff = try sellable(row.bytes)
            return try reading.succession(
                of: row, replacing: tariff.heading.replaces,
                among: try reading.tariffs(yard: yard.number), yard: yard.number, today: today)
        }
    }

    /// The tariff in `bytes`, if it may be put forward and every line of it has an account.
    ///
    /// - Throws: ``OperationsError`` (`tariffInvalid`, `input`, `accountsMissing`), in this order.
    private func sellable(_ bytes: [UInt8]) throws -> Tariff {
        let tariff = try TariffFile.proposed(bytes)
        let missing = plan.missing(for: tariff)
        guard missing.isEmpty else { throw OperationsError.accountsMissing(missing) }
        return tariff
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
    ///
    /// - Parameter replaced: the id that its file gives as the version it replaces, if it does.
    fileprivate func succession(
        of row: TariffRow, replacing replaced: String?, among rows: [TariffRow], yard: Int64,
        today: BusinessDay
    ) throws -> TariffEnding? {
        let approved = rows.filter { $0.state == .approved && $0.digest != row.digest }
        // A close adds revenue up by the id, so an id stands for one file.
        guard !approved.contains(where: { $0.id == row.id }) else {
            throw OperationsError.tariffIdTaken(row.id)
        }
        let book = TariffBook(rows)
        let ending: TariffEnding?
        do throws(TariffBookError) {
            ending = try book.succession(of: row.version)
        } catch {
            throw OperationsError(error)
        }
        if let replaced { try book.require(replaced, before: row.from) }
        if row.from <= today,
            let sold = try lastPricedDay(yard: yard, from: row.from, to: today)
        {
            throw OperationsError.tariffBackdated(from: row.from, sold: sold)
        }
        return ending
    }
}

extension TariffBook {
    /// Asks that a version from `first` on may say that it replaces the one called `id`: it is in
    /// force on that day or on the day before. A yard's first version may name one from before.
    fileprivate func require(_ id: String, before first: BusinessDay) throws {
        let days = [first, first.adding(days: -1)].compactMap(\.self)
        let followed = days.compactMap { version(on: $0)?.id }
        guard let nearest = followed.first, !followed.contains(id) else { return }
        throw OperationsError.tariffReplacesOther(named: id, follows: nearest)
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
