import Tariffs

/// Finds each position of a new tariff in the old one.
///
/// By number where both still speak of a common fraction; else by a common fraction under the same
/// conditions, measured alike, so that renumbering does not look like a new price list.
struct PositionPairs {
    private let old: [Position]
    private let new: [Position]

    init(_ old: [Position], _ new: [Position]) {
        self.old = old
        self.new = new
    }

    /// In the new order, then what the old tariff alone has.
    var pairs: [Pair] {
        var partners: [Int: Int] = [:]
        var left = Set(old.indices)
        match(&partners, &left) { $0.number == $1.number && $0.sharesFraction(with: $1) }
        match(&partners, &left) {
            $0.sharesFraction(with: $1) && $0.condition == $1.condition
                && $0.method.measureKinds == $1.method.measureKinds
        }
        match(&partners, &left) {
            $0.sharesFraction(with: $1) && $0.condition == $1.condition
        }
        return new.indices.map { Pair(old: partners[$0], new: $0) }
            + left.sorted().map { Pair(old: $0, new: nil) }
    }

    private func match(
        _ partners: inout [Int: Int], _ left: inout Set<Int>,
        where isSame: (Position, Position) -> Bool
    ) {
        for place in new.indices where partners[place] == nil {
            guard let partner = left.sorted().first(where: { isSame(old[$0], new[place]) })
            else { continue }
            partners[place] = partner
            left.remove(partner)
        }
    }
}

extension Position {
    fileprivate func sharesFraction(with other: Position) -> Bool {
        !Set(fractions).isDisjoint(with: other.fractions)
    }
}
