import Pages

/// `GET /tarife`: the versions of the yard's tariff and what waits for a second person.
struct TariffsPage: Page {
    static let template = "console-tariffs"
    let title = "Tarife"
    let problems: [FormProblem] = []
    let rows: [TariffVersionRow]
    let isEmpty: Bool
    let pending: [PendingTariff]
    let hasPending: Bool
    let notice: Panel?
    let mayPropose: Bool

    /// - Parameters:
    ///   - rows: the newest first.
    ///   - notice: days to come without a tariff.
    init(
        rows: [TariffVersionRow], pending: [PendingTariff], notice: Panel? = nil, mayPropose: Bool
    ) {
        self.rows = rows
        isEmpty = rows.isEmpty
        self.pending = pending
        hasPending = !pending.isEmpty
        self.notice = notice
        self.mayPropose = mayPropose
    }
}

/// A version that was approved or withdrawn.
struct TariffVersionRow: Sendable {
    let id: String
    let title: String
    let days: String
    let state: Badge
    let proposed: String
    let decided: String
    let digest: String
    let file: PageLink

    /// - Parameters:
    ///   - days: such as "05.01.2024 bis 31.12.2026".
    ///   - proposed, decided: when and by whom, such as "20.11.2026, 14:03 Uhr, A. Beispiel".
    ///   - digest: SHA-256 of the file, hexadecimal.
    init(
        id: String, title: String, days: String, state: TariffState, proposed: String,
        decided: String, digest: String
    ) {
        self.id = id
        self.title = title
        self.days = days
        self.state = state.badge
        self.proposed = proposed
        self.decided = decided
        self.digest = digest
        file = PageLink("\(id).yaml", "/tarife/\(digest)/datei")
    }
}

/// A file that waits for a second person; forms `POST /tarife/{digest}/freigeben` and
/// `/tarife/{digest}/zurueckziehen`.
struct PendingTariff: Sendable {
    let id: String
    let title: String
    let days: String
    let proposed: String
    let digest: String
    let consequence: String
    let waitingFor: String?
    let file: PageLink
    let actions: [ActionButton]

    /// - Parameters:
    ///   - consequence: what the approval would end, or why it is not possible now.
    ///   - waitingFor: why this person may not approve; nil if they may, or if nobody can now.
    init(
        id: String, title: String, days: String, proposed: String, digest: String,
        consequence: String, waitingFor: String?, mayApprove: Bool, mayWithdraw: Bool
    ) {
        self.id = id
        self.title = title
        self.days = days
        self.proposed = proposed
        self.digest = digest
        self.consequence = consequence
        self.waitingFor = waitingFor
        file = PageLink("\(id).yaml", "/tarife/\(digest)/datei")
        let approve = ActionButton("\(id) freigeben", "/tarife/\(digest)/freigeben")
        let withdraw = ActionButton(
            "\(id) zurückziehen", "/tarife/\(digest)/zurueckziehen", isSecondary: true)
        actions = (mayApprove ? [approve] : []) + (mayWithdraw ? [withdraw] : [])
    }
}
