import Operations
import Pages
import Storage
import Units

/// `GET /verkaeufe`: the parameters of ``SalesForm``, and `ab`, the cursor to go on from.
struct SalesPage: Page {
    static let template = "console-sales"
    let title = "Verkäufe"
    let filters: [Field]
    let problems: [FormProblem]
    let rows: [SaleRow]
    let isFound: Bool
    /// Nothing fits the filters; false where a filter was not understood.
    let isEmpty: Bool
    let count: String
    let sum: String
    /// "am 20.11.2026, Terminal t1": what is filtered, in words.
    let scope: String
    let next: PageLink?
    let plateSearch: PageLink?

    /// - Parameters:
    ///   - sum: of all that the filters let through, not only of the rows shown; nil where a
    ///     filter was not understood.
    ///   - isHidden: whether the person has to count first: then the amount is left out.
    ///   - plateSearch: for those who may see personal data.
    init(
        _ form: SalesForm, rows: [SaleRow], sum: RecordSum?, isHidden: Bool = false,
        next: PageLink?, plateSearch: PageLink? = nil
    ) {
        filters = form.fields
        problems = form.fields.compactMap(\.problem)
        self.rows = rows
        isFound = !rows.isEmpty
        isEmpty = sum != nil && rows.isEmpty
        count = sum.map { $0.count.german } ?? "–"
        self.sum = isHidden ? "nach dem Zählen" : sum.map { $0.total.german } ?? "–"
        scope = form.scope
        self.next = next
        self.plateSearch = plateSearch
    }
}

/// `GET/POST /kennzeichen`: fields `kennzeichen`, `zweck`.
struct PlatePage: Page {
    static let template = "console-plate"
    let title = "Nach Kennzeichen suchen"
    let fields: [Field]
    let problems: [FormProblem]
    let rows: [SaleRow]
    let isFound: Bool
    let isEmpty: Bool

    /// - Parameter rows: what was found; nil before a search.
    init(_ form: FormValues, rows: [SaleRow]?, error: OperationsError?) {
        // What is missing is told at once, whichever of the two was refused.
        let isRefused = error != nil
        let isPurpose = isRefused && (error == .reasonMissing || form["zweck"].isEmpty)
        let isPlate = isRefused && (error != .reasonMissing || form["kennzeichen"].isEmpty)
        fields = [
            Field(
                "kennzeichen", "Kennzeichen", value: form["kennzeichen"],
                hint: "Schreibweise, Leerzeichen und Bindestriche sind gleich.",
                error: isPlate
                    ? "Schreiben Sie das Kennzeichen mit Buchstaben A bis Z, Ä, Ö, Ü und Ziffern."
                    : nil,
                isRequired: true),
            .purpose("Wofür?", form, isMissing: isPurpose),
        ]
        problems = fields.compactMap(\.problem)
        self.rows = rows ?? []
        isFound = rows?.isEmpty == false
        isEmpty = rows?.isEmpty == true
    }
}

extension Field {
    /// The field that asks what personal data is needed for.
    static func purpose(_ label: String, _ form: FormValues, isMissing: Bool) -> Field {
        Field(
            "zweck", label, value: form["zweck"],
            hint: "Steht mit Ihrem Namen im Zugriffsprotokoll, das die Prüfung liest.",
            error: isMissing ? "Sagen Sie in ein paar Worten, wofür." : nil, isRequired: true)
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
    ///   - time: local date and time.
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
    /// The field that asks what for, where the person may see the data and does not yet.
    let purpose: Field?
    let problems: [FormProblem]
    let timeline: [TimelineEvent]
    let flags: [Panel]
    let proof: ProofBlock?
    /// Such as "Erstattung beantragen"; only what this person may do.
    let actions: [PageLink]
    let hasActions: Bool

    init(
        number: String, state: Badge, total: Cents, facts: [Fact], lines: [SaleLineRow],
        payment: [Fact], attempts: [String] = [], personal: [Fact] = [],
        personalHidden: String? = nil, purpose: Field? = nil, timeline: [TimelineEvent],
        flags: [Panel] = [],
        proof: ProofBlock?, actions: [PageLink]
    ) {
        title = "Verkauf \(number)"
        self.state = state
        self.total = total.german
        self.facts = facts
        self.lines = lines
        self.payment = payment
        self.attempts = attempts
        hasAttempts = !attempts.isEmpty
        self.personal = personal
        hasPersonal = !personal.isEmpty
        self.personalHidden = personalHidden
        self.purpose = purpose
        problems = [purpose?.problem].compactMap { $0 }
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
