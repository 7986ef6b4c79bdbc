import Tariffs
import Units

extension PriceList {
    /// The list as plain text.
    ///
    /// - Parameter width: columns of a line, usually 80 or 100.
    package func text(width: Int = 80) -> String {
        let layout = TextLayout(width: width)
        var lines = heading.lines(title, layout)
        if let day { lines += layout.paragraph("Stand \(GermanFormat.day(day))") }
        for (kind, sections) in kinds {
            lines += ["", kind.uppercased()]
            for section in sections { lines += [""] + section.lines(layout) }
        }
        if !rules.isEmpty {
            lines += ["", "ALLGEMEINE REGELN", ""]
            for rule in rules {
                let text = "\(rule.title): \(rule.words) (\(rule.paragraph))"
                lines += TextLayout.wrapped(text, width: layout.width, hanging: 2)
            }
        }
        return (lines + [""] + heading.footer(layout)).text
    }

    var title: String { "Preise: \(heading.yard), \(heading.town)" }

    /// Waste and goods apart; what the tariff does not have is left out.
    var kinds: [(title: String, sections: [Section])] {
        let waste = sections.filter { !$0.fraction.isGoods }
        let goods = sections.filter(\.fraction.isGoods)
        return [("Abfälle", waste), ("Waren", goods)].filter { !$0.1.isEmpty }
    }
}

extension PriceList.Section {
    fileprivate func lines(_ layout: TextLayout) -> [String] {
        let column = layout.width * 3 / 8
        return layout.paragraph(fraction.name)
            + descriptions.flatMap { layout.paragraph($0.phrase, indent: 2) }
            + entries.flatMap {
                layout.beside($0.scope, $0.lines, indent: 2, column: column)
            }
            + (entries.isEmpty ? layout.paragraph("kein Preis an diesem Tag", indent: 2) : [])
    }

    /// What else people call it, what belongs to it and what does not.
    var descriptions: [LabelledFact] {
        [
            ("Auch", fraction.also), ("Gehört dazu", fraction.belongs),
            ("Gehört nicht dazu", fraction.excluded),
        ].compactMap { label, words in
            words.isEmpty ? nil : LabelledFact(label, words.joined(separator: ", "))
        }
    }
}

extension PriceList.Entry {
    fileprivate var lines: [String] {
        price.steps.map(\.phrase) + (price.note.map { ["(\($0))"] } ?? [])
            + details.map(\.phrase) + ["Nr. \(number), \(paragraph)"]
    }
}
