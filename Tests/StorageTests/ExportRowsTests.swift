import Foundation
import Storage
import Testing
import Units

/// Files of exports are copied piece by piece into rows that nothing may change.
struct ExportRowsTests {
    private struct Unreadable: Error {}

    private func withDatabase(_ body: (ServerDatabase) throws -> Void) throws {
        let files = FileManager.default
        let path = files.temporaryDirectory.path + "/hofbuch-storage-\(UUID().uuidString)"
        try files.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try files.removeItem(atPath: path) } }
        let database = try ServerDatabase(path: path + "/a.sqlite3")
        try body(database)
        try database.close()
    }

    private func content(_ name: String, _ bytes: [UInt8]) -> ExportFileContent {
        ExportFileContent(name: name, byteCount: Int64(bytes.count)) { offset, count in
            Array(bytes[Int(offset)..<min(Int(offset) + count, bytes.count)])
        }
    }

    private static let place = LogPosition(yard: 1, index: 7)

    @Test(arguments: [0, 1, (1 << 18) - 1, 1 << 18, (1 << 18) + 1, 700_001])
    func `a file of any length is kept byte for byte, beside others`(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        try withDatabase { database in
            try database.write {
                try $0.insertExport(
                    yard: 1, number: 3, position: Self.place, profile: "csv",
                    files: [content("a", bytes), content("b", [1, 2])])
            }
            func stored(_ name: String) throws -> [UInt8]? {
                try database.read { try $0.exportFile(yard: 1, number: 3, name: name) }
            }
            #expect(try stored("a") == bytes)
            #expect(try stored("b") == [1, 2])
            #expect(try database.read { try $0.exports(yard: 1).map(\.number) } == [3])
        }
    }

    @Test func `a file that cannot be read, or is not as long as said, leaves nothing`() throws {
        let broken = ExportFileContent(name: "b", byteCount: 600_000) { offset, count in
            guard offset == 0 else { throw Unreadable() }
            return [UInt8](repeating: 1, count: count)
        }
        let short = ExportFileContent(name: "b", byteCount: 600_000) { offset, count in
            offset == 0 ? [UInt8](repeating: 1, count: count) : []
        }
        let long = ExportFileContent(name: "b", byteCount: 5) { _, count in
            [UInt8](repeating: 1, count: count)
        }
        try withDatabase { database in
            func insert(_ file: ExportFileContent) throws {
                try database.write { transaction in
                    try transaction.nested {
                        try transaction.insertExport(
                            yard: 1, number: 1, position: Self.place, profile: "csv",
                            files: [content("a", [1]), file])
                    }
                }
            }
            #expect(throws: Unreadable.self) { try insert(broken) }
            #expect(throws: DamagedRow.self) { try insert(short) }
            #expect(throws: DamagedRow.self) { try insert(long) }
            #expect(try database.read { try $0.exports(yard: 1).isEmpty })
            let left = try database.read { try $0.exportFile(yard: 1, number: 1, name: "a") }
            #expect(left == nil)
            try insert(content("b", [5]))
        }
    }
}
