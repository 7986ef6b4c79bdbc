import Glibc

/// Files that are on the disk when a call returns, whole or not at all.
package enum DurableFile {
    /// Puts `bytes` at `path` in place of what was there: a reader and a crash see either.
    ///
    /// Writes a file beside it, syncs it, renames it, syncs the folder. Only one writer at a time
    /// may replace a given path.
    ///
    /// - Parameter mode: permission bits, independent of the process's mask.
    /// - Throws: ``FileError`` of the kinds open, write, sync, rename. After an error of the last
    ///   sync the new content is in place but may not survive a power cut.
    package static func replace(path: String, with bytes: [UInt8], mode: UInt32 = 0o640) throws {
        try replace(path: path, mode: mode) { try $0(bytes) }
    }

    /// The same with bytes that come piece by piece.
    ///
    /// - Parameter content: gives each piece, in order, to what it is given.
    /// - Throws: as above; what `content` throws, after which the path is as it was.
    package static func replace(
        path: String, mode: UInt32 = 0o640, content: (([UInt8]) throws -> Void) throws -> Void
    ) throws {
        let temporary = try freeName(beside: path)
        try create(path: temporary, mode: mode, content)
        try put(temporary, at: path)
    }

    /// The same with pieces that are awaited, such as an answer that comes in.
    package static func receive(
        path: String, mode: UInt32 = 0o640,
        content: (([UInt8]) throws -> Void) async throws -> Void
    ) async throws {
        let temporary = try freeName(beside: path)
        let file = try new(path: temporary, mode: mode)
        do {
            defer { close(file) }
            try await content { try write($0, to: file, path: temporary) }
            guard fsync(file) == 0 else { throw FileError.system(.sync, path: temporary) }
        } catch {
            unlink(temporary)
            throw error
        }
        try put(temporary, at: path)
    }

    private static func freeName(beside path: String) throws -> String {
        let temporary = "\(path).new"
        // What a crash left behind; the name is ours alone.
        guard unlink(temporary) == 0 || errno == ENOENT else {
            throw FileError.system(.write, path: temporary)
        }
        return temporary
    }

    private static func put(_ temporary: String, at path: String) throws {
        guard rename(temporary, path) == 0 else {
            let error = FileError.system(.rename, path: path)
            unlink(temporary)
            throw error
        }
        try syncFolder(of: path)
    }

    /// Puts `bytes` into a new file at `path` and syncs it and its folder.
    ///
    /// - Parameter mode: permission bits, independent of the process's mask.
    /// - Throws: ``FileError`` of the kinds exists, open, write, sync. After an error of write or
    ///   sync the file is removed again.
    package static func createNew(path: String, with bytes: [UInt8], mode: UInt32) throws {
        try createNew(path: path, mode: mode) { try $0(bytes) }
    }

    /// The same with bytes that come piece by piece.
    ///
    /// - Parameter content: gives each piece, in order, to what it is given.
    /// - Throws: as above; what `content` throws, after which there is no file.
    package static func createNew(
        path: String, mode: UInt32, content: (([UInt8]) throws -> Void) throws -> Void
    ) throws {
        try create(path: path, mode: mode, content)
        try syncFolder(of: path)
    }

    /// Puts the file at `source` in place of what is at `target`, in the same folder: a reader and
    /// a crash see either.
    ///
    /// - Throws: ``FileError`` of the kinds rename, open, sync.
    package static func move(from source: String, to target: String) throws {
        guard rename(source, target) == 0 else {
            throw FileError.system(.rename, path: source)
        }
        try syncFolder(of: target)
    }

    /// Syncs a file that somebody else wrote, and its folder.
    ///
    /// - Throws: ``FileError`` of the kinds open, sync.
    package static func sync(path: String) throws {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw FileError.system(.open, path: path) }
        defer { close(file) }
        guard fsync(file) == 0 else { throw FileError.system(.sync, path: path) }
        try syncFolder(of: path)
    }

    private static func create(
        path: String, mode: UInt32, _ content: (([UInt8]) throws -> Void) throws -> Void
    ) throws {
        let file = try new(path: path, mode: mode)
        do {
            defer { close(file) }
            try content { try write($0, to: file, path: path) }
            guard fsync(file) == 0 else { throw FileError.system(.sync, path: path) }
        } catch {
            unlink(path)
            throw error
        }
    }

    /// A new file that is open for writing; there is none after an error.
    private static func new(path: String, mode: UInt32) throws -> CInt {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        let file = open(path, flags, mode)
        guard file >= 0 else {
            throw FileError.system(errno == EEXIST ? .exists : .open, path: path)
        }
        guard fchmod(file, mode) == 0 else {
            let error = FileError.system(.write, path: path)
            close(file)
            unlink(path)
            throw error
        }
        return file
    }

    private static func write(_ bytes: [UInt8], to file: CInt, path: String) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileError.system(.write, path: path) }
            rest = rest.dropFirst(count)
        }
    }

    private static func syncFolder(of path: String) throws {
        let folder = folder(of: path)
        let file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { throw FileError.system(.open, path: folder) }
        defer { close(file) }
        guard fsync(file) == 0 else { throw FileError.system(.sync, path: folder) }
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
