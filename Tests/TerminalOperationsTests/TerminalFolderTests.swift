import Foundation
import Glibc
import Testing

@testable import TerminalOperations

struct TerminalFolderTests {
    @Test func `a closed terminal is free, though a child that is just starting holds its files`()
        throws
    {
        let path = NSTemporaryDirectory() + "hofbuch-test-\(UUID().uuidString)"
        let folder = try TerminalFolder(taking: path)
        // What fork leaves in the child until it runs its program.
        let descriptor = try #require(
            try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
                .first { Self.target(of: $0) == path + "/lock" }.flatMap { Int32($0) })
        let copy = dup(descriptor)
        defer { close(copy) }

        folder.release()

        try TerminalFolder(taking: path).release()
        try FileManager.default.removeItem(atPath: path)
    }

    private static func target(of descriptor: String) -> String {
        var bytes = [CChar](repeating: 0, count: 4_096)
        let count = readlink("/proc/self/fd/" + descriptor, &bytes, bytes.count)
        let text = bytes.prefix(max(0, count)).map(UInt8.init(bitPattern:))
        return String(decoding: text, as: UTF8.self)
    }
}
