package import Text

/// One thing that `doctor` looked at.
package struct Finding: Hashable, Sendable {
    package enum State: String, Hashable, Sendable {
        case fine, warning, failed
    }

    /// Stable name, such as `space`.
    package let name: String
    package let state: State
    /// What was found, in one line.
    package let found: String
    /// What to do; empty where nothing is to be done.
    package let remedy: String

    static func fine(_ name: String, _ found: String) -> Finding {
        Finding(name: name, state: .fine, found: found, remedy: "")
    }

    static func warning(_ name: String, _ found: String, _ remedy: String) -> Finding {
        Finding(name: name, state: .warning, found: found, remedy: remedy)
    }

    static func failed(_ name: String, _ found: String, _ remedy: String) -> Finding {
        Finding(name: name, state: .failed, found: found, remedy: remedy)
    }

    package var json: JSONValue {
        .fields([
            "name": .string(name), "state": .string(state.rawValue), "found": .string(found),
            "remedy": .string(remedy),
        ])
    }
}
