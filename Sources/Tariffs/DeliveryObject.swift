import Text
import Units

/// Reads an object whose members are all known and stand once.
///
/// Places in its errors begin at the object: who reads it from a larger one says where it stands
/// (``DeliveryJSONError/inside(_:)``), so that no place is put together before something is wrong.
struct DeliveryObject {
    private let members: [JSONValue.Member]
    /// One bit for each member not yet read.
    private var unread: UInt32

    /// - Parameter known: the names that may stand here, in the order in which they are written; at
    ///   most 32.
    init(_ value: JSONValue, members known: [String]) throws(DeliveryJSONError) {
        guard case .object(let members) = value else {
            throw DeliveryJSONError(kind: .value, path: "")
        }
        self.members = members
        unread = 0
        var next = 0
        for (place, member) in members.enumerated() {
            // What stands in the written order stands once and needs no look back.
            if let found = known[next...].firstIndex(of: member.name) {
                next = found + 1
            } else {
                let isRepeated = members[..<place].contains { $0.name == member.name }
                guard known.contains(member.name), !isRepeated else {
                    throw problem(.unknown, member.name)
                }
            }
            unread |= 1 << UInt32(place)
        }
    }

    func problem(_ kind: DeliveryJSONError.Kind, _ name: String) -> DeliveryJSONError {
        DeliveryJSONError(kind: kind, path: name)
    }

    mutating func array(_ name: String) throws(DeliveryJSONError) -> [JSONValue] {
        guard case .array(let elements) = try member(name) else { throw problem(.value, name) }
        return elements
    }

    mutating func read<Value>(
        _ name: String, _ read: (String) -> Value?
    ) throws(DeliveryJSONError) -> Value {
        guard case .string(let text) = try member(name), let value = read(text) else {
            throw problem(.value, name)
        }
        return value
    }

    mutating func integer(
        _ name: String, in range: ClosedRange<Int64>
    ) throws(DeliveryJSONError) -> Int64 {
        guard case .integer(let number) = try member(name), range.contains(number) else {
            throw problem(.value, name)
        }
        return number
    }

    /// Whether a member that was not read yet stands here.
    func has(_ name: String) -> Bool { place(of: name) != nil }

    /// A text of 1 to ``Text/ShortText/charactersMax`` characters.
    mutating func text(_ name: String) throws(DeliveryJSONError) -> String {
        try read(name) { $0.isEmpty || $0.isTooLong ? nil : $0 }
    }

    /// Whether a member stands here; it is then true, for false is not written.
    mutating func truth(_ name: String) throws(DeliveryJSONError) -> Bool {
        guard has(name) else { return false }
        guard try member(name) == .bool(true) else { throw problem(.value, name) }
        return true
    }

    /// A list of ids in one text, with single spaces between them, none twice; empty where the
    /// member does not stand.
    mutating func identifiers<Kind>(
        _ name: String
    ) throws(DeliveryJSONError) -> [Identifier<Kind>] {
        guard has(name) else { return [] }
        return try read(name) { text in
            let words = text.split(separator: " ", omittingEmptySubsequences: false)
            let ids = words.prefix(Self.listMax + 1).compactMap { Identifier<Kind>(String($0)) }
            return words.count <= Self.listMax && Set(ids).count == words.count ? ids : nil
        }
    }

    /// The same as a set, which is written in ascending order.
    mutating func identifierSet<Kind>(
        _ name: String
    ) throws(DeliveryJSONError) -> Set<Identifier<Kind>> {
        guard has(name) else { return [] }
        let ids: [Identifier<Kind>] = try identifiers(name)
        guard ids == ids.sorted() else { throw problem(.value, name) }
        return Set(ids)
    }

    /// The value of a member.
    mutating func member(_ name: String) throws(DeliveryJSONError) -> JSONValue {
        guard let place = place(of: name) else { throw problem(.missing, name) }
        unread &= ~(1 << UInt32(place))
        return members[place].value
    }

    /// The most ids that a list may hold.
    private static let listMax = 32

    /// Refuses members that do not belong here; none of them was read.
    func refuse(_ names: [String]) throws(DeliveryJSONError) {
        for place in Places(unread) where names.contains(members[place].name) {
            throw problem(.unknown, members[place].name)
        }
    }

    /// Members are mostly read in the order in which they stand: the first that is left is mostly
    /// the one wanted.
    private func place(of name: String) -> Int? {
        Places(unread).first { members[$0].name == name }
    }
}

/// The bits that are set, ascending.
private struct Places: Sequence, IteratorProtocol {
    private var left: UInt32

    init(_ bits: UInt32) { left = bits }

    mutating func next() -> Int? {
        guard left != 0 else { return nil }
        defer { left &= left - 1 }
        return left.trailingZeroBitCount
    }
}
