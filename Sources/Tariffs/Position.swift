package import Text
package import Units

/// A priced position of a tariff (Gebührentarifstelle), numbered as the sheet numbers it.
package struct Position: Hashable, Sendable {
    package let number: String
    /// Where the price stands: paragraph and sentence, or "Preisliste, Zeile 3".
    package let paragraph: String
    /// Not empty.
    package let fractions: [FractionID]
    /// Not empty.
    package let groups: Set<CustomerGroup>
    /// Empty: the whole validity of the tariff; else any of these windows.
    package let windows: [DateWindow]
    /// Numbers of the general positions that this one is an exception to.
    package let exceptionTo: [String]
    package let legalForm: DatedFact<LegalForm>
    package let vat: DatedFact<VATTreatment>
    package let method: PricingMethod
    package let modifiers: [Modifier]
    /// Why more is not taken, and where to go; nil if the file gives no reason.
    package let reason: Explanation?
    /// What the sheet leaves open and this file decided; nil if nothing.
    package let assumption: String?
    /// Where it stands in the file.
    package let place: SourcePosition

    package var lineMinimum: Cents {
        for case .lineMinimum(let minimum) in modifiers { return minimum }
        return .zero
    }

    package var limit: Limit? {
        for case .limit(let limit) in modifiers { return limit }
        return nil
    }

    /// Whether the position speaks about deliveries of this kind at all; exceptions come later.
    func applies(to group: CustomerGroup, on day: BusinessDay, in measure: Measure) -> Bool {
        groups.contains(group) && method.prices(measure)
            && (windows.isEmpty || windows.contains { $0.contains(day) })
    }
}

/// The least that a delivery costs which costs anything (Mindestbetrag).
package struct DeliveryMinimum: Hashable, Sendable {
    package let amount: Cents
    package let paragraph: String
    package let legalForm: DatedFact<LegalForm>
    package let vat: DatedFact<VATTreatment>
}

/// Whether the printed prices contain value added tax (Preisbasis).
package enum PriceBasis: String, Hashable, Sendable, CaseIterable {
    case gross = "brutto"
    case net = "netto"
    case withoutTax = "ohne Umsatzsteuer"
}
