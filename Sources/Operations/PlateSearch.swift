import Foundation
import Journal
import Keys
import Storage

/// Finds plates by keyed digests: the table holds no form of a plate that could be guessed
/// without the key.
struct PlateSearch: Sendable {
    let key: DigestKey

    private static let purpose = "hofbuch plate/v1"
    private static let digestLength = 16
    /// The setting that says which key the stored digests were made with.
    private static let setting = "plate-search"

    /// Reads the key of a data directory. Where there is none yet, it makes one and keeps it,
    /// unless nothing may be written: then no plate is found, and cursors end with the process.
    init(_ directory: DataDirectory, mayWrite: Bool) throws {
        if FileManager.default.fileExists(atPath: directory.searchKey) {
            key = try KeyFile.readDigestKey(path: directory.searchKey)
            return
        }
        key = .generate()
        if mayWrite { try KeyFile.create(path: directory.searchKey, with: .digest(key)) }
    }

    func digest(of plate: NormalPlate) -> [UInt8] {
        Array(
            key.digest(of: Array(plate.text.utf8), for: Self.purpose).prefix(Self.digestLength))
    }

    /// Forgets the digests that were made with another key; they are made again when plates are
    /// next searched.
    func forgetOthers(in database: ServerDatabase) throws {
        let name = Data(key.digest(of: [], for: Self.setting).prefix(8)).base64EncodedString()
        guard try database.read({ try $0.setting(Self.setting) }) != name else { return }
        try database.write { transaction in
            try transaction.clearSearchIndex()
            try transaction.set(Self.setting, to: name)
        }
    }
}
