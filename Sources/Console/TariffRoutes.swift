import Calendars
import Hummingbird
import Journal
import Operations
import Pages
import People
import Storage
import Units

extension ConsoleRoutes {
    /// The yard's tariff book: versions with their days, proposals with two people.
    var tariffRoutes: [ConsoleRoute] {
        [
            .get("/tarife", .readSales) { visit -> Response in try tariffsPage(visit) },
            .get("/tarife/{digest}/datei", .readSales) { visit -> Response in
                try tariffFile(visit)
            },
            .post("/tarife/{digest}/freigeben", .approveTariff, approveTariff),
            .post("/tarife/{digest}/zurueckziehen", .withdrawTariff, withdrawTariff),
        ]
    }

    private func tariffsPage(_ visit: Visit) throws -> Response {
        let rows = try installation.tariffs(of: visit.yard)
        let today = installation.calendar.day(of: installation.clock())
        let names = PersonNames(try installation.people())
        let shown = try rows.filter { $0.state != .proposed }.reversed().map { row in
            TariffVersionRow(
                id: row.id, title: row.title, days: row.days, state: row.shown(on: today),
                proposed: try said(row.proposedAt, row.proposedBy, names),
                decided: try decided(row, visit, names), digest: row.digest)
        }
        let pending = try rows.filter { $0.state == .proposed }.map {
            try pendingTariff($0, among: rows, visit, names)
        }
        let page = TariffsPage(
            rows: shown, pending: pending, notice: Self.notice(rows, today: today),
            mayPropose: visit.may(.proposeTariff))
        return show(page, visit, at: "/tarife")
    }

    private func said(_ time: Timestamp?, _ person: PersonID, _ names: PersonNames) throws -> String
    {
        let calendar = installation.calendar
        return [time.map(calendar.german), names[person]].compactMap { $0 }.joined(separator: ", ")
    }

    /// When the version was approved and by whom, as its record in the log says.
    private func decided(_ row: TariffRow, _ visit: Visit, _ names: PersonNames) throws -> String {
        if let person = row.withdrawnBy { return "zurückgezogen: \(names[person])" }
        guard let index = row.position, let person = row.approvedBy else { return "–" }
        let record = try installation.record(
            at: LogPosition(yard: visit.yard.number, index: index))
        guard case .server(let said) = record.fact else { return names[person] }
        return try self.said(said.at, person, names)
    }

    private func pendingTariff(
        _ row: TariffRow, among rows: [TariffRow], _ visit: Visit, _ names: PersonNames
    ) throws -> PendingTariff {
        var (consequence, isApprovable) = ("Es endet kein anderer Tarif.", true)
        do {
            if let ending = try installation.tariffEnding(of: row.digest, at: visit.yard) {
                let id = rows.first { $0.digest == ending.digest }?.id ?? ending.digest
                consequence = "Mit der Freigabe endet \(id) am \(GermanFormat.day(ending.on))."
            }
        } catch let error as OperationsError {
            let words = GermanWords.words(for: error)
            consequence = ([words.title + ".", words.what] + words.todo).joined(separator: " ")
            isApprovable = false
        }
        let isOwn = row.proposedBy == visit.person.id
        let waitingFor: String? =
            isOwn
            ? "Sie haben diesen Tarif vorgeschlagen; freigeben muss jemand anderes."
            : visit.may(.approveTariff)
                ? nil : "Eine Person mit der Rolle „\(Role.approver.german)“ gibt frei."
        return PendingTariff(
            id: row.id, title: row.title, days: row.days,
            proposed: try said(row.proposedAt, row.proposedBy, names), digest: row.digest,
            consequence: consequence, waitingFor: isApprovable ? waitingFor : nil,
            mayApprove: isApprovable && waitingFor == nil, mayWithdraw: visit.may(.withdrawTariff))
    }

    /// Days to come without a tariff.
    private static func notice(_ rows: [TariffRow], today: BusinessDay) -> Panel? {
        let approved = rows.filter { $0.state == .approved && $0.shown(on: today) != .replaced }
        guard approved.allSatisfy({ $0.to != nil }) else { return nil }
        guard let last = approved.compactMap(\.to).max() else {
            return Panel(
                .warning, "Kein Tarif in Kraft",
                "Ohne Tarif kann an diesem Hof nichts verkauft "
                    + "werden.")
        }
        return Panel(
            .warning, "Der letzte Tarif endet am \(GermanFormat.day(last))",
            "Für die Tage danach ist noch kein Tarif freigegeben; dann wird nichts verkauft.")
    }

    private func tariffRow(_ visit: Visit) throws -> TariffRow {
        let digest = visit.arrival.parameter("digest")
        guard
            let row = try installation.tariffs(of: visit.yard).first(where: { $0.digest == digest })
        else { throw ConsoleProblem.notFound }
        return row
    }

    private func tariffFile(_ visit: Visit) throws -> Response {
        let row = try tariffRow(visit)
        let bytes = try installation.tariffFile(row.digest, of: visit.yard)
        return .download(bytes, name: "\(row.id).yaml", type: "application/yaml")
    }

    private func approveTariff(_ visit: Visit) async throws -> Response {
        let row = try tariffRow(visit)
        if row.approvedBy != visit.person.id {
            try await installation.approveTariff(row.digest, for: visit.yard, by: visit.person)
        }
        return .redirect("/tarife")
    }

    private func withdrawTariff(_ visit: Visit) async throws -> Response {
        let row = try tariffRow(visit)
        if row.withdrawnBy != visit.person.id {
            try await installation.withdrawTariff(row.digest, for: visit.yard, by: visit.person)
        }
        return .redirect("/tarife")
    }
}

extension TariffRow {
    /// `05.01.2024 bis 31.12.2026`; the days of the file where a successor left none.
    fileprivate var days: String {
        guard let to else { return "\(GermanFormat.day(from)) bis auf Weiteres" }
        guard from <= to else { return "ab \(GermanFormat.day(from)) vorgesehen" }
        return "\(GermanFormat.day(from)) bis \(GermanFormat.day(to))"
    }

    fileprivate func shown(on today: BusinessDay) -> TariffState {
        guard state == .approved else { return .withdrawn }
        if let to, to < from { return .replaced }
        if today < from { return .coming }
        if let to, to < today { return .past }
        return .inForce
    }
}
