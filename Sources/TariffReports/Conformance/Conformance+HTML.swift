import Units

extension Conformance {
    /// The table as a complete page, with room to sign.
    package var html: String {
        var body = heading.markup(title)
        body.append(.tag("h2", "Positionen"))
        body.append(
            .table(
                "Satzung und Position nebeneinander",
                ["Fundstelle", "Wortlaut", "Nr.", "Abfallart", "Für wen", "Preis", "Annahme"],
                positions.map(\.cells)))
        if !rules.isEmpty {
            body.append(.tag("h2", "Regeln"))
            body.append(
                .table(
                    "Regeln der Anlieferung", ["Fundstelle", "Regel", "Inhalt"],
                    rules.map {
                        [
                            [.text($0.paragraph)], [.text($0.title)],
                            Markup.list([$0.words] + $0.lawLine),
                        ]
                    }))
        }
        if !assumptions.isEmpty {
            body.append(.tag("h2", "Annahmen"))
            body += Markup.list(assumptions)
        }
        body.append(.tag("h2", "Beispiele"))
        body.append(
            .table(
                "Nachgerechnete Anlieferungen",
                ["Nr.", "Tag", "Anlieferung", "erwartet", "Ergebnis", "geprüft, Unterschrift"],
                examples.map(\.cells)))
        return HTMLPage(title: title, body: [.tag("main", body), heading.footer]).source
    }
}

extension Conformance.PositionRow {
    fileprivate var cells: [[Markup]] {
        [
            [.text(paragraph)], wording.map { [.text($0)] } ?? [], [.text(number)],
            [.text(fractions)], [.text(scope)],
            Markup.list([price.words] + details.map(\.phrase) + ["\(legalForm), \(vat)"]),
            assumption.map { [.text($0)] } ?? [],
        ]
    }
}

extension Conformance.ExampleRow {
    fileprivate var cells: [[Markup]] {
        let result: Markup =
            difference.map { .tag("span", ["class": "wrong"], $0) } ?? .text(result)
        return [
            [.text(number)], [.text(GermanFormat.day(day))], [.text(words)], [.text(expected)],
            [result], [.tag("div", ["class": "signature"], checkedBy ?? "")],
        ]
    }
}
