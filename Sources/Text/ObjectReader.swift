/// Decodes one JSON object so that nothing in it goes unread.
///
/// Ask for each member by name, then call ``finish()``, which refuses members nobody asked for.
/// ```
/// var reader = try ObjectReader(document)
/// let sequence = try reader.integer("seq", in: 1...StrictJSON.numberMax)
/// var lines: [Line] = []
/// for var line in try reader.objects("lines") { lines.append(try Line(&line)) }
/// try reader.finish()
/// ```
package struct ObjectReader: Sendable {
    let members: [JSONValue.Member]
    private let parent: String
    private let step: Step
    /// One bit for each member not yet asked for.
    private var unread: UInt64

    private enum Step: Sendable {
        case root
        case member(String)
        case element(Int)
    }

    /// More members than this in one object are refused.
    package static let memberCountMax = 64

    /// A reader of the object `value`.
    ///
    /// - Parameter path: where the object is, for errors; empty for a document of its own.
    /// - Throws: if `value` is no object or has more than ``memberCountMax`` members.
    package init(_ value: JSONValue, path: String = "") throws(JSONShapeError) {
        try self.init(value, parent: path, step: .root)
    }

    private init(_ value: JSONValue, parent: String, step: Step) throws(JSONShapeError) {
        self.parent = parent
        self.step = step
        guard case .object(let members) = value else {
            throw JSONShapeError(
                path: Self.path(parent, step), wanted: "object", found: value.kindName)
        }
        guard members.count <= Self.memberCountMax else {
            throw JSONShapeError(
                path: Self.path(parent, step), wanted: "at most \(Self.memberCountMax) members",
                found: "\(members.count)")
        }
        self.members = members
        unread = members.count == 64 ? .max : (1 << UInt64(members.count)) - 1
    }

    /// Where the object is in its document.
    package var path: String { Self.path(parent, step) }

    private static func path(_ parent: String, _ step: Step) -> String {
        switch step {
        case .root: parent
        case .member(let name): parent.isEmpty ? name : "\(parent).\(name)"
        case .element(let index): "\(parent)[\(index)]"
        }
    }

    /// Where the member `name` is, for errors that a caller throws about its value.
    package func path(of name: String) -> String { Self.path(path, .member(name)) }

    /// Whether the object has the member; asking does not count as reading it.
    package func has(_ name: String) -> Bool { place(of: name) != nil }

    /// The member's place. Readers mostly ask in the order written, so the first of those not yet
    /// asked for is mostly the one wanted.
    private func place(of name: String) -> Int? {
        var left = unread
        while left != 0 {
            let place = left.trailingZeroBitCount
            if members[place].name == name { return place }
            left &= left - 1
        }
        return members.firstIndex { $0.name == name }
    }

    /// Makes sure that every member was asked for.
    package func finish() throws(JSONShapeError) {
        guard unread != 0 else { return }
        let name = members[unread.trailingZeroBitCount].name
        let isShowable =
            name.utf8.count <= 40
            && name.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        throw JSONShapeError(
            path: isShowable ? path(of: name) : path, wanted: "no further member",
            found: "unknown member")
    }

    /// The member's value whatever it is; nil if there is none.
    package mutating func optionalValue(_ name: String) -> JSONValue? {
        take(name).map { members[$0].value }
    }

    /// The member's place; it counts as read then.
    mutating func take(_ name: String) -> Int? {
        guard let place = place(of: name) else { return nil }
        unread &= ~(1 << UInt64(place))
        return place
    }

    /// The member's value whatever it is.
    package mutating func value(_ name: String) throws(JSONShapeError) -> JSONValue {
        guard let value = optionalValue(name) else { throw shapeError(name, "member", nil) }
        return value
    }

    /// The reader of an object that is the member `name`.
    func reader(_ value: JSONValue, member name: String) throws(JSONShapeError) -> ObjectReader {
        try ObjectReader(value, parent: path, step: .member(name))
    }

    /// The readers of objects that are the elements of the member `name`.
    func readers(
        _ values: [JSONValue], member name: String
    ) throws(JSONShapeError) -> [ObjectReader] {
        let parent = path(of: name)
        var readers: [ObjectReader] = []
        readers.reserveCapacity(values.count)
        for (index, value) in values.enumerated() {
            readers.append(try ObjectReader(value, parent: parent, step: .element(index)))
        }
        return readers
    }

    /// The error that the member is not `wanted`; no value stands for a missing member.
    func shapeError(_ name: String, _ wanted: String, _ value: JSONValue?) -> JSONShapeError {
        JSONShapeError(
            path: path(of: name), wanted: wanted, found: value.map(\.kindName) ?? "nothing")
    }
}
