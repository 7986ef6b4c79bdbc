import Glibc
import Keys
import Testing

struct FilePartTests {
    private let folder: TemporaryFolder
    private static let failure = FileError(.read, path: "a", "not open for reading")

    init() throws { folder = try TemporaryFolder() }

    private func part(at offset: Int64, _ mode: CInt = O_RDONLY) throws -> [UInt8] {
        let path = try folder.write("abcde", to: "a")
        let file = open(path, mode)
        defer { close(file) }
        return try FilePart.read(3, of: file, at: offset, else: Self.failure)
    }

    @Test(arguments: [(0, "abc"), (2, "cde"), (3, "de"), (5, ""), (9, "")] as [(Int64, String)])
    func `a part is shorter only at the end of the file`(offset: Int64, wanted: String) throws {
        #expect(try part(at: offset) == Array(wanted.utf8))
    }

    @Test func `what cannot be read is thrown as the caller says`() {
        #expect(throws: Self.failure) { _ = try part(at: 0, O_WRONLY) }
    }
}
