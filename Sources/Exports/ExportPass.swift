package import DayClosing

/// One way through the records of closes that checks them, adds up what the register says and makes
/// the files of a format; no more than a piece of a file is held at a time.
package struct ExportPass {
    /// So many bytes of a file wait before they are handed on.
    private static let pieceMax = 1 << 16

    private var writer: any ExportWriter
    private let write: (_ bytes: [UInt8], _ name: String) throws -> Void
    private var sums: ContentSums
    /// The first thing that the format refused; what is wrong with a close comes before it.
    private var refusal: ExportError?

    /// - Parameters:
    ///   - content: which lines the sums are about.
    ///   - write: takes the next piece of a file.
    package init(
        _ writer: any ExportWriter, content: ExportProfile.Content,
        write: @escaping (_ bytes: [UInt8], _ name: String) throws -> Void
    ) {
        self.writer = writer
        self.write = write
        sums = ContentSums(content)
    }

    /// Lets a close go by.
    ///
    /// - Parameter records: gives each record to the closure, in the order of the log.
    /// - Throws: ``ExportError`` `X-E03` to `X-E05`; what `records` and `write` throw.
    package mutating func add(
        _ close: PlannedClose, records: ((ClosedRecord) throws -> Void) throws -> Void
    ) throws {
        try close.checkPlan()
        var (accounts, totals) = (AccountSums(), TotalLines())
        attempt { (writer) throws(ExportError) in try writer.begin(close) }
        try records { record in
            accounts.add(record.entry)
            totals.add(record)
            attempt { (writer) throws(ExportError) in try writer.add(record) }
            try handOn(from: Self.pieceMax)
        }
        try close.check(accounts)
        attempt { (writer) throws(ExportError) in try writer.end(totals) }
        guard refusal == nil else { return }
        do throws(ExportError) { try sums.add(totals.lines(of: close)) } catch { refusal = error }
    }

    /// Ends the files.
    ///
    /// - Returns: names and numbers of rows in the order of the register; their sums.
    /// - Throws: ``ExportError``: the first that the format refuses; what `write` throws.
    package mutating func finish() throws -> (
        files: [(name: String, rowCount: Int64?)], sums: [ContentSum]
    ) {
        attempt { (writer) throws(ExportError) in try writer.finish() }
        if let refusal { throw refusal }
        try handOn(from: 0)
        var files: [(name: String, rowCount: Int64?)] = []
        writer.eachFile { files.append(($0.name, $0.rowCount)) }
        return (files, sums.all)
    }

    private mutating func attempt(
        _ step: (inout any ExportWriter) throws(ExportError) -> Void
    ) {
        guard refusal == nil else { return }
        do throws(ExportError) { try step(&writer) } catch { refusal = error }
    }

    /// An empty file is handed on too, so that it is there.
    private mutating func handOn(from least: Int) throws {
        try writer.eachFile { [write] file in
            guard file.bytes.count >= least else { return }
            try write(file.bytes, file.name)
            file.bytes.removeAll(keepingCapacity: true)
        }
    }
}
