import CLibxml2

/// What is wrong with XML that libxml2 complains of, as far as it can be said in plain words.
enum BrokenXML: Hashable {
    /// The file ends inside the message.
    case cutOff
    case behindEnd
    /// An end tag with another name than the start tag.
    case elementName
    case entity
    case character
    case other

    /// - Parameters:
    ///   - code: libxml2's number (`xmlParserErrors`).
    ///   - isEnding: whether the parser has been told that nothing follows.
    ///   - isInside: whether the message has not begun or is not over where the parser stands.
    init(code: Int32, isEnding: Bool, isInside: Bool) {
        switch code {
        // libxml2 says of a file that was cut off too that it has content behind its end.
        case Int32(XML_ERR_DOCUMENT_END.rawValue): self = isInside ? .cutOff : .behindEnd
        case Int32(XML_ERR_GT_REQUIRED.rawValue): self = isEnding && isInside ? .cutOff : .other
        case Int32(XML_ERR_TAG_NAME_MISMATCH.rawValue): self = .elementName
        case Int32(XML_ERR_UNDECLARED_ENTITY.rawValue): self = .entity
        case Int32(XML_ERR_INVALID_CHAR.rawValue), Int32(XML_ERR_INVALID_ENCODING.rawValue):
            self = .character
        default: self = .other
        }
    }

    /// A German sentence.
    var words: String {
        switch self {
        case .cutOff: "Die Datei bricht mitten in der Nachricht ab."
        case .behindEnd: "Hinter dem Ende der Nachricht steht noch etwas."
        case .elementName: "Ein Element endet mit einem anderen Namen, als es beginnt."
        case .entity: "Die Datei benutzt ein Kürzel (&…;), das es in XML nicht gibt."
        case .character: "In der Datei steht ein Zeichen, das dort nicht stehen darf."
        case .other: "Die Datei hält die Regeln von XML nicht ein."
        }
    }
}
