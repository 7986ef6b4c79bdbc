package import Text
import Units

/// The problems found in one file, in the order found, each with a code of one family such as
/// `A-E03`. The first four numbers mean the same in every family: 1 wrong shape, 2 unknown key,
/// 3 missing key, 4 value not understood.
package struct FileProblems {
    package let family: String
    package private(set) var all: [SourceProblem] = []
    package var hasErrors: Bool { all.contains { $0.severity == .error } }

    package init(family: String) {
        self.family = family
    }

    package mutating func error(_ number: Int, at position: SourcePosition?, _ message: String) {
        all.append(
            SourceProblem("\(family)-E\(padded(number, 2))", .error, at: position, message))
    }

    package mutating func warning(_ number: Int, at position: SourcePosition?, _ message: String) {
        all.append(
            SourceProblem("\(family)-W\(padded(number, 2))", .warning, at: position, message))
    }
}

/// Reads a mapping of a source file key by key and reports what is missing, misspelled or of the
/// wrong shape, so that no key is ignored in silence.
package struct FileFields {
    package let position: SourcePosition
    private var unread: [SourceNode.Entry]

    /// Nil with a problem if `node` is no mapping.
    package init?(_ node: SourceNode, _ problems: inout FileProblems) {
        guard case .mapping(let entries) = node.content else {
            problems.error(
                1, at: node.position, "Hier wird „Schlüssel: Wert“ erwartet, je Zeile eines.")
            return nil
        }
        position = node.position
        unread = entries
    }

    /// The value under `key`; nil, with a problem if it is `required`, where there is none.
    package mutating func node(
        _ key: String, required: Bool = true, _ problems: inout FileProblems
    ) -> SourceNode? {
        guard let place = unread.firstIndex(where: { $0.key == key }) else {
            if required {
                problems.error(3, at: position, "Die Angabe „\(key)“ fehlt. Ergänzen Sie sie.")
            }
            return nil
        }
        return unread.remove(at: place).value
    }

    /// The text under `key`; empty texts and texts with control characters are problems.
    package mutating func text(
        _ key: String, required: Bool = true, _ problems: inout FileProblems
    ) -> String? {
        node(key, required: required, &problems).flatMap { $0.text(&problems) }
    }

    /// The elements of the list under `key`; empty where the key is missing.
    package mutating func list(
        _ key: String, required: Bool = true, _ problems: inout FileProblems
    ) -> [SourceNode] {
        guard let node = node(key, required: required, &problems) else { return [] }
        guard case .sequence(let elements) = node.content else {
            problems.error(1, at: node.position, "Unter „\(key)“ wird eine Liste erwartet.")
            return []
        }
        return elements
    }

    /// What `read` makes of the text under `key`; a text it cannot read is a problem that says
    /// what is `wanted`.
    package mutating func value<Value>(
        _ key: String, required: Bool = true, wanted: String, _ problems: inout FileProblems,
        _ read: (String) -> Value?
    ) -> Value? {
        guard let node = node(key, required: required, &problems),
            let text = node.text(&problems)
        else { return nil }
        guard let value = read(text) else {
            problems.error(
                4, at: node.position, "„\(text)“ ist nicht lesbar; erwartet wird \(wanted).")
            return nil
        }
        return value
    }

    /// The value that `words` gives to the text under `key`.
    package mutating func word<Value>(
        _ key: String, required: Bool = true, of words: KeyValuePairs<String, Value>,
        _ problems: inout FileProblems
    ) -> Value? {
        let wanted = words.map { "„\($0.key)“" }.joined(separator: ", ")
        return value(key, required: required, wanted: "eines von \(wanted)", &problems) { text in
            words.first { $0.key == text }?.value
        }
    }

    /// Reports every key that nobody asked for.
    package func finish(_ problems: inout FileProblems) {
        for entry in unread {
            problems.error(
                2, at: entry.keyPosition,
                "Die Angabe „\(entry.key)“ ist hier unbekannt. Prüfen Sie die Schreibweise.")
        }
    }
}

extension SourceNode {
    /// The text of a scalar; nil with a problem if this is none, is empty or holds control
    /// characters.
    package func text(_ problems: inout FileProblems) -> String? {
        guard case .scalar(let text) = content else {
            problems.error(1, at: position, "Hier wird ein einzelner Wert erwartet.")
            return nil
        }
        guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
            problems.error(4, at: position, "Der Wert enthält Steuerzeichen oder Zeilenumbrüche.")
            return nil
        }
        guard text.contains(where: { $0 != " " }) else {
            problems.error(4, at: position, "Der Wert ist leer.")
            return nil
        }
        return text
    }
}
