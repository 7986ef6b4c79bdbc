/// A text with signature lines (C2SP signed-note 1.0.0). A checkpoint travels as one.
package struct SignedNote: Hashable, Sendable {
    /// The signed text; ends with a line end.
    package let text: String
    /// In the order of their lines; at least one, at most ``signatureCountMax``.
    package let signatures: [NoteSignature]
    /// The note as it is stored and published: made once, since every proof of a commit ends with
    /// the same one.
    package let bytes: [UInt8]

    /// More signatures are refused.
    package static let signatureCountMax = 64
    /// A longer note is refused.
    package static let byteCountMax = 1_000_000

    /// The note of `text` and `signatures`.
    ///
    /// - Throws: ``NoteError`` of the kinds `tooLong`, `notPlainText`, `noSeparator` (the text does
    ///   not end with a line end) and `signatureCount`, in this order.
    package init(text: String, signatures: [NoteSignature]) throws(NoteError) {
        try Self.check(text)
        guard text.utf8.last == 0x0A else { throw .noSeparator }
        guard (1...Self.signatureCountMax).contains(signatures.count) else {
            throw .signatureCount(found: signatures.count)
        }
        self.text = text
        self.signatures = signatures
        var bytes = Array(text.utf8)
        bytes.append(0x0A)
        for signature in signatures {
            bytes.append(contentsOf: signature.line.utf8)
            bytes.append(0x0A)
        }
        self.bytes = bytes
    }

    /// The note that `bytes` are.
    ///
    /// - Throws: ``NoteError``: too long; not UTF-8 or with control characters; no empty line
    ///   before the signatures; signature count; the first line that is no signature.
    package static func parse(_ bytes: [UInt8]) throws(NoteError) -> SignedNote {
        guard bytes.count <= byteCountMax else { throw .tooLong(found: bytes.count) }
        guard let note = String(validating: bytes, as: UTF8.self) else { throw .notPlainText }
        try check(note)
        // The last empty line divides, so that the text may have empty lines of its own.
        let utf8 = note.utf8
        guard utf8.last == 0x0A, let divider = lastEmptyLine(utf8) else { throw .noSeparator }
        let signaturePart = utf8[utf8.index(after: divider)...]
        guard !signaturePart.isEmpty else { throw .signatureCount(found: 0) }
        let lines = signaturePart.dropLast()
            .split(separator: 0x0A, omittingEmptySubsequences: false)
        guard lines.count <= signatureCountMax else { throw .signatureCount(found: lines.count) }
        var signatures: [NoteSignature] = []
        for (index, line) in lines.enumerated() {
            guard let signature = NoteSignature(line: Substring(line)) else {
                throw .signatureLine(number: index + 1)
            }
            signatures.append(signature)
        }
        return try SignedNote(text: String(note[..<divider]), signatures: signatures)
    }

    /// The note with further signatures after its own; one that it already has is not repeated.
    ///
    /// - Throws: ``NoteError/signatureCount(found:)``.
    package func adding(_ further: [NoteSignature]) throws(NoteError) -> SignedNote {
        try SignedNote(text: text, signatures: signatures + further.filter(isMissing))
    }

    private func isMissing(_ signature: NoteSignature) -> Bool { !signatures.contains(signature) }

    /// The place of the line end that is an empty line, and after which no other empty line comes.
    private static func lastEmptyLine(_ utf8: String.UTF8View) -> String.Index? {
        var index = utf8.endIndex
        var isAfterLineEnd = false
        while index > utf8.startIndex {
            index = utf8.index(before: index)
            let isLineEnd = utf8[index] == 0x0A
            if isLineEnd, isAfterLineEnd { return utf8.index(after: index) }
            isAfterLineEnd = isLineEnd
        }
        return nil
    }

    private static func check(_ text: String) throws(NoteError) {
        guard text.utf8.count <= byteCountMax else { throw .tooLong(found: text.utf8.count) }
        guard text.utf8.allSatisfy({ $0 >= 0x20 || $0 == 0x0A }) else { throw .notPlainText }
    }
}

/// Why bytes are no signed note, or a note is not to be trusted.
package enum NoteError: Error, Hashable, Sendable {
    /// More bytes than ``SignedNote/byteCountMax``.
    case tooLong(found: Int)
    /// Not UTF-8, or with a control character other than line ends.
    case notPlainText
    /// No line end at the end, or no empty line between text and signatures.
    case noSeparator
    /// No signature, or more than ``SignedNote/signatureCountMax``.
    case signatureCount(found: Int)
    /// The line with this number, counted from 1 after the empty line, is no signature.
    case signatureLine(number: Int)
    /// A signature that bears the name and ID of a known key is wrong.
    case wrongSignature(name: String)
    /// No signature is by a known key.
    case noKnownSignature

    /// The stable name of the kind of error.
    package var code: String {
        switch self {
        case .tooLong: "too-long"
        case .notPlainText: "not-plain-text"
        case .noSeparator: "no-separator"
        case .signatureCount: "signature-count"
        case .signatureLine: "signature-line"
        case .wrongSignature: "wrong-signature"
        case .noKnownSignature: "no-known-signature"
        }
    }
}

extension SignedNote {
    /// The keys among `keys` that signed this note, in the order of their first signatures.
    ///
    /// Signatures under other names or key IDs are passed over. Each signature under a known one is
    /// checked, repeated ones too.
    ///
    /// - Throws: ``NoteError/wrongSignature(name:)`` if any of those is wrong, then
    ///   ``NoteError/noKnownSignature`` if there are none.
    package func verified(by keys: [VerifierKey]) throws(NoteError) -> [VerifierKey] {
        var signers: [VerifierKey] = []
        for signature in signatures {
            for key in keys where key.isNamed(by: signature) {
                guard key.isValid(signature, for: text) else {
                    throw .wrongSignature(name: key.name)
                }
                if !signers.contains(key) { signers.append(key) }
            }
        }
        guard !signers.isEmpty else { throw .noKnownSignature }
        return signers
    }
}
