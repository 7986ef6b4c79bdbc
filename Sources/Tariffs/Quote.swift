package import Units

/// Whether a position is a fee under public law or a charge under private law. Independent of
/// the VAT treatment; both are dated facts of a position (design decision 9).
package enum LegalForm: String, Hashable, Sendable, CaseIterable {
    /// Gebühr under a statute.
    case fee
    /// Entgelt under private law.
    case charge
}

/// The VAT treatment of a line (UStG; UStG section 2b for public bodies).
package enum VATTreatment: Hashable, Sendable {
    /// Not taxable: public-law fee outside VAT. No tax is shown.
    case outsideScope
    /// Exempt under UStG section 4.
    case exempt
    /// Taxable; the line's amount contains the tax.
    case taxable(VATRate)

    package var rate: VATRate {
        if case .taxable(let rate) = self { rate } else { .zero }
    }
}

/// The tariff file that priced a quote.
package struct TariffReference: Hashable, Sendable {
    /// The id inside the file (`tarif:`).
    package let id: String
    package let title: String
    /// SHA-256 of the file's bytes, 64 lowercase hex digits.
    package let digest: String

    package init(id: String, title: String, digest: String) {
        self.id = id
        self.title = title
        self.digest = digest
    }
}

/// One sentence in each language that says why a line costs what it costs, for a citizen.
package struct Explanation: Hashable, Sendable {
    package let german: String
    package let english: String

    package init(german: String, english: String) {
        self.german = german
        self.english = english
    }
}

/// Which quota: of what, whose, since when.
package struct QuotaKey: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// What is free (Freimenge).
        case free
        /// What is accepted (Höchstmenge).
        case limit
    }

    /// The number of the position or acceptance rule that grants it.
    package let rule: String
    package let kind: Kind
    package let holder: Holder
    package let key: HolderKey
    /// First day of the period.
    package let periodStart: BusinessDay

    package init(
        rule: String, kind: Kind, holder: Holder, key: HolderKey, periodStart: BusinessDay
    ) {
        self.rule = rule
        self.kind = kind
        self.holder = holder
        self.key = key
        self.periodStart = periodStart
    }
}

/// How much of a quota was used before a delivery, and how much the delivery takes: the memory
/// that priced it.
package struct QuotaUse: Hashable, Sendable {
    package let key: QuotaKey
    /// Smallest units of the rule's measure (or deliveries) used before.
    package let used: Int64
    /// What this delivery takes; given back when it is taken back.
    package let taken: Int64

    package init(key: QuotaKey, used: Int64, taken: Int64) {
        self.key = key
        self.used = used
        self.taken = taken
    }
}

/// The figures of a line, for everybody who wants to calculate it again.
package struct LineFigures: Hashable, Sendable {
    /// Smallest units that were free of charge.
    package let free: Int64
    /// Smallest units left of the free quantity after this line; nil without one.
    package let freeLeft: Int64?
    /// Smallest units that are charged, before the step.
    package let charged: Int64
    /// The exact price in cents on the printed basis, before minimum, tax and rounding:
    /// numerator and denominator in lowest terms.
    package let exact: Ratio
    /// The line minimum or maximum, where it decided.
    package let bound: Cents?

    package init(free: Int64, freeLeft: Int64?, charged: Int64, exact: Ratio, bound: Cents?) {
        self.free = free
        self.freeLeft = freeLeft
        self.charged = charged
        self.exact = exact
        self.bound = bound
    }
}

/// A priced line.
package struct QuoteLine: Hashable, Sendable {
    /// Number of the position as the statute prints it, such as `4.2`.
    package let position: String
    /// Where the price stands: paragraph and sentence, or "Preisliste, Zeile 3".
    package let paragraph: String
    package let fraction: FractionID
    /// The citizen's name of the fraction.
    package let name: String
    package let item: DeliveryItem
    /// The amount as billed after free quantity and step, in the smallest unit of the measure.
    package let billed: Int64
    package let legalForm: LegalForm
    package let vat: VATTreatment
    /// The gross price of the line; zero for a free line.
    package let gross: Cents
    package let explanation: Explanation
    /// Nil for a line of the delivery as a whole.
    package let figures: LineFigures?

    package init(
        position: String, paragraph: String, fraction: FractionID, name: String,
        item: DeliveryItem, billed: Int64, legalForm: LegalForm, vat: VATTreatment, gross: Cents,
        explanation: Explanation, figures: LineFigures? = nil
    ) {
        self.position = position
        self.paragraph = paragraph
        self.fraction = fraction
        self.name = name
        self.item = item
        self.billed = billed
        self.legalForm = legalForm
        self.vat = vat
        self.gross = gross
        self.explanation = explanation
        self.figures = figures
    }
}

/// The price of a delivery with its reasons.
package struct Quote: Hashable, Sendable {
    package let tariff: TariffReference
    package let delivery: Delivery
    /// One line for each item, same order; then lines of the delivery as a whole (surcharges,
    /// minimum).
    package let lines: [QuoteLine]
    /// The quota state that priced it; empty where the tariff grants no quota.
    package let quota: [QuotaUse]
    /// To be reserved on the card at entry; never charged by itself.
    package let deposit: Cents
    /// The sum of the lines.
    package var total: Cents { lines.map(\.gross).sum() }

    package init(
        tariff: TariffReference, delivery: Delivery, lines: [QuoteLine], quota: [QuotaUse],
        deposit: Cents = .zero
    ) {
        self.tariff = tariff
        self.delivery = delivery
        self.lines = lines
        self.quota = quota
        self.deposit = deposit
    }
}

/// Why a delivery is not accepted; a proper result with its own tests.
package struct Refusal: Hashable, Sendable {
    /// Stable code, such as `no-position`, `not-accepted`, `too-much`, `no-price-published`.
    package let code: String
    /// The item that is refused, counted from 0; nil for the delivery as a whole.
    package let item: Int?
    /// What, why, and where to go instead.
    package let reason: Explanation

    package init(code: String, item: Int?, reason: Explanation) {
        self.code = code
        self.item = item
        self.reason = reason
    }
}

/// The outcome of pricing.
package enum PricingDecision: Hashable, Sendable {
    case priced(Quote)
    /// Not empty; one for each refused item.
    case refused([Refusal])
}
