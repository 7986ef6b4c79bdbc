import FinanceSamples
import Foundation
import Journal
import Storage
import Testing
import Units

/// What is erased is in no byte of the file, whatever stands beside it.
struct ErasedBytesTests {
    private static let salt = [UInt8](repeating: 0x53, count: 32)

    /// Values beside records: each has a plate, some have a debtor who is kept for longer.
    private static func fields(_ count: Int, _ chance: inout SeededGenerator) -> [[Disclosure]] {
        (0..<count).map { number in
            var fields = [Disclosure(name: .plate, salt: salt, value: "PLATE-\(number)")]
            if Int.random(in: 0..<10, using: &chance) < 3 {
                let letters = Int.random(in: 20...120, using: &chance)
                fields.append(
                    Disclosure(
                        name: .debtor, salt: [UInt8](repeating: 0x44, count: 32),
                        value: String(repeating: "d", count: letters)))
            }
            return fields
        }
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `erased in steps beside what stays, no value and no salt is left`(seed: UInt64) throws {
        let files = FileManager.default
        let folder = files.temporaryDirectory.path + "/hofbuch-erased-\(UUID().uuidString)"
        try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try files.removeItem(atPath: folder) } }
        let path = folder + "/a.sqlite3"
        let database = try ServerDatabase(path: path)
        var chance = SeededGenerator(seed: seed)
        let count = Int.random(in: 1_500...3_500, using: &chance)
        let fields = Self.fields(count, &chance)
        for first in stride(from: 0, to: count, by: 100) {
            try database.write { transaction in
                for index in first..<min(first + 100, count) {
                    try transaction.insert(
                        fields[index], at: LogPosition(yard: 1, index: Int64(index)))
                }
            }
        }
        _ = try database.emptyLog()

        for first in stride(from: 0, to: Int64(count), by: 1_000) {
            let range = first...min(first + 999, Int64(count - 1))
            _ = try database.write { transaction in
                try transaction.erase(.plate, yard: 1, range) { _ in nil }
            }
        }

        #expect(try database.emptyLog())
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(bytes.range(of: Data("PLATE-".utf8)) == nil, "seed \(seed)")
        #expect(bytes.range(of: Data(Self.salt)) == nil, "seed \(seed)")
        #expect(bytes.range(of: Data("dddd".utf8)) != nil)
        try database.close()
    }
}
