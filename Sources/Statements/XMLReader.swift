import CLibxml2

/// Reads XML as a stream through libxml2 and hands over each element of one depth, whole and once;
/// nothing else is kept, so memory is bounded by the largest such element.
///
/// Refused are a document type declaration (so that no entity ever exists), every complaint of the
/// parser, any namespace but the root's, and more than ``StatementLimits`` allow. A class because
/// libxml2 keeps the address of its caller.
final class XMLReader {
    /// What a reader is told. `path` are the names from the root to the element.
    typealias Deliver = (_ path: [String], XMLElement) throws(StatementError) -> Void

    private let depthOfPieces: Int
    private let checkRoot: (_ name: String, _ namespace: String?) throws(StatementError) -> Void
    private let deliver: Deliver
    private var context: xmlParserCtxtPtr?
    private var namespace: String?
    private var open: [XMLElement] = []
    private var elementCount = 0
    private var problem: StatementError?
    /// Whether the parser has all of the file.
    private var isEnding = false

    private init(
        piecesAt depth: Int,
        checkRoot: @escaping (String, String?) throws(StatementError) -> Void,
        deliver: @escaping Deliver
    ) {
        depthOfPieces = depth
        self.checkRoot = checkRoot
        self.deliver = deliver
    }

    /// - Throws: `B-E01`, `B-E03`, `B-E04` with line and column, and what `checkRoot` and `deliver`
    ///   throw; whichever comes first in the file.
    static func read(
        _ bytes: [UInt8], piecesAt depth: Int,
        checkRoot: @escaping (String, String?) throws(StatementError) -> Void,
        deliver: @escaping Deliver
    ) throws(StatementError) {
        let reader = XMLReader(piecesAt: depth, checkRoot: checkRoot, deliver: deliver)
        try reader.parse(bytes)
    }

    private func parse(_ bytes: [UInt8]) throws(StatementError) {
        var handler = Self.handler()
        let me = Unmanaged.passUnretained(self).toOpaque()
        guard let context = xmlCreatePushParserCtxt(&handler, me, nil, 0, nil) else {
            throw StatementError(.brokenXML, remedy: "Für die Datei reicht der Speicher nicht.")
        }
        defer { xmlFreeParserCtxt(context) }
        self.context = context
        _ = xmlCtxtUseOptions(context, Int32(XML_PARSE_NONET.rawValue))
        let chunk = 65_536
        for start in stride(from: 0, to: bytes.count, by: chunk) where problem == nil {
            let end = min(start + chunk, bytes.count)
            bytes[start..<end].withUnsafeBytes { buffer in
                let text = buffer.bindMemory(to: CChar.self)
                _ = xmlParseChunk(context, text.baseAddress, Int32(text.count), 0)
            }
        }
        isEnding = true
        if problem == nil { _ = xmlParseChunk(context, nil, 0, 1) }
        if let problem { throw problem }
        guard context.pointee.wellFormed == 1 else { throw broken(.other) }
    }

    // MARK: What libxml2 calls

    private static func handler() -> xmlSAXHandler {
        var handler = xmlSAXHandler()
        handler.initialized = UInt32(XML_SAX2_MAGIC)
        handler.internalSubset = { me, name, _, _ in
            XMLReader.of(me)?.refuse(doctype: XMLReader.string(name))
        }
        handler.startElementNs = { me, name, _, uri, _, _, count, _, attributes in
            XMLReader.of(me)?.begin(
                XMLReader.string(name), uri.map { String(cString: $0) },
                currency: XMLReader.currency(count, attributes))
        }
        handler.endElementNs = { me, _, _, _ in XMLReader.of(me)?.end() }
        handler.characters = { me, text, count in XMLReader.of(me)?.append(text, count) }
        handler.cdataBlock = { me, text, count in XMLReader.of(me)?.append(text, count) }
        handler.serror = { me, error in
            XMLReader.of(me)?.complain(
                code: error.map { $0.pointee.code }, error.flatMap { $0.pointee.message })
        }
        return handler
    }

    private static func of(_ me: UnsafeMutableRawPointer?) -> XMLReader? {
        me.map { Unmanaged<XMLReader>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func string(_ text: UnsafePointer<xmlChar>?) -> String {
        text.map { String(cString: $0) } ?? ""
    }

    /// Attributes come as five pointers each: name, prefix, namespace, begin and end of the value.
    private static func currency(
        _ count: Int32, _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    ) -> String? {
        guard let attributes else { return nil }
        for place in 0..<Int(count) {
            let fields = attributes + place * 5
            guard string(fields[0]) == "Ccy", let from = fields[3], let to = fields[4] else {
                continue
            }
            return String(
                decoding: UnsafeBufferPointer(start: from, count: to - from), as: UTF8.self)
        }
        return nil
    }

    private func begin(_ name: String, _ uri: String?, currency: String?) {
        guard problem == nil else { return }
        elementCount += 1
        attempt { () throws(StatementError) in
            if open.isEmpty {
                try checkRoot(name, uri)
                namespace = uri
            }
            guard uri == namespace else {
                throw StatementError(
                    .namespace, line: line, field: name, value: uri ?? "ohne",
                    remedy: "Das Element liegt in einem anderen Namensraum als die Nachricht. "
                        + "Lassen Sie die Bank die Datei neu schreiben.")
            }
            try checkLimits()
            open.append(XMLElement(name: name, currency: currency, line: line ?? 0))
        }
    }

    private func checkLimits() throws(StatementError) {
        guard open.count < StatementLimits.depthMax,
            elementCount <= StatementLimits.elementCountMax
        else {
            throw StatementError(
                .tooLarge, line: line,
                value: "Tiefe \(open.count + 1), \(elementCount) Elemente",
                remedy: "Erlaubt sind \(StatementLimits.depthMax) Ebenen und "
                    + "\(StatementLimits.elementCountMax) Elemente.")
        }
    }

    private func end() {
        guard problem == nil, let element = open.popLast() else { return }
        // Below the pieces an element joins its parent; a piece, or what is above, is delivered.
        if open.count >= depthOfPieces {
            open[open.count - 1].children.append(element)
        } else {
            attempt { () throws(StatementError) in
                try deliver(open.map(\.name) + [element.name], element)
            }
        }
    }

    private func append(_ text: UnsafePointer<xmlChar>?, _ count: Int32) {
        // Above the pieces stands nothing but the white space between them, as much as there are.
        guard problem == nil, let text, open.count >= depthOfPieces else { return }
        open[open.count - 1].text += String(
            decoding: UnsafeBufferPointer(start: text, count: Int(count)), as: UTF8.self)
        guard open[open.count - 1].text.utf8.count > StatementLimits.textByteCountMax else {
            return
        }
        stop(
            StatementError(
                .tooLarge, line: line, field: open[open.count - 1].name,
                remedy: "Ein Text ist länger als \(StatementLimits.textByteCountMax) Byte."))
    }

    private func refuse(doctype name: String) {
        stop(
            StatementError(
                .doctype, line: line, value: name,
                remedy: "Eine DOCTYPE-Angabe hat in Kontoauszügen nichts zu suchen. Die Datei "
                    + "wird nicht gelesen; fragen Sie, woher sie kommt."))
    }

    private func complain(code: Int32?, _ message: UnsafeMutablePointer<CChar>?) {
        let words = message.map { String(cString: $0) } ?? ""
        let isInside = elementCount == 0 || !open.isEmpty
        let cause = code.map { BrokenXML(code: $0, isEnding: isEnding, isInside: isInside) }
        stop(
            broken(
                cause ?? .other,
                words.split(whereSeparator: \.isNewline).joined(separator: " ")))
    }

    /// - Parameter english: what libxml2 says, for whoever mends the file; may be empty.
    private func broken(_ cause: BrokenXML, _ english: String = "") -> StatementError {
        let said = english.isEmpty ? "" : " (Das Leseprogramm sagt: \(english.prefix(80)))"
        return StatementError(
            .brokenXML, line: line, column: column,
            remedy: "\(cause.words) Holen Sie die Datei neu ab; bleibt es dabei, muss die Bank "
                + "sie neu schreiben.\(said)")
    }

    private var line: Int? {
        context?.pointee.input.map { Int($0.pointee.line) }
    }

    private var column: Int? {
        context?.pointee.input.map { Int($0.pointee.col) }
    }

    private func attempt(_ work: () throws(StatementError) -> Void) {
        do throws(StatementError) { try work() } catch { stop(error) }
    }

    /// Keeps the first problem; the parser is told to stop.
    private func stop(_ error: StatementError) {
        guard problem == nil else { return }
        problem = error
        xmlStopParser(context)
    }
}
