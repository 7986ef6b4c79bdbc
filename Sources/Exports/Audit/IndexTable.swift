/// A table as index.xml describes it.
struct IndexTable {
    struct Column: Equatable {
        let name: String
        let kind: AuditTable.Kind?

        init(name: String, kind: AuditTable.Kind?) {
            self.name = name
            self.kind = kind
        }

        init(_ column: AuditTable.Column) {
            self.init(name: column.name, kind: column.kind)
        }
    }

    let line: Int
    let name: String
    let address: String
    let isUTF8: Bool
    let decimal: String?
    let grouping: String?
    let firstRow: String?
    /// Between columns, between rows, around texts.
    let delimiters: [String?]
    /// The first ones are the key.
    let keyCount: Int
    let columns: [Column]
    let links: [AuditTable.Link]

    /// - Parameter element: a `Table` that the grammar accepts.
    init(_ element: IndexElement) {
        line = element.line
        address = element.words("URL") ?? ""
        name = element.words("Name") ?? address
        isUTF8 = element["UTF8"] != nil
        decimal = element.words("DecimalSymbol")
        grouping = element.words("DigitGroupingSymbol")
        firstRow = element["Range"]?.words("From")
        let body = element["VariableLength"]
        delimiters = ["ColumnDelimiter", "RecordDelimiter", "TextEncapsulator"]
            .map { body?.words($0) }
        let keys = body?.all("VariablePrimaryKey") ?? []
        keyCount = keys.count
        columns = (keys + (body?.all("VariableColumn") ?? [])).map { column in
            Column(name: column.words("Name") ?? "", kind: Self.kind(of: column))
        }
        links = (body?.all("ForeignKey") ?? []).map { link in
            AuditTable.Link(
                columns: link.all("Name").map(\.text), table: link.words("References") ?? "")
        }
    }

    /// Nil for a kind that we never write.
    private static func kind(of column: IndexElement) -> AuditTable.Kind? {
        if column["AlphaNumeric"] != nil { return .text }
        if let date = column["Date"] {
            return date.words("Format") ?? "DD.MM.YYYY" == "DD.MM.YYYY" ? .date : nil
        }
        guard let number = column["Numeric"], number["ImpliedAccuracy"] == nil else { return nil }
        guard let accuracy = number.words("Accuracy") else { return .number(digits: 0) }
        return Int(accuracy).map { .number(digits: $0) }
    }
}
