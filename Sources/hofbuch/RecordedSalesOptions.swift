import ArgumentParser
import Operations
import Units

/// Which recorded sales a command looks at.
struct RecordedSalesOptions: ParsableArguments {
    @Option(help: "The data directory, a backup, or a folder with a copy of hofbuch.sqlite3.")
    var data: String?
    @Option(help: "The yard; may be left out if there is only one.")
    var yard: String?
    @Option(help: "The first business day, such as 2025-01-01.")
    var from: String?
    @Option(help: "The last business day.")
    var to: String?

    /// - Throws: as `DataDirectory.requireDatabase`.
    var archive: SalesArchive {
        get throws {
            let directory = DataDirectory(data ?? "data")
            try directory.requireDatabase()
            return SalesArchive(directory)
        }
    }

    /// - Throws: ``OperationsError/yardUnknown(_:)``.
    var yardID: YardID? {
        get throws {
            try yard.map { text in
                guard let yard = YardID(text) else { throw OperationsError.yardUnknown(text) }
                return yard
            }
        }
    }

    var days: RecordedDays {
        get throws {
            RecordedDays(
                from: try from.map { try businessDay($0, option: "--from") },
                to: try to.map { try businessDay($0, option: "--to") })
        }
    }

    /// The numbers of the positions that were sold.
    func positions() throws -> Set<String> {
        let days = try days
        return try archive.positions(of: try yardID, from: days.from, to: days.to)
    }
}

/// A range of business days; nil is open.
struct RecordedDays: Sendable {
    let from: BusinessDay?
    let to: BusinessDay?

    func contains(_ day: BusinessDay) -> Bool {
        (from.map { $0 <= day } ?? true) && (to.map { day <= $0 } ?? true)
    }
}
