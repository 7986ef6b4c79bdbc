import Pages
import Receipts
import Sales
import Units

/// `GET/POST /anlieferung/{id}/zahlung`: what the card terminal says. Fields `ergebnis`
/// (`approved`, `declined`, `aborted`, `not-started`, `unknown`) and those of
/// ``Receipts/SlipFields``.
struct PaymentPage: Page {
    static let template = "terminal-payment"
    let title: String
    let problems: [FormProblem]
    let action: String
    let amount: String
    /// While a connected card terminal works: what to tell the customer; the page asks again.
    let waiting: String?
    /// For a stand-alone card terminal; nil while a connected one works.
    let outcome: ChoiceField?
    let slip: [Field]

    /// A connected card terminal is at work.
    init(id: Int64, amount: Cents, waiting: String) {
        self.init(id: id, amount: amount, waiting: waiting, outcome: nil, slip: [])
    }

    /// The attendant types in what a stand-alone card terminal printed.
    init(
        id: Int64, amount: Cents, values: [String: String] = [:], errors: [String: String] = [:]
    ) {
        self.init(
            id: id, amount: amount, waiting: nil,
            outcome: CardOutcomeChoice.field(
                chosen: values["ergebnis"] ?? "", error: errors["ergebnis"]),
            slip: SlipFields.make(values: values, errors: errors))
    }

    private init(
        id: Int64, amount: Cents, waiting: String?, outcome: ChoiceField?, slip: [Field]
    ) {
        title = "Mit Karte bezahlen"
        action = "/anlieferung/\(id)/zahlung"
        self.amount = GermanFormat.euros(amount)
        self.waiting = waiting
        self.outcome = outcome
        self.slip = slip
        problems = ([outcome?.problem] + slip.map(\.problem)).compactMap { $0 }
    }
}

/// The choice of a card step's outcome, field `ergebnis`.
enum CardOutcomeChoice {
    static func field(chosen: String, error: String?) -> ChoiceField {
        ChoiceField(
            "ergebnis", "Was zeigt das Kartengerät?",
            options: [
                Field.Option("approved", "Zahlung erfolgt", hint: "Bitte den Beleg abschreiben."),
                Field.Option("declined", "Karte abgelehnt"),
                Field.Option("aborted", "Vorgang abgebrochen"),
                Field.Option("not-started", "Gar nicht erst begonnen"),
                Field.Option(
                    "unknown", "Keine Antwort oder unklar",
                    hint: "Bitte nicht noch einmal kassieren."),
            ], chosen: chosen, error: error)
    }
}

/// `GET/POST /anlieferung/{id}/forderung`: on account; fields `schuldner` and `betrag`, the amount
/// shown in cents.
struct ClaimPage: Page {
    static let template = "terminal-claim"
    let title = "Auf Rechnung"
    let problems: [FormProblem]
    let path: String
    let amount: String
    let amountCents: Int64
    let debtor: Field

    init(id: Int64, amount: Cents, value: String = "", error: String? = nil) {
        path = "/anlieferung/\(id)"
        self.amount = GermanFormat.euros(amount)
        amountCents = amount.value
        debtor = Field(
            "schuldner", "Name und Anschrift", .textArea, value: value,
            hint: "Vor- und Nachname oder Firma, Straße und Hausnummer, Postleitzahl und Ort. "
                + "Bitte den Ausweis zeigen lassen.", error: error)
        problems = [debtor.problem].compactMap { $0 }
    }
}

/// `GET /ungeklaert/{id}`; `POST …/abfragen` asks the card terminal, `POST /ungeklaert/{id}`
/// tells the outcome (fields as ``PaymentPage``), `POST …/unterschreiben` ends the delivery with
/// the payment unknown.
struct UnknownPaymentPage: Page {
    static let template = "terminal-unknown"
    let title = "Bitte nicht noch einmal kassieren"
    let problems: [FormProblem]
    let path: String
    let amount: String
    /// What asking the card terminal brought; nil before.
    let notice: Notice?
    let mayEnquire: Bool
    let outcome: ChoiceField
    let slip: [Field]

    /// - Parameter mayEnquire: whether the card terminal can be asked by software.
    init(
        id: Int64, amount: Cents, notice: Notice? = nil, mayEnquire: Bool,
        values: [String: String] = [:], errors: [String: String] = [:]
    ) {
        path = "/ungeklaert/\(id)"
        self.amount = GermanFormat.euros(amount)
        self.notice = notice
        self.mayEnquire = mayEnquire
        outcome = ChoiceField(
            "ergebnis", "Was steht auf der Belegwiederholung?",
            options: [
                Field.Option("approved", "Zahlung erfolgt", hint: "Bitte den Beleg abschreiben."),
                Field.Option("declined", "Karte abgelehnt"),
                Field.Option("aborted", "Vorgang abgebrochen"),
            ], chosen: values["ergebnis"] ?? "", error: errors["ergebnis"])
        slip = SlipFields.make(values: values, errors: errors)
        problems = ([outcome.problem] + slip.map(\.problem)).compactMap { $0 }
    }
}
