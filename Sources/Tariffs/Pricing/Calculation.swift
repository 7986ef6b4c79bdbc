import Units

/// The figures of a delivery, before anybody puts them into sentences.
struct Calculation {
    let lines: [CalculatedLine]
    /// What surcharges and the delivery minimum add.
    let extras: [CalculatedExtra]
    /// The quotas that were looked at, with what this delivery takes.
    let quota: [QuotaUse]
    let deposit: Cents
}

/// The figures of a line.
struct CalculatedLine {
    /// Index of the item in the delivery and of the position in the tariff.
    let item: Int
    let position: Int
    /// The fraction whose position prices it: of a mixed load, the dearest.
    let fraction: FractionID
    /// The amount that is priced: the item's, or the weight in its place while the scale is broken.
    let amount: Amount
    let allowance: Allowance
    /// Charged of the same fraction earlier in the delivery, where it counts together; else zero.
    let earlier: Int64
    /// What the method makes of everything charged, earlier items included.
    let charge: Charge
    /// The exact price of that on the printed basis after factors and discounts.
    let adjusted: Ratio
    /// The line minimum or maximum where it decided.
    let bound: Bound?
    /// The price of what is charged, earlier items included, after minimum, tax and rounding.
    let cumulated: Cents
    /// What the earlier items cost of it.
    let alreadyCharged: Cents
    /// The exact price of this line alone, after minimum and tax, as far as it is charged.
    var exact: Ratio
    /// What the line costs in the end.
    var gross: Cents
    /// Why that is less than ``cumulated`` minus ``alreadyCharged``. A line is never below zero:
    /// where that is negative, lines before are lower.
    var reduction: Reduction?

    /// What of the amount is free.
    struct Allowance: Hashable {
        /// Smallest units that cost nothing.
        let free: Int64
        /// Of the free quantity: used before this item, and left behind it; nil without one.
        let used: Int64?
        let left: Int64?
        /// Whether the whole item lies below the exemption limit.
        let isExempt: Bool

        static let none = Allowance(free: 0, used: nil, left: nil, isExempt: false)
    }

    enum Bound: Hashable {
        case minimum(Cents)
        case maximum(Cents)
    }

    enum Reduction: Hashable {
        /// A price that begins at the line of this index was dearer, and only one is charged.
        case oncePerVisit(line: Int)
        /// A line behind brings the whole amount to a lower price.
        case lowerTier
        /// The delivery has reached its maximum.
        case deliveryMaximum
        /// The line shows the growth of a sum that is rounded as a whole.
        case roundedTotal
    }
}

extension CalculatedLine {
    /// Whether both lines show parts of one price.
    func sharesPrice(with other: CalculatedLine) -> Bool {
        position == other.position && fraction == other.fraction
    }
}

/// A line of the delivery as a whole.
struct CalculatedExtra {
    enum Kind {
        /// Index of the surcharge, and what it is reckoned on.
        case surcharge(Int, on: Cents)
        case minimum(of: Cents)
    }

    let kind: Kind
    /// Its exact amount, with tax.
    let exact: Ratio
    /// Its own amount, before the total is rounded and cut.
    let uncut: Cents
    var gross: Cents
    /// Why that is not ``uncut``.
    var reduction: CalculatedLine.Reduction?

    init(kind: Kind, exact: Ratio, gross: Cents) {
        self.kind = kind
        self.exact = exact
        uncut = gross
        self.gross = gross
        reduction = nil
    }

    /// What stands in place of a position's number.
    var position: String {
        switch kind {
        case .surcharge: "Zuschlag"
        case .minimum: "Mindestbetrag"
        }
    }
}

/// A refusal in figures.
struct CalculatedRefusal: Error {
    let code: RefusalCode
    /// Index of the item; nil for the delivery as a whole.
    let item: Int?
    /// The fraction that is refused, where a load is mixed.
    let fraction: FractionID?
    /// Index of the position that refuses, if one does.
    let position: Int?
    /// Index of the acceptance rule that refuses, if one does.
    let rule: Int?
    /// The most that is accepted, for ``RefusalCode/tooMuch``.
    let limit: Limit?
    /// What is missing, for ``RefusalCode/requirementMissing``.
    let missing: Set<FeatureID>
    /// Whose key is missing, for ``RefusalCode/holderMissing``.
    let holder: Holder?

    init(
        _ code: RefusalCode, item: Int? = nil, fraction: FractionID? = nil, position: Int? = nil,
        rule: Int? = nil, limit: Limit? = nil, missing: Set<FeatureID> = [], holder: Holder? = nil
    ) {
        self.code = code
        self.item = item
        self.fraction = fraction
        self.position = position
        self.rule = rule
        self.limit = limit
        self.missing = missing
        self.holder = holder
    }
}

enum CalculationResult {
    case calculated(Calculation)
    case refused([CalculatedRefusal])
}

extension Tariff {
    /// Prices a delivery in the fixed order of docs/formats/tariff.md.
    ///
    /// - Parameter quota: what was used before; a quota that is not named was not used.
    func calculate(_ delivery: Delivery, quota: [QuotaUse]) -> CalculationResult {
        guard validity.contains(delivery.day) else {
            return .refused([CalculatedRefusal(.outsideValidity)])
        }
        guard !delivery.items.isEmpty else { return .refused([CalculatedRefusal(.emptyDelivery)]) }
        guard delivery.items.count <= Self.itemCountMax else {
            return .refused([CalculatedRefusal(.invalidAmount)])
        }
        var calculator = Calculator(tariff: self, delivery: delivery, used: quota)
        return calculator.run()
    }
}
