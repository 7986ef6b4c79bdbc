import Foundation
import Glibc
import Text

/// Where the server's HSM is: a PKCS#11 module, one of its tokens, and the file with the PIN.
///
/// Format: strict JSON with `module` (path), `token` (label) and `pin` (path, or
/// `credential:NAME` for a file that systemd hands over). The PIN itself stands nowhere else.
package struct TokenSettings: Hashable, Sendable {
    package let module: String
    package let token: String
    package let pin: String

    package init(module: String, token: String, pin: String) {
        self.module = module
        self.token = token
        self.pin = pin
    }

    /// The settings in the file at `path`.
    ///
    /// - Throws: ``FileError``: open, read; format for anything else than these settings.
    package static func read(path: String) throws -> TokenSettings {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw FileError(
                .open, path: path,
                "cannot be read; it names the PKCS#11 module, the token and the PIN file")
        }
        do {
            var reader = try ObjectReader(try StrictJSON.parse(Array(data)))
            let found = TokenSettings(
                module: try reader.string("module"), token: try reader.string("token"),
                pin: try reader.string("pin"))
            try reader.finish()
            return found
        } catch {
            throw FileError(.format, path: path, "\(error)")
        }
    }

    /// The PIN from its file, without a line end.
    ///
    /// - Throws: ``FileError``: open; kind; mode if others than owner and group may do anything
    ///   with it; size.
    func readPIN() throws -> [UInt8] {
        let path = try pinPath()
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw FileError.system(.open, path: path) }
        defer { Glibc.close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw FileError.system(.read, path: path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw FileError(.kind, path: path, "is not a plain file")
        }
        // systemd gives a service's group read access to its credentials.
        guard status.st_mode & 0o027 == 0 else {
            let mode = String(status.st_mode & 0o7777, radix: 8)
            throw FileError(
                .mode, path: path, "has mode \(mode), wanted 600; remedy: chmod 600 \(path)")
        }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = Glibc.read(file, &bytes, bytes.count)
        guard count >= 0 else { throw FileError.system(.read, path: path) }
        let pin = bytes.prefix(count).prefix { $0 != 0x0A && $0 != 0x0D }
        guard (4...255).contains(pin.count) else {
            throw FileError(.size, path: path, "holds no PIN of 4 to 255 characters")
        }
        return Array(pin)
    }

    private func pinPath() throws -> String {
        let prefix = "credential:"
        guard pin.hasPrefix(prefix) else { return pin }
        guard let folder = ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"] else {
            throw FileError(
                .open, path: pin, "systemd handed over no credentials; see LoadCredential=")
        }
        return "\(folder)/\(pin.dropFirst(prefix.count))"
    }
}
