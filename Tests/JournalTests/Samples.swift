import Journal
import Keys
import Sales
import Signing
import Tariffs
import Text
import Units

/// Records of a terminal as the tests below need them.
enum Samples {
    static let log = "musterstadt.example/log/hof-1"

    static func named<Kind>(_ text: String) -> Identifier<Kind> {
        guard let identifier = Identifier<Kind>(text) else { fatalError("no name: \(text)") }
        return identifier
    }

    static let yard: YardID = named("hof-1")
    static let terminal: TerminalID = named("t1")

    static let at: Timestamp = {
        guard let at = Timestamp(iso: "2026-11-20T09:00:00.123Z") else { fatalError("no time") }
        return at
    }()

    static let delivery: Delivery = {
        guard let day = BusinessDay(iso: "2026-11-20"),
            let weighing = Weighing(
                scale: "W1", ticket: "31", gross: Grams(2_000), tare: Grams(1_000))
        else { fatalError("no sample delivery") }
        return Delivery(
            day: day, group: .commercial,
            items: [
                DeliveryItem(
                    fraction: named("sperrmuell"), amount: .volume(Millilitres(1_000_000)),
                    source: .estimated),
                DeliveryItem(
                    fraction: named("restabfall"),
                    amount: .containers(count: 2, kind: named("sack"), fillPercent: 100),
                    source: .counted),
                DeliveryItem(
                    fraction: named("schrott"), amount: .weight(Grams(1_000)),
                    source: .weighed(weighing)),
            ])
    }()

    static func slip(_ number: Int = 1) -> CardSlip {
        let slip = CardSlip(
            cardTerminal: "51234567", scheme: .girocard, receiptNumber: "\(number)",
            traceNumber: "4711", authorisation: "A1", lastFour: "0815")
        guard let slip else { fatalError("no sample slip") }
        return slip
    }

    static func line(_ position: String, _ gross: Int64, _ vat: VATTreatment) -> SaleLine {
        SaleLine(
            position: position, paragraph: "Preisliste, Zeile \(position)",
            fraction: named("sperrmuell"), name: "Sperrmüll", billed: 1_000_000,
            legalForm: vat == .outsideScope ? .fee : .charge, vat: vat, gross: Cents(gross),
            explanation: Explanation(german: "1 m³ „Sperrmüll“", english: "1 m³ \"bulky\""))
    }

    static func sale(_ settlement: Settlement = .card(slip()), total: Int64 = 4_900) -> Sale {
        do {
            return try Sale(
                delivery: delivery,
                tariff: TariffReference(
                    id: "muster", title: "Muster", digest: Digest.sha256([1]).hex),
                lines: [
                    line("1.1", total, .taxable(VATRate(basisPoints: 1_900))),
                    line("4", total == 0 ? 0 : 1_080, .outsideScope),
                ],
                quota: [
                    QuotaUse(
                        key: QuotaKey(
                            rule: "1.1", kind: .free, holder: .card, key: named("karte-7"),
                            periodStart: delivery.day), used: 12, taken: 3)
                ], settlement: settlement,
                attempts: [
                    FailedAttempt(outcome: .declined, cardTerminal: "51234567", at: at),
                    FailedAttempt(outcome: .notStarted, cardTerminal: nil, at: at),
                ])
        } catch { fatalError("no sample sale: \(error)") }
    }

    static let reference = SaleReference(terminal: terminal, sequence: 1)

    static func reversal(_ settlement: ReversalSettlement) -> Reversal {
        do {
            return try Reversal.make(
                .void, of: sale(), reference: reference, earlier: [], amounts: nil,
                reason: "vertippt", settlement: settlement)
        } catch { fatalError("no sample void: \(error)") }
    }

    static func resolution(_ finding: PaymentResolution.Finding) -> PaymentResolution {
        PaymentResolution(
            original: reference, finding: finding, evidence: .totals, note: "Kassenschnitt")
    }

    static func record(
        _ fact: TerminalFact, sequence: Int64 = 2, previous: Digest = Digest.sha256([9]),
        log: String = log, yard: YardID = yard, terminal: TerminalID = terminal,
        personal: [Disclosure] = []
    ) -> TerminalRecord {
        TerminalRecord(
            head: RecordHead(
                log: log, yard: yard, terminal: terminal, sequence: sequence, previous: previous,
                at: at, attendant: named("anna")), fact: fact, personal: personal.map(\.digest))
    }

    static func disclosure(_ name: PersonalField, _ value: String = "Bau GmbH") -> Disclosure {
        Disclosure(name: name, salt: [UInt8](repeating: 7, count: 32), value: value)
    }
}
