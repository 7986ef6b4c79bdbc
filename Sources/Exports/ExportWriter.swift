package import DayClosing

/// A file of an export as it grows.
package struct GrowingFile: Sendable {
    package let name: String
    /// What was made and not taken yet.
    package var bytes: [UInt8]
    /// Lines of postings; nil for files that are no list of them.
    package var rowCount: Int64?

    package init(name: String, bytes: [UInt8] = [], rowCount: Int64? = nil) {
        self.name = name
        self.bytes = bytes
        self.rowCount = rowCount
    }
}

/// Makes the files of a format while the records of closes go by once: whoever reads them need not
/// hold them. For each close ``begin(_:)``, its records in the order of the log and ``end(_:)``;
/// after the last one ``finish()``.
///
/// What is written is a pure function of what goes by. The checks of the closes are no matter of
/// the format; see ``ExportPass``.
package protocol ExportWriter {
    mutating func begin(_ close: PlannedClose) throws(ExportError)
    mutating func add(_ record: ClosedRecord) throws(ExportError)
    /// - Parameter totals: of the records of this close.
    mutating func end(_ totals: TotalLines) throws(ExportError)
    mutating func finish() throws(ExportError)
    /// Hands out the files in the order in which a register lists them. Bytes may be taken away at
    /// any time; names, number and order of the files are settled with ``finish()``.
    mutating func eachFile(_ body: (inout GrowingFile) throws -> Void) rethrows
}

/// Files that say nothing about single records and are there before the first one goes by.
package struct PreparedWriter: ExportWriter {
    private var files: [GrowingFile]

    package init(_ files: [GrowingFile]) {
        self.files = files
    }

    package mutating func begin(_ close: PlannedClose) {}
    package mutating func add(_ record: ClosedRecord) {}
    package mutating func end(_ totals: TotalLines) {}
    package mutating func finish() {}

    package mutating func eachFile(_ body: (inout GrowingFile) throws -> Void) rethrows {
        for place in files.indices { try body(&files[place]) }
    }
}
