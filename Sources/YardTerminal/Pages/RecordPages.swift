import Pages
import Receipts
import Sales
import Units

/// `GET /beleg/{seq}`: the slip to hand over.
struct SlipPage: Page {
    static let template = "terminal-slip"
    let title: String
    let notice: Notice
    let slip: String
    let checkURL: String?
    let checkShort: String?
    /// To `…/storno` while that is possible, or `…/klaeren` while the payment is unknown.
    let actions: [PageLink]
    let hasActions: Bool

    /// - Parameter slip: the text that is printed.
    init(number: String, notice: Notice, slip: String, check: CheckCode?, actions: [PageLink]) {
        title = "Beleg \(number)"
        self.notice = notice
        self.slip = slip
        checkURL = check?.url
        checkShort = check?.short
        self.actions = actions
        hasActions = !actions.isEmpty
    }
}

/// `GET /heute`.
struct TodayPage: Page {
    static let template = "terminal-today"
    let title = "Heute"
    let rows: [TodayRow]
    let isEmpty: Bool
    let count: String
    let sum: String

    init(rows: [TodayRow], count: Int64, sum: Cents) {
        self.rows = rows
        isEmpty = rows.isEmpty
        self.count = GermanFormat.grouped(count)
        self.sum = GermanFormat.euros(sum)
    }
}

/// A record of today.
struct TodayRow: Sendable {
    let number: String
    let path: String
    let time: String
    let what: String
    let state: StatusItem
    /// Whether the server has it.
    let sent: String
    let amount: String
    /// To void it, or to settle an unknown payment; nil if there is nothing to do.
    let action: PageLink?

    /// - Parameter sent: whether the server has it, in a word.
    init(
        sequence: Int64, number: String, time: String, what: String, state: StatusItem,
        sent: String, amount: Cents, action: PageLink? = nil
    ) {
        self.number = number
        path = "/beleg/\(sequence)"
        self.time = time
        self.what = what
        self.state = state
        self.sent = sent
        self.amount = GermanFormat.euros(amount)
        self.action = action
    }
}

/// `GET/POST /beleg/{seq}/storno`: fields `grund`; where the card was charged also `ergebnis` and
/// those of ``Receipts/SlipFields``, from the reversal's slip.
struct VoidPage: Page {
    static let template = "terminal-void"
    let title: String
    let problems: [FormProblem]
    let path: String
    let amount: String
    let reason: Field
    let outcome: ChoiceField?
    let slip: [Field]

    /// - Parameter needsSlip: whether a stand-alone card terminal must be reversed by hand.
    init(
        sequence: Int64, number: String, amount: Cents, needsSlip: Bool,
        values: [String: String] = [:], errors: [String: String] = [:]
    ) {
        title = "Beleg \(number) stornieren"
        path = "/beleg/\(sequence)"
        self.amount = GermanFormat.euros(amount)
        reason = Field(
            "grund", "Grund", .textArea, value: values["grund"] ?? "",
            hint: "Zum Beispiel: falsche Menge eingegeben. Keine Namen.", error: errors["grund"])
        outcome =
            needsSlip
            ? CardOutcomeChoice.field(chosen: values["ergebnis"] ?? "", error: errors["ergebnis"])
            : nil
        slip = needsSlip ? SlipFields.make(values: values, errors: errors) : []
        problems = ([reason.problem, outcome?.problem] + slip.map(\.problem)).compactMap { $0 }
    }
}

/// `GET/POST /beleg/{seq}/klaeren`: settles a sale signed with an unknown payment; fields
/// `befund` (`charged`, `not-charged-claim`, `not-charged-void`), `beweis`, those of
/// ``Receipts/SlipFields``, `schuldner`, `vermerk`.
struct ResolvePage: Page {
    static let template = "terminal-resolve"
    let title: String
    let problems: [FormProblem]
    let path: String
    let amount: String
    let finding: ChoiceField
    let evidence: ChoiceField
    let slip: [Field]
    let debtor: Field
    let note: Field

    init(
        sequence: Int64, number: String, amount: Cents, values: [String: String] = [:],
        errors: [String: String] = [:]
    ) {
        title = "Zahlung zu \(number) klären"
        path = "/beleg/\(sequence)"
        self.amount = GermanFormat.euros(amount)
        finding = ChoiceField(
            "befund", "Was ist geschehen?",
            options: [
                Field.Option("charged", "Die Karte wurde belastet"),
                Field.Option("not-charged-claim", "Nicht belastet, der Betrag bleibt offen"),
                Field.Option("not-charged-void", "Nicht belastet, es ist nichts mehr offen"),
            ], chosen: values["befund"] ?? "", error: errors["befund"])
        evidence = ChoiceField(
            "beweis", "Woher wissen Sie das?",
            options: PaymentResolution.Evidence.allCases.map {
                Field.Option($0.rawValue, $0.label)
            }, chosen: values["beweis"] ?? "", error: errors["beweis"])
        slip = SlipFields.make(values: values, errors: errors)
        debtor = Field(
            "schuldner", "Name und Anschrift, falls der Betrag offen bleibt", .textArea,
            value: values["schuldner"] ?? "", error: errors["schuldner"])
        note = Field(
            "vermerk", "Vermerk", .textArea, value: values["vermerk"] ?? "",
            hint: "Keine Namen und keine Kennzeichen.", error: errors["vermerk"])
        let fields = slip.map(\.problem) + [debtor.problem, note.problem]
        problems = ([finding.problem, evidence.problem] + fields).compactMap { $0 }
    }
}

/// Something went wrong at the terminal: what, whether it was saved, what to do.
struct TerminalProblemPage: Page {
    static let template = "terminal-problem"
    let title: String
    let what: String
    let saved: String
    let todo: String
    let code: String
    let links: [PageLink]
}
