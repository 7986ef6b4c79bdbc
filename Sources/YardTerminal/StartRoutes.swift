import HTTPTypes
import Hummingbird
import Pages
import Remote
import Tariffs
import TerminalOperations
import TerminalStorage
import Units

extension TerminalPages {
    func addStartRoutes(to router: Router<Context>) {
        router.get("/") { _, _ in try await start() }
        router.get("/anmelden") { _, _ in try await show(try await attendantPage()) }
        for path in ["/anmelden", "/attendant"] {
            router.post(RouterPath(path)) { request, _ in
                let person = try await form(request)["person"]
                guard let id = PersonID(person) else { return lead(to: "/anmelden") }
                try await session.chooseAttendant(id)
                return lead(to: "/")
            }
        }
        router.post("/anlieferung") { request, _ in
            let values = try await form(request)
            guard let group = CustomerGroup(rawValue: values["gruppe"]) else {
                return lead(to: "/")
            }
            let number = try await session.startDelivery(group)
            let path = "/anlieferung/\(number.value)"
            let fraction = FractionID(values["abfall"])
            return lead(to: fraction.map { "\(path)/position?abfall=\($0.text)" } ?? path)
        }
    }

    private func start() async throws -> Response {
        let status = try await session.status()
        guard status.attendant != nil else { return lead(to: "/anmelden") }
        let tariff = try await session.tariffToday()
        var (parked, unknown): ([DeliveryLink], [DeliveryLink]) = ([], [])
        for delivery in try await session.openDeliveries() {
            let link = self.link(to: delivery, tariff)
            switch delivery.state {
            case .unknown: unknown.append(link)
            case .open, .parked, .paying: parked.append(link)
            case .done, .abandoned: break
            }
        }
        unknown += try await unsettledSales()
        return try await show(
            StartPage(
                status: items(status), problem: problem(status), tiles: Self.tiles(tariff),
                parked: parked, unknown: unknown))
    }

    /// One tile for each kind of waste, in the tariff's order.
    static func tiles(_ tariff: Tariff?) -> [Tile] {
        tariff?.fractions.map { Tile(fraction: $0.id, name: $0.name) } ?? []
    }

    private func link(to delivery: DeliveryView, _ tariff: Tariff?) -> DeliveryLink {
        let names = delivery.draft.items.map { item in
            tariff?.fractions.first { $0.id == item.fraction }?.name ?? item.fraction.text
        }
        let path =
            delivery.state == .unknown
            ? "/ungeklaert/\(delivery.number.value)" : "/anlieferung/\(delivery.number.value)"
        let weighing = delivery.draft.weighIn == nil ? "" : ", Wägung läuft"
        let time = session.world.localTime(delivery.stored.started).dropLast(3)
        return DeliveryLink(
            path: path, what: names.isEmpty ? "noch leer" : names.joined(separator: ", "),
            note: "\(time) Uhr\(weighing)")
    }

    /// Leads to every sale that has something to settle, also those of earlier days.
    private func unsettledSales() async throws -> [DeliveryLink] {
        try await session.unsettledSales().map { entry in
            let note =
                "\(GermanFormat.day(entry.stored.day)), \(GermanFormat.euros(entry.stored.total))"
            return DeliveryLink(
                path: "/beleg/\(entry.stored.sequence)/"
                    + (entry.isUnresolved ? "klaeren" : "storno"),
                what: entry.receiptNumber,
                note: entry.isUnresolved ? note : "Storno offen, \(note)")
        }
    }

    private func items(_ status: TerminalStatus) -> [StatusItem] {
        var items: [StatusItem] = []
        let queued = status.queue.queued
        switch queued {
        case 0: items.append(StatusItem(text: "Alle Belege gesendet", tone: "success"))
        case 1: items.append(StatusItem(text: "1 Beleg noch nicht gesendet", tone: "warning"))
        default:
            items.append(StatusItem(text: "\(queued) Belege noch nicht gesendet", tone: "warning"))
        }
        if let tariff = status.tariff {
            items.append(StatusItem(text: "Preisliste \(tariff)", tone: "neutral"))
        }
        if status.queue.refused > 0 {
            items.append(
                StatusItem(text: "\(status.queue.refused) vom Server abgelehnt", tone: "danger"))
        }
        return items
    }

    private func problem(_ status: TerminalStatus) -> Notice? {
        switch status.state {
        case .quarantined:
            return Notice(
                "danger", "Gerät gesperrt",
                "Neue Verkäufe sind gesperrt, bis die Gemeinde das Gerät freigibt. Rufen Sie die "
                    + "Kasse an. Fertige Belege werden weiter übertragen.")
        case .revoked:
            return Notice(
                "danger", "Gerät abgemeldet",
                "Dieses Gerät darf nichts mehr verkaufen. Rufen Sie die Kasse an.")
        case .active:
            guard let alarm = status.alarm else { return nil }
            return Notice(
                "danger", "Bestätigung des Servers stimmt nicht",
                "Belege bleiben auf dem Gerät. Rufen Sie die Betreuung an (\(alarm)).")
        }
    }

    private func attendantPage() async throws -> AttendantPage {
        AttendantPage(
            people: try await session.status().attendants.map {
                AttendantPage.Person(id: $0.id.text, name: $0.name)
            })
    }
}
