package import Signing

/// A file that is read piece by piece, from the start and as often as asked, so that it need not be
/// in memory.
package struct PiecedFile {
    package let name: String
    package let byteCount: Int64
    let piece: (Int64) throws -> [UInt8]?

    /// - Parameter piece: the bytes of the piece of that number, counted from 0; nil behind the
    ///   last one. A number gives the same bytes each time.
    package init(
        name: String, byteCount: Int64, piece: @escaping (Int64) throws -> [UInt8]?
    ) {
        self.name = name
        self.byteCount = byteCount
        self.piece = piece
    }

    /// A file that is in memory anyway.
    package init(name: String, bytes: [UInt8]) {
        self.init(name: name, byteCount: Int64(bytes.count)) { $0 == 0 ? bytes : nil }
    }

    /// Its first piece; empty for an empty file.
    package var start: [UInt8] { get throws { try piece(0) ?? [] } }

    /// SHA-256 over all of it.
    package var digest: Digest {
        get throws {
            var hash = Digest.Stream()
            try eachPiece { hash.append($0) }
            return hash.finish()
        }
    }

    /// All of it at once, for what can only be understood as a whole.
    package var bytes: [UInt8] {
        get throws {
            var bytes = try start
            guard bytes.count < byteCount else { return bytes }
            bytes.reserveCapacity(Int(byteCount))
            try eachPiece(from: 1) { bytes += $0 }
            return bytes
        }
    }

    private func eachPiece(from first: Int64 = 0, _ body: ([UInt8]) -> Void) throws {
        var number = first
        while let bytes = try piece(number) {
            body(bytes)
            number += 1
        }
    }
}

/// The bytes of a file one by one; one piece is in memory.
struct ByteStream {
    private let file: PiecedFile
    private var piece: [UInt8] = []
    private var place = 0
    private var number: Int64 = 0

    init(_ file: PiecedFile) {
        self.file = file
    }

    /// Nil at the end.
    mutating func next() throws -> UInt8? {
        while place == piece.count {
            guard let bytes = try file.piece(number) else { return nil }
            (piece, place) = (bytes, 0)
            number += 1
        }
        defer { place += 1 }
        return piece[place]
    }
}

/// A line without its end: all of it, or of a very long one the beginning and a hash of the rest.
struct HeldLine: Equatable {
    let start: [UInt8]
    fileprivate let rest: Digest?
    var isWhole: Bool { rest == nil }
}

/// The lines of a file one by one, however long; what follows the last line feed is one only if it
/// is not empty.
struct LineStream {
    private static let heldMax = 1 << 16
    private var bytes: ByteStream

    init(_ file: PiecedFile) {
        bytes = ByteStream(file)
    }

    /// Nil at the end.
    mutating func next() throws -> HeldLine? {
        var start: [UInt8] = []
        var pending: [UInt8] = []
        var rest: Digest.Stream?
        func line() -> HeldLine {
            guard var hash = rest ?? (pending.isEmpty ? nil : Digest.Stream()) else {
                return HeldLine(start: start, rest: nil)
            }
            hash.append(pending)
            return HeldLine(start: start, rest: hash.finish())
        }
        while let byte = try bytes.next() {
            if byte == 0x0A { return line() }
            guard start.count == Self.heldMax else {
                start.append(byte)
                continue
            }
            pending.append(byte)
            if pending.count == Self.heldMax {
                var hash = rest ?? Digest.Stream()
                hash.append(pending)
                rest = hash
                pending.removeAll(keepingCapacity: true)
            }
        }
        return start.isEmpty ? nil : line()
    }
}

/// The characters of a file, read as UTF-8 or byte by byte as Latin-1.
struct CharacterStream {
    private var bytes: ByteStream
    private let isUTF8: Bool
    private var isBroken = false

    init(_ file: PiecedFile, isUTF8: Bool) {
        bytes = ByteStream(file)
        self.isUTF8 = isUTF8
    }

    /// Nil at the end, and at what is not UTF-8 where that is wanted.
    mutating func next() throws -> Unicode.Scalar? {
        guard let first = try bytes.next() else { return nil }
        guard isUTF8, first >= 0x80 else { return Unicode.Scalar(first) }
        var character = [first]
        let count = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        while character.count < count, let byte = try bytes.next() { character.append(byte) }
        guard let text = String(validating: character, as: UTF8.self)?.unicodeScalars,
            text.count == 1
        else {
            isBroken = true
            return nil
        }
        return text.first
    }

    /// Whether all of a file is UTF-8.
    static func isUTF8(_ file: PiecedFile) throws -> Bool {
        var stream = CharacterStream(file, isUTF8: true)
        while try stream.next() != nil {}
        return !stream.isBroken
    }
}
