import Glibc

/// What an installation watches while it runs.
package struct Safety: Sendable {
    /// Bytes that have to stay free where the database lies; 0 watches nothing.
    package var reserve: Int64
    /// The most bytes that a file of an export may have; who fetches or imports one holds it whole.
    package var exportFileMax: Int64
    /// How the process ends when the outcome of a commit is unknown; does not return in a server.
    package var end: @Sendable (_ exitCode: Int32) -> Void

    package init(
        reserve: Int64 = DiskSpace.reserveDefault, exportFileMax: Int64 = 999_000_000,
        end: @escaping @Sendable (_ exitCode: Int32) -> Void = { exit($0) }
    ) {
        self.reserve = reserve
        self.exportFileMax = exportFileMax
        self.end = end
    }
}
