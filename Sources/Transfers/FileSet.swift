/// Files that belong together, and the list that says they are all there.
package struct FileSet: Sendable {
    package struct File: Sendable {
        package let name: String
        /// Gives each piece of the bytes, in order, to what it is given.
        let content: @Sendable (_ take: ([UInt8]) throws -> Void) throws -> Void

        package init(name: String, bytes: [UInt8]) {
            self.init(name: name) { try $0(bytes) }
        }

        /// - Parameter content: gives each piece of the bytes, in order, to what it is given: the
        ///   file need not be in memory.
        package init(
            name: String,
            content: @escaping @Sendable (_ take: ([UInt8]) throws -> Void) throws -> Void
        ) {
            self.name = name
            self.content = content
        }
    }

    package let files: [File]
    /// Put last: whoever waits for it never reads half a hand-over.
    package let doneFile: File

    package init(files: [File], doneFile: File) {
        self.files = files
        self.doneFile = doneFile
    }

    /// In the order in which they are put.
    var all: [File] { files + [doneFile] }
}

/// Why files could not be put to a place. What was put before stays; the done-file is missing then.
package enum TransferError: Error, Hashable, Sendable {
    /// The folder is missing, or is none.
    case folderMissing(path: String)
    /// A name that is no plain name of a file.
    case fileName(String)
    /// The private key that signs in is not there.
    case keyMissing(path: String)
    /// The program that puts files is not installed.
    case programMissing(String)
    /// The server showed another key than the pinned one, or none: nothing was sent.
    case hostKeyDiffers(host: String)
    /// The server did not let us in with our key.
    case notLetIn(user: String, host: String)
    /// Anything else, in the words of the program.
    case failed(String)
}

extension FileSet {
    /// - Throws: ``TransferError/fileName(_:)`` for a name that would leave the folder or hide.
    func checkNames() throws(TransferError) {
        for file in all {
            let isPlain = file.name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                default: false
                }
            }
            guard isPlain, let first = file.name.utf8.first, first != 0x2E, first != 0x2D else {
                throw .fileName(file.name)
            }
        }
    }
}
