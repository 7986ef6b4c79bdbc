package import Tariffs
package import Text
import Units

/// What stands above and below a report: which tariff it is about and where that was published.
package struct ReportHeading: Hashable, Sendable {
    package let tariff: TariffReference
    package let town: String
    package let yard: String
    /// `gültig ab 01.01.2026`.
    package let validity: String
    /// Statute, decision and what else says where the prices come from, each with its label.
    package let facts: [LabelledFact]
    /// What a reader must know about the file; nil if nothing.
    package let note: String?

    package init(of tariff: Tariff) {
        let heading = tariff.heading
        self.tariff = tariff.reference
        town = heading.town
        yard = heading.yard
        validity = "gültig \(PriceWords.words(for: tariff.validity))"
        facts = [
            heading.residentArea.map { LabelledFact("Einheimisch", $0) },
            LabelledFact("Rechtsgrundlage", heading.legalBasis),
            heading.decision.map { LabelledFact("Beschluss", $0) },
            LabelledFact("Quelle", heading.source),
        ].compactMap(\.self)
        note = heading.note.isEmpty ? nil : heading.note
    }

    /// The first lines of a text report.
    func lines(_ title: String, _ layout: TextLayout) -> [String] {
        let head = layout.paragraph(title)
        let rule = String(repeating: "=", count: head.map(\.count).max() ?? 0)
        return head + [rule] + layout.paragraph("\(tariff.title), \(validity)")
            + (note.map { layout.paragraph($0) } ?? [])
    }

    /// The last lines of a text report.
    func footer(_ layout: TextLayout) -> [String] {
        facts.flatMap { layout.paragraph($0.phrase) } + layout.paragraph("Tarif: \(tariff.id)")
    }

    /// The head of a page.
    func markup(_ title: String) -> [Markup] {
        [
            .tag("h1", title), .tag("p", "\(tariff.title), \(validity)"),
        ] + (note.map { [.tag("p", ["class": "notice"], $0)] } ?? [])
    }

    /// The foot of a page.
    var footer: Markup {
        let facts = facts + [LabelledFact("Tarif", tariff.id)]
        return .tag(
            "footer", [.tag("dl", facts.flatMap { [.tag("dt", $0.label), .tag("dd", $0.words)] })])
    }

    /// The tariff as every report's JSON names it.
    package var json: JSONValue {
        .fields([
            "id": .string(tariff.id), "title": .string(tariff.title),
            "digest": .string(tariff.digest), "town": .string(town), "yard": .string(yard),
            "validity": .string(validity), "facts": .array(facts.map(\.json)),
            "note": note.map { .string($0) },
        ])
    }
}

extension LabelledFact {
    var json: JSONValue { .fields(["label": .string(label), "words": .string(words)]) }
}

extension [String] {
    /// The texts as a JSON array.
    var json: JSONValue { .array(map { .string($0) }) }

    /// The lines as one text that ends with a newline.
    var text: String { joined(separator: "\n") + "\n" }
}
