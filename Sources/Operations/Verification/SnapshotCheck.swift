import DayClosing
import Journal
import Sales
import Storage
import Units

extension CloseCheck {
    /// Audit snapshots are numbered without gaps and say the totals of their records. Comes after
    /// ``closes(workers:)``: those are numbered without gaps too.
    ///
    /// The account plan is that of the next close, or the one in use then is not known: postings
    /// are left out of the comparison. Before a yard's first close no plan is kept, and a snapshot
    /// is compared as soon as there is one.
    func snapshots() throws {
        guard !book.snapshots.isEmpty else { return }
        let database = try ReadOnlyDatabase(path: path)
        for (place, index) in book.snapshots.enumerated() {
            try database.read { try checkSnapshot(Int64(place) + 1, at: index, $0) }
        }
        try database.close()
    }

    private func checkSnapshot(_ number: Int64, at index: Int64, _ reading: Reading) throws {
        let snapshot = try snapshot(at: index, reading)
        let before = Int64(book.closes.prefix { $0 < index }.count)
        let previous = try close(before, reading)
        guard snapshot.number == number, snapshot.to == index, snapshot.afterClose == before,
            snapshot.from == previous?.to ?? 0, snapshot.from <= snapshot.to,
            snapshot.grandTotalBefore == previous?.grandTotalAfter ?? .zero
        else {
            throw LogMisfit(
                index, "audit snapshot \(snapshot.number) does not continue what was before",
                "a snapshot is missing, was added or altered")
        }
        guard let next = try close(before + 1, reading) ?? previous else { return }
        let held = HeldSpan(snapshot.from..<snapshot.to, on: snapshot.day, after: previous)
        let plan = try plan(next.accountPlanDigest, at: index, reading)
        var tellings = try tellings(of: held, plan: plan, reading)
        for place in tellings.indices { tellings[place].accounts = snapshot.totals.accounts }
        guard tellings.contains(where: { $0.agrees(with: snapshot.totals) }) else {
            throw LogMisfit(
                index, "audit snapshot \(snapshot.number) says other totals than its records",
                "it was made by another program or the records differ")
        }
    }

    private func snapshot(at index: Int64, _ reading: Reading) throws -> AuditSnapshot {
        guard case .server(let record) = try fact(at: index, reading),
            case .snapshot(let body) = record.fact
        else { throw DamagedRow(table: "entry", position: index) }
        let position = LogPosition(yard: book.yard.number, index: index)
        do {
            return try CloseBody.snapshot(body, of: book.yard.id, at: position, reading)
        } catch {
            throw LogMisfit(
                index, "the audit snapshot cannot be read (\(error))",
                "its stored detail is missing, or it was altered")
        }
    }

    /// The close with a number; nil if there is none.
    private func close(_ number: Int64, _ reading: Reading) throws -> DayClose? {
        guard number >= 1, number <= book.closes.count else { return nil }
        return try close(at: book.closes[Int(number) - 1], reading)
    }
}
