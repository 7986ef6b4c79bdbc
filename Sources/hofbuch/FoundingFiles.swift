import Defaults
import Units

extension DefaultFile {
    /// The yard that the finance files name.
    private static let sampleYard = "hof-1"

    /// The files for `finance/` of a new town; where they name a yard, they name its first one.
    static func finance(of yard: YardID) -> [(name: String, bytes: [UInt8])] {
        files(in: "finance/").map { ($0.name, naming(yard, in: $0.bytes)) }
    }

    private static func naming(_ yard: YardID, in bytes: [UInt8]) -> [UInt8] {
        let text = String(decoding: bytes, as: UTF8.self)
        // A list that has a code for the yard already would have two.
        guard yard.text != sampleYard, !text.contains("wert: \(yard.text),") else { return bytes }
        let renamed = ["hof", "wert"].reduce(text) { text, key in
            text.replacing("\(key): \(sampleYard)", with: "\(key): \"\(yard.text)\"")
        }
        return Array(renamed.utf8)
    }
}
