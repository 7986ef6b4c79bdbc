import Foundation
import Testing

/// The folder of public test data beside the repository; tests that need it are skipped without.
enum SharedFolder {
    static let note = Comment(rawValue: "needs the folder ../shared/data")

    private static let path: String =
        (ProcessInfo.processInfo.environment["HOFBUCH_SHARED"]
            ?? URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "../shared").standardized.path) + "/data"

    static func has(_ file: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(path)/\(file)")
    }

    static func bytes(_ file: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(filePath: "\(path)/\(file)")))
    }
}
