package import Signing
import Text

/// The state of a log at one size (C2SP tlog-checkpoint 1.0.0): what the log signs and witnesses
/// cosign.
package struct Checkpoint: Hashable, Sendable {
    /// The log's name: its address without scheme, such as `wertstoffhof.example/log/yard-01`.
    package let origin: String
    /// How many leaves the tree has; not below 0.
    package let size: Int64
    /// The root over them.
    package let root: Digest

    /// Nil if `origin` is no key name (see ``VerifierKey``) or `size` is below 0.
    package init?(origin: String, size: Int64, root: Digest) {
        guard VerifierKey.isName(origin), size >= 0 else { return nil }
        self.origin = origin
        self.size = size
        self.root = root
    }

    /// The checkpoint that `body` is the exact text of; nil for extension lines, another spelling
    /// of the numbers or a missing line end.
    package init?(body: String) {
        let lines = body.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 4, lines[3].isEmpty, let size = DecimalText.decode(lines[1]),
            let root = Digest(base64: String(lines[2]))
        else { return nil }
        self.init(origin: String(lines[0]), size: size, root: root)
    }

    /// The signed text: three lines with origin, size in decimal and root in base64.
    package var body: String { "\(origin)\n\(size)\n\(root.base64)\n" }
}
