import GRDB

extension Error {
    /// Whether the database itself failed (disk, memory, damage), so that the outcome of the
    /// transaction is unknown; a refused constraint is not such a failure.
    package var isStorageFailure: Bool {
        guard let error = self as? DatabaseError else { return false }
        return error.resultCode != .SQLITE_CONSTRAINT
    }

    /// Whether a file could not be opened, made or locked: for want of space or rights, or because
    /// another program has it. That says nothing of what it holds.
    package var isAccessFailure: Bool {
        guard let error = self as? DatabaseError else { return false }
        let refused: [ResultCode] = [
            .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_READONLY, .SQLITE_FULL, .SQLITE_BUSY,
        ]
        let beside: [ResultCode] = [
            .SQLITE_IOERR_SHMOPEN, .SQLITE_IOERR_SHMSIZE, .SQLITE_IOERR_SHMMAP,
            .SQLITE_IOERR_SHMLOCK, .SQLITE_IOERR_WRITE, .SQLITE_IOERR_FSYNC,
        ]
        return refused.contains(error.resultCode) || beside.contains(error.extendedResultCode)
    }

    /// Whether the file cannot be read, or not as the database that it should be.
    package var isUnreadable: Bool { isStorageFailure && !isAccessFailure }

    /// What SQLite says of a file that it cannot read, or not as a database; nil for any other
    /// error.
    package var databaseDamage: String? {
        let damages: [ResultCode] = [.SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_IOERR]
        guard let error = self as? DatabaseError, damages.contains(error.resultCode),
            !isAccessFailure
        else { return nil }
        return error.message ?? "\(error.extendedResultCode)"
    }
}

extension DatabaseError {
    /// A failure to reach the database at `path` (``isAccessFailure``) as one of ours.
    func accessFailure(path: String) -> StorageError {
        let spaceless: [ResultCode] = [
            .SQLITE_FULL, .SQLITE_IOERR_SHMSIZE, .SQLITE_IOERR_WRITE,
        ]
        if spaceless.contains(extendedResultCode) { return .full(path: path) }
        if resultCode == .SQLITE_BUSY { return .busy(path: path) }
        return .unreachable(path: path, message: message ?? "\(extendedResultCode)")
    }
}
