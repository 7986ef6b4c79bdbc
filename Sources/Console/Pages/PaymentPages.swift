import Pages
import Receipts
import Sales
import Units

/// `GET /zahlungen`: card payments without a result.
struct PaymentsPage: Page {
    static let template = "console-payments"
    let title = "Ungeklärte Zahlungen"
    let rows: [PaymentRow]
    let hasRows: Bool
    /// What terminals call unknown and have not sent.
    let reported: [Panel]
    /// Whether there is nothing to find out anywhere.
    let isClear: Bool
    let sum: String

    init(rows: [PaymentRow], sum: Cents, reported: [Panel] = []) {
        self.rows = rows
        hasRows = !rows.isEmpty
        self.reported = reported
        isClear = rows.isEmpty && reported.isEmpty
        self.sum = sum.german
    }
}

/// A row of the list of payments without a result.
struct PaymentRow: Sendable {
    let number: String
    let path: String
    let time: String
    let age: String
    let cardTerminal: String
    let amount: String

    /// - Parameters:
    ///   - path: of the form, `/zahlungen/{terminal}/{sequence}`.
    ///   - age: such as "seit 2 Tagen".
    init(
        number: String, path: String, time: String, age: String, cardTerminal: String?,
        amount: Cents
    ) {
        self.number = number
        self.path = path
        self.time = time
        self.age = age
        self.cardTerminal = cardTerminal ?? "nicht bekannt"
        self.amount = amount.german
    }
}

/// `GET/POST /zahlungen/{terminal}/{sequence}`: fields `befund` (`charged`, `not-charged-claim`,
/// `not-charged-void`), `beweis` (raw value of the evidence), those of ``SlipFields``,
/// `schuldner`, `vermerk`.
struct PaymentResolvePage: Page {
    static let template = "console-payment-resolve"
    let title: String
    let problems: [FormProblem]
    let facts: [Fact]
    let action: String
    let finding: ChoiceField
    let evidence: ChoiceField
    let slip: [Field]
    let debtor: Field
    let note: Field

    init(
        number: String, path: String, facts: [Fact], values: [String: String] = [:],
        errors: [String: String] = [:]
    ) {
        title = "Zahlung zu \(number) klären"
        self.facts = facts
        action = path
        finding = ChoiceField(
            "befund", "Was ist geschehen?",
            options: [
                Field.Option("charged", "Die Karte wurde belastet"),
                Field.Option(
                    "not-charged-claim", "Nicht belastet, der Betrag bleibt offen",
                    hint: "Es entsteht eine Forderung gegen die zahlungspflichtige Person."),
                Field.Option(
                    "not-charged-void", "Nicht belastet, es ist nichts mehr offen",
                    hint: "Anders bezahlt, oder der Abfall wurde wieder mitgenommen."),
            ], chosen: values["befund"] ?? "", error: errors["befund"])
        evidence = ChoiceField(
            "beweis", "Woher wissen Sie das?",
            options: PaymentResolution.Evidence.allCases.map {
                Field.Option($0.rawValue, $0.label)
            }, chosen: values["beweis"] ?? "", error: errors["beweis"])
        slip = SlipFields.make(values: values, errors: errors)
        debtor = Field(
            "schuldner", "Name und Anschrift", .textArea, value: values["schuldner"] ?? "",
            hint: "Nur wenn der Betrag offen bleibt. Eine Zeile je Angabe.",
            error: errors["schuldner"])
        note = Field(
            "vermerk", "Vermerk", .textArea, value: values["vermerk"] ?? "",
            hint: "Keine Namen und keine Kennzeichen: der Vermerk wird dauerhaft aufbewahrt.",
            error: errors["vermerk"])
        let fields = slip.map(\.problem) + [debtor.problem, note.problem]
        problems = ([finding.problem, evidence.problem] + fields).compactMap { $0 }
    }
}
