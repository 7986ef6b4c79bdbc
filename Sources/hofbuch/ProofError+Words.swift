import Transparency

extension ProofError {
    /// What is wrong, in one sentence.
    var words: String {
        switch self {
        case .malformed(let line): "line \(line) is not as a .tlog-proof has it."
        case .note(let error): error.words
        case .notSignedByLog: "its checkpoint is not signed by the log of this key."
        case .checkpoint: "what is signed in it is no checkpoint."
        case .origin(let found): "its checkpoint is of another log, \(found)."
        case .notIncluded(let index, let size):
            "this entry is not number \(index) of the \(size) entries of its checkpoint."
        }
    }
}

extension NoteError {
    fileprivate var words: String {
        switch self {
        case .tooLong(let found): "its checkpoint has \(found) bytes, which is too many."
        case .notPlainText: "its checkpoint is no plain text."
        case .noSeparator: "no empty line stands between its checkpoint and the signatures."
        case .signatureCount(let found): "its checkpoint has \(found) signatures."
        case .signatureLine(let number): "line \(number) of its signatures is none."
        case .wrongSignature(let name): "the signature of \(name) under its checkpoint is wrong."
        case .noKnownSignature: "its checkpoint is not signed with this key."
        }
    }
}
