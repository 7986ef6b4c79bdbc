package import DayClosing

/// The auditor's package (GoBD, access Z3) of approved closes: tables as CSV, index.xml that
/// describes them, and the grammar of index.xml (docs/formats/export-audit.md).
package enum AuditPackage {
    /// Where index.xml names its grammar.
    static let grammarName = "gdpdu-01-09-2004.dtd"

    /// All files, index.xml first; they belong into one folder.
    ///
    /// - Throws: ``ExportError``, the checks of the batches; `X-E07` for a text with control
    ///   characters.
    package static func files(
        of batches: [ClosedBatch]
    ) throws(ExportError) -> [(name: String, bytes: [UInt8])] {
        try batches.check()
        let tables = batches.auditTables()
        var files: [(name: String, bytes: [UInt8])] = [
            ("index.xml", index(of: tables)), (grammarName, Array(grammar.utf8)),
        ]
        for table in tables { files.append((table.file, try csv(of: table))) }
        return files
    }

    private static func csv(of table: AuditTable) throws(ExportError) -> [UInt8] {
        var bytes = Array(table.columns.map(\.name).joined(separator: ";").utf8) + [0x0D, 0x0A]
        for row in table.rows {
            for (place, cell) in row.enumerated() {
                if place > 0 { bytes.append(0x3B) }
                try append(cell, table.columns[place], of: table, to: &bytes)
            }
            bytes += [0x0D, 0x0A]
        }
        return bytes
    }

    private static func append(
        _ cell: String, _ column: AuditTable.Column, of table: AuditTable, to out: inout [UInt8]
    ) throws(ExportError) {
        guard column.kind == .text else {
            out.append(contentsOf: cell.utf8)
            return
        }
        var encoded: [UInt8] = []
        do throws(EncodingProblem) {
            try FileEncoding.utf8.append(cell, to: &encoded)
        } catch {
            throw ExportError(error, .utf8, nil, field: "\(table.file): \(column.name)")
        }
        out.append(0x22)
        for byte in encoded {
            if byte == 0x22 { out.append(byte) }
            out.append(byte)
        }
        out.append(0x22)
    }

    private static func index(of tables: [AuditTable]) -> [UInt8] {
        var xml = """
            <?xml version="1.0" encoding="UTF-8"?>
            <!DOCTYPE DataSet SYSTEM "\(grammarName)">
            <DataSet>
              <Version>1.0</Version>
              <DataSupplier>
                <Name>Hofbuch</Name>
                <Location></Location>
                <Comment>Genehmigte Tagesabschlüsse mit allen Belegen und Buchungen</Comment>
              </DataSupplier>
              <Media>
                <Name>Hofbuch</Name>

            """
        for table in tables { xml += element(table) }
        xml += "  </Media>\n</DataSet>\n"
        return Array(xml.utf8)
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
            xml += "<Description>\(column.words)</Description>\(column.kind.element)</\(name)>\n"
        }
        for link in table.links {
            xml += "        <ForeignKey>"
            xml += link.columns.map { "<Name>\($0)</Name>" }.joined()
            xml += "<References>\(link.table)</References></ForeignKey>\n"
        }
        return xml + "      </VariableLength>\n    </Table>\n"
    }
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
