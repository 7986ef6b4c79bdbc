import Glibc

/// A file that cannot be read or written, or must not be used as it is.
package struct FileError: Error, Hashable, Sendable {
    /// What was being done when it failed. The raw values are stable.
    package enum Code: String, Hashable, Sendable {
        case open = "file-open"
        case read = "file-read"
        case write = "file-write"
        case sync = "file-sync"
        case rename = "file-rename"
        /// There is a file already and it must not be replaced.
        case exists = "file-exists"
        /// Something else than a plain file, such as a link or a folder.
        case kind = "file-kind"
        /// Others than the owner may use it.
        case mode = "file-mode"
        /// It belongs to somebody else.
        case owner = "file-owner"
        /// Longer than such a file can be.
        case size = "file-size"
        /// Not in the format of such a file.
        case format = "file-format"
    }

    package let code: Code
    package let path: String
    /// What was found, and what to do where that is known. Never content of the file.
    package let detail: String

    package init(_ code: Code, path: String, _ detail: String) {
        self.code = code
        self.path = path
        self.detail = detail
    }

    /// The error that the system just reported.
    static func system(_ code: Code, path: String, number: CInt = errno) -> FileError {
        FileError(code, path: path, String(cString: strerror(number)))
    }
}

extension FileError: CustomStringConvertible {
    package var description: String { "\(path): \(code.rawValue): \(detail)" }
}
