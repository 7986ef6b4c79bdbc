import Text

/// An element of index.xml.
struct IndexElement {
    let name: String
    let line: Int
    var text = ""
    var children: [IndexElement] = []

    subscript(name: String) -> IndexElement? { children.first { $0.name == name } }

    func all(_ name: String) -> [IndexElement] { children.filter { $0.name == name } }

    /// The text of a child; nil if there is no such child.
    func words(_ name: String) -> String? { self[name]?.text }
}

/// Why index.xml is no document that we read.
enum IndexError: Error, Hashable {
    case notUTF8
    case malformed(line: Int, String)
    /// No DOCTYPE, or one without a file.
    case grammarMissing
    /// Declarations inside the document, which could define entities.
    case declarations(line: Int)
    case attribute(line: Int, element: String)
}

/// Reads the part of XML that a description of tables needs: elements, texts, comments, the five
/// named entities and characters by number. Everything else is refused, so nothing is ever loaded
/// or expanded.
struct IndexDocument {
    let grammar: String
    let root: IndexElement

    private static let depthMax = 32

    init(_ bytes: [UInt8]) throws(IndexError) {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw .notUTF8 }
        var reader = IndexReader(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...])
        grammar = try reader.prolog()
        root = try reader.element(depth: Self.depthMax)
        try reader.end()
    }
}

private struct IndexReader {
    private let bytes: ArraySlice<UInt8>
    private var place: Int
    private var line = 1

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        place = bytes.startIndex
    }

    /// What stands before the root.
    ///
    /// - Returns: the name of the grammar's file.
    mutating func prolog() throws(IndexError) -> String {
        if isAt("<?xml") { try skip(past: "?>") }
        var grammar: String?
        while true {
            skipSpace()
            if isAt("<!--") {
                try skip(past: "-->")
            } else if isAt("<!DOCTYPE") {
                guard grammar == nil else { throw malformed("a second DOCTYPE") }
                grammar = try docType()
            } else {
                break
            }
        }
        guard let grammar else { throw .grammarMissing }
        return grammar
    }

    private mutating func docType() throws(IndexError) -> String {
        let from = line
        var text = ""
        while let byte = next(), byte != 0x3E {
            if byte == 0x5B { throw .declarations(line: from) }
            text.unicodeScalars.append(Unicode.Scalar(byte))
        }
        let parts = text.split(separator: "\"", omittingEmptySubsequences: false)
        guard parts.count >= 3, parts[0].contains("SYSTEM") else { throw .grammarMissing }
        return String(parts[1])
    }

    mutating func element(depth: Int) throws(IndexError) -> IndexElement {
        guard depth > 0 else { throw malformed("elements too deep in each other") }
        guard take("<") else { throw malformed("an element was expected") }
        var element = IndexElement(name: try name(), line: line)
        skipSpace()
        if take("/>") { return element }
        guard take(">") else { throw .attribute(line: line, element: element.name) }
        while !isAt("</") {
            if isAt("<!--") {
                try skip(past: "-->")
            } else if take("<![CDATA[") {
                element.text += try text(until: "]]>")
            } else if isAt("<") {
                element.children.append(try self.element(depth: depth - 1))
            } else {
                element.text += try characters(in: element.name)
            }
        }
        _ = take("</")
        let closing = try name()
        skipSpace()
        guard closing == element.name, take(">") else {
            throw malformed("\(element.name) is not closed")
        }
        return element
    }

    mutating func end() throws(IndexError) {
        skipSpace()
        while isAt("<!--") {
            try skip(past: "-->")
            skipSpace()
        }
        guard place == bytes.endIndex else { throw malformed("something stands behind the root") }
    }

    private mutating func characters(in element: String) throws(IndexError) -> String {
        var found: [UInt8] = []
        while place < bytes.endIndex, bytes[place] != 0x3C {
            if bytes[place] == 0x26 {
                found += Array(try entity().utf8)
            } else if let byte = next() {
                found.append(byte)
            }
        }
        guard place < bytes.endIndex else { throw malformed("\(element) is not closed") }
        return String(decoding: found, as: UTF8.self)
    }

    private static let entities = [
        "lt": "<", "gt": ">", "amp": "&", "quot": "\"", "apos": "'",
    ]

    private mutating func entity() throws(IndexError) -> String {
        _ = next()
        let name = try text(until: ";")
        if let known = Self.entities[name] { return known }
        let number =
            name.hasPrefix("#x")
            ? UInt32(name.dropFirst(2), radix: 16)
            : name.hasPrefix("#") ? UInt32(name.dropFirst()) : nil
        guard let number, let scalar = Unicode.Scalar(number), number != 0 else {
            throw malformed("the entity &\(name.prefix(20)); is unknown")
        }
        return String(Character(scalar))
    }

    private mutating func name() throws(IndexError) -> String {
        let start = place
        while place < bytes.endIndex, Self.isNameByte(bytes[place]) { place += 1 }
        guard place > start else { throw malformed("a name was expected") }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x80...0xFF: true
        default: false
        }
    }

    private mutating func text(until end: String) throws(IndexError) -> String {
        let start = place
        try skip(past: end)
        return String(
            decoding: bytes[start..<(place - end.utf8.count)], as: UTF8.self)
    }

    private mutating func skip(past end: String) throws(IndexError) {
        while !isAt(end) {
            guard next() != nil else { throw malformed("\(end) is missing") }
        }
        _ = take(end)
    }

    private mutating func skipSpace() {
        while place < bytes.endIndex, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) {
            _ = next()
        }
    }

    private func isAt(_ text: String) -> Bool { bytes[place...].starts(with: text.utf8) }

    private mutating func take(_ text: String) -> Bool {
        guard isAt(text) else { return false }
        place += text.utf8.count
        return true
    }

    private mutating func next() -> UInt8? {
        guard place < bytes.endIndex else { return nil }
        defer { place += 1 }
        if bytes[place] == 0x0A { line += 1 }
        return bytes[place]
    }

    private func malformed(_ what: String) -> IndexError { .malformed(line: line, what) }
}
