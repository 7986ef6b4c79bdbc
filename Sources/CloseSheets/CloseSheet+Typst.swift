import Units

extension CloseSheet {
    /// The sheet as a typst document. Words stand in strings only, so that nothing in them can be
    /// taken for markup.
    package var typst: String {
        let day = at.dayUTC
        let seconds = at.milliseconds / 1_000 % 86_400
        let time =
            "hour: \(seconds / 3_600), minute: \(seconds / 60 % 60), second: \(seconds % 60)"
        let head = """
            #set document(title: \(Self.quoted(title)), author: "Hofbuch", \
            date: datetime(year: \(day.year), month: \(day.month), day: \(day.day), \(time)))
            #set page(paper: "a4", margin: (x: 18mm, top: 18mm, bottom: 20mm), footer: context \
            align(center, text(8pt)[#\(Self.quoted(title + ", ")) Seite \
            #counter(page).display() von #counter(page).final().first()]))
            #set text(lang: "de", region: "DE", font: "Libertinus Serif", size: 9pt)
            #set heading(bookmarked: false)
            #show heading.where(level: 2): set block(above: 14pt, below: 8pt)
            #set table(stroke: (x, y) => (bottom: 0.4pt + luma(160)), inset: (x: 4pt, y: 3pt))
            #set par(justify: false)
            = #\(Self.quoted(title))
            #\(Self.quoted(subtitle))

            """
        return head + parts.map(Self.markup).joined(separator: "\n") + "\n"
    }

    private static func markup(_ part: Part) -> String {
        switch part {
        case .heading(let text): "\n== #\(quoted(text))\n"
        case .paragraph(let text): "\n#\(quoted(text))\n"
        case .certificate(let text): "\n#block(above: 14pt, strong(\(quoted(text))))\n"
        case .facts(let facts): facts.isEmpty ? "" : markup(facts)
        case .table(let table): markup(table)
        }
    }

    private static func markup(_ facts: [Fact]) -> String {
        let items = facts.map { "terms.item(\(quoted($0.label)), \(broken($0.value)))" }
        return "\n#terms(separator: [: ], \(items.joined(separator: ", ")))\n"
    }

    private static func markup(_ table: Table) -> String {
        let widths = table.columns.map { $0.isNumeric ? "auto" : "1fr" }.joined(separator: ", ")
        let sides = table.columns.map { $0.isNumeric ? "right" : "left" }.joined(separator: ", ")
        let header = table.columns.map { "strong(\(quoted($0.name)))" }.joined(separator: ", ")
        var cells = table.rows.flatMap { $0.map(broken) }
        if table.rows.isEmpty {
            cells = ["table.cell(colspan: \(table.columns.count), \(quoted("keine")))"]
        }
        cells += (table.total ?? []).map { "strong(\(quoted($0)))" }
        return """

            #block(above: 12pt, below: 4pt, sticky: true, strong(\(quoted(table.caption))))
            #table(columns: (\(widths)), align: (\(sides)), table.header(\(header)), \
            \(cells.joined(separator: ", ")))

            """
    }

    /// A string of the typst language.
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\" + String(scalar)
            case _ where scalar.value < 0x20 || scalar.value == 0x7F: quoted += " "
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    /// A string whose long words may break anywhere: hashes and lists of numbers.
    private static func broken(_ text: String) -> String {
        guard text.utf8.count == 64, text.utf8.allSatisfy({ (0x30...0x66).contains($0) }) else {
            return quoted(text)
        }
        return "text(size: 7pt, \(quoted(text)))"
    }
}
