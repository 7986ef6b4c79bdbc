/// A JSON value that is not what its reader wants.
package struct JSONShapeError: Error, Hashable, Sendable {
    /// Where: names and positions from the root, as in `lines[2].amount`; empty for the root.
    package let path: String
    /// What is wanted, in a few words: a type, a range, "nothing" for an unknown member.
    package let wanted: String
    /// What is there: a type or a number, "nothing" if the member is missing. Never text from the
    /// document, which may be personal.
    package let found: String

    package init(path: String, wanted: String, found: String) {
        self.path = path
        self.wanted = wanted
        self.found = found
    }

    /// The error of a value that was read as a document of its own and stands at `place` of a
    /// larger one. So no place is put together before something is wrong there.
    package func inside(_ place: String) -> JSONShapeError {
        JSONShapeError(
            path: path.isEmpty ? place : "\(place).\(path)", wanted: wanted, found: found)
    }
}

extension JSONShapeError: CustomStringConvertible {
    package var description: String {
        "\(path.isEmpty ? "document" : path): wanted \(wanted), found \(found)"
    }
}

extension JSONValue {
    /// The name of the kind of value: object, array, string, number, boolean or null.
    package var kindName: String {
        switch self {
        case .object: "object"
        case .array: "array"
        case .string: "string"
        case .integer: "number"
        case .bool: "boolean"
        case .null: "null"
        }
    }
}
