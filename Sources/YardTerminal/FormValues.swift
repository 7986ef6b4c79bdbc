import Foundation

/// The fields of a form as a browser sends them (`application/x-www-form-urlencoded`).
struct FormValues {
    /// By name; the last one wins.
    private(set) var values: [String: String] = [:]

    init(_ text: String) {
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            values[Self.decoded(parts[0])] = parts.count == 2 ? Self.decoded(parts[1]) : ""
        }
    }

    /// The value of a field; empty if there is none.
    subscript(_ name: String) -> String { values[name] ?? "" }

    /// Whether the check box of this name is ticked.
    func isTicked(_ name: String) -> Bool { values[name] == CheckField.ticked }

    private static func decoded(_ text: Substring) -> String {
        let spaced = String(text).replacingOccurrences(of: "+", with: " ")
        return spaced.removingPercentEncoding ?? spaced
    }
}
