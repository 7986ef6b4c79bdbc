import Text

/// The names (origins) of the logs that a yard's journal is kept in, one after the other. The first
/// is the yard's own; each that follows after a loss has the next number behind it:
/// `a.example/log/hof-1`, `a.example/log/hof-1~2`. No identifier has a `~`, so nothing else is
/// called so.
package enum LogName {
    /// The name of the log that follows after a loss.
    ///
    /// - Parameter others: names that were given before, as far as anybody remembers.
    package static func successor(of name: String, after others: [String] = []) -> String {
        let (first, number) = parts(name)
        let used = others.map(parts).filter { $0.first.hasSameBytes(as: first) }.map(\.number)
        return "\(first)~\(max(number, used.max() ?? number) + 1)"
    }

    /// Whether a log of this name can follow the other one.
    package static func isLater(_ name: String, than other: String) -> Bool {
        let (one, two) = (parts(name), parts(other))
        return one.first.hasSameBytes(as: two.first) && one.number > two.number
    }

    /// The name of the yard's first log, which every record names.
    package static func first(of name: String) -> String { parts(name).first }

    private static func parts(_ name: String) -> (first: String, number: Int64) {
        guard let mark = name.utf8.lastIndex(of: 0x7E),
            let number = DecimalText.decode(name[name.utf8.index(after: mark)...]),
            (2...999_999).contains(number)
        else { return (name, 1) }
        return (String(name[..<mark]), number)
    }
}
