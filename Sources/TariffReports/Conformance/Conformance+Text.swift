import Units

extension Conformance {
    /// The table as plain text.
    ///
    /// - Parameter width: columns of a line, usually 80 or 100.
    package func text(width: Int = 100) -> String {
        let layout = TextLayout(width: width)
        var lines = heading.lines(title, layout) + ["", "POSITIONEN"]
        for row in positions { lines += [""] + row.lines(layout) }
        if !rules.isEmpty { lines += ["", "REGELN", ""] }
        for rule in rules {
            lines += layout.beside(
                rule.paragraph, ["\(rule.title): \(rule.words)"] + rule.lawLine, indent: 0,
                column: Self.column)
        }
        if !assumptions.isEmpty { lines += ["", "ANNAHMEN", ""] }
        for assumption in assumptions {
            lines += TextLayout.wrapped("- \(assumption)", width: layout.width, hanging: 2)
        }
        lines += ["", "BEISPIELE", ""]
        lines += layout.table(
            ["Nr.", "Tag", "Anlieferung", "erwartet", "Ergebnis", "geprüft"],
            examples.map(\.cells), right: [3])
        let verdict =
            failing.isEmpty
            ? "Alle \(examples.count) Beispiele gehen auf."
            : "\(failing.count) von \(examples.count) Beispielen gehen nicht auf."
        return (lines + ["", verdict, ""] + heading.footer(layout)).text
    }

    var title: String { "Satzung und Tarif: \(heading.yard), \(heading.town)" }

    fileprivate static let column = 24
}

extension Conformance.PositionRow {
    fileprivate func lines(_ layout: TextLayout) -> [String] {
        let tax = "\(legalForm), \(vat)"
        let texts =
            [wording.map { "„\($0)“" }, "Nr. \(number): \(fractions); \(scope)", price.words]
            .compactMap(\.self)
        return layout.beside(
            paragraph,
            texts + details.map(\.phrase) + [tax] + (assumption.map { ["Annahme: \($0)"] } ?? []),
            indent: 0, column: Conformance.column)
    }
}

extension RuleWords {
    /// Legal form and tax in a line, as they stand below a position; empty without them.
    var lawLine: [String] {
        law.isEmpty ? [] : [law.map(\.words).joined(separator: ", ")]
    }
}

extension Conformance.ExampleRow {
    /// What stands in the result column.
    var result: String { difference == nil ? "stimmt" : "stimmt nicht: \(found)" }

    /// The delivery, with how many came before it.
    var words: String {
        guard earlier > 0 else { return delivery }
        return "\(delivery) (nach \(earlier) früheren)"
    }

    fileprivate var cells: [String] {
        [number, GermanFormat.day(day), words, expected, result, checkedBy ?? "________"]
    }
}
