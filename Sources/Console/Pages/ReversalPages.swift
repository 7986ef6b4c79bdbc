import Pages
import Receipts
import Sales
import Units

/// `GET/POST /verkaeufe/{terminal}/{sequence}/erstattung`: fields `art` (`refund`, `void`),
/// `betrag-0`, `betrag-1` … by line, `weg` (`card`, `bank-transfer`, `no-money`),
/// `empfaenger` and `iban` (for `bank-transfer` only), `grund`. Empty amounts take nothing back;
/// for a void all must be empty.
struct ReversalFormPage: Page {
    static let template = "console-reversal-form"
    let title: String
    let problems: [FormProblem]
    let lead: String
    let action: String
    let kind: ChoiceField
    let lines: [Field]
    let way: ChoiceField
    let payee: [Field]
    let reason: Field
    let cancelPath: String

    /// What was typed, by field name; empty for a new form.
    typealias Values = [String: String]

    init(
        number: String, salePath: String, remainder: [(name: String, left: Cents)],
        values: Values = [:], errors: Values = [:]
    ) {
        title = "Erstattung beantragen"
        lead =
            "Für Verkauf \(number). Der Antrag geht an eine zweite Person; erst nach deren "
            + "Freigabe wird Geld bewegt."
        action = "\(salePath)/erstattung"
        cancelPath = salePath
        func field(
            _ name: String, _ label: String, _ control: Field.Control = .text,
            hint: String? = nil, autocomplete: String? = nil
        ) -> Field {
            Field(
                name, label, control, value: values[name] ?? "", hint: hint, error: errors[name],
                autocomplete: autocomplete)
        }
        kind = ChoiceField(
            "art", "Was soll geschehen?",
            options: [
                Field.Option("refund", "Betrag erstatten", hint: "Ganz oder teilweise, je Zeile."),
                Field.Option(
                    "void", "Ganzen Verkauf stornieren",
                    hint: "Nur vor dem Kassenschnitt des Kartengeräts."),
            ], chosen: values["art"] ?? "refund", error: errors["art"])
        lines = remainder.enumerated().map { index, line in
            field(
                "betrag-\(index)", line.name, .amount, hint: "Höchstens \(line.left.german)")
        }
        way = ChoiceField(
            "weg", "Wie kommt das Geld zurück?",
            options: [
                Field.Option("card", "Gutschrift auf die Karte"),
                Field.Option("bank-transfer", "Überweisung durch die Verwaltung"),
                Field.Option("no-money", "Gar nicht: es war noch nichts gezahlt"),
            ], chosen: values["weg"] ?? "", error: errors["weg"])
        // The browser of a shared desk must not offer it to the next person.
        payee = [
            field(
                "empfaenger", "Name, auf den das Konto lautet",
                hint: "Höchstens \(Payee.nameMax) Zeichen. Nur für die Überweisung.",
                autocomplete: "off"),
            field(
                "iban", "IBAN",
                hint: "Zum Beispiel DE02 1203 0000 0000 2020 51. Sie steht getrennt vom Protokoll; "
                    + "wer sie ansieht, wird verzeichnet.", autocomplete: "off"),
        ]
        reason = field(
            "grund", "Grund", .textArea,
            hint: "Keine Namen und keine Kennzeichen: der Grund wird dauerhaft aufbewahrt.")
        let all = lines.map(\.problem) + [way.problem] + payee.map(\.problem)
        problems = ([kind.problem] + all + [reason.problem]).compactMap { $0 }
    }
}

/// `GET /erstattungen`.
struct ReversalsPage: Page {
    static let template = "console-reversals"
    let title = "Erstattungen"
    let rows: [ReversalRow]
    let isEmpty: Bool
    let waiting: String

    init(rows: [ReversalRow], waiting: Int64) {
        self.rows = rows
        isEmpty = rows.isEmpty
        self.waiting =
            switch waiting {
            case 0: "Kein Antrag wartet auf Freigabe."
            case 1: "1 Antrag wartet auf Freigabe."
            default: "\(waiting.german) Anträge warten auf Freigabe."
            }
    }
}

/// A row of the list of requests.
struct ReversalRow: Sendable {
    let number: String
    let path: String
    let saleNumber: String
    let salePath: String
    let kind: String
    let requested: String
    let reason: String
    let state: Badge
    let amount: String

    /// - Parameter requested: time and person, such as "20.11.2026, 15:10 Uhr, A. Beispiel".
    init(
        request: Int64, saleNumber: String, salePath: String, kind: Reversal.Kind,
        requested: String, reason: String, state: RequestState, amount: Cents
    ) {
        number = "E-\(request)"
        path = "/erstattungen/\(request)"
        self.saleNumber = saleNumber
        self.salePath = salePath
        self.kind = kind == .void ? "Storno" : "Erstattung"
        self.requested = requested
        self.reason = reason
        self.state = state.badge
        self.amount = amount.german
    }
}

/// `GET /erstattungen/{n}`; `POST` with `zweck` shows the payee; forms `POST …/genehmigen`,
/// `POST …/ablehnen`,
/// `POST …/ausfuehren` (the fields of ``SlipFields``, or none for a transfer).
struct ReversalPage: Page {
    static let template = "console-reversal"
    let title: String
    let problems: [FormProblem]
    let state: Badge
    let facts: [Fact]
    let timeline: [TimelineEvent]
    /// For the second person; nil otherwise.
    let approval: ApprovalForm?
    /// For the person who carries it out; nil otherwise.
    let completion: CompletionForm?
    /// Why there is nothing to do for this person, such as being the one who asked.
    let waitingFor: String?
    /// What the payee is wanted for: for those who may see it, before they do; nil otherwise.
    let purpose: Field?

    struct ApprovalForm: Sendable {
        let approve: String
        let reject: String
        let confirm: String
        /// A damaged request can only be rejected.
        let isReadable: Bool
    }

    struct CompletionForm: Sendable {
        let action: String
        let heading: String
        let fields: [Field]
        let confirm: String
    }

    init(
        request: Int64, state: RequestState, amount: Cents, facts: [Fact],
        timeline: [TimelineEvent], mayApprove: Bool = false, isReadable: Bool = true,
        completion: ReversalSettlementKind? = nil, waitingFor: String? = nil,
        purpose: Field? = nil, values: [String: String] = [:], errors: [String: String] = [:]
    ) {
        let path = "/erstattungen/\(request)"
        title = "Erstattung E-\(request)"
        self.state = state.badge
        self.facts = facts
        self.timeline = timeline
        self.waitingFor = waitingFor
        self.purpose = purpose
        approval =
            mayApprove
            ? ApprovalForm(
                approve: "\(path)/genehmigen", reject: "\(path)/ablehnen",
                confirm: "Erstattung von \(amount.german) freigeben",
                isReadable: isReadable) : nil
        self.completion = completion.map { kind in
            CompletionForm(
                action: "\(path)/ausfuehren", heading: kind.heading,
                fields: kind == .card ? SlipFields.make(values: values, errors: errors) : [],
                confirm: kind.confirm)
        }
        problems = ((self.completion?.fields ?? []).map(\.problem) + [purpose?.problem])
            .compactMap(\.self)
    }
}

/// How an approved request is carried out.
enum ReversalSettlementKind: Sendable {
    case card, bankTransfer, noMoney

    var heading: String {
        switch self {
        case .card: "Gutschrift am Kartengerät buchen und Beleg abschreiben"
        case .bankTransfer: "Überweisung anordnen"
        case .noMoney: "Forderung ausbuchen"
        }
    }

    var confirm: String {
        switch self {
        case .card: "Gutschrift verzeichnen"
        case .bankTransfer: "Überweisung verzeichnen"
        case .noMoney: "Ausbuchung verzeichnen"
        }
    }
}
