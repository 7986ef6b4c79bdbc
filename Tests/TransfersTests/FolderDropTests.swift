import Foundation
import Testing

@testable import Transfers

/// A temporary folder that is removed with it.
final class WorkFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/hofbuch-drop-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: path) } catch { Issue.record(error) }
    }

    func bytes(_ name: String) -> [UInt8]? {
        FileManager.default.contents(atPath: "\(path)/\(name)").map { Array($0) }
    }

    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }
}

extension FileSet {
    static func sample(_ text: String = "a;b\r\n") -> FileSet {
        FileSet(
            files: [
                File(name: "mitte-000317_mach_2026.csv", bytes: Array(text.utf8)),
                File(name: "index.xml", bytes: [0x3C, 0x61, 0x2F, 0x3E]),
            ], doneFile: File(name: "mitte-export-000012.fertig", bytes: [0x31, 0x0A]))
    }
}

struct LeftoverTests {
    @Test func `only what was being sent is removed from a work folder`() throws {
        let folder = try WorkFolder()
        try SFTPDrop.removeLeftovers(in: folder.path + "/fehlt")
        for name in ["sftp-1", "anderes"] {
            let inner = "\(folder.path)/\(name)"
            try FileManager.default.createDirectory(
                atPath: inner, withIntermediateDirectories: false)
            try Data([0x31]).write(to: URL(filePath: inner + "/a.csv"))
        }
        try SFTPDrop.removeLeftovers(in: folder.path)
        #expect(try folder.names == ["anderes"])
    }
}

struct FolderDropTests {
    @Test func `a file whose bytes cannot be read does not appear, nor the done-file`() throws {
        struct Unreadable: Error {}
        let folder = try WorkFolder()
        let set = FileSet(
            files: [
                .init(name: "a.csv") { take in
                    try take([1])
                    throw Unreadable()
                }
            ], doneFile: .init(name: "a.fertig", bytes: [0x31]))
        #expect(throws: TransferError.failed("Unreadable()")) {
            try FolderDrop.put(set, into: folder.path)
        }
        #expect(try folder.names.isEmpty)
    }

    @Test func `files and done-file lie in the folder, and nothing else`() throws {
        let folder = try WorkFolder()
        for _ in 1...2 { try FolderDrop.put(.sample(), into: folder.path) }
        #expect(
            try folder.names == [
                "index.xml", "mitte-000317_mach_2026.csv", "mitte-export-000012.fertig",
            ])
        #expect(folder.bytes("mitte-000317_mach_2026.csv") == Array("a;b\r\n".utf8))
    }

    @Test func `a corrected file replaces the rejected one`() throws {
        let folder = try WorkFolder()
        try FolderDrop.put(.sample(), into: folder.path)
        try FolderDrop.put(.sample("neu"), into: folder.path)
        #expect(folder.bytes("mitte-000317_mach_2026.csv") == Array("neu".utf8))
    }

    @Test func `without a folder nothing is put`() throws {
        let folder = try WorkFolder()
        let path = "\(folder.path)/fehlt"
        #expect(throws: TransferError.folderMissing(path: path)) {
            try FolderDrop.put(.sample(), into: path)
        }
        try FolderDrop.put(.sample(), into: folder.path)
        #expect(throws: TransferError.folderMissing(path: "\(folder.path)/index.xml")) {
            try FolderDrop.put(.sample(), into: "\(folder.path)/index.xml")
        }
    }

    @Test func `a file that cannot be written leaves no done-file`() throws {
        let folder = try WorkFolder()
        try FileManager.default.createDirectory(
            atPath: "\(folder.path)/index.xml/x", withIntermediateDirectories: true)
        #expect(throws: TransferError.self) { try FolderDrop.put(.sample(), into: folder.path) }
        #expect(folder.bytes("mitte-export-000012.fertig") == nil)
    }

    @Test(arguments: ["../a", "/etc/a", ".a", "-a", "a b", "a\nb", "a\"b", ""])
    func `a name that is none is refused before anything is put`(name: String) throws {
        let folder = try WorkFolder()
        let set = FileSet(
            files: FileSet.sample().files + [.init(name: name, bytes: [])],
            doneFile: FileSet.sample().doneFile)
        #expect(throws: TransferError.fileName(name)) {
            try FolderDrop.put(set, into: folder.path)
        }
        #expect(try folder.names.isEmpty)
    }
}
