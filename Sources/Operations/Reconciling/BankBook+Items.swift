import Journal
package import Reconciliation
import Units

extension BankBook {
    /// The open or matched item with this code, which stands in no settlement.
    ///
    /// - Throws: ``OperationsError`` (`itemUnknown`, `settledBefore`).
    func item(_ code: String) throws(OperationsError) -> MatchItem {
        if let settlement = settlements.first(where: { settlement in
            (settlement.record.expected + settlement.record.received)
                .contains { $0.code.utf8.elementsEqual(code.utf8) }
        }) {
            throw .settledBefore(code, by: settlement.id)
        }
        let all = board.open.map(\.item) + board.matches.flatMap { $0.expected + $0.received }
        guard let item = all.first(where: { $0.code.utf8.elementsEqual(code.utf8) }) else {
            throw .itemUnknown(code)
        }
        return item
    }
}

extension MatchItem {
    /// What people call the item.
    package var code: String { SettledItem(self).code }
}
