// Each getter throws if the member is missing or of another kind; null is a kind of its own. The
// optional ones give nil for a missing member only.
extension ObjectReader {
    /// A string.
    package mutating func string(_ name: String) throws(JSONShapeError) -> String {
        guard let place = take(name), case .string(let text) = members[place].value else {
            throw mismatch(name, "string")
        }
        return text
    }

    /// A string, if there.
    package mutating func optionalString(_ name: String) throws(JSONShapeError) -> String? {
        guard let value = optionalValue(name) else { return nil }
        guard case .string(let text) = value else { throw shapeError(name, "string", value) }
        return text
    }

    /// A string turned into a value by `parse`; what it refuses is an error saying `wanted`.
    package mutating func parsed<Value>(
        _ name: String, as wanted: String, _ parse: (String) -> Value?
    ) throws(JSONShapeError) -> Value {
        guard let value = parse(try string(name)) else {
            throw JSONShapeError(path: path(of: name), wanted: wanted, found: "other text")
        }
        return value
    }

    /// A string turned into a value by `parse`, if there.
    package mutating func optionalParsed<Value>(
        _ name: String, as wanted: String, _ parse: (String) -> Value?
    ) throws(JSONShapeError) -> Value? {
        has(name) ? try parsed(name, as: wanted, parse) : nil
    }

    /// A whole number within `range`.
    package mutating func integer(
        _ name: String,
        in range: ClosedRange<Int64> = -StrictJSON.numberMax...StrictJSON.numberMax
    ) throws(JSONShapeError) -> Int64 {
        guard let place = take(name), case .integer(let number) = members[place].value else {
            throw mismatch(name, "number")
        }
        return try checked(number, range, name)
    }

    /// A whole number within `range`, if there.
    package mutating func optionalInteger(
        _ name: String,
        in range: ClosedRange<Int64> = -StrictJSON.numberMax...StrictJSON.numberMax
    ) throws(JSONShapeError) -> Int64? {
        guard let value = optionalValue(name) else { return nil }
        guard case .integer(let number) = value else { throw shapeError(name, "number", value) }
        return try checked(number, range, name)
    }

    private func checked(
        _ number: Int64, _ range: ClosedRange<Int64>, _ name: String
    ) throws(JSONShapeError) -> Int64 {
        guard range.contains(number) else {
            throw JSONShapeError(
                path: path(of: name),
                wanted: "number from \(range.lowerBound) to \(range.upperBound)",
                found: "\(number)")
        }
        return number
    }

    /// True or false.
    package mutating func bool(_ name: String) throws(JSONShapeError) -> Bool {
        try required(try optionalBool(name), name, "boolean")
    }

    /// True or false, if there.
    package mutating func optionalBool(_ name: String) throws(JSONShapeError) -> Bool? {
        guard let value = optionalValue(name) else { return nil }
        guard case .bool(let truth) = value else { throw shapeError(name, "boolean", value) }
        return truth
    }

    /// The elements of an array, in order; may be empty.
    package mutating func array(_ name: String) throws(JSONShapeError) -> [JSONValue] {
        guard let place = take(name), case .array(let elements) = members[place].value else {
            throw mismatch(name, "array")
        }
        return elements
    }

    /// The elements of an array, if there.
    package mutating func optionalArray(_ name: String) throws(JSONShapeError) -> [JSONValue]? {
        guard let value = optionalValue(name) else { return nil }
        guard case .array(let elements) = value else { throw shapeError(name, "array", value) }
        return elements
    }

    /// The strings of an array of strings, in order; may be empty.
    package mutating func strings(_ name: String) throws(JSONShapeError) -> [String] {
        var strings: [String] = []
        for (index, value) in try array(name).enumerated() {
            guard case .string(let text) = value else {
                throw shapeError("\(name)[\(index)]", "string", value)
            }
            strings.append(text)
        }
        return strings
    }

    /// A reader of an object. It has to be finished like this one.
    package mutating func object(_ name: String) throws(JSONShapeError) -> ObjectReader {
        try required(try optionalObject(name), name, "object")
    }

    /// A reader of an object, if there.
    package mutating func optionalObject(
        _ name: String
    ) throws(JSONShapeError) -> ObjectReader? {
        guard let value = optionalValue(name) else { return nil }
        return try reader(value, member: name)
    }

    /// Readers of an array of objects, in order; may be empty. Each has to be finished.
    package mutating func objects(_ name: String) throws(JSONShapeError) -> [ObjectReader] {
        try readers(try array(name), member: name)
    }

    /// The error that the member is missing or not `wanted`.
    private mutating func mismatch(_ name: String, _ wanted: String) -> JSONShapeError {
        shapeError(name, wanted, optionalValue(name))
    }

    private func required<Value>(
        _ value: Value?, _ name: String, _ wanted: String
    ) throws(JSONShapeError) -> Value {
        guard let value else { throw shapeError(name, wanted, nil) }
        return value
    }
}
