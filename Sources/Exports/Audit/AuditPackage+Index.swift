import Text

// The description of the tables, for programs such as IDEA.

extension AuditPackage {
    /// index.xml.
    ///
    /// - Parameter supplier: whose books these are; nil where nobody said.
    static func index(of tables: [AuditTable], from supplier: AuditRegister.Supplier?) -> [UInt8] {
        var xml = """
            <?xml version="1.0" encoding="UTF-8"?>
            <!DOCTYPE DataSet SYSTEM "\(grammarName)">
            <DataSet>
              <Version>1.0</Version>
              <DataSupplier>
                <Name>\(escaped(supplier?.town ?? "Hofbuch"))</Name>
                <Location>\(escaped(supplier?.address ?? ""))</Location>
                <Comment>\(escaped(comment(supplier)))</Comment>
              </DataSupplier>
              <Media>
                <Name>Hofbuch</Name>

            """
        for table in tables { xml += element(table) }
        xml += "  </Media>\n</DataSet>\n"
        return Array(xml.utf8)
    }

    private static func comment(_ supplier: AuditRegister.Supplier?) -> String {
        let words = "Genehmigte Tagesabschlüsse mit allen Belegen und Buchungen"
        return supplier.map { "\($0.yardName): \(words), aus Hofbuch" } ?? words
    }

    private static func element(_ table: AuditTable) -> String {
        var xml = """
                <Table>
                  <URL>\(table.file)</URL>
                  <Name>\(table.name)</Name>
                  <Description>\(table.words)</Description>
                  <UTF8/>
                  <DecimalSymbol>,</DecimalSymbol>
                  <DigitGroupingSymbol>.</DigitGroupingSymbol>
                  <Range><From>2</From></Range>
                  <VariableLength>
                    <ColumnDelimiter>;</ColumnDelimiter>
                    <RecordDelimiter>&#13;&#10;</RecordDelimiter>
                    <TextEncapsulator>"</TextEncapsulator>

            """
        for (place, column) in table.columns.enumerated() {
            let name = place < table.keyCount ? "VariablePrimaryKey" : "VariableColumn"
            xml += "        <\(name)><Name>\(column.name)</Name>"
            xml += "<Description>\(column.words)</Description>\(column.kind.element)"
            xml += column.codes.map(element).joined() + "</\(name)>\n"
        }
        for link in table.links {
            xml += "        <ForeignKey>"
            xml += link.columns.map { "<Name>\($0)</Name>" }.joined()
            xml += "<References>\(link.table)</References></ForeignKey>\n"
        }
        return xml + "      </VariableLength>\n    </Table>\n"
    }

    private static func element(_ code: AuditTable.Code) -> String {
        "<Map><From>\(code.value)</From><To>\(escaped(code.meaning))</To></Map>"
    }

    /// Text as it may stand in an element.
    private static func escaped(_ text: String) -> String { text.markupEscaped(quotes: false) }
}

extension AuditTable.Kind {
    fileprivate var element: String {
        switch self {
        case .text: "<AlphaNumeric/>"
        case .number(digits: 0): "<Numeric/>"
        case .number(let digits): "<Numeric><Accuracy>\(digits)</Accuracy></Numeric>"
        case .date: "<Date><Format>DD.MM.YYYY</Format></Date>"
        }
    }
}
