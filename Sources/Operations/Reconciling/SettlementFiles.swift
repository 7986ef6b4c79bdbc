import Foundation
import Reconciliation
import SourceFiles
import Statements
import Text

/// The files in `finance/` that say how card money arrives: `abgleich.yaml`, and for each acquirer
/// `abrechnung-….yaml`. Read anew for each use, so that a corrected file counts at once.
struct SettlementFiles {
    let setup: SettlementSetup
    let profiles: [AcquirerProfile]

    /// - Throws: ``OperationsError`` (`settlementFileMissing`, `settlementFileInvalid`).
    init(directory: DataDirectory) throws {
        let path = directory.settlement
        guard let data = FileManager.default.contents(atPath: path) else {
            throw OperationsError.settlementFileMissing(path: path)
        }
        let (setup, problems) = SettlementSetup.decode(try Self.tree(Array(data), of: path))
        guard let setup else {
            throw OperationsError.settlementFileInvalid(path: path, problems)
        }
        self.setup = setup
        profiles = try Self.profiles(in: directory.exportProfiles)
    }

    private static func profiles(in folder: String) throws -> [AcquirerProfile] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        return try names.sorted().compactMap { name in
            guard name.hasPrefix("abrechnung-"), name.hasSuffix(".yaml"),
                let data = FileManager.default.contents(atPath: "\(folder)/\(name)")
            else { return nil }
            let (profile, problems) = AcquirerProfile.decode(
                try tree(Array(data), of: "\(folder)/\(name)"))
            guard let profile else {
                throw OperationsError.settlementFileInvalid(path: "\(folder)/\(name)", problems)
            }
            return profile
        }
    }

    private static func tree(_ bytes: [UInt8], of path: String) throws -> SourceNode {
        do { return try SourceFile.tree(of: bytes) } catch {
            throw OperationsError.settlementFileInvalid(path: path, [error])
        }
    }

    /// - Throws: ``OperationsError/profileUnknown(_:known:)``.
    func profile(_ id: String) throws -> AcquirerProfile {
        guard let profile = profiles.first(where: { $0.id == id }) else {
            throw OperationsError.profileUnknown(id, known: profiles.map(\.id))
        }
        return profile
    }
}
