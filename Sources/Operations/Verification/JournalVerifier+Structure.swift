import Storage

extension JournalVerifier {
    /// What is wrong with the file where every row fits; nil if nothing is.
    func damagedStructure() throws -> VerificationReport.Misfit? {
        try alteredSchema() ?? damagedIndex()
    }

    /// What fits today fits by rules that hold no more. Of an older schema, in its migrated copy.
    private func alteredSchema() throws -> VerificationReport.Misfit? {
        let database = try ReadOnlyDatabase(path: path)
        let altered = try database.read { try $0.alteredSchemaItem() }
        try database.close()
        return altered.map { name in
            .init(
                yard: "", index: nil,
                what: "\(name) in the database's schema is not as this program makes it",
                consequence: "rows can be altered unhindered, or are altered as they are written; "
                    + "the journal itself fits; restore a backup")
        }
    }

    /// An index that lacks rows of its table: every row was compared, and lists are wrong all the
    /// same. One table after the other, since a read must not be a long one.
    private func damagedIndex() throws -> VerificationReport.Misfit? {
        let database = try ReadOnlyDatabase(path: original, anyVersion: true)
        for table in try database.read({ try $0.indexedTables() }) {
            guard let fault = try database.read({ try $0.structureFault(ofTable: table) }) else {
                continue
            }
            try database.close()
            return .init(
                yard: "", index: nil, what: "SQLite finds the table \(table) damaged: \(fault)",
                consequence: "lists may be incomplete; the journal itself fits; restore a backup")
        }
        try database.close()
        return nil
    }
}
