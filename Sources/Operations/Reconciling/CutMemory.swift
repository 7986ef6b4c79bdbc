import Reconciliation
import Synchronization

/// The card cuts of closes read so far, close by close. Closes are final, so nothing in it grows
/// old; it can be thrown away at any time.
final class CutMemory: Sendable {
    private let known = Mutex<[Int64: [[CardCut]]]>([:])

    /// Of the first closes of a yard.
    func cuts(of yard: Int64) -> [[CardCut]] { known.withLock { $0[yard] ?? [] } }

    /// Adds those of the closes that follow the first `count`, unless somebody else was faster.
    func append(_ cuts: [[CardCut]], to yard: Int64, after count: Int) {
        known.withLock { known in
            guard known[yard]?.count ?? 0 == count else { return }
            known[yard, default: []] += cuts
        }
    }
}
