import Operations
import Signing
import Storage
import Units

extension TestYard {
    /// When a session was used last, read beside the running installation.
    func lastUse(of token: String) throws -> Timestamp? {
        let digest = Digest.sha256(Array(token.utf8)).bytes
        return try ReadOnlyDatabase(path: directory.database).read {
            try $0.session(tokenDigest: digest)?.used
        }
    }
}
