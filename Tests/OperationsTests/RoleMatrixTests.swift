import Foundation
import People
import Testing

/// The auditor's guide says who may do what; this is what the program says.
struct RoleMatrixTests {
    @Test func `the matrix in the auditor's guide is that of the program`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let guide = try String(
            contentsOf: root.appending(path: "docs/guide/auditor.md"), encoding: .utf8)
        let rows = guide.split(separator: "\n").map { line in
            line.split(separator: "|", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: .whitespaces) }
        }
        let head = try #require(rows.first { $0.count > 2 && $0[1] == "act" })
        let matrix = rows.filter { $0.count == head.count && $0[1].hasPrefix("`") }

        #expect(matrix.map { $0[1] } == Act.allCases.map { "`\($0.rawValue)`" })
        for row in matrix {
            let act = try #require(Act(rawValue: row[1].trimmingCharacters(in: ["`"])))
            let roles = head.indices.filter { row[$0] == "x" }.map { head[$0] }
            #expect(Set(roles) == Set(act.roles.map(\.rawValue)), "\(act)")
            #expect(row[2].count > 4, "\(act) has words")
        }
    }
}
