import Glibc
import Text

/// A file with one secret key, or the name of one in a token, that only its owner may use.
///
/// Format 1: one line `hofbuch-key/v1 <kind> <key>` with its end, where the kind is `es256`,
/// `ed25519` or `hmac-sha256` and the key 32 bytes in base64url; or
/// `hofbuch-token-key/v1 <kind> <label>`, where the label is 1 to 100 of `a-z 0-9 - .`.
package enum KeyFile {
    /// The key that a file holds.
    package enum Content: Sendable {
        case es256(ES256PrivateKey)
        case ed25519(Ed25519PrivateKey)
        case digest(DigestKey)
        /// The key lives in a token under this label.
        case token(Token.Kind, label: String)

        fileprivate var line: String {
            switch self {
            case .es256(let key): "\(firstWord) es256 \(Base64URL.encode(key.raw))"
            case .ed25519(let key): "\(firstWord) ed25519 \(Base64URL.encode(key.raw))"
            case .digest(let key): "\(firstWord) hmac-sha256 \(Base64URL.encode(key.raw))"
            case .token(let kind, let label): "\(firstWordOfToken) \(kind.rawValue) \(label)"
            }
        }
    }

    private static let firstWord = "hofbuch-key/v1"
    private static let firstWordOfToken = "hofbuch-token-key/v1"
    private static let byteCountMax = 200

    /// Puts a key into a new file at `path`, readable and writable by its owner only.
    ///
    /// - Throws: ``FileError``; of the kind `exists` if there is a file already, which stays as it
    ///   is: a key is never overwritten.
    package static func create(path: String, with key: Content) throws {
        try DurableFile.createNew(path: path, with: Array("\(key.line)\n".utf8), mode: 0o600)
    }

    /// The key in the file at `path`.
    ///
    /// - Throws: ``FileError``: open; kind (a link, a folder); owner other than this process's
    ///   user; mode (anything for others than the owner); size; read; format.
    package static func read(path: String) throws -> Content {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else {
            guard errno == ELOOP else { throw FileError.system(.open, path: path) }
            throw FileError(.kind, path: path, "is a link; give the path of the key file itself")
        }
        defer { close(file) }
        try checkAccess(file, path: path)
        return try parse(readAll(file, path: path), path: path)
    }

    /// The ES256 key in the file at `path`.
    ///
    /// - Throws: as ``read(path:)``; format for a key of the other kind.
    package static func readES256(path: String) throws -> ES256PrivateKey {
        guard case .es256(let key) = try read(path: path) else {
            throw FileError(.format, path: path, "holds no es256 key")
        }
        return key
    }

    /// The Ed25519 key in the file at `path`.
    ///
    /// - Throws: as ``read(path:)``; format for a key of the other kind.
    package static func readEd25519(path: String) throws -> Ed25519PrivateKey {
        guard case .ed25519(let key) = try read(path: path) else {
            throw FileError(.format, path: path, "holds no ed25519 key")
        }
        return key
    }

    /// The digest key in the file at `path`.
    ///
    /// - Throws: as ``read(path:)``; format for a key of another kind.
    package static func readDigestKey(path: String) throws -> DigestKey {
        guard case .digest(let key) = try read(path: path) else {
            throw FileError(.format, path: path, "holds no hmac-sha256 key")
        }
        return key
    }

    private static func checkAccess(_ file: CInt, path: String) throws {
        var status = stat()
        guard fstat(file, &status) == 0 else { throw FileError.system(.read, path: path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw FileError(.kind, path: path, "is not a plain file")
        }
        let user = geteuid()
        guard status.st_uid == user else {
            throw FileError(
                .owner, path: path,
                "belongs to user \(status.st_uid), this is user \(user); remedy: "
                    + "chown \(user) \(path)")
        }
        let mode = status.st_mode & 0o7777
        guard mode & ~0o600 == 0 else {
            throw FileError(
                .mode, path: path,
                "has mode \(String(mode, radix: 8)), wanted 600; remedy: chmod 600 \(path)")
        }
        guard (1...Self.byteCountMax).contains(Int(status.st_size)) else {
            throw FileError(.size, path: path, "is no key file: \(status.st_size) bytes")
        }
    }

    private static func readAll(_ file: CInt, path: String) throws -> [UInt8] {
        let bytes = try FilePart.read(
            byteCountMax + 1, of: file, at: 0, else: FileError.system(.read, path: path))
        guard bytes.count <= byteCountMax else {
            throw FileError(.size, path: path, "grew while it was read")
        }
        return bytes
    }

    private static func parse(_ bytes: [UInt8], path: String) throws -> Content {
        let malformed = FileError(
            .format, path: path, "is not one line '\(firstWord) es256|ed25519|hmac-sha256 <key>'")
        let parts = bytes.dropLast().split(separator: 0x20, omittingEmptySubsequences: false)
        if bytes.last == 0x0A, parts.count == 3, parts[0].elementsEqual(firstWordOfToken.utf8) {
            guard let kind = Token.Kind(rawValue: String(decoding: parts[1], as: UTF8.self)),
                (1...100).contains(parts[2].count), parts[2].allSatisfy(isLabelByte)
            else { throw malformed }
            return .token(kind, label: String(decoding: parts[2], as: UTF8.self))
        }
        guard bytes.last == 0x0A, parts.count == 3, parts[0].elementsEqual(firstWord.utf8),
            let raw = Base64URL.decode(parts[2])
        else { throw malformed }
        do {
            switch String(decoding: parts[1], as: UTF8.self) {
            case "es256": return .es256(try ES256PrivateKey(raw: raw))
            case "ed25519": return .ed25519(try Ed25519PrivateKey(raw: raw))
            case "hmac-sha256":
                guard let key = DigestKey(raw: raw) else { throw malformed }
                return .digest(key)
            default: throw malformed
            }
        } catch is KeyError {
            throw malformed
        }
    }

    private static func isLabelByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
