import Keys
import Reconciliation
import Signing
import Statements
import Units

/// One statement or acquirer file on its way into the journal.
struct StatementImport {
    enum Source {
        case statement(BankStatement)
        case acquirer(AcquirerProfile, [AcquirerLine])
    }

    let source: Source
    let yard: Yard
    let salt = SystemRandom.bytes(16)
    /// Each line as it is kept.
    let bodies: [[UInt8]]

    var digest: Digest { Self.digest(bodies, salt: salt) }

    /// SHA-256 over the salt and the SHA-256 of each line.
    static func digest(_ bodies: [[UInt8]], salt: [UInt8]) -> Digest {
        Digest.sha256(bodies.reduce(into: salt) { $0 += Digest.sha256($1).bytes })
    }

    /// What it is called in reports.
    var name: String {
        switch source {
        case .statement(let statement): statement.name
        case .acquirer(let profile, _): profile.id
        }
    }

    /// Nil for the file of an acquirer.
    var account: String? {
        guard case .statement(let statement) = source else { return nil }
        return statement.account
    }
}
