import Tariffs
import Units

extension PriceList {
    /// The list as a complete page.
    package var html: String {
        var body = heading.markup(title)
        if let day { body.append(.tag("p", "Stand \(GermanFormat.day(day))")) }
        for (kind, sections) in kinds {
            body.append(.tag("h2", kind))
            body += sections.map(\.markup)
        }
        if !rules.isEmpty {
            body.append(.tag("h2", "Allgemeine Regeln"))
            body.append(
                .tag(
                    "dl",
                    rules.flatMap { rule in
                        [
                            Markup.tag("dt", rule.title),
                            .tag("dd", "\(rule.words) (\(rule.paragraph))"),
                        ]
                    }))
        }
        return HTMLPage(title: title, body: [.tag("main", body), heading.footer]).source
    }
}

extension PriceList.Section {
    fileprivate var markup: Markup {
        let id = "abfall-\(fraction.id.text)"
        let descriptions = descriptions.map {
            Markup.tag("p", ["class": "quiet"], $0.phrase)
        }
        return .tag(
            "section", ["class": "fraction", "aria-labelledby": id],
            [.tag("h3", ["id": id], fraction.name)] + descriptions + [content])
    }

    private var content: Markup {
        guard !entries.isEmpty else { return .tag("p", "kein Preis an diesem Tag") }
        return .table(
            "Preise für \(fraction.name)",
            ["Für wen und wann", "Preis", "Bedingungen", "Fundstelle"], entries.map(\.cells),
            ["class": "prices"])
    }
}

extension PriceList.Entry {
    fileprivate var cells: [[Markup]] {
        let note = price.note.map { [Markup.tag("p", ["class": "quiet"], $0)] } ?? []
        return [
            [.text(scope)],
            [.tag("div", ["class": "price"], Markup.list(price.steps.map(\.phrase)))] + note,
            Markup.list(details.map(\.phrase)),
            [.text("\(paragraph), Nr.\u{A0}\(number)")],
        ]
    }
}
