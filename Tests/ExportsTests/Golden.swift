import FinanceSamples
import Foundation
import Testing

/// Compares with a file beside the tests, byte for byte.
///
/// With the environment variable HOFBUCH_WRITE_GOLDEN set, the file is written instead and the
/// test fails, so that nobody updates one unseen.
func expectGolden(_ bytes: [UInt8], _ name: String) throws {
    let path = "Tests/ExportsTests/Golden/\(name)"
    guard ProcessInfo.processInfo.environment["HOFBUCH_WRITE_GOLDEN"] == nil else {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        try Data(bytes).write(to: folder.appending(path: "Golden/\(name)"))
        Issue.record("golden file \(name) written; look at it, then test again")
        return
    }
    let golden = try Samples.file(path)
    // Not in the expectation: it would print both.
    let isSame = bytes == golden
    #expect(isSame, "differs from \(name) at byte \(firstDifference(bytes, golden))")
}

private func firstDifference(_ left: [UInt8], _ right: [UInt8]) -> Int {
    zip(left, right).enumerated().first { $0.element.0 != $0.element.1 }?.offset
        ?? min(left.count, right.count)
}

/// Rows and cells of a file with separators and double quotes, as any tolerant reader takes them.
func readCSV(_ text: String, separator: Character = ";") -> [[String]] {
    var rows: [[String]] = []
    var (row, cell, isQuoted) = ([String](), "", false)
    for character in text {
        switch character {
        case "\"": isQuoted.toggle()
        case separator where !isQuoted:
            row.append(cell)
            cell = ""
        case "\r\n" where !isQuoted, "\n" where !isQuoted:
            rows.append(row + [cell])
            (row, cell) = ([], "")
        default: cell.append(character)
        }
    }
    return cell.isEmpty && row.isEmpty ? rows : rows + [row + [cell]]
}
