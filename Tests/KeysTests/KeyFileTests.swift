import Foundation
import Keys
import Signing
import Testing

/// A folder for one test, removed with the test's instance.
final class TemporaryFolder {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(
            path: "keys-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func write(_ text: String, to name: String, mode: Int = 0o600) throws -> String {
        let file = file(name)
        try Data(text.utf8).write(to: URL(filePath: file))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
        return file
    }

    func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }
}

func fileError<Value>(_ body: () throws -> Value) -> FileError? {
    do {
        _ = try body()
        return nil
    } catch {
        return error as? FileError
    }
}

@Suite struct KeyFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func `a key comes back from its file, which only the owner may use`() throws {
        let es256 = try ES256PrivateKey.generate()
        let ed25519 = try Ed25519PrivateKey.generate()
        try KeyFile.create(path: folder.file("a"), with: .es256(es256))
        try KeyFile.create(path: folder.file("b"), with: .ed25519(ed25519))

        #expect(try KeyFile.readES256(path: folder.file("a")).raw == es256.raw)
        #expect(try KeyFile.readEd25519(path: folder.file("b")).raw == ed25519.raw)
        #expect(try folder.mode(folder.file("a")) == 0o600)
        let text = try String(contentsOfFile: folder.file("b"), encoding: .utf8)
        #expect(text.hasPrefix("hofbuch-key/v1 ed25519 "))
        #expect(text.utf8.count == 23 + 43 + 1)
        #expect(fileError { try KeyFile.readES256(path: folder.file("b")) }?.code == .format)
        #expect(fileError { try KeyFile.readEd25519(path: folder.file("a")) }?.code == .format)
    }

    @Test func `a key is never overwritten`() throws {
        let path = folder.file("a")
        let key = try ES256PrivateKey.generate()
        try KeyFile.create(path: path, with: .es256(key))

        let error = fileError {
            try KeyFile.create(path: path, with: .es256(try ES256PrivateKey.generate()))
        }
        #expect(error?.code == .exists)
        #expect(error?.path == path)
        #expect(try KeyFile.readES256(path: path).raw == key.raw)
    }

    @Test(arguments: [0o640, 0o604, 0o660, 0o700, 0o610, 0o777, 0o4600])
    func `a file that others may use is refused with the remedy`(mode: Int) throws {
        let path = folder.file("a")
        try KeyFile.create(path: path, with: .es256(try ES256PrivateKey.generate()))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)

        let error = try #require(fileError { try KeyFile.read(path: path) })
        #expect(error.code == .mode)
        #expect(error.description.contains("chmod 600 \(path)"))
    }

    @Test func `a file that only the owner may read is fine`() throws {
        let path = folder.file("a")
        try KeyFile.create(path: path, with: .es256(try ES256PrivateKey.generate()))
        try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: path)

        _ = try KeyFile.readES256(path: path)
    }

    @Test(.enabled(if: geteuid() == 0, "needs the right to give files away"))
    func `somebody else's file is refused with the remedy`() throws {
        let path = folder.file("a")
        try KeyFile.create(path: path, with: .es256(try ES256PrivateKey.generate()))
        #expect(chown(path, 65534, 65534) == 0)

        let error = try #require(fileError { try KeyFile.read(path: path) })
        #expect(error.code == .owner)
        #expect(error.description.contains("chown 0 \(path)"))
    }

    @Test func `links, folders and missing files are refused`() throws {
        let path = folder.file("a")
        try KeyFile.create(path: path, with: .es256(try ES256PrivateKey.generate()))
        let link = folder.file("link")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)

        #expect(fileError { try KeyFile.read(path: link) }?.code == .kind)
        #expect(fileError { try KeyFile.read(path: folder.path) }?.code == .kind)
        #expect(fileError { try KeyFile.read(path: folder.file("none")) }?.code == .open)
        #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
        #expect(fileError { try KeyFile.read(path: folder.file("pipe")) }?.code == .kind)
        let missing = folder.file("none/a")
        #expect(
            fileError {
                try KeyFile.create(path: missing, with: .es256(try ES256PrivateKey.generate()))
            }?.code == .open)
        #expect(
            fileError {
                try KeyFile.create(path: link, with: .es256(try ES256PrivateKey.generate()))
            }?.code == .exists)
    }

    private static let zero = String(repeating: "A", count: 43)

    @Test(arguments: [
        ("\n", FileError.Code.format), ("x", .format), ("hofbuch-key/v1 es256\n", .format),
        ("hofbuch-key/v1 es256 AAAA\n", .format), ("hofbuch-key/v1 es256 \(zero)\n", .format),
        ("hofbuch-key/v1 rsa \(zero)\n", .format), ("hofbuch-key/v2 ed25519 \(zero)\n", .format),
        ("hofbuch-key/v1 ed25519 \(zero)", .format),
        ("hofbuch-key/v1 ed25519 \(zero)\n\n", .format),
        ("hofbuch-key/v1  ed25519 \(zero)\n", .format),
        ("hofbuch-key/v1 ed25519 \(zero)=\n", .format),
        ("hofbuch-key/v1 ed25519 \(zero)A\n", .format), ("", .size),
        (String(repeating: "x", count: 201), .size),
    ])
    func `other contents are refused without being repeated`(
        text: String, code: FileError.Code
    ) throws {
        let path = try folder.write(text, to: "a")

        let error = try #require(fileError { try KeyFile.read(path: path) })
        #expect(error.code == code)
        #expect(!error.description.contains(Self.zero))
    }
}

@Suite struct DurableFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func `a file is put in place of another, with its mode and nothing left over`() throws {
        let path = folder.file("head")
        try DurableFile.replace(path: path, with: [1])
        #expect(try folder.mode(path) == 0o640)
        try DurableFile.replace(path: path, with: Array(repeating: 7, count: 100_000), mode: 0o600)

        #expect(try Data(contentsOf: URL(filePath: path)) == Data(repeating: 7, count: 100_000))
        #expect(try folder.mode(path) == 0o600)
        try DurableFile.replace(path: path, with: [])
        #expect(try Data(contentsOf: URL(filePath: path)).isEmpty)
        #expect(folder.names == ["head"])
    }

    @Test func `what a crash left beside it does not matter`() throws {
        let path = folder.file("head")
        _ = try folder.write("half", to: "head.new")
        try DurableFile.replace(path: path, with: [1, 2])

        #expect(try Data(contentsOf: URL(filePath: path)) == Data([1, 2]))
        #expect(folder.names == ["head"])
    }

    @Test func `what cannot be replaced stays as it was`() throws {
        let path = folder.file("folder")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)

        #expect(fileError { try DurableFile.replace(path: path, with: [1]) }?.code == .rename)
        #expect(
            fileError { try DurableFile.replace(path: folder.file("no/head"), with: [1]) }?.code
                == .open)
        #expect(
            fileError { try DurableFile.createNew(path: path, with: [], mode: 0o600) }?.code
                == .exists)
        #expect(folder.names == ["folder"])
    }

    @Test func `what is awaited is there when all of it came, and not at all before`() async throws
    {
        struct Lost: Error {}
        let path = folder.file("answer")
        try await DurableFile.receive(path: path) { write in
            try write([1, 2])
            await Task.yield()
            #expect(folder.names == ["answer.new"])
            try write([3])
        }
        #expect(try Data(contentsOf: URL(filePath: path)) == Data([1, 2, 3]))
        #expect(try folder.mode(path) == 0o640)

        await #expect(throws: Lost.self) {
            try await DurableFile.receive(path: path) { write in
                try write([4])
                throw Lost()
            }
        }
        #expect(try Data(contentsOf: URL(filePath: path)) == Data([1, 2, 3]))
        #expect(folder.names == ["answer"])
    }

    @Test func `a path without folder is in the current one`() throws {
        #expect(
            fileError { try DurableFile.replace(path: "", with: [1], mode: 0o600) }?.code == .rename
        )
        #expect(FileManager.default.fileExists(atPath: ".new") == false)
    }
}
