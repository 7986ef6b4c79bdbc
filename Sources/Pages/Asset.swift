import CAssets

/// A file compiled into the program that browsers fetch: style sheet, script, icon.
package struct Asset: Hashable, Sendable {
    /// File name without the hash, such as `hofbuch.css`.
    package let name: String
    /// Such as `text/css; charset=utf-8`.
    package let mediaType: String
    /// The content as it is sent, not compressed.
    package let bytes: [UInt8]
    /// The path with the hash of the content: another content has another path, so a browser may
    /// keep the file for ever.
    package let path: String

    /// The value of `Cache-Control` for every asset (RFC 8246).
    package static let cacheControl = "public, max-age=31536000, immutable"

    /// All assets, by name.
    package static let all: [Asset] = embeddedFiles.compactMap { file in
        guard let mediaType = mediaType(of: file.name) else { return nil }
        return Asset(name: file.name, mediaType: mediaType, bytes: file.bytes)
    }

    /// The asset with this request path, such as `/assets/hofbuch-0123456789abcdef.css`; nil
    /// for any other path, an outdated hash included.
    package static func at(path: String) -> Asset? {
        all.first { $0.path == path }
    }

    /// The path of the asset `name`.
    ///
    /// - Precondition: there is such an asset; names stand in the program, never in a request.
    package static func path(of name: String) -> String {
        guard let asset = all.first(where: { $0.name == name }) else {
            preconditionFailure("no asset \(name)")
        }
        return asset.path
    }

    private init(name: String, mediaType: String, bytes: [UInt8]) {
        self.name = name
        self.mediaType = mediaType
        self.bytes = bytes
        let parts = name.split(separator: ".", maxSplits: 1)
        path = "/assets/\(parts[0])-\(Self.hash(of: bytes)).\(parts[parts.count - 1])"
    }

    private static func mediaType(of name: String) -> String? {
        switch name.split(separator: ".").last {
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        default: nil
        }
    }

    /// FNV-1a over 64 bits, 16 hex digits: it tells contents apart and protects nothing.
    private static func hash(of bytes: [UInt8]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}

/// A file as compiled in.
struct EmbeddedFile {
    let name: String
    let bytes: [UInt8]
}

/// All files that were compiled in, in the order of their table.
let embeddedFiles: [EmbeddedFile] = (0..<hofbuch_file_count()).map { index in
    let file = hofbuch_file_at(index)
    return EmbeddedFile(
        name: String(cString: file.name),
        bytes: Array(UnsafeBufferPointer(start: file.bytes, count: file.count)))
}
