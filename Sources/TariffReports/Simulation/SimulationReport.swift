package import Tariffs
package import Units

/// What a draft would change, for people.
package struct SimulationReport: Hashable, Sendable {
    package let heading: ReportHeading
    package let counts: SaleCounts
    /// In the order of the draft, then positions that the draft does not have; private before
    /// commercial.
    package let rows: [Row]
    /// By how often, then by code.
    package let refusals: [Refused]
    /// The largest changes, at most 20 of each kind.
    package let dearer: [Case]
    package let cheaper: [Case]
    package let refusedNow: [Case]
    let currency: Currency

    /// Revenue of one position from one group.
    package struct Row: Hashable, Sendable {
        package let position: String
        /// What it is for; empty for a position that the draft does not have.
        package let fractions: String
        package let group: CustomerGroup
        package let effect: Effect
        /// Whether something else was charged under this number too: then what was recorded and
        /// what the draft gives do not stand for the same.
        package let isReused: Bool
    }

    /// How many sales the draft refuses for one reason.
    package struct Refused: Hashable, Sendable {
        package let code: RefusalCode
        package let count: Int
    }

    /// A sale under the draft.
    package struct Case: Hashable, Sendable {
        package let name: String
        /// The day that it was priced for.
        package let day: BusinessDay
        package let recorded: Cents
        /// Nil where the draft refuses.
        package let draft: Cents?
        /// What the draft says about each line, or why it refuses.
        package let sentences: [Explanation]
    }

    package init(_ simulation: Simulation) {
        let draft = simulation.draft
        heading = ReportHeading(of: draft)
        counts = simulation.counts
        rows = Self.rows(of: simulation)
        refusals = simulation.refusals.map { Refused(code: $0, count: $1) }.sorted {
            ($1.count, $0.code.rawValue) < ($0.count, $1.code.rawValue)
        }
        dearer = simulation.dearer.sales.map { Case($0, draft) }
        cheaper = simulation.cheaper.sales.map { Case($0, draft) }
        refusedNow = simulation.refusedNow.sales.map { Case($0, draft) }
        currency = draft.currency
    }

    private static func rows(of simulation: Simulation) -> [Row] {
        let draft = simulation.draft
        let words = PriceWords(draft)
        let places = Dictionary(draft.positions.enumerated().map { ($1.number, $0) }) {
            first, _ in first
        }
        func order(_ key: EffectKey) -> (Int, String, Int) {
            let isCommercial = key.group == .commercial
            return (places[key.position] ?? .max, key.position, isCommercial ? 1 : 0)
        }
        return simulation.effects.sorted { order($0.key) < order($1.key) }.map { key, effect in
            let position = places[key.position].map { draft.positions[$0] }
            return Row(
                position: key.position,
                fractions: position.map { words.names(of: $0.fractions) } ?? "", group: key.group,
                effect: effect, isReused: simulation.reused.contains(key.position))
        }
    }
}

extension SimulationReport.Case {
    fileprivate init(_ top: TopSale, _ draft: Tariff) {
        let sentences =
            switch draft.price(top.delivery, quota: top.quota) {
            case .priced(let quote): quote.lines.map(\.explanation)
            case .refused(let refusals): refusals.map(\.reason)
            }
        self.init(
            name: top.name, day: top.delivery.day, recorded: top.recorded, draft: top.draft,
            sentences: sentences)
    }
}
