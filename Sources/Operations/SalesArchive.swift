import Journal
package import Sales
import Storage
package import Tariffs
package import Units

/// The deliveries of an installation as they were recorded, read from a second connection: also
/// while a server runs, and from a copy or a backup of the database, an older program's too.
package struct SalesArchive: Sendable {
    private let path: String

    /// A part of a yard's log.
    package struct Part: Hashable, Sendable {
        let yard: Int64
        /// Log indexes, the second exclusive.
        let from: Int64
        let to: Int64
    }

    /// A delivery that was sold or refused.
    package struct Entry: Hashable, Sendable {
        package let reference: SaleReference
        package let delivery: Delivery
        /// Nil where the delivery was refused.
        package let lines: [SaleLine]?
    }

    package init(_ directory: DataDirectory) { path = directory.database }

    /// A yard's log in parts of about equal length, in order; the only yard where none is named.
    ///
    /// - Throws: ``OperationsError`` (`yardUnknown`, `yardWanted`); `StorageError`
    ///   (`notAHofbuchDatabase`, `newerVersion`).
    package func parts(of yard: YardID?, count: Int) throws -> [Part] {
        try inSnapshot { reading in
            let found = try reading.yard(yard)
            let size = try reading.logSize(yard: found.number)
            let parts = Int64(max(1, count))
            return (0..<parts).map {
                Part(yard: found.number, from: size * $0 / parts, to: size * ($0 + 1) / parts)
            }
        }
    }

    /// Sales and refused deliveries of a part in the order of the log; sales that were taken back
    /// in full and deliveries that ended at the card terminal are left out.
    ///
    /// - Parameters:
    ///   - from: the first business day, nil for every day before.
    ///   - to: the last business day, nil for every day after.
    package func read(
        _ part: Part, from: BusinessDay?, to: BusinessDay?, _ body: (Entry) throws -> Void
    ) throws {
        try inSnapshot { reading in
            let last = LogPosition(yard: part.yard, index: max(part.from, part.to - 1))
            let referred = try reading.referredTo(
                from: LogPosition(yard: part.yard, index: part.from), to: last)
            try reading.entries(yard: part.yard, from: part.from, to: part.to) { index, bytes in
                let position = LogPosition(yard: part.yard, index: index)
                let stored = try StoredRecord(position: position, bytes: bytes)
                guard let entry = Entry(stored), entry.lies(from: from, to: to) else { return }
                if referred.contains(position), try isTakenBack(stored, reading) { return }
                try body(entry)
            }
        }
    }

    /// The numbers of the tariff positions that the yard's sales used.
    ///
    /// - Throws: as ``parts(of:count:)``.
    package func positions(of yard: YardID?, from: BusinessDay?, to: BusinessDay?) throws
        -> Set<String>
    {
        var numbers: Set<String> = []
        for part in try parts(of: yard, count: 1) {
            try read(part, from: from, to: to) { sale in
                numbers.formUnion((sale.lines ?? []).map(\.position))
            }
        }
        return numbers
    }

    /// Only `yard`, `entry` and `reference` may be read here: they are the same in every schema, so
    /// an older database needs no copy (decision 0016).
    private func inSnapshot<Value>(_ body: (Reading) throws -> Value) throws -> Value {
        let database = try ReadOnlyDatabase(path: path, anyVersion: true)
        guard database.schema > 0 else { throw StorageError.notAHofbuchDatabase(path: path) }
        return try database.read(body)
    }

    /// Whether nothing is left of a sale in all: beside a line below zero something is left of
    /// another, though all that was paid came back.
    private func isTakenBack(_ stored: StoredRecord, _ reading: Reading) throws -> Bool {
        guard case .terminal(let record) = stored.fact, case .sale(let sale) = record.fact else {
            return false
        }
        let (reversals, _) = try Consequences.read(of: stored.position, before: nil, reading)
        guard !reversals.isEmpty else { return false }
        return Reversal.remainder(of: sale, after: reversals).sum() == .zero
    }
}

extension SalesArchive.Entry {
    fileprivate init?(_ stored: StoredRecord) {
        guard case .terminal(let record) = stored.fact else { return nil }
        switch record.fact {
        case .sale(let sale):
            self.init(
                reference: record.head.reference, delivery: sale.delivery, lines: sale.lines)
        case .noSale(let noSale):
            guard noSale.cause == .refused else { return nil }
            self.init(
                reference: record.head.reference, delivery: noSale.delivery, lines: nil)
        case .void, .resolution: return nil
        }
    }

    fileprivate func lies(from: BusinessDay?, to: BusinessDay?) -> Bool {
        (from.map { $0 <= delivery.day } ?? true) && (to.map { delivery.day <= $0 } ?? true)
    }
}

extension Reading {
    /// The yard of this name; the only one where none is named.
    ///
    /// - Throws: ``OperationsError`` (`yardUnknown`, `yardWanted`).
    func yard(_ name: YardID?) throws -> YardRow {
        let yards = try yards()
        if let name {
            guard let found = yards.first(where: { $0.id == name }) else {
                throw OperationsError.yardUnknown(name.text)
            }
            return found
        }
        guard let found = yards.first, yards.count == 1 else {
            throw OperationsError.yardWanted(known: yards.map(\.id.text))
        }
        return found
    }
}
