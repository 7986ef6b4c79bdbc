import Pages
import Units

/// `GET /verkaeufe`: parameters `tag`, `terminal`, `zustand`, `ab` (position to go on from).
struct SalesPage: Page {
    static let template = "console-sales"
    let title = "Verkäufe"
    let filters: [Field]
    let rows: [SaleRow]
    let isEmpty: Bool
    let count: String
    let sum: String
    /// "am 20.11.2026, Terminal t1": what is filtered, in words.
    let scope: String
    let next: PageLink?

    /// - Parameters:
    ///   - count: of the whole filtered set, not only of the rows shown.
    ///   - sum: of the whole filtered set, reversals subtracted.
    init(
        day: BusinessDay, terminals: [String], terminal: String, state: SaleState?,
        rows: [SaleRow], count: Int64, sum: Cents, next: PageLink?
    ) {
        let all = Field.Option("", "Alle")
        filters = [
            Field("tag", "Tag", .day, value: day.iso),
            Field(
                "terminal", "Terminal",
                .select([all] + terminals.map { Field.Option($0, $0) }), value: terminal),
            Field(
                "zustand", "Zustand",
                .select(
                    [all] + SaleState.allCases.map { Field.Option($0.rawValue, $0.badge.text) }),
                value: state?.rawValue ?? ""),
        ]
        self.rows = rows
        isEmpty = rows.isEmpty
        self.count = count.german
        self.sum = sum.german
        let parts = [
            "am \(GermanFormat.day(day))", terminal.isEmpty ? nil : "Terminal \(terminal)",
            state?.badge.text,
        ]
        scope = parts.compactMap { $0 }.joined(separator: ", ")
        self.next = next
    }
}

/// A row of the list of sales.
struct SaleRow: NamedParts {
    let number: String
    let path: String
    let time: String
    let what: String
    let payment: String
    let state: Badge
    let amount: String

    /// - Parameters:
    ///   - time: local time, such as `14:03`.
    ///   - what: the fractions, such as "Bauschutt, Altreifen".
    ///   - payment: such as "girocard" or "–".
    init(
        number: String, path: String, time: String, what: String, payment: String,
        state: SaleState, amount: Cents
    ) {
        self.number = number
        self.path = path
        self.time = time
        self.what = what
        self.payment = payment
        self.state = state.badge
        self.amount = amount.german
    }

    func child(named name: String) -> Any? {
        switch name {
        case "number": number
        case "path": path
        case "time": time
        case "what": what
        case "payment": payment
        case "state": state
        case "amount": amount
        default: nil
        }
    }
}

/// `GET /verkaeufe/{terminal}/{sequence}`.
struct SalePage: Page {
    static let template = "console-sale"
    let title: String
    let state: Badge
    let total: String
    let facts: [Fact]
    let lines: [SaleLineRow]
    let payment: [Fact]
    /// Card steps that failed before.
    let attempts: [String]
    let hasAttempts: Bool
    let personal: [Fact]
    let hasPersonal: Bool
    /// Why no personal data is shown; nil where it is.
    let personalHidden: String?
    let timeline: [TimelineEvent]
    let flags: [Panel]
    let proof: ProofBlock?
    /// Such as "Erstattung beantragen"; only what this person may do.
    let actions: [PageLink]
    let hasActions: Bool

    init(
        number: String, state: SaleState, total: Cents, facts: [Fact], lines: [SaleLineRow],
        payment: [Fact], attempts: [String] = [], personal: [Fact] = [],
        personalHidden: String? = nil, timeline: [TimelineEvent], flags: [Panel] = [],
        proof: ProofBlock?, actions: [PageLink]
    ) {
        title = "Verkauf \(number)"
        self.state = state.badge
        self.total = total.german
        self.facts = facts
        self.lines = lines
        self.payment = payment
        self.attempts = attempts
        hasAttempts = !attempts.isEmpty
        self.personal = personal
        hasPersonal = !personal.isEmpty
        self.personalHidden = personalHidden
        self.timeline = timeline
        self.flags = flags
        self.proof = proof
        self.actions = actions
        hasActions = !actions.isEmpty
    }
}

/// A line of a sale with its reasons.
struct SaleLineRow: Sendable {
    let position: String
    let name: String
    let paragraph: String
    let explanation: String
    /// How the price came about; empty for a line of the delivery as a whole.
    let figures: String
    let vat: String
    let amount: String
}

/// Where a record stands in the log, and how anybody can check it.
struct ProofBlock: Sendable {
    let facts: [Fact]
    /// The command lines of an independent check, in order.
    let commands: [String]
    let downloads: [PageLink]

    /// - Parameters:
    ///   - leafHash: of the log entry, hexadecimal.
    ///   - checkpoint: size and root of the checkpoint that covers it.
    ///   - downloadBase: path of the sale; `/eintrag` and `/nachweis` hang on it.
    ///   - logKey: the log's verifier key, for the command.
    init(
        index: Int64, leafHash: String, checkpoint: String, keyID: String,
        downloadBase: String, logKey: String
    ) {
        facts = [
            Fact("Position im Protokoll", index.german), Fact("Prüfsumme des Eintrags", leafHash),
            Fact("Prüfpunkt", checkpoint), Fact("Signaturschlüssel", keyID),
        ]
        commands = [
            "hofbuch log verify eintrag.txt nachweis.tlog-proof --log-key \(logKey)"
        ]
        downloads = [
            PageLink("Eintrag des Protokolls", "\(downloadBase)/eintrag"),
            PageLink("Nachweis der Aufnahme", "\(downloadBase)/nachweis"),
        ]
    }
}
