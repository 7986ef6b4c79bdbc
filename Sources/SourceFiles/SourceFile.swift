package import Text

/// The reader of structured source files: a strict subset of YAML 1.1 as libyaml parses it.
///
/// A file holds one document of mappings, lists and texts. Every scalar is a text: whether it is a
/// number, a date or a price is for the reader of the tree to say, so `nein` stays a word.
package enum SourceFile {
    /// Larger files are refused unread.
    package static let byteCountMax = 1_000_000
    /// Deeper nesting is refused.
    package static let depthMax = 32

    /// The tree of a file, each node with the line and column it starts at.
    ///
    /// - Throws: the first problem in this order: size (`S-E01`), then in file order of characters
    ///   invalid UTF-8 (`S-E02`), a byte order mark (`S-E03`) and tabs (`S-E04`), then in file
    ///   order broken YAML (`S-E05`), anchors and aliases (`S-E06`), tags and directives
    ///   (`S-E07`), duplicate keys (`S-E08`), keys that are no text (`S-E09`), too much depth
    ///   (`S-E10`), an empty file (`S-E11`) and a second document (`S-E12`).
    package static func tree(of bytes: [UInt8]) throws(SourceProblem) -> SourceNode {
        guard bytes.count <= byteCountMax else {
            throw SourceProblem(
                "S-E01", at: nil,
                "Die Datei ist \(bytes.count) Byte groß, erlaubt sind \(byteCountMax).")
        }
        try checkCharacters(of: bytes)
        return try bytes.withUnsafeBufferPointer { buffer throws(SourceProblem) in
            try TreeBuilder.build(from: buffer)
        }
    }

    /// Refuses what YAML would let pass but a reader would not see.
    private static func checkCharacters(of bytes: [UInt8]) throws(SourceProblem) {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var (line, column) = (1, 1)
        while true {
            let position = SourcePosition(line: line, column: column)
            switch decoder.decode(&iterator) {
            case .emptyInput: return
            case .error:
                throw SourceProblem(
                    "S-E02", at: position,
                    "Hier steht kein gültiges UTF-8. Speichern Sie die Datei als UTF-8.")
            case .scalarValue("\u{FEFF}"):
                throw SourceProblem(
                    "S-E03", at: position,
                    "Hier steht eine Byte-Reihenfolge-Marke. Speichern Sie ohne BOM.")
            case .scalarValue("\t"):
                throw SourceProblem(
                    "S-E04", at: position,
                    "Hier steht ein Tabulator. Rücken Sie mit Leerzeichen ein.")
            case .scalarValue("\n"):
                (line, column) = (line + 1, 1)
            case .scalarValue:
                column += 1
            }
        }
    }
}
