/// What may stand in an element, as a grammar (DTD) says.
indirect enum ContentModel: Sendable {
    case empty
    case text
    case children(Part)

    indirect enum Part: Sendable {
        case name(String)
        case sequence([Part])
        case choice([Part])
        case repeated(Part, isOptional: Bool, isMany: Bool)
    }

    /// The models of all elements that `grammar` declares, by element.
    ///
    /// - Parameter grammar: our own, of which comments and element declarations are read.
    static func all(in grammar: String) -> [String: ContentModel] {
        var models: [String: ContentModel] = [:]
        for piece in grammar.split(separator: "<!ELEMENT ").dropFirst() {
            guard let end = piece.firstIndex(of: ">"), let space = piece.firstIndex(of: " ")
            else { continue }
            let text = piece[piece.index(after: space)..<end]
            models[String(piece[..<space])] =
                switch text {
                case "EMPTY": .empty
                case "(#PCDATA)": .text
                default: .children(ModelReader.part(of: text))
                }
        }
        return models
    }

    /// More children are refused unread: no table has so many columns.
    private static let childCountMax = 2_000

    /// Whether an element with this text and these children is what the model says.
    func fits(_ element: IndexElement) -> Bool {
        let isBlank = element.text.utf8.allSatisfy { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
        switch self {
        case .empty: return element.text.isEmpty && element.children.isEmpty
        case .text: return element.children.isEmpty
        case .children(let part):
            let names = element.children.map(\.name)
            guard names.count <= Self.childCountMax else { return false }
            return isBlank && part.ends(of: names, from: [0]).contains(names.count)
        }
    }
}

extension ContentModel.Part {
    /// Where this part of a sequence of children may end if it begins at one of `starts`.
    func ends(of names: [String], from starts: Set<Int>) -> Set<Int> {
        switch self {
        case .name(let name):
            return Set(starts.filter { $0 < names.count && names[$0] == name }.map { $0 + 1 })
        case .sequence(let parts):
            return parts.reduce(starts) { $1.ends(of: names, from: $0) }
        case .choice(let parts):
            return parts.reduce(into: []) { $0.formUnion($1.ends(of: names, from: starts)) }
        case .repeated(let part, let isOptional, let isMany):
            var all = isOptional ? starts : []
            var newest = part.ends(of: names, from: starts)
            while !newest.isSubset(of: all) {
                all.formUnion(newest)
                guard isMany else { break }
                newest = part.ends(of: names, from: newest)
            }
            return all
        }
    }
}

/// Reads `(A, (B | C)*, D?)`.
private struct ModelReader {
    private var rest: Substring

    private init(_ text: Substring) {
        rest = Substring(text.filter { $0 != " " && $0 != "\n" })
    }

    static func part(of text: Substring) -> ContentModel.Part {
        var reader = ModelReader(text)
        return reader.part()
    }

    private mutating func part() -> ContentModel.Part {
        var part: ContentModel.Part
        if rest.first == "(" {
            rest.removeFirst()
            part = group()
        } else {
            let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            rest.removeFirst(name.count)
            part = .name(String(name))
        }
        switch rest.first {
        case "?": part = .repeated(part, isOptional: true, isMany: false)
        case "*": part = .repeated(part, isOptional: true, isMany: true)
        case "+": part = .repeated(part, isOptional: false, isMany: true)
        default: return part
        }
        rest.removeFirst()
        return part
    }

    /// Up to the closing bracket and past it.
    private mutating func group() -> ContentModel.Part {
        var parts = [part()]
        var isChoice = false
        while let mark = rest.popFirst(), mark != ")" {
            isChoice = isChoice || mark == "|"
            parts.append(part())
        }
        return isChoice ? .choice(parts) : .sequence(parts)
    }
}
