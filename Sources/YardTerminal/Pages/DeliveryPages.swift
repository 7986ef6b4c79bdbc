import Pages
import Tariffs
import Units

/// `GET /anlieferung/{id}`. Forms below it: `POST …/gruppe` (`gruppe`),
/// `POST …/position/{index}/entfernen`, `POST …/zahlung/beginnen` (`betrag` in cents as shown),
/// `POST …/kostenfrei`, `POST …/parken`, `POST …/auswiegen`, `POST …/waegung-verwerfen`;
/// links to `…/position?abfall=`, `…/position/{index}`, `…/angaben`, `…/forderung`, `…/beenden`.
struct DeliveryPage: Page {
    static let template = "terminal-delivery"
    let title = "Anlieferung"
    let path: String
    let group: ChoiceField
    let lines: [DeliveryLine]
    let isEmpty: Bool
    let refusals: [Notice]
    let problem: Notice?
    let total: String
    let amount: String
    let payLabel: String
    let mayPay: Bool
    let isFree: Bool
    let weighing: String?
    /// What is known besides the items; empty where nothing was said.
    let facts: [DeliveryFact]
    let hasFacts: Bool
    /// The link to where it is said; nil where the tariff asks for nothing.
    let factsLink: PageLink?
    /// The amount to reserve on the card; nil for none.
    let deposit: String?
    let tiles: [Tile]

    /// - Parameters:
    ///   - refusals: why the tariff does not accept it; then nothing can be paid.
    ///   - weighing: the open weighing in words, such as "Altholz: 2.860 kg eingewogen"; nil if
    ///     there is none. While it is open nothing can be paid.
    init(
        id: Int64, group: CustomerGroup, lines: [DeliveryLine], total: Cents,
        deposit: Cents = .zero, refusals: [Notice] = [], problem: Notice? = nil,
        weighing: String? = nil, facts: [DeliveryFact] = [], asksFacts: Bool = false,
        tiles: [Tile]
    ) {
        path = "/anlieferung/\(id)"
        self.group = GroupChoice.field(chosen: group)
        self.lines = lines
        isEmpty = lines.isEmpty
        self.refusals = refusals
        self.problem = problem
        // What is refused has no price, not even none.
        self.total = refusals.isEmpty ? GermanFormat.euros(total) : "–"
        amount = String(total.value)
        payLabel = "\(GermanFormat.euros(total)) mit Karte bezahlen"
        let isComplete = !lines.isEmpty && refusals.isEmpty && weighing == nil
        mayPay = isComplete && total > .zero
        isFree = isComplete && total == .zero
        self.weighing = weighing
        self.facts = facts
        hasFacts = !facts.isEmpty
        factsLink =
            asksFacts
            ? PageLink(facts.isEmpty ? "Angaben machen" : "Angaben ändern", path + "/angaben") : nil
        self.deposit = deposit == .zero ? nil : GermanFormat.euros(deposit)
        self.tiles = tiles
    }
}

/// Something known of a delivery, with what it is about.
struct DeliveryFact: Sendable {
    let label: String
    let value: String
}

/// A line of the delivery as priced so far.
struct DeliveryLine: Sendable {
    let name: String
    let reason: String
    let amount: String
    /// Nil for lines of the delivery as a whole, which cannot be removed.
    let removePath: String?
    /// To what else is known of the item.
    let factsPath: String?
    /// What else is known of the item; nil for nothing.
    let note: String?

    /// - Parameter index: place among the items, from 0; nil for lines that are no item.
    init(
        delivery: Int64, index: Int?, name: String, reason: String, gross: Cents?, note: String = ""
    ) {
        self.name = name
        self.reason = reason
        amount = gross.map(GermanFormat.euros) ?? "–"
        let path = index.map { "/anlieferung/\(delivery)/position/\($0)" }
        removePath = path.map { $0 + "/entfernen" }
        factsPath = path
        self.note = note.isEmpty ? nil : note
    }
}

/// `GET/POST /anlieferung/{id}/beenden`: without a sale; fields `art` (`abandon`, `refuse`),
/// `grund`.
struct DeliveryEndPage: Page {
    static let template = "terminal-delivery-end"
    let title = "Ohne Verkauf beenden"
    let problems: [FormProblem]
    let path: String
    let kind: ChoiceField
    let reason: Field

    init(id: Int64, values: [String: String] = [:], errors: [String: String] = [:]) {
        path = "/anlieferung/\(id)"
        kind = ChoiceField(
            "art", "Was ist geschehen?",
            options: [
                Field.Option("abandon", "Der Abfall geht wieder mit"),
                Field.Option("refuse", "Wir nehmen den Abfall nicht an"),
            ], chosen: values["art"] ?? "", error: errors["art"])
        reason = Field(
            "grund", "Grund", .textArea, value: values["grund"] ?? "",
            hint: "Keine Namen und keine Kennzeichen.", error: errors["grund"])
        problems = [kind.problem, reason.problem].compactMap { $0 }
    }
}
