import Tariffs
import Units

extension SimulationReport {
    /// The report as plain text.
    ///
    /// - Parameter width: columns of a line, usually 80 or 100.
    package func text(width: Int = 100) -> String {
        let layout = TextLayout(width: width)
        let title =
            "Auswirkung auf \(GermanFormat.grouped(Int64(counts.all)))\u{A0}"
            + (counts.all == 1 ? "Anlieferung" : "Anlieferungen")
        var lines = heading.lines(title, layout) + [""]
        lines += layout.table(
            ["", "bisher", "Entwurf", "Unterschied", "in %"], [cells("Summe", totals)],
            right: [1, 2, 3, 4])
        lines += [""] + totalsInWords.flatMap { layout.paragraph($0) }
        lines += ["", "NACH POSITION UND GRUPPE", ""]
        lines += layout.table(
            ["Nr.", "Abfallart", "wer", "bisher", "Entwurf", "Unterschied", "in %"],
            rows.map { row in
                let effect = Self.cells(row.effect.recorded, row.effect.draft, currency)
                return [row.position, row.fractions, row.group.german] + effect
            }, right: [3, 4, 5, 6])
        lines += reusedInWords.flatMap { [""] + layout.paragraph($0) }
        lines += list("GRÖSSTE ERHÖHUNGEN", dearer, layout)
        lines += list("GRÖSSTE ERMÄSSIGUNGEN", cheaper, layout)
        lines += list("JETZT ABGELEHNT", refusedNow, layout)
        return lines.text
    }

    /// Which rows mix two things; nothing where none does.
    private var reusedInWords: [String] {
        let rows = rows.filter(\.isReused).map(\.position)
        let numbers = rows.enumerated().filter { !rows[..<$0.offset].contains($0.element) }
        guard !numbers.isEmpty else { return [] }
        return [
            "Nr. \(GermanText.all(numbers.map(\.element))): Unter dieser Nummer wurde bisher auch "
                + "anderes berechnet; die Zeile zählt beides zusammen."
        ]
    }

    private var totals: (Cents, Cents) { (counts.recorded, counts.draft) }

    private func cells(_ label: String, _ amounts: (Cents, Cents)) -> [String] {
        [label] + Self.cells(amounts.0, amounts.1, currency)
    }

    private static func cells(_ old: Cents, _ new: Cents, _ currency: Currency) -> [String] {
        let difference = PriceDifference(
            old: UnitPrice(old), new: UnitPrice(new), currency: currency)
        let sign = new > old ? "+" : ""
        let share = difference.percentTenths.map {
            ($0 > 0 ? "+" : $0 < 0 ? "\u{2212}" : "") + GermanFormat.grouped(abs($0) / 10)
                + ",\(abs($0) % 10)"
        }
        return [
            GermanText.money(old, currency), GermanText.money(new, currency),
            sign + GermanText.money(new - old, currency), share ?? "–",
        ]
    }

    private var totalsInWords: [String] {
        let counted = [
            ("teurer", counts.dearer), ("billiger", counts.cheaper), ("gleich", counts.same),
            ("jetzt abgelehnt", counts.refusedNow), ("nicht mehr abgelehnt", counts.acceptedNow),
            ("wie bisher abgelehnt", counts.refusedStill),
        ].map { "\(GermanFormat.grouped(Int64($1)))\u{A0}\($0)" }
        var words = [counted.joined(separator: ", ") + "."]
        if counts.refusedNow > 0 {
            let reasons = refusals.map { "\($0.code.german) (\($0.count))" }
            words.append(
                "Was jetzt abgelehnt wird, hat bisher "
                    + "\(GermanText.money(counts.lost, currency)) gebracht: "
                    + "\(reasons.joined(separator: ", ")).")
        }
        if counts.acceptedNow > 0 {
            words.append(
                "Was nicht mehr abgelehnt wird, bringt "
                    + "\(GermanText.money(counts.gained, currency)).")
        }
        return words
    }

    private func list(_ title: String, _ cases: [Case], _ layout: TextLayout) -> [String] {
        guard !cases.isEmpty else { return [] }
        return ["", title]
            + cases.flatMap { one in
                let after = one.draft.map { GermanText.money($0, currency) } ?? "abgelehnt"
                let head =
                    "\(one.name), \(GermanFormat.day(one.day)): "
                    + "\(GermanText.money(one.recorded, currency)) → \(after)"
                return layout.paragraph(head)
                    + one.sentences.flatMap { layout.paragraph($0.german, indent: 2) }
            }
    }
}
