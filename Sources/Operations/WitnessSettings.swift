import Foundation
import Text
package import Transparency

/// What an installation asks of witnesses and time stamps, from the folder `witness/` of its data
/// directory (docs/formats/log.md). Without the folder: no witness, no time stamp.
package struct WitnessSettings: Hashable, Sendable {
    /// The file `policy`; `quorum none` without one.
    package var policy = WitnessPolicy.none
    /// Seconds between two submissions while entries come.
    package var intervalSeconds: Int64 = 300
    /// Seconds that a witness or an authority may take to answer.
    package var timeoutSeconds: Int64 = 10
    /// Whether a close has to be witnessed before it may be exported.
    package var exportsWait = false
    /// Where time stamps come from; nil where none are wanted.
    package var timeStamps: TimeStampSource?

    /// A time stamping authority (RFC 3161).
    package struct TimeStampSource: Hashable, Sendable {
        package let url: String
        /// Certificates in PEM that its signatures have to lead to.
        package let trusted: String

        package init(url: String, trusted: String) {
            self.url = url
            self.trusted = trusted
        }
    }

    /// Without a folder.
    package init() {}

    /// What the folder of `directory` says.
    ///
    /// - Throws: ``OperationsError`` (`witnessFile`, `cannotRead`, `missingFile`).
    package init(directory: DataDirectory) throws {
        let folder = directory.witness
        if FileManager.default.fileExists(atPath: "\(folder)/policy") {
            policy = try Self.policy(file: "\(folder)/policy")
        }
        guard let bytes = try Self.file("\(folder)/settings") else { return }
        var url: String?
        let lines = String(decoding: bytes, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let words = line.split(separator: " ").map(String.init)
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            guard words.count == 2, read(first, words[1], &url) else {
                throw OperationsError.witnessFile(
                    path: "\(folder)/settings", line: index + 1, what: "settings-form")
            }
        }
        guard let url else { return }
        guard let trusted = try Self.file("\(folder)/tsa.pem") else {
            throw OperationsError.missingFile(path: "\(folder)/tsa.pem")
        }
        timeStamps = TimeStampSource(url: url, trusted: String(decoding: trusted, as: UTF8.self))
    }

    /// The policy that a file holds.
    ///
    /// - Throws: ``OperationsError/missingFile(path:)``,
    ///   ``OperationsError/witnessFile(path:line:what:)``, or what the file system says.
    package static func policy(file path: String) throws -> WitnessPolicy {
        guard let bytes = try file(path) else { throw OperationsError.missingFile(path: path) }
        do { return try WitnessPolicy.parse(bytes) } catch {
            throw OperationsError.witnessFile(
                path: path, line: error.line, what: error.code.rawValue)
        }
    }

    private mutating func read(_ name: String, _ value: String, _ url: inout String?) -> Bool {
        switch name {
        case "interval":
            guard let seconds = DecimalText.decode(value), (1...86_400).contains(seconds) else {
                return false
            }
            intervalSeconds = seconds
        case "timeout":
            guard let seconds = DecimalText.decode(value), (1...300).contains(seconds) else {
                return false
            }
            timeoutSeconds = seconds
        case "exports":
            guard ["go-on", "wait"].contains(value) else { return false }
            exportsWait = value.hasSameBytes(as: "wait")
        case "time-stamp":
            guard value.hasPrefix("http://") || value.hasPrefix("https://") else { return false }
            url = value
        default: return false
        }
        return true
    }

    private static func file(_ path: String) throws -> [UInt8]? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return try DataDirectory.bytes(of: path)
    }
}
