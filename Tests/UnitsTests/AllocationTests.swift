import Testing
import Units

struct AllocationTests {
    @Test(
        arguments: [
            (100, [1, 1, 1], [34, 33, 33]), (100, [0, 0], [100, 0]),
            (-100, [1, 1, 1], [-34, -33, -33]),
            (1, [1, 9], [0, 1]), (5, [1], [5]), (0, [3, 4], [0, 0]), (10, [0, 5, 0], [0, 10, 0]),
            (7, [], []), (2, [1, 1, 1], [1, 1, 0]),
        ] as [(Int64, [Int64], [Int64])])
    func `an amount is split by weights`(total: Int64, weights: [Int64], shares: [Int64]) {
        #expect(Allocation.split(Cents(total), by: weights) == shares.map { Cents($0) })
    }

    @Test(arguments: [1, 42, 20_261_122] as [UInt64])
    func `every split keeps the sum and is fair to the cent`(seed: UInt64) {
        var random = SplitMix(state: seed)
        for round in 0..<2_000 {
            let total = Int64.random(in: -1_000_000...1_000_000, using: &random)
            let weights = (0..<Int.random(in: 1...12, using: &random)).map { _ in
                Int64.random(in: 0...5_000, using: &random)
            }

            let shares = Allocation.split(Cents(total), by: weights)

            let place: Comment = "seed \(seed), round \(round): \(total) by \(weights)"
            #expect(shares.count == weights.count, place)
            #expect(shares.sum() == Cents(total), place)
            let sum = weights.reduce(0, +)
            guard sum > 0 else { continue }
            for (share, weight) in zip(shares, weights) {
                let exact = Int128(abs(total)) * Int128(weight)
                let distance = Int128(share.magnitude.value) * Int128(sum) - exact
                #expect(-Int128(sum) < distance && distance < Int128(sum), place)
                #expect(weight > 0 || share == .zero, place)
            }
        }
    }
}

/// Numbers that look random and are the same for the same seed (splitmix64).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
