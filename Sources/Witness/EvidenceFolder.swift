import Foundation
import Keys
import Signing
import Text
import Transparency

/// Where a witness keeps the requests that a log signed and that contradict, or may contradict, its
/// earlier head (docs/formats/log.md): a folder for each two heads, whole or not there.
struct EvidenceFolder: Sendable {
    /// A refused request and what was stored when it came.
    struct Piece: Sendable {
        let request: [UInt8]
        /// The head in the request.
        let head: SignedNote
        /// Nil if the log never sent one before.
        let stored: SignedNote?
        /// The verdict for people, a line.
        let words: String
    }

    let path: String

    /// No more are kept.
    private static let countMax = 1_000
    /// Ends the name of a folder that is being written.
    private static let begun = ".new"

    /// Keeps a refused request; one with the same two heads only once, whatever its proof.
    ///
    /// - Parameter hash: of the origin (``WitnessFolder/hash(of:)``).
    /// - Throws: what the file system says. A folder that was begun is written anew when the
    ///   request comes again.
    func keep(_ piece: Piece, ofOriginHash hash: String) throws -> WitnessAnswer.Evidence {
        let stored = piece.stored?.text ?? ""
        // With one head twice only the proof is wrong, and anybody can send a wrong proof.
        guard !piece.head.text.hasSameBytes(as: stored) else { return .unneeded }
        let files = FileManager.default
        let digest = Digest.sha256(Array((piece.head.text + stored).utf8))
        let place = "\(path)/\(hash.prefix(16))-\(digest.hex.prefix(16))"
        guard !files.fileExists(atPath: place) else { return .kept }
        let kept = try files.contentsOfDirectory(atPath: path)
            .count { !$0.hasSuffix(Self.begun) }
        guard kept < Self.countMax else { return .full }
        try write(piece, to: place + Self.begun)
        try DurableFile.move(from: place + Self.begun, to: place)
        return .kept
    }

    private func write(_ piece: Piece, to place: String) throws {
        let files = FileManager.default
        // What a crash left behind.
        if files.fileExists(atPath: place) { try files.removeItem(atPath: place) }
        try files.createDirectory(atPath: place, withIntermediateDirectories: false)
        try DurableFile.createNew(path: "\(place)/request", with: piece.request, mode: 0o644)
        if let stored = piece.stored {
            try DurableFile.createNew(path: "\(place)/stored", with: stored.bytes, mode: 0o644)
        }
        try DurableFile.createNew(
            path: "\(place)/verdict", with: Array(piece.words.utf8), mode: 0o644)
    }
}
