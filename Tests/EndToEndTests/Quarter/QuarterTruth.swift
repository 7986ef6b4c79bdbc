import Units

/// What the simulation knows because it made it so: what the program has to find and to book.
struct QuarterTruth {
    /// How often each exception was planted.
    private(set) var planted: [QuarterException: Int] = [:]
    /// How the program has to name what is out of the ordinary, as ``QuarterBoard`` writes it.
    private(set) var signs: [String] = []
    /// What the clearing of each scheme has to consist of in the end.
    private(set) var clearing: [QuarterClearing] = []
    /// Debit balances that finance's decisions leave, in cents.
    var fees: Int64 = 0
    var chargebacks: Int64 = 0
    var unresolved: Int64 = 0
    /// Lines on the bank account that are not the yards'.
    var notOurs: Int64 = 0

    mutating func plant(_ exception: QuarterException, _ signs: String...) {
        planted[exception, default: 0] += 1
        self.signs += signs
    }

    /// One more sign of what is planted already.
    mutating func expect(_ sign: String) { signs.append(sign) }

    mutating func leave(
        _ cause: String, _ day: BusinessDay, _ cents: Int64, scheme: String = "girocard"
    ) {
        guard cents != 0 else { return }
        clearing.append(QuarterClearing(scheme: scheme, cause: cause, day: day.iso, cents: cents))
    }
}

/// One cause of a clearing balance.
struct QuarterClearing: Hashable, Comparable, CustomStringConvertible {
    let scheme: String
    let cause: String
    let day: String
    let cents: Int64

    var description: String { "\(scheme) \(cause) \(day) \(cents)" }

    static func < (left: Self, right: Self) -> Bool { left.description < right.description }
}
