import Journal
import Sales
import Storage
package import Tariffs
import Units

extension Installation {
    /// What was used of quotas at a yard so far; what was taken back whole no longer counts.
    ///
    /// - Returns: a use for each key, same order, with nothing taken.
    package func quotas(_ keys: [QuotaKey], of yard: Yard) throws -> [QuotaUse] {
        try database.read { reading in
            try keys.map { key in
                QuotaUse(
                    key: key, used: try used(key, yard: yard.number, before: nil, reading),
                    taken: 0)
            }
        }
    }

    /// The quota state of the server for a sale: what the records before `position` used.
    func quotas(
        for sale: Sale, yard: Int64, before position: LogPosition?, _ reading: Reading
    ) throws -> [QuotaUse] {
        try sale.quota.map { use in
            QuotaUse(
                key: use.key,
                used: try used(use.key, yard: yard, before: position, reading), taken: use.taken)
        }
    }

    private func used(
        _ key: QuotaKey, yard: Int64, before position: LogPosition?, _ reading: Reading
    ) throws -> Int64 {
        var sum: Int64 = 0
        for row in try reading.quotaUses(of: key, yard: yard) {
            if let position, position <= row.position { break }
            guard try !isTakenBack(row.position, before: position, reading) else { continue }
            sum += row.taken
        }
        return sum
    }

    /// Whether nothing is left of a sale that cost something.
    private func isTakenBack(
        _ original: LogPosition, before position: LogPosition?, _ reading: Reading
    ) throws -> Bool {
        let later = try Consequences.read(of: original, before: position, reading)
        if case .notChargedVoid = later.resolution?.finding { return true }
        guard !later.reversals.isEmpty,
            case .terminal(let record) = try record(at: original, reading).fact,
            case .sale(let sale) = record.fact
        else { return false }
        return Reversal.remainder(of: sale, after: later.reversals).sum() == .zero
    }
}
