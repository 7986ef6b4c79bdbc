import Pages
import Units

/// `GET /abgleich`: closes, card cuts and bank beside each other; what is open; why clearing is not
/// empty. `POST /abgleich/regeln` lets the rules book.
struct SettlementBoardPage: Page {
    static let template = "console-settlement-board"
    let title = "Abgleich mit der Bank"
    let figures: [Fact]
    let findings: [Panel]
    let open: [OpenItemRow]
    let hasOpen: Bool
    let board: [BoardRow]
    let hasBoard: Bool
    /// Which part of the board is shown.
    let range: String
    let clearing: [ClearingRow]
    let hasClearing: Bool
    let claims: [ClaimRow]
    let hasClaims: Bool
    /// How many matches of the rules wait to be booked, in words.
    let waiting: String
    let hasWaiting: Bool
    let mayBook: Bool
    /// Whether no file of the bank was taken in yet.
    let isWithoutBank: Bool
    /// Whether there is nothing of either side yet.
    let isNew: Bool
    /// Leads to taking in a file; nil for who may not.
    let upload: PageLink?

    init(
        figures: [Fact], findings: [Panel], open: [OpenItemRow], board: [BoardRow],
        range: String, clearing: [ClearingRow], claims: [ClaimRow], waitingCount: Int,
        mayBook: Bool, isWithoutBank: Bool = false, upload: PageLink? = nil
    ) {
        self.figures = figures
        self.findings = findings
        self.open = open
        hasOpen = !open.isEmpty
        self.board = board
        hasBoard = !board.isEmpty
        self.range = range
        self.clearing = clearing
        hasClearing = !clearing.isEmpty
        self.claims = claims
        hasClaims = !claims.isEmpty
        waiting =
            waitingCount == 1
            ? "Eine Zuordnung passt auf den Cent und ist noch nicht gebucht."
            : "\(waitingCount) Zuordnungen passen auf den Cent und sind noch nicht gebucht."
        hasWaiting = waitingCount > 0
        self.mayBook = mayBook
        self.isWithoutBank = isWithoutBank
        isNew = isWithoutBank && board.isEmpty && open.isEmpty && clearing.isEmpty
        self.upload = upload
    }

    /// Something without counterpart.
    struct OpenItemRow: Sendable {
        let code: String
        /// Of the page to decide; nil for who may not.
        let path: String?
        let what: String
        let text: String
        let day: String
        let age: String
        let amount: String
        let reason: String
        let proposals: String
    }

    /// A card cut with its close and what came for it.
    struct BoardRow: Sendable {
        let close: PageLink
        let day: String
        let cut: String
        let amount: String
        let credits: String
        let state: Badge
        /// By which rule; leads to the settlement where there is one.
        let rule: PageLink?
    }

    /// The balance of one scheme, or one cause of it.
    struct ClearingRow: Sendable {
        let scheme: String
        let cause: String
        let item: String
        let day: String
        let amount: String
    }

    struct ClaimRow: Sendable {
        let receipt: PageLink
        /// Where the debtor is named; nil where somebody is.
        let debtorless: PageLink?
        let day: String
        let age: String
        let amount: String
        let paid: String
        let rest: String
    }
}

/// `GET/POST /abgleich/posten/{code}`: fields `entscheidung`, `gegenposten`, `unterschied`,
/// `beleg`, `grund`.
struct SettlementItemPage: Page {
    static let template = "console-settlement-item"
    let title: String
    let problems: [FormProblem]
    let facts: [Fact]
    let action: String
    let decision: ChoiceField
    /// Only for two sides that belong together.
    let matchFields: [Field]
    let fields: [Field]

    /// - Parameters:
    ///   - heading: amount and day, such as "12,00 € vom 27.11.2026".
    ///   - suggested: the counterpart that is chosen at first; nil for none.
    init(
        code: String, heading: String, facts: [Fact], decisions: [Field.Option],
        counterparts: [Field.Option], suggested: String? = nil,
        values: [String: String], errors: [String: String]
    ) {
        title = "\(heading) zuordnen"
        self.facts = facts
        action = "/abgleich/posten/\(code.queryEscaped)"
        decision = ChoiceField(
            "entscheidung", "Was ist es?", options: decisions,
            chosen: values["entscheidung"] ?? (decisions.count == 1 ? decisions[0].value : ""),
            error: errors["entscheidung"])
        matchFields = [
            Field(
                "gegenposten", "Gegenposten",
                .select([Field.Option("", "keiner")] + counterparts),
                value: values["gegenposten"] ?? suggested ?? "",
                hint: "Nur wenn zwei Posten zusammengehören.", error: errors["gegenposten"]),
            Field(
                "unterschied", "Unterschied",
                .select([
                    Field.Option("", "keiner, beide Seiten sind gleich"),
                    Field.Option("fee", "Entgelt"), Field.Option("chargeback", "Rückbelastung"),
                    Field.Option("unresolved", "ungeklärt"),
                ]), value: values["unterschied"] ?? "",
                hint: "Nur wenn die Beträge nicht gleich sind. Gebucht wird er auf dieses Konto.",
                error: errors["unterschied"]),
        ]
        fields = [
            Field(
                "beleg", "Belegnummer", value: values["beleg"] ?? "",
                hint: "Für eine Forderung; bei einer Rückbelastung, wenn sie bekannt ist. "
                    + "Wie t1-000042, am gewählten Hof.", error: errors["beleg"]),
            Field(
                "grund", "Grund", .textArea, value: values["grund"] ?? "",
                hint: "Ein Satz. Er steht dauerhaft im Journal: keine Namen.",
                error: errors["grund"]),
        ]
        problems =
            [decision.problem].compactMap(\.self)
            + (matchFields + fields).compactMap(\.problem)
    }
}

/// `GET /abgleich/zuordnung/{yard}/{index}`: one settlement; `POST …/aufheben`: field `grund`.
struct SettlementPage: Page {
    static let template = "console-settlement"
    let title: String
    let problems: [FormProblem]
    let facts: [Fact]
    let action: String
    let reason: Field
    let mayUndo: Bool

    init(
        id: String, facts: [Fact], mayUndo: Bool, values: [String: String],
        errors: [String: String]
    ) {
        title = "Zuordnung \(id)"
        self.facts = facts
        action = "/abgleich/zuordnung/\(id)/aufheben"
        reason = Field(
            "grund", "Grund", .textArea, value: values["grund"] ?? "",
            hint: "Ein Satz. Die Posten sind danach wieder offen.", error: errors["grund"])
        self.mayUndo = mayUndo
        problems = [reason.problem].compactMap(\.self)
    }
}
