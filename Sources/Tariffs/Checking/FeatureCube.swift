/// The deliveries that have some features and lack some others; the rest is free.
///
/// Invariant: no feature is both demanded and excluded, so a cube is never empty.
struct FeatureCube: Hashable, Sendable {
    /// Bits of the features that must be ticked.
    let with: UInt64
    /// Bits of the features that must not be ticked.
    let without: UInt64

    /// Every combination of features.
    static let all = FeatureCube(uncheckedWith: 0, without: 0)

    /// Nil where nothing is left.
    init?(with: UInt64, without: UInt64) {
        guard with & without == 0 else { return nil }
        self.init(uncheckedWith: with, without: without)
    }

    private init(uncheckedWith with: UInt64, without: UInt64) {
        self.with = with
        self.without = without
    }

    /// How many features it says something about.
    var width: Int { with.nonzeroBitCount + without.nonzeroBitCount }

    func intersection(_ other: FeatureCube) -> FeatureCube? {
        FeatureCube(with: with | other.with, without: without | other.without)
    }

    /// What is left when the other is taken out: cubes that do not touch each other.
    func subtracting(_ other: FeatureCube) -> [FeatureCube] {
        guard intersection(other) != nil else { return [self] }
        var pieces: [FeatureCube] = []
        var (with, without) = (with, without)
        for bit in (other.with & ~with).bits {
            pieces.append(FeatureCube(uncheckedWith: with, without: without | bit))
            with |= bit
        }
        for bit in (other.without & ~without).bits {
            pieces.append(FeatureCube(uncheckedWith: with | bit, without: without))
            without |= bit
        }
        return pieces
    }
}

/// A set of feature combinations as cubes that do not touch each other.
///
/// Taking cubes out may split it into exponentially many in contrived files; beyond
/// ``piecesMax`` the set gives up and says so.
struct FeatureRegion {
    static let piecesMax = 4_096

    private(set) var cubes: [FeatureCube]
    /// Whether it was split too often to go on; the cubes then mean nothing.
    private(set) var isUndecided = false

    init(_ cube: FeatureCube?) {
        cubes = cube.map { [$0] } ?? []
    }

    var isEmpty: Bool { cubes.isEmpty }

    mutating func subtract(_ other: FeatureCube) {
        guard !isEmpty, !isUndecided else { return }
        cubes = cubes.flatMap { $0.subtracting(other) }
        isUndecided = cubes.count > Self.piecesMax
    }

    /// Takes the widest cubes out first, which leaves the fewest pieces.
    mutating func subtract(_ others: [FeatureCube]) {
        for other in others.sorted(by: { $0.width < $1.width }) { subtract(other) }
    }

    /// The member with the fewest features; nil if there is none.
    var plainest: FeatureCube? {
        cubes.min { $0.with.nonzeroBitCount < $1.with.nonzeroBitCount }
    }
}

/// The features that the conditions of one fraction name, each with a bit.
struct FeatureSpace {
    /// At most 64.
    let features: [FeatureID]
    private var bits: [FeatureID: UInt64] = [:]

    /// Nil for more than 64 features.
    init?(_ conditions: [Condition]) {
        let named = conditions.reduce(into: Set<FeatureID>()) {
            $0.formUnion($1.with.union($1.without))
        }
        guard named.count <= UInt64.bitWidth else { return nil }
        features = named.sorted()
        for (place, feature) in features.enumerated() { bits[feature] = 1 << UInt64(place) }
    }

    /// Nil for a condition that demands and excludes the same feature.
    func cube(of condition: Condition) -> FeatureCube? {
        FeatureCube(with: mask(condition.with), without: mask(condition.without))
    }

    /// The features of the plainest member of a cube.
    func features(in cube: FeatureCube) -> Set<FeatureID> {
        Set(features.filter { cube.with & (bits[$0] ?? 0) != 0 })
    }

    private func mask(_ features: Set<FeatureID>) -> UInt64 {
        features.reduce(0) { $0 | (bits[$1] ?? 0) }
    }
}

extension UInt64 {
    /// The single bits that are set, lowest first.
    fileprivate var bits: [UInt64] {
        var (rest, bits) = (self, [UInt64]())
        while rest != 0 {
            bits.append(rest & (~rest &+ 1))
            rest &= rest &- 1
        }
        return bits
    }
}
