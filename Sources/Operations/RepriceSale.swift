import Journal
package import Sales
import Signing
import Storage
package import Tariffs
package import Units

/// A recorded sale priced again from the stored file that it names by digest.
package struct Repricing: Hashable, Sendable {
    package let reference: SaleReference
    /// Log index of the sale.
    package let index: Int64
    /// The delivery's local day.
    package let day: BusinessDay
    package let tariff: TariffReference
    /// As sold.
    package let stored: [SaleLine]
    /// As the file gives them now; empty where it refuses the delivery.
    package let computed: [SaleLine]
    /// Codes of the refusals; empty where the delivery is priced.
    package let refused: [String]
    /// Flags of the record: a price that was known to differ when it arrived.
    package let flags: [String]

    /// What the delivery costs by the server's own quota state at its place in the log; nil where
    /// that state refuses it.
    package let byOwnQuota: Cents?

    /// By the server's own quota state less stored, in cents; nil where that refuses the delivery.
    package var quotaDifference: Cents? { byOwnQuota.map { $0 - stored.map(\.gross).sum() } }

    /// Computed less stored; zero is expected.
    package var difference: Cents {
        computed.map(\.gross).sum() - stored.map(\.gross).sum()
    }

    /// Whether every line costs the same to the cent.
    package var agrees: Bool {
        refused.isEmpty && stored.map(\.gross) == computed.map(\.gross)
    }
}

extension Installation {
    /// Prices a recorded sale again, with the quota state that the terminal used.
    ///
    /// - Throws: ``OperationsError`` (`saleUnknown`, `tariffFileUnknown`, `tariffInvalid`).
    package func reprice(_ reference: SaleReference, of yard: Yard) throws -> Repricing {
        let (stored, sold, row, own) = try database.read { reading in
            let (position, sold) = try sale(reference, of: yard, reading)
            return (
                try record(at: position, reading), sold,
                try reading.tariffRow(sold.tariff.digest, yard: yard.number),
                try quotas(for: sold, yard: yard.number, before: position, reading)
            )
        }
        let tariff = try TariffFile.decode(row.bytes)
        var (computed, refused): ([SaleLine], [String]) = ([], [])
        switch tariff.price(sold.delivery, quota: sold.quota) {
        case .priced(let quote): computed = quote.lines.map(SaleLine.init)
        case .refused(let refusals): refused = refusals.map(\.code)
        }
        return Repricing(
            reference: reference, index: stored.position.index, day: sold.delivery.day,
            tariff: sold.tariff, stored: sold.lines, computed: computed, refused: refused,
            flags: stored.entry.flags.map(\.rawValue),
            byOwnQuota: tariff.amounts(of: sold.delivery, quota: own)?.sum())
    }
}
