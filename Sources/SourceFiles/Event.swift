import CLibyaml
import Text

/// A libyaml event that the format allows, freed from C.
enum Event {
    case documentStart(directives: Bool, SourcePosition)
    case scalar(String, SourcePosition)
    case sequenceStart(SourcePosition)
    case mappingStart(SourcePosition)
    /// The end of whatever is open, the stream included, and its start.
    case end(SourcePosition)

    /// - Throws: `S-E06` for anchors and aliases, `S-E07` for tags.
    init(_ event: yaml_event_t) throws(SourceProblem) {
        let position = SourcePosition(
            line: Int(event.start_mark.line) + 1, column: Int(event.start_mark.column) + 1)
        switch event.type {
        case YAML_DOCUMENT_START_EVENT:
            let start = event.data.document_start
            let directives =
                start.version_directive != nil
                || start.tag_directives.start != start.tag_directives.end
            self = .documentStart(directives: directives, position)
        case YAML_ALIAS_EVENT:
            throw Self.anchor(at: position)
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            try Self.refuse(anchor: scalar.anchor, tag: scalar.tag, at: position)
            let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            self = .scalar(String(decoding: bytes, as: UTF8.self), position)
        case YAML_SEQUENCE_START_EVENT:
            let start = event.data.sequence_start
            try Self.refuse(anchor: start.anchor, tag: start.tag, at: position)
            self = .sequenceStart(position)
        case YAML_MAPPING_START_EVENT:
            let start = event.data.mapping_start
            try Self.refuse(anchor: start.anchor, tag: start.tag, at: position)
            self = .mappingStart(position)
        default:
            self = .end(position)
        }
    }

    var position: SourcePosition {
        switch self {
        case .documentStart(_, let position), .scalar(_, let position),
            .sequenceStart(let position), .mappingStart(let position), .end(let position):
            position
        }
    }

    private static func refuse(
        anchor: UnsafeMutablePointer<yaml_char_t>?, tag: UnsafeMutablePointer<yaml_char_t>?,
        at position: SourcePosition
    ) throws(SourceProblem) {
        guard anchor == nil else { throw Self.anchor(at: position) }
        guard tag == nil else {
            throw SourceProblem(
                "S-E07", at: position,
                "Typangaben mit ! sind hier nicht erlaubt. Schreiben Sie nur den Wert.")
        }
    }

    private static func anchor(at position: SourcePosition) -> SourceProblem {
        SourceProblem(
            "S-E06", at: position,
            "Verweise mit & und * sind hier nicht erlaubt. Schreiben Sie den Wert aus; "
                + "beginnt er mit einem Stern, setzen Sie ihn in Anführungszeichen.")
    }
}
