/// A volume in whole millilitres.
package struct Millilitres: Hashable, Comparable, Sendable {
    package let value: Int64
    package init(_ value: Int64) { self.value = value }
    package static let perLitre: Int64 = 1_000
    package static let perCubicMetre: Int64 = 1_000_000
    package static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

/// A weight in whole grams.
package struct Grams: Hashable, Comparable, Sendable {
    package let value: Int64
    package init(_ value: Int64) { self.value = value }
    package static let perKilogram: Int64 = 1_000
    package static let perTonne: Int64 = 1_000_000
    package static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

/// An area in whole square centimetres.
package struct SquareCentimetres: Hashable, Comparable, Sendable {
    package let value: Int64
    package init(_ value: Int64) { self.value = value }
    package static let perSquareMetre: Int64 = 10_000
    package static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

/// A price per unit in ten-thousandths of the currency unit, so in hundredths of a cent
/// (real sheets print prices such as 0.013 per pound).
package struct UnitPrice: Hashable, Comparable, Sendable {
    package let tenThousandths: Int64
    package init(tenThousandths: Int64) { self.tenThousandths = tenThousandths }
    package init(_ cents: Cents) { tenThousandths = cents.value * 100 }
    package static func < (left: Self, right: Self) -> Bool {
        left.tenThousandths < right.tenThousandths
    }

    /// The exact price in cents of `quantity` smallest units when the price is for
    /// `unitSize` smallest units.
    package func exactCents(quantity: Int64, per unitSize: Int64) -> Ratio {
        Ratio(Int128(tenThousandths) * Int128(quantity), over: Int128(unitSize) * 100)
    }
}

/// A rate of value added tax in hundredths of a percent: 1900 is 19 %.
package struct VATRate: Hashable, Comparable, Sendable {
    package let basisPoints: Int64
    package init(basisPoints: Int64) { self.basisPoints = basisPoints }
    package static let zero = VATRate(basisPoints: 0)
    package static func < (left: Self, right: Self) -> Bool { left.basisPoints < right.basisPoints }

    /// The tax contained in a gross amount, rounded half up once (UStG section 14; design 16).
    package func taxContained(in gross: Cents) -> Cents {
        let exact = Ratio(
            Int128(gross.value) * Int128(basisPoints), over: Int128(10_000 + basisPoints))
        return Cents(exact.rounded(.halfUp))
    }
}

/// A time in whole minutes.
package struct Minutes: Hashable, Comparable, Sendable {
    package let value: Int64
    package init(_ value: Int64) { self.value = value }
    package static let perHour: Int64 = 60
    package static let perDay: Int64 = 1_440
    package static let perWeek: Int64 = 10_080
    package static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

/// A weight in tenths of an avoirdupois pound.
package struct DeciPounds: Hashable, Comparable, Sendable {
    package let value: Int64
    package init(_ value: Int64) { self.value = value }
    package static let perPound: Int64 = 10
    /// A short ton is 2,000 pounds.
    package static let perShortTon: Int64 = 20_000
    package static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

/// A volume in hundredths of a cubic inch, which divide cubic yards and US gallons evenly.
package struct CentiCubicInches: Hashable, Comparable, Sendable {
    package let value: Int64
    package init(_ value: Int64) { self.value = value }
    /// 46,656 cubic inches.
    package static let perCubicYard: Int64 = 4_665_600
    /// 231 cubic inches.
    package static let perGallon: Int64 = 23_100
    package static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}
