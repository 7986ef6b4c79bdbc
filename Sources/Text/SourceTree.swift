/// A place in a source file; both numbers count from 1.
package struct SourcePosition: Hashable, Sendable {
    package let line: Int
    package let column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}

/// A node of a structured source file (YAML without anchors, aliases, tags and duplicate keys),
/// with the place it was read from. `SourceFiles` makes such trees; pure modules decode them.
package struct SourceNode: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        case scalar(String)
        case sequence([SourceNode])
        /// In file order; keys are unique.
        case mapping([Entry])
    }

    package struct Entry: Hashable, Sendable {
        package let key: String
        package let keyPosition: SourcePosition
        package let value: SourceNode

        package init(key: String, keyPosition: SourcePosition, value: SourceNode) {
            self.key = key
            self.keyPosition = keyPosition
            self.value = value
        }
    }

    package let content: Content
    package let position: SourcePosition

    package init(_ content: Content, at position: SourcePosition) {
        self.content = content
        self.position = position
    }
}

/// What is wrong in a source file, where, and what to do about it.
package struct SourceProblem: Error, Hashable, Sendable {
    package enum Severity: String, Hashable, Sendable { case error, warning }

    /// Stable code such as `T-E01`, explained in docs/errors.
    package let code: String
    package let severity: Severity
    package let position: SourcePosition?
    /// One or two sentences: what was found, what is wanted, what to do.
    package let message: String

    package init(
        _ code: String, _ severity: Severity = .error, at position: SourcePosition?,
        _ message: String
    ) {
        self.code = code
        self.severity = severity
        self.position = position
        self.message = message
    }
}

extension SourceProblem {
    /// The problem on one line: `12:5 T-E01 …`.
    package var line: String {
        let place = position.map { "\($0.line):\($0.column) " } ?? ""
        return "\(place)\(code) \(message)"
    }
}
