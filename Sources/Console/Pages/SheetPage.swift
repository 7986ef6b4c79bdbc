import CloseSheets
import Pages

/// A sheet on screen: the look between (X report) and audit snapshots.
struct SheetPage: Page {
    static let template = "console-sheet"
    let title: String
    let lead: String
    let parts: [Part]
    let problems: [FormProblem]
    /// Snapshots that were taken; nil for somebody who may not see them.
    let snapshots: [PageLink]
    let hasSnapshots: Bool
    /// The form that takes one; nil where it has no place.
    let reason: Field?

    /// One part of the sheet; the others are nil or empty.
    struct Part: Sendable {
        let heading: String?
        let facts: [Fact]
        let hasFacts: Bool
        let text: String?
        let table: Table?
    }

    struct Table: Sendable {
        let caption: String
        let columns: [Column]
        let rows: [Row]
        let isEmpty: Bool
        let total: Row?
        let width: String
    }

    struct Column: Sendable {
        let name: String
        let style: String
    }

    struct Row: Sendable {
        let head: String
        let cells: [Cell]
    }

    struct Cell: Sendable {
        let value: String
        let label: String
        let style: String
    }

    init(_ sheet: CloseSheet, snapshots: [PageLink] = [], reason: Field? = nil) {
        title = sheet.title
        lead = sheet.subtitle
        parts = sheet.parts.map(Part.init)
        self.snapshots = snapshots
        hasSnapshots = !snapshots.isEmpty
        self.reason = reason
        problems = [reason?.problem].compactMap { $0 }
    }
}

extension SheetPage.Part {
    fileprivate init(_ part: CloseSheet.Part) {
        switch part {
        case .heading(let text): self.init(heading: text)
        case .facts(let facts): self.init(facts: facts.map { Fact($0.label, $0.value) })
        case .table(let table): self.init(table: SheetPage.Table(table))
        case .paragraph(let text), .certificate(let text): self.init(text: text)
        }
    }

    private init(
        heading: String? = nil, facts: [Fact] = [], text: String? = nil,
        table: SheetPage.Table? = nil
    ) {
        self.heading = heading
        self.facts = facts
        hasFacts = !facts.isEmpty
        self.text = text
        self.table = table
    }
}

extension SheetPage.Table {
    fileprivate init(_ table: CloseSheet.Table) {
        func row(_ cells: [String]) -> SheetPage.Row {
            SheetPage.Row(
                head: cells.first ?? "",
                cells: zip(table.columns, cells).dropFirst().map { column, cell in
                    SheetPage.Cell(
                        value: cell, label: column.name,
                        style: cell.isEmpty ? "blank" : column.isNumeric ? "numeric" : "")
                })
        }
        self.init(
            caption: table.caption,
            columns: table.columns.map {
                SheetPage.Column(name: $0.name, style: $0.isNumeric ? "numeric" : "")
            },
            rows: table.rows.map(row), isEmpty: table.rows.isEmpty, total: table.total.map(row),
            width: "\(table.columns.count)")
    }
}
