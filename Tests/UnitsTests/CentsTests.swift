import Testing
import Units

struct CentsTests {
    @Test func `cents add, subtract and compare`() {
        #expect(Cents(150) + Cents(-50) == Cents(100))
        #expect(Cents(1) - Cents(2) == Cents(-1))
        #expect(-Cents(5) == Cents(-5))
        #expect(Cents(-1) < .zero)
        #expect(Cents(-7).magnitude == Cents(7))
        #expect(Cents(-7).isNegative && !Cents.zero.isNegative)
        #expect([Cents(1), Cents(2), Cents(-4)].sum() == Cents(-1))
        #expect([Cents]().sum() == .zero)
    }

    @Test(
        arguments: [
            (1_000_000, true), (1_000_001, false), (-1_000_000, true), (-1_000_001, false),
            (0, true),
            (.max, false), (.min, false),
        ] as [(Int64, Bool)])
    func `an entry from outside is bounded`(value: Int64, isTaken: Bool) {
        #expect((Cents(entry: value) != nil) == isTaken)
    }

    @Test(
        arguments: [
            (4_900, 1_900, 782), (100, 1_900, 16), (119, 1_900, 19), (0, 1_900, 0), (107, 700, 7),
            (1, 1_900, 0), (-119, 1_900, -19), (500, 0, 0),
        ] as [(Int64, Int64, Int64)])
    func `the tax contained in a gross amount`(gross: Int64, rate: Int64, tax: Int64) {
        #expect(VATRate(basisPoints: rate).taxContained(in: Cents(gross)) == Cents(tax))
    }

    @Test func `a unit price is exact before it is rounded`() {
        let price = UnitPrice(tenThousandths: 490_000)
        let exact = price.exactCents(
            quantity: 1_250_000, per: Millilitres.perCubicMetre)
        #expect(exact.rounded(.halfUp) == 6_125)
        #expect(UnitPrice(Cents(4_900)) == price)
    }
}

struct RoundingTests {
    @Test(
        arguments: [
            (0, 2, 0, 0, 0), (1, 2, 1, 0, 1), (-1, 2, -1, 0, -1), (3, 2, 2, 1, 2),
            (-3, 2, -2, -1, -2),
            (49, 100, 0, 0, 1), (50, 100, 1, 0, 1), (51, 100, 1, 0, 1), (-49, 100, 0, 0, -1),
            (-51, 100, -1, 0, -1), (1, 1_000_000, 0, 0, 1), (200, 100, 2, 2, 2),
            (-200, 100, -2, -2, -2),
        ] as [(Int128, Int128, Int64, Int64, Int64)])
    func `a fraction becomes a whole number by its rule`(
        numerator: Int128, denominator: Int128, halfUp: Int64, down: Int64, up: Int64
    ) {
        let ratio = Ratio(numerator, over: denominator)
        #expect(ratio.rounded(.halfUp) == halfUp)
        #expect(ratio.rounded(.down) == down)
        #expect(ratio.rounded(.up) == up)
    }

    @Test func `factors multiply without rounding`() {
        let product = Ratio(1, over: 3) * Ratio(3, over: 2)
        #expect(product.rounded(.halfUp) == 1)
        #expect(product.rounded(.down) == 0)
        #expect(Rounding(rawValue: "half-up") == .halfUp)
    }

    @Test func `a half is found where twice the rest would not fit`() {
        #expect(Ratio(Int128.max - 1, over: Int128.max).rounded(.halfUp) == 1)
        #expect(Ratio(Int128.max / 2, over: Int128.max).rounded(.halfUp) == 0)
    }

    static let numeratorMax = Int128(1_000_000_000_000_000_000) * 1_000_000_000_000_000_000
    static let denominatorMax = Int128(1_000_000_000_000) * 1_000_000_000_000

    @Test(
        arguments: [
            (0, 1, true), (1_000_000_000_000_000_000, 1, true),
            (1_000_000_000_000_000_001, 1, false), (-1_000_000_000_000_000_001, 1, false),
            (1, denominatorMax, true), (1, denominatorMax + 1, false),
            (numeratorMax, denominatorMax, true), (-numeratorMax, denominatorMax, true),
            (numeratorMax + 1, denominatorMax, false), (numeratorMax, 1, false),
            (.min, 1, false), (.max, .max, false),
        ] as [(Int128, Int128, Bool)])
    func `an exact price lies within its bounds`(
        numerator: Int128, denominator: Int128, isInReach: Bool
    ) {
        #expect(Ratio(numerator, over: denominator).isInReach == isInReach)
    }

    @Test func `numbers beyond 64 bits are held on the way`() {
        let wide = Ratio(Int128(Int64.max) * 1_000, over: 1_000)
        #expect(wide.rounded(.halfUp) == .max)
    }
}
