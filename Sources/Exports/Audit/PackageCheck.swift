import DayClosing

/// Checks an auditor's package as a stranger would: from its files alone, without the journal.
package struct PackageCheck {
    /// Found so far, in the order of index, tables, sums; at most ``problemCountMax``.
    package private(set) var problems: [PackageProblem] = []
    let files: [String: [UInt8]]

    package static let problemCountMax = 200
    package static let index = "index.xml"

    /// All problems of a package; empty for a good one.
    ///
    /// - Parameter files: names and bytes; a name stands once.
    package static func problems(
        in files: [(name: String, bytes: [UInt8])]
    ) -> [PackageProblem] {
        var check = PackageCheck(files: Dictionary(files.map { ($0.name, $0.bytes) }) { $1 })
        check.run()
        return check.problems
    }

    private init(files: [String: [UInt8]]) {
        self.files = files
    }

    mutating func note(
        _ code: PackageProblem.Code, _ file: String, row: Int? = nil, _ words: String
    ) {
        guard problems.count < Self.problemCountMax else { return }
        problems.append(PackageProblem(code, file, row: row, words))
    }

    private mutating func run() {
        guard let bytes = files[Self.index] else {
            return note(.indexMissing, Self.index, "the package has no index.xml")
        }
        guard let document = read(bytes) else { return }
        checkGrammar(document)
        let before = problems.count
        checkShape(document.root)
        guard problems.count == before else { return }
        let tables = document.root.all("Media").flatMap { $0.all("Table") }
            .map(IndexTable.init)
        checkAddresses(tables)
        for table in tables { checkSettings(table, among: tables) }
        checkSet(tables)
        var contents: [String: TableContent] = [:]
        for table in tables {
            guard let bytes = files[table.address] else { continue }
            contents[table.name] = content(of: table, bytes)
        }
        checkLinks(tables, contents)
        // While a table has other columns than ours, the cells are not what they seem.
        guard !problems.contains(where: { [.columnSet, .tableSet].contains($0.code) }) else {
            return
        }
        checkSense(contents)
        checkFileList(contents)
    }

    private mutating func read(_ bytes: [UInt8]) -> IndexDocument? {
        do throws(IndexError) {
            return try IndexDocument(bytes)
        } catch {
            switch error {
            case .notUTF8: note(.indexEncoding, Self.index, "it is not UTF-8")
            case .malformed(let line, let what):
                note(.indexMalformed, Self.index, row: line, what)
            case .grammarMissing:
                note(.grammarOther, Self.index, "no DOCTYPE names \(AuditPackage.grammarName)")
            case .declarations(let line):
                note(.declarations, Self.index, row: line, "declarations inside are not read")
            case .attribute(let line, let element):
                note(.attribute, Self.index, row: line, "\(element) may have no attribute")
            }
            return nil
        }
    }

    private mutating func checkGrammar(_ document: IndexDocument) {
        let name = AuditPackage.grammarName
        guard document.grammar == name else {
            return note(
                .grammarOther, Self.index, "it names \(document.grammar) instead of \(name)")
        }
        guard let bytes = files[name] else {
            return note(.grammarMissing, name, "index.xml names it, and it is not there")
        }
        if bytes != Array(AuditPackage.grammar.utf8) {
            note(.grammarAltered, name, "it is not the grammar that we write")
        }
    }

    private static let models = ContentModel.all(in: AuditPackage.grammar)

    private mutating func checkShape(_ element: IndexElement) {
        guard let model = Self.models[element.name] else {
            return note(
                .elementUnknown, Self.index, row: element.line,
                "the grammar knows no \(element.name)")
        }
        if !model.fits(element) {
            let found = element.children.map(\.name).joined(separator: ", ")
            note(
                .contentWrong, Self.index, row: element.line,
                "\(element.name) may not hold \(found.isEmpty ? "this" : found)")
        }
        for child in element.children { checkShape(child) }
    }

    private mutating func checkAddresses(_ tables: [IndexTable]) {
        var seen: Set<String> = [Self.index, AuditPackage.grammarName]
        for table in tables {
            let address = table.address
            guard !address.contains("/"), !address.contains("\\"), !address.contains(":") else {
                note(
                    .addressOutside, Self.index, row: table.line,
                    "\(address) leads out of the package's folder")
                continue
            }
            if !seen.insert(address).inserted {
                note(.addressTwice, Self.index, row: table.line, "\(address) stands twice")
            }
            if files[address] == nil {
                note(.fileMissing, address, "index.xml names it, and it is not there")
            }
        }
        for name in files.keys.sorted() where !seen.contains(name) {
            note(.fileUnnamed, name, "index.xml does not name it")
        }
    }

    private mutating func checkSettings(_ table: IndexTable, among tables: [IndexTable]) {
        func wrong(_ code: PackageProblem.Code, _ words: String) {
            note(code, Self.index, row: table.line, "\(table.name): \(words)")
        }
        if !table.isUTF8 { wrong(.encodingMark, "UTF8 is missing") }
        if table.decimal != "," || table.grouping != "." {
            wrong(.signsOther, "decimal comma and full stop are wanted")
        }
        if table.firstRow != "2" { wrong(.rangeOther, "data begin in row 2") }
        if table.delimiters != [";", "\r\n", "\""] {
            wrong(.separatorsOther, "semicolon, CR LF and quotation mark are wanted")
        }
        let names = table.columns.map(\.name)
        for name in Set(names).sorted() where names.count(where: { $0 == name }) > 1 {
            wrong(.columnTwice, "the column \(name) stands twice")
        }
        if table.keyCount == 0 { wrong(.keyless, "no column is its key") }
        for link in table.links {
            for column in link.columns where !names.contains(column) {
                wrong(.linkColumn, "it links by \(column), which it does not have")
            }
            let target = tables.first { $0.name == link.table }
            if target?.keyCount != link.columns.count {
                wrong(.linkUnknown, "it links to the key of \(link.table), which is not so")
            }
        }
    }

    private mutating func checkSet(_ tables: [IndexTable]) {
        let wanted = AuditTable.known
        let names = tables.map(\.name)
        for table in wanted where !names.contains(table.name) {
            note(.tableSet, Self.index, "the table \(table.name) is missing")
        }
        for table in tables {
            guard let ours = wanted.first(where: { $0.name == table.name }) else {
                note(.tableSet, Self.index, row: table.line, "no table is called \(table.name)")
                continue
            }
            if table.columns != ours.columns.map(IndexTable.Column.init)
                || table.keyCount != ours.keyCount
            {
                note(
                    .columnSet, Self.index, row: table.line,
                    "\(table.name) has other columns than we write")
            }
        }
    }

    private mutating func checkLinks(
        _ tables: [IndexTable], _ contents: [String: TableContent]
    ) {
        for table in tables {
            guard let content = contents[table.name] else { continue }
            for link in table.links {
                guard let target = contents[link.table], target.isWhole else { continue }
                let places = link.columns.compactMap { name in
                    table.columns.firstIndex { $0.name == name }
                }
                guard places.count == link.columns.count else { continue }
                for (row, cells) in content.rows {
                    let key = places.map { cells[$0] }
                    if !target.keys.contains(key) {
                        note(
                            .linkBroken, table.address, row: row,
                            "\(link.table) has no \(key.joined(separator: " "))")
                    }
                }
            }
        }
    }
}
