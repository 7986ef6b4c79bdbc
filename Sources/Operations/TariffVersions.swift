package import Journal
import Sales
import Signing
import SourceFiles
package import Storage
package import Tariffs
package import Text
package import Units

/// A version of a yard's tariff, decoded.
package struct TariffInForce: Sendable {
    package let row: TariffRow
    package let tariff: Tariff

    package func covers(_ day: BusinessDay) -> Bool { row.version.covers(day) }

    package func price(_ delivery: Delivery, quota: [QuotaUse]) -> PricingDecision {
        tariff.price(delivery, quota: quota)
    }
}

/// The approved versions of a yard's tariff.
struct YardTariffs: Sendable {
    /// Log index of the newest approval; nil before the first.
    let last: Int64?
    let versions: [TariffInForce]

    /// - Parameter known: tariffs decoded before, by digest.
    init(_ rows: [TariffRow], known: [String: Tariff] = [:]) throws {
        versions = try rows.filter { $0.state == .approved }.map { row in
            TariffInForce(
                row: row, tariff: try known[row.digest] ?? TariffFile.decode(row.bytes))
        }
        last = Self.last(rows)
    }

    static func last(_ rows: [TariffRow]) -> Int64? { rows.compactMap(\.position).max() }

    func version(on day: BusinessDay) -> TariffInForce? { versions.first { $0.covers(day) } }

    /// What is odd about the price of a record: the delivery's local day decides the version.
    func flags(of fact: TerminalFact) -> Set<RecordFlag> {
        guard case .sale(let sale) = fact else { return [] }
        guard let found = version(on: sale.delivery.day),
            found.row.digest == sale.tariff.digest
        else { return [.tariffUnknown] }
        return found.tariff.agrees(with: sale) ? [] : [.priceDiffers]
    }
}

extension Tariff {
    /// Whether it gives the same lines for the same money, of the same legal form and with the same
    /// tax.
    func agrees(with sale: Sale) -> Bool {
        guard let charges = charges(of: sale.delivery, quota: sale.quota) else { return false }
        return charges.elementsEqual(sale.lines) { charge, line in
            charge.gross == line.gross && charge.position == line.position
                && charge.legalForm == line.legalForm && charge.vat == line.vat
        }
    }
}

extension TariffRow {
    var version: TariffVersion { TariffVersion(digest: digest, id: id, from: from, to: to) }
}

extension TariffBook {
    /// The book as the table holds it.
    init(_ rows: [TariffRow]) {
        self.init(rows.filter { $0.state == .approved }.map(\.version))
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

    /// The tariff in `bytes`, if it may be proposed: no error, none of the linter's either, and
    /// prices in Euro.
    ///
    /// - Throws: ``OperationsError/tariffInvalid(_:)`` with every problem found.
    static func proposed(_ bytes: [UInt8]) throws(OperationsError) -> Tariff {
        let tariff = try decode(bytes)
        let errors = tariff.lint().filter { $0.severity == .error }
        guard errors.isEmpty else { throw .tariffInvalid(errors) }
        guard tariff.currency == .euro else {
            throw .input(field: "währung", wanted: "EUR: other currencies are for study only")
        }
        return tariff
    }

    /// The tariff, nil if it cannot be read, with every error and warning; its examples run.
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
        guard let found = tariffs(yard: yard.number)?.version(on: day) else {
            throw OperationsError.tariffUnknown(day: day.iso)
        }
        return found
    }

    /// Every tariff of a yard, proposed and withdrawn ones too, by first day.
    package func tariffs(of yard: Yard) throws -> [TariffRow] {
        try database.read { try $0.tariffs(yard: yard.number) }
    }

    /// The approved versions in force on `day` or later, ascending: what a terminal keeps, so that
    /// it changes over at midnight with the server away.
    package func tariffBook(of yard: Yard, from day: BusinessDay) throws -> [TariffVersion] {
        try tariffs(of: yard).filter { $0.state == .approved }.map(\.version)
            .filter { $0.hasDays && $0.to.map { day <= $0 } ?? true }
            .sorted { $0.from < $1.from }
    }

    /// A tariff file by its digest.
    ///
    /// - Throws: ``OperationsError/tariffFileUnknown(_:)``, also if the stored bytes were altered.
    package func tariffFile(_ digest: String, of yard: Yard) throws -> [UInt8] {
        try database.read { try $0.tariffRow(digest, yard: yard.number) }.bytes
    }

    /// The price of a delivery at a yard, by the tariff in force on its day.
    package func quote(_ delivery: Delivery, at yard: Yard) throws -> PricingDecision {
        try tariff(of: yard, on: delivery.day).price(delivery, quota: [])
    }
}

extension Reading {
    /// The row of a stored tariff file, its bytes checked.
    ///
    /// - Throws: ``OperationsError/tariffFileUnknown(_:)``.
    func tariffRow(_ digest: String, yard: Int64) throws -> TariffRow {
        guard let row = try tariffs(yard: yard).first(where: { $0.digest == digest }),
            Digest.sha256(row.bytes).hex == digest
        else { throw OperationsError.tariffFileUnknown(digest) }
        return row
    }
}
