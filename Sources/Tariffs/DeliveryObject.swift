import Text
import Units

/// An object whose members are all known and stand once, with its path.
struct DeliveryObject {
    private let members: [JSONValue.Member]
    private let path: String

    init(_ value: JSONValue, path: String, members known: [String]) throws(DeliveryJSONError) {
        guard let members = value.members else {
            throw DeliveryJSONError(kind: .value, path: path)
        }
        self.members = members
        self.path = path
        for (place, member) in members.enumerated() {
            let isRepeated = members[..<place].contains { $0.name == member.name }
            guard known.contains(member.name), !isRepeated else {
                throw problem(.unknown, member.name)
            }
        }
    }

    func problem(_ kind: DeliveryJSONError.Kind, _ name: String) -> DeliveryJSONError {
        DeliveryJSONError(kind: kind, path: path.isEmpty ? name : "\(path).\(name)")
    }

    func array(_ name: String) throws(DeliveryJSONError) -> [JSONValue] {
        guard let elements = try member(name).array else { throw problem(.value, name) }
        return elements
    }

    func read<Value>(
        _ name: String, _ read: (String) -> Value?
    ) throws(DeliveryJSONError) -> Value {
        guard let value = try member(name).string.flatMap(read) else { throw problem(.value, name) }
        return value
    }

    func integer(_ name: String, in range: ClosedRange<Int64>) throws(DeliveryJSONError) -> Int64 {
        guard let number = try member(name).integer, range.contains(number) else {
            throw problem(.value, name)
        }
        return number
    }

    /// Whether a member stands here that need not.
    func has(_ name: String) -> Bool { members.contains { $0.name == name } }

    /// A text of 1 to ``textBytesMax`` bytes.
    func text(_ name: String) throws(DeliveryJSONError) -> String {
        try read(name) { (1...Self.textBytesMax).contains($0.utf8.count) ? $0 : nil }
    }

    /// Whether a member stands here; it is then true, for false is not written.
    func truth(_ name: String) throws(DeliveryJSONError) -> Bool {
        guard has(name) else { return false }
        guard try member(name).bool == true else { throw problem(.value, name) }
        return true
    }

    /// A list of ids in one text, with single spaces between them, none twice; empty where the
    /// member does not stand.
    func identifiers<Kind>(
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
    func identifierSet<Kind>(
        _ name: String
    ) throws(DeliveryJSONError) -> Set<Identifier<Kind>> {
        let ids: [Identifier<Kind>] = try identifiers(name)
        guard ids == ids.sorted() else { throw problem(.value, name) }
        return Set(ids)
    }

    /// The object of a member, with its path.
    func object(
        _ name: String, members: [String]
    ) throws(DeliveryJSONError) -> DeliveryObject {
        try DeliveryObject(
            try member(name), path: path.isEmpty ? name : "\(path).\(name)", members: members)
    }

    /// The longest text of a weighing, reason or evidence, in UTF-8 bytes.
    private static let textBytesMax = 200

    /// The most ids that a list may hold.
    private static let listMax = 32

    /// Refuses members that do not belong here.
    func refuse(_ names: [String]) throws(DeliveryJSONError) {
        for member in members where names.contains(member.name) {
            throw problem(.unknown, member.name)
        }
    }

    private func member(_ name: String) throws(DeliveryJSONError) -> JSONValue {
        guard let member = members.first(where: { $0.name == name }) else {
            throw problem(.missing, name)
        }
        return member.value
    }
}
