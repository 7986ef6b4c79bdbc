import Tariffs
import Units

/// How an amount is taxed.
struct Taxation: Hashable, Sendable {
    let vat: GroupedFact<VATTreatment>
    /// Who may have to pay the amount.
    let groups: Set<CustomerGroup>
    /// Whether the tax comes on top; with any other basis than net it is contained.
    let basis: PriceBasis
}

extension PriceWords {
    /// The tax of a day in words; without a day every tax of the validity, with the day on which
    /// it begins. Nil where there is none to name.
    func tax(_ taxation: Taxation, on day: BusinessDay?) -> String? {
        let groups = CustomerGroup.allCases.filter { taxation.groups.contains($0) }
        let taxed = groups.filter { group in
            held(taxation.vat[group], on: day).contains { $0.value.rate > .zero }
        }
        let phrases = taxed.map { group in
            dated(held(taxation.vat[group], on: day)) { words(for: $0, on: taxation.basis) }
        }
        guard let first = phrases.first else { return nil }
        guard taxed.count < groups.count || phrases.contains(where: { $0 != first }) else {
            return first
        }
        return zip(taxed, phrases).map { "\($0.german) \($1)" }.joined(separator: ", ")
    }

    /// What holds on a day; without one, what holds on any day of the validity.
    private func held(
        _ fact: DatedFact<VATTreatment>, on day: BusinessDay?
    ) -> [DatedFact<VATTreatment>.Entry] {
        let (first, last) = (day ?? tariff.validity.from, day ?? tariff.validity.to)
        let start = fact.entries.lastIndex { $0.from <= first } ?? 0
        let later = fact.entries[start...].dropFirst().filter { entry in
            last.map { entry.from <= $0 } ?? true
        }
        return [fact.entries[start]] + later
    }
}
