import DayClosing
import Exports
import Journal
import Signing
import Storage

extension Installation {
    /// What an auditor's package says of town, tariffs and exports: the yard's log up to the entry
    /// of the last of `closes`, so that the same closes give the same package whenever it is made.
    ///
    /// - Parameter closes: ascending, not empty.
    func auditRegister(of closes: [PlannedClose], at yard: Yard, _ reading: Reading) throws
        -> AuditRegister
    {
        guard let last = closes.last else { return .empty }
        let end = try row(ofClose: last.close.number, yard, reading).position.index
        let town = yard.genesis
        return AuditRegister(
            supplier: AuditRegister.Supplier(
                town: town.town, yardName: town.yardName, address: town.address),
            tariffs: try tariffActivations(at: yard, before: end, reading),
            exports: try exportStandings(of: yard, before: end, reading).map { standing in
                AuditRegister.Export(standing, at: yard)
            })
    }

    private func tariffActivations(at yard: Yard, before end: Int64, _ reading: Reading) throws
        -> [AuditRegister.TariffActivation]
    {
        try reading.serverRecords(yard: yard.number, kind: .tariff).filter { $0.index < end }
            .map { position in
                guard case .server(let record) = try record(at: position, reading).fact,
                    case .tariff(let tariff) = record.fact
                else { throw DamagedRow(table: "server_record", position: position.number) }
                return AuditRegister.TariffActivation(
                    yard: yard.id, index: position.index, digest: tariff.digest, id: tariff.id,
                    title: tariff.title, from: tariff.from, to: tariff.to,
                    proposedBy: tariff.proposedBy, approvedBy: tariff.approvedBy)
            }
    }
}

extension AuditRegister.Export {
    fileprivate init(_ standing: ExportStanding, at yard: Yard) {
        let export = standing.export
        let made = AuditRegister.Step(by: export.by, at: export.at)
        let last = standing.handovers.last
        self.init(
            yard: yard.id, number: export.number, format: export.profile, closes: export.closes,
            made: made, state: standing.state.words,
            stated: last.map { AuditRegister.Step(by: $0.by, at: $0.at) } ?? made,
            note: last.map { $0.note.isEmpty ? $0.means ?? "" : $0.note } ?? "",
            files: export.files.map { file in
                AuditRegister.File(
                    name: file.name, digest: file.digest.hex, byteCount: file.byteCount)
            })
    }
}

extension ExportStanding.State {
    /// As the auditor's package says it.
    fileprivate var words: String {
        switch self {
        case .prepared: "erstellt"
        case .handedOver: "übergeben"
        case .acknowledged: "quittiert"
        case .rejected: "abgelehnt"
        }
    }
}
