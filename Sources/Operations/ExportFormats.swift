import DayClosing
import Exports
import Foundation
import Journal
import Sales
import SourceFiles
import Text
import Units

/// The export formats of an installation, from the files in `finance/`.
struct ExportFormats {
    var profiles: [ExportProfile] = []
    var datev: DATEVSettings?
    var handover = HandoverSettings.none

    init(directory: DataDirectory) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.exportProfiles)
        // Others in the folder belong to somebody else, such as the account plan.
        for name in names.sorted() where Self.isRead(name) {
            let path = "\(directory.exportProfiles)/\(name)"
            guard let data = FileManager.default.contents(atPath: path) else { continue }
            let tree = try Self.tree(Array(data), of: path)
            if name == "datev.yaml" {
                let (settings, problems) = DATEVSettings.decode(tree)
                guard let settings else { throw OperationsError.planInvalid(path: path, problems) }
                datev = settings
            } else if name == Self.handoverName {
                let (settings, problems) = HandoverSettings.decode(tree)
                guard let settings else { throw OperationsError.planInvalid(path: path, problems) }
                handover = settings
            } else {
                let (profile, problems) = ExportProfile.decode(tree)
                guard let profile else { throw OperationsError.planInvalid(path: path, problems) }
                if titles[profile.id] != nil {
                    throw OperationsError.planInvalid(
                        path: path, [ExportProfile.repeated(profile.id)])
                }
                profiles.append(profile)
            }
        }
        try checkRequired(directory)
    }

    private static let handoverName = "uebergabe.yaml"

    private static func isRead(_ name: String) -> Bool {
        name.hasSuffix(".yaml")
            && (name.hasPrefix("profil-") || ["datev.yaml", handoverName].contains(name))
    }

    private static func tree(_ bytes: [UInt8], of path: String) throws -> SourceNode {
        do { return try SourceFile.tree(of: bytes) } catch {
            throw OperationsError.planInvalid(path: path, [error])
        }
    }

    /// Refuses a demand for what nobody books, which could never be met.
    private func checkRequired(_ directory: DataDirectory) throws {
        let known = booking
        let unknown = (handover.required ?? []).filter { !known.contains($0) }
        guard let first = unknown.first else { return }
        throw OperationsError.planInvalid(
            path: "\(directory.exportProfiles)/\(Self.handoverName)",
            [
                SourceProblem(
                    "U-E07", at: nil,
                    "Unter „pflicht“ steht „\(first)“; möglich sind "
                        + known.joined(separator: ", ") + ".")
            ])
    }

    var names: [String] {
        booking + ExportProfile.evidenceIDs
    }

    /// Titles of the profiles by id.
    var titles: [String: String] {
        Dictionary(profiles.map { ($0.id, $0.title) }) { first, _ in first }
    }

    /// Formats that finance books: a close stands in one batch of each only. All others are
    /// evidence and may be made as often as somebody asks.
    var booking: [String] { profiles.map(\.id) + (datev == nil ? [] : ["datev"]) }

    /// Of what is booked; of evidence the sums of all lines.
    func content(of name: String) -> ExportProfile.Content {
        profiles.first { $0.id == name }?.content ?? .all
    }

    /// The personal data that files of a format hold; empty for most.
    func people(of name: String) -> Set<PersonalField> {
        profiles.first { $0.id == name }?.people ?? []
    }

    /// What lines of `plan` would be refused for, format by format: found now and not at the
    /// first close that meets it.
    func misfits(with plan: AccountPlan, yards: [YardID]) -> [String] {
        let byProfile = profiles.flatMap { profile in
            profile.errors(with: plan, yards: yards).map { "\(profile.id): \($0)" }
        }
        return byProfile
            + (datev?.errors(with: plan, yards: yards).map { "datev: \($0)" } ?? [])
    }

    /// What makes the files of a batch while the records of its closes go by: a pure function of
    /// the closes.
    ///
    /// - Parameters:
    ///   - localTime: the day and time at the yard, for the auditor's package.
    ///   - evidence: the file about each close for the format `json`.
    ///   - register: what the auditor's package says beside its closes.
    /// - Throws: ``OperationsError/exportUnknown(_:)``, `ExportError`, what `evidence` and
    ///   `register` throw.
    func writer(
        _ name: String, of closes: [PlannedClose], localTime: @escaping (Timestamp) -> String,
        evidence: (DayClose) throws -> [UInt8], register: () throws -> AuditRegister
    ) throws -> any ExportWriter {
        switch name {
        case "hledger": return HledgerJournal(of: closes)
        case "ledger": return LedgerJournal(of: closes)
        case "beancount": return BeancountJournal(of: closes)
        case "gobd":
            return AuditPackage(of: closes, register: try register(), localTime: localTime)
        case "json":
            return PreparedWriter(
                try closes.map {
                    GrowingFile(name: "\($0.reference).json", bytes: try evidence($0.close))
                })
        case "datev":
            guard let datev else { throw OperationsError.exportUnknown(name) }
            return DATEVWriter(datev, run: closes.runMark)
        default:
            guard let profile = profiles.first(where: { $0.id == name }) else {
                throw OperationsError.exportUnknown(name)
            }
            return ProfileWriter(profile, of: closes)
        }
    }
}
