import Pages
import Tariffs
import Units

/// A big button for a kind of waste.
struct Tile: Sendable {
    /// The fraction's id, value of `abfall`.
    let fraction: String
    let name: String
    /// Such as "15,00 € je m³"; empty where no single price says it.
    let note: String
    let style: String

    init(fraction: FractionID, name: String, note: String = "", isFavourite: Bool = false) {
        self.fraction = fraction.text
        self.name = name
        self.note = note
        style = isFavourite ? "favourite" : ""
    }
}

/// `GET /`; `POST /anlieferung` begins a delivery: fields `gruppe` (`household`, `commercial`)
/// and the pressed tile as `abfall`.
struct StartPage: Page {
    static let template = "terminal-start"
    let title = "Neue Anlieferung"
    let status: [StatusItem]
    let problem: Notice?
    let group: ChoiceField
    let tiles: [Tile]
    let hasTiles: Bool
    let parked: [DeliveryLink]
    let hasParked: Bool
    let unknown: [DeliveryLink]
    let hasUnknown: Bool

    /// - Parameters:
    ///   - tiles: favourites first.
    ///   - unknown: deliveries and sales with an unknown payment.
    init(
        status: [StatusItem], problem: Notice? = nil, tiles: [Tile], parked: [DeliveryLink],
        unknown: [DeliveryLink], group: CustomerGroup = .household
    ) {
        self.status = status
        self.problem = problem
        self.group = GroupChoice.field(chosen: group)
        self.tiles = tiles
        hasTiles = !tiles.isEmpty
        self.parked = parked
        hasParked = !parked.isEmpty
        self.unknown = unknown
        hasUnknown = !unknown.isEmpty
    }
}

/// How the terminal stands, in a few words, such as "3 Belege noch nicht gesendet".
struct StatusItem: Sendable {
    let text: String
    /// `success`, `warning`, `danger` or `neutral`.
    let tone: String
}

/// A message in a panel.
struct Notice: Sendable {
    let tone: String
    let heading: String
    let text: String
    let link: PageLink?

    /// - Parameter tone: `info`, `success`, `warning` or `danger`.
    init(_ tone: String, _ heading: String, _ text: String, link: PageLink? = nil) {
        self.tone = tone
        self.heading = heading
        self.text = text
        self.link = link
    }
}

/// A delivery that waits: parked, or with an unknown payment.
struct DeliveryLink: Sendable {
    let path: String
    /// Such as "Bauschutt, Grünschnitt".
    let what: String
    /// Such as "14:03 Uhr, 34,40 €".
    let note: String
}

/// The choice of the customer group, field `gruppe`.
enum GroupChoice {
    static func field(chosen: CustomerGroup) -> ChoiceField {
        ChoiceField(
            "gruppe", "Wer liefert an?",
            options: [
                Field.Option(CustomerGroup.household.rawValue, "Privat"),
                Field.Option(CustomerGroup.commercial.rawValue, "Gewerblich"),
            ], chosen: chosen.rawValue, sideBySide: true)
    }
}

/// `GET/POST /anmelden`: who serves; field `person`.
struct AttendantPage: Page {
    static let template = "terminal-attendant"
    let title = "Wer arbeitet an diesem Gerät?"
    let people: [Person]

    struct Person: Sendable {
        let id: String
        let name: String
    }
}
