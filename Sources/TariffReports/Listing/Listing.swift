package import Tariffs
package import Text

/// The positions of a tariff as a table.
package struct Listing: Hashable, Sendable {
    package let heading: ReportHeading
    /// In the order of the file.
    package let rows: [Row]

    /// A position in one line.
    package struct Row: Hashable, Sendable {
        package let number: String
        package let paragraph: String
        package let fractions: String
        package let scope: String
        package let price: PricePhrase
    }

    package init(of tariff: Tariff) {
        let words = PriceWords(tariff)
        heading = ReportHeading(of: tariff)
        rows = tariff.positions.map {
            Row(
                number: $0.number, paragraph: $0.paragraph,
                fractions: words.names(of: $0.fractions), scope: words.words(for: $0.condition),
                price: words.price(of: $0))
        }
    }

    /// The table as plain text.
    ///
    /// - Parameter width: columns of a line, usually 80 or 100.
    package func text(width: Int = 100) -> String {
        let layout = TextLayout(width: width)
        let table = layout.table(
            ["Nr.", "Abfallart", "wer, wann", "Preis", "Fundstelle"],
            rows.map { [$0.number, $0.fractions, $0.scope, $0.price.words, $0.paragraph] })
        return (layout.paragraph("\(heading.tariff.title), \(heading.validity)") + [""] + table)
            .text
    }

    /// The table as data (docs/formats/tariff-reports.md).
    package var json: JSONValue {
        .fields([
            "report": "list", "tariff": heading.json, "positions": .array(rows.map(\.json)),
        ])
    }
}

extension Listing.Row {
    fileprivate var json: JSONValue {
        .fields([
            "position": .string(number), "paragraph": .string(paragraph),
            "fractions": .string(fractions), "for": .string(scope), "price": price.json,
        ])
    }
}
