import Foundation
import Keys

/// Puts files into a folder of this machine.
package enum FolderDrop {
    /// Each file appears whole or not at all, the done-file after all others are on the disk. A
    /// file of the same name is replaced: the same hand-over twice leaves the same files.
    ///
    /// - Throws: ``TransferError`` `fileName`, `folderMissing`, `failed`.
    package static func put(_ set: FileSet, into folder: String) throws(TransferError) {
        try set.checkNames()
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder),
            isFolder.boolValue
        else { throw .folderMissing(path: folder) }
        for file in set.all {
            do {
                try DurableFile.replace(path: "\(folder)/\(file.name)", content: file.content)
            } catch {
                throw .failed("\(error)")
            }
        }
    }
}
