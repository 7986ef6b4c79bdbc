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

/// How much of a free quantity or limit was used before a delivery: the memory that priced it.
package struct QuotaUse: Hashable, Sendable {
    /// The number of the position that grants the quota.
    package let position: String
    /// Whose quota: an opaque key of household, person, parcel or card.
    package let holder: String
    /// First day of the period.
    package let periodStart: BusinessDay
    /// Smallest units of the position's measure used before this delivery.
    package let used: Int64

    package init(position: String, holder: String, periodStart: BusinessDay, used: Int64) {
        self.position = position
        self.holder = holder
        self.periodStart = periodStart
        self.used = used
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

    package init(
        position: String, paragraph: String, fraction: FractionID, name: String,
        item: DeliveryItem, billed: Int64, legalForm: LegalForm, vat: VATTreatment, gross: Cents,
        explanation: Explanation
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
    }
}

/// The price of a delivery with its reasons.
package struct Quote: Hashable, Sendable {
    package let tariff: TariffReference
    package let delivery: Delivery
    /// One line for each item, same order; then lines of the delivery as a whole (minimum).
    package let lines: [QuoteLine]
    /// The quota state that priced it; empty where the tariff grants no quota.
    package let quota: [QuotaUse]
    /// The sum of the lines.
    package var total: Cents { lines.map(\.gross).sum() }

    package init(
        tariff: TariffReference, delivery: Delivery, lines: [QuoteLine], quota: [QuotaUse]
    ) {
        self.tariff = tariff
        self.delivery = delivery
        self.lines = lines
        self.quota = quota
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
