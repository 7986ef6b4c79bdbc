import DayClosing
import People
import Reconciliation
import Storage

// Handling payments and booking them is not for one person (KomHVO NRW section 31 paragraph 3):
// docs/guide/finance.md says who may do what.
extension Installation {
    /// Refuses who counted or approved one of these closes.
    ///
    /// - Throws: ``OperationsError/forbidden(_:)``, ``OperationsError/closeUnknown(_:)``.
    func requireOther(
        than closes: some Sequence<Int64>, at yard: Yard, _ person: Person, _ act: Act,
        _ reading: Reading
    ) throws {
        for number in Set(closes).sorted() {
            let close = try close(try row(ofClose: number, yard, reading), of: yard, reading)
            try person.allowed(act, otherThan: close.countedBy)
            try person.allowed(act, otherThan: close.approvedBy)
        }
    }

    /// Refuses a decision about batch cuts of a close that the same person counted or approved.
    func requireOther(thanClosersOf items: [MatchItem], _ person: Person) throws {
        let parts = items.compactMap { item in
            if case .cut(let part) = item { part } else { nil }
        }
        let byYard = Dictionary(grouping: parts) { $0.yard }
        try database.read { reading in
            for yard in yards {
                let closes = byYard[yard.id]?.map(\.number) ?? []
                try requireOther(than: closes, at: yard, person, .settle, reading)
            }
        }
    }
}
