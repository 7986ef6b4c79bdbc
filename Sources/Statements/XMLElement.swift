/// One element with all below it: small, because the reader hands over piece by piece.
struct XMLElement {
    let name: String
    /// The `Ccy` attribute, the only one that camt messages have.
    let currency: String?
    let line: Int
    var text = ""
    var children: [XMLElement] = []

    subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

    func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

    /// The element at the end of a path such as `Acct/Id/IBAN`.
    func at(_ path: String) -> XMLElement? {
        var element = self
        for name in path.split(separator: "/") {
            guard let next = element[String(name)] else { return nil }
            element = next
        }
        return element
    }

    /// The text at the end of a path without white space around; nil if there is none.
    func words(_ path: String) -> String? {
        guard let text = at(path)?.trimmed, !text.isEmpty else { return nil }
        return text
    }

    /// The text without white space around.
    var trimmed: String {
        let isSpace = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
        let rest = text.utf8.drop(while: isSpace)
        guard let last = rest.lastIndex(where: { !isSpace($0) }) else { return "" }
        return String(Substring(rest[...last]))
    }
}
