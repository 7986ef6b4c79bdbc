import CLibyaml
import Text

/// Builds the tree from libyaml's events.
///
/// A class because libyaml keeps the address of its parser.
final class TreeBuilder {
    private let parser: UnsafeMutablePointer<yaml_parser_t>

    /// The tree of the one document in `buffer`, which must outlive the call.
    static func build(from buffer: UnsafeBufferPointer<UInt8>) throws(SourceProblem) -> SourceNode {
        let builder = try TreeBuilder(buffer)
        return try builder.document()
    }

    private init(_ buffer: UnsafeBufferPointer<UInt8>) throws(SourceProblem) {
        parser = .allocate(capacity: 1)
        guard yaml_parser_initialize(parser) == 1 else {
            // `deinit` takes it down: it runs here too.
            throw SourceProblem("S-E05", at: nil, "Für die Datei reicht der Speicher nicht.")
        }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, buffer.baseAddress, buffer.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    private func document() throws(SourceProblem) -> SourceNode {
        _ = try next()
        guard case .documentStart(let directives, let start) = try next() else {
            throw SourceProblem("S-E11", at: nil, "Die Datei ist leer.")
        }
        guard !directives else {
            throw SourceProblem(
                "S-E07", at: start, "Anweisungen mit % am Anfang sind hier nicht erlaubt.")
        }
        let root = try node(from: try next(), depth: 1)
        _ = try next()
        guard case .documentStart(_, let second) = try next() else { return root }
        throw SourceProblem(
            "S-E12", at: second,
            "Hier beginnt ein zweites Dokument. Schreiben Sie es in eine eigene Datei.")
    }

    private func node(from event: Event, depth: Int) throws(SourceProblem) -> SourceNode {
        guard depth <= SourceFile.depthMax else {
            throw SourceProblem(
                "S-E10", at: event.position,
                "Die Einrückung ist tiefer als \(SourceFile.depthMax) Ebenen.")
        }
        switch event {
        case .scalar(let text, let position):
            return SourceNode(.scalar(text), at: position)
        case .sequenceStart(let position):
            return SourceNode(.sequence(try elements(depth: depth)), at: position)
        case .mappingStart(let position):
            return SourceNode(.mapping(try entries(depth: depth)), at: position)
        case .end, .documentStart:
            throw SourceProblem("S-E11", at: event.position, "Die Datei ist leer.")
        }
    }

    private func elements(depth: Int) throws(SourceProblem) -> [SourceNode] {
        var elements: [SourceNode] = []
        while true {
            let event = try next()
            if case .end = event { return elements }
            elements.append(try node(from: event, depth: depth + 1))
        }
    }

    private func entries(depth: Int) throws(SourceProblem) -> [SourceNode.Entry] {
        var entries: [SourceNode.Entry] = []
        var lines: [String: Int] = [:]
        while true {
            let event = try next()
            if case .end = event { return entries }
            guard case .scalar(let key, let position) = event else {
                throw SourceProblem(
                    "S-E09", at: event.position,
                    "Vor dem Doppelpunkt muss ein einfacher Text stehen.")
            }
            if let line = lines.updateValue(position.line, forKey: key) {
                throw SourceProblem(
                    "S-E08", at: position,
                    "„\(key)“ steht schon in Zeile \(line). Streichen Sie eine der beiden Angaben.")
            }
            let value = try node(from: try next(), depth: depth + 1)
            entries.append(SourceNode.Entry(key: key, keyPosition: position, value: value))
        }
    }

    private func next() throws(SourceProblem) -> Event {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw syntaxProblem }
        defer { yaml_event_delete(&event) }
        return try Event(event)
    }

    private var syntaxProblem: SourceProblem {
        let mark = parser.pointee.problem_mark
        let reason = parser.pointee.problem.map { String(cString: $0) } ?? "unknown"
        return SourceProblem(
            "S-E05", at: SourcePosition(line: Int(mark.line) + 1, column: Int(mark.column) + 1),
            "Der Aufbau stimmt hier nicht (\(reason)). Prüfen Sie Einrückung, Doppelpunkte "
                + "und Anführungszeichen in dieser und der vorigen Zeile.")
    }
}
