/// Where an installation keeps its files: one folder, nothing outside it.
package struct DataDirectory: Hashable, Sendable {
    package let path: String

    package init(_ path: String) {
        self.path = path
    }

    package var database: String { path + "/hofbuch.sqlite3" }
    /// The private key of the server's own records (ES256), mode 0600.
    package var recordKey: String { path + "/keys/records.key" }
    /// The key of the digests that plates are found by (HMAC-SHA-256), mode 0600.
    package var searchKey: String { path + "/keys/search.key" }
    package var heads: String { path + "/heads.json" }
    package var lock: String { path + "/lock" }
    package var accountPlan: String { path + "/finance/kontenplan.yaml" }
    package var exportProfiles: String { path + "/finance" }
    /// Templates of the town's own; empty unless it wants others than the shipped ones.
    package var receipts: String { path + "/receipts" }

    /// The private key of a yard's checkpoints (Ed25519), mode 0600.
    package func logKey(yard: String) -> String { path + "/keys/log-\(yard).key" }
}
