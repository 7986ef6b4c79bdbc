package import DayClosing
import Receipts
import Sales
package import Units

extension CloseSheet {
    /// The totals of an open range: a look between, or a snapshot for an audit.
    ///
    /// - Parameters:
    ///   - before: the running grand total at the last close.
    ///   - facts: what stands above the totals.
    package init(
        interim title: String, of totals: CloseTotals, before: Cents, at: Timestamp,
        subtitle: String, facts: [Fact]
    ) {
        let parts = TotalsParts(totals)
        let cards = totals.cards.sorted { $0.key < $1.key }.map { key, tally in
            [
                key.cardTerminal, key.scheme.label, Self.grouped(tally.count),
                Self.amount(tally.amount),
            ]
        }
        let grand = [
            Fact("Gesamtumsatz beim letzten Abschluss", Self.euros(before)),
            Fact("Umsatz seither", Self.euros(totals.turnover)),
            Fact("Gesamtumsatz", Self.euros(before + totals.turnover)),
        ]
        self.init(
            title: title, subtitle: subtitle,
            parts: [.facts(facts), .facts(grand)] + parts.parts + [
                .table(
                    Table(
                        caption: "Kartengeräte laut Hofbuch (Euro)",
                        columns: Self.columns("Gerät", "Marke", numeric: "Anzahl", "Summe"),
                        rows: cards, total: nil))
            ] + parts.named, at: at)
    }
}
