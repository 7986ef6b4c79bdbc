/// An amount of money in whole cents of the currency of its context (the Euro everywhere so far).
///
/// Arithmetic is checked: an overflow ends the process, so it must be out of reach. Amounts from
/// outside pass ``init(entry:)``, which bounds one entry to ``entryLimit``; nine billion billion
/// cents is then far more than any sum of entries can be.
package struct Cents: Hashable, Sendable {
    /// Whole cents; negative for money going out.
    package let value: Int64

    package init(_ value: Int64) {
        self.value = value
    }

    package static let zero = Cents(0)

    /// The largest amount of a single entry: 10,000.00 (design decision 16, trust.md 6).
    package static let entryLimit: Int64 = 1_000_000

    /// An amount read from outside; nil beyond plus or minus ``entryLimit``.
    package init?(entry value: Int64) {
        guard (-Self.entryLimit...Self.entryLimit).contains(value) else { return nil }
        self.value = value
    }

    package var magnitude: Cents { Cents(value < 0 ? -value : value) }
    package var isNegative: Bool { value < 0 }
}

extension Cents: Comparable {
    package static func < (left: Cents, right: Cents) -> Bool { left.value < right.value }
}

extension Cents: AdditiveArithmetic {
    package static func + (left: Cents, right: Cents) -> Cents { Cents(left.value + right.value) }
    package static func - (left: Cents, right: Cents) -> Cents { Cents(left.value - right.value) }
    package static prefix func - (cents: Cents) -> Cents { Cents(-cents.value) }
}

extension [Cents] {
    /// The sum; zero for an empty array. Stands beside the one of every sequence because calls of
    /// that one from other modules are several times slower.
    package func sum() -> Cents { reduce(.zero, +) }
}

extension Sequence<Cents> {
    /// The sum; zero for an empty sequence.
    package func sum() -> Cents { reduce(.zero, +) }
}
