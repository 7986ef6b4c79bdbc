import Receipts
import Sales
import Tariffs
import Units

/// Receipts of an invented town, one of each kind.
enum ReceiptFixtures {
    static let issuer = Issuer(
        name: "Stadt Musterstadt, Eigenbetrieb Abfallwirtschaft", yard: "Wertstoffhof Nord",
        address: ["Am Hafen 7", "12345 Musterstadt"], taxNumber: "12/345/67890",
        notice: "Auskunft: Rathaus, Zimmer 12.")

    static func named<Kind>(_ text: String) -> Identifier<Kind> {
        guard let identifier = Identifier<Kind>(text) else { fatalError("no identifier: \(text)") }
        return identifier
    }

    static let day: BusinessDay = {
        guard let day = BusinessDay(iso: "2026-11-20") else { fatalError("no day") }
        return day
    }()

    static let reference = SaleReference(terminal: named("t1"), sequence: 42)
    static let digest = "n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg"

    static let slip: CardSlip = {
        let slip = CardSlip(
            cardTerminal: "60012345", scheme: .girocard, receiptNumber: "0815",
            traceNumber: "004711", authorisation: "A1B2C3", lastFour: "1234")
        guard let slip else { fatalError("no slip") }
        return slip
    }()

    static func line(
        _ position: String, _ name: String, _ cents: Int64, _ explanation: String,
        form: LegalForm = .fee, vat: VATTreatment = .outsideScope, billed: Int64 = 1,
        figures: LineFigures? = nil
    ) -> SaleLine {
        SaleLine(
            position: position,
            paragraph: form == .fee
                ? "§ 5 Abs. 1 Abfallgebührensatzung" : "Entgeltordnung, Zeile \(position)",
            fraction: named("stoff"), name: name, billed: billed, legalForm: form, vat: vat,
            gross: Cents(cents), explanation: Explanation(german: explanation, english: ""),
            figures: figures)
    }

    static let rubble = line(
        "4.2", "Bauschutt", 2_250, "1,5 m³ Bauschutt zu 15,00 € je m³ ergeben 22,50 €.")
    static let tyres = line(
        "P 3", "Altreifen mit Felge", 1_190,
        "2 Stück Altreifen mit Felge zu 5,95 € je Stück ergeben 11,90 €.", form: .charge,
        vat: .taxable(VATRate(basisPoints: 1_900)))
    static let garden = line(
        "1.1", "Grünschnitt", 0, "2 m³ Grünschnitt aus privaten Haushalten sind kostenfrei.")
    static let timber = line(
        "7.4", "Altholz A IV", 9_672, "620 kg Altholz A IV zu 156,00 € je t ergeben 96,72 €.")

    /// 1,350 l, of which 1,000 are free: four started 100 l.
    static let beyondFree = line(
        "1.1", "Gartenabfall", 1_520,
        "Von 1.350 l Gartenabfall sind 1.000 l frei (Freimenge 1 m³ je Tag und Haushalt); 350 l "
            + "sind 4 angefangene 100 l zu je 3,80 €, zusammen 15,20 €.", billed: 400_000,
        figures: LineFigures(
            free: 1_000_000, freeLeft: 0, charged: 350_000, exact: Ratio(1_520, over: 1),
            bound: nil))
    /// 150 kg, raised to the least price of the line.
    static let atMinimum = line(
        "1.2", "Altholz A I bis A III", 2_600,
        "150 kg Altholz zu 126,00 € je t kosten 18,90 €; berechnet wird der Mindestpreis von "
            + "26,00 €.", billed: 150_000,
        figures: LineFigures(
            free: 0, freeLeft: nil, charged: 150_000, exact: Ratio(1_890, over: 1),
            bound: Cents(2_600)))

    static func figuredSale() throws -> Sale {
        let items = [
            DeliveryItem(
                fraction: named("stoff"), amount: .volume(Millilitres(1_350_000)),
                source: .estimated),
            DeliveryItem(
                fraction: named("stoff"), amount: .weight(Grams(150_000)), source: .counted),
        ]
        return try Sale(
            delivery: Delivery(day: day, group: .household, items: items),
            tariff: TariffReference(
                id: "musterstadt-2026", title: "Abfallgebührensatzung 2026", digest: digest),
            lines: [beyondFree, atMinimum], quota: [], settlement: .card(slip), attempts: [])
    }

    static let weighing: Weighing = {
        let weighing = Weighing(
            scale: "W-1", ticket: "20261120-0031", gross: Grams(2_860_000), tare: Grams(2_240_000))
        guard let weighing else { fatalError("no weighing") }
        return weighing
    }()

    static func sale(
        _ lines: [SaleLine], _ settlement: Settlement, source: AmountSource = .counted
    ) throws -> Sale {
        let item = DeliveryItem(fraction: named("stoff"), amount: .pieces(1), source: source)
        return try Sale(
            delivery: Delivery(day: day, group: .household, items: lines.map { _ in item }),
            tariff: TariffReference(
                id: "musterstadt-2026", title: "Abfallgebührensatzung 2026", digest: digest),
            lines: lines, quota: [], settlement: settlement, attempts: [])
    }

    static func receipt(
        _ subject: ReceiptSubject, debtor: [String] = [], copy: Int? = nil,
        logIndex: Int64? = 1_207, number: String = reference.receiptNumber
    ) -> Receipt {
        Receipt(
            issuer: issuer, number: number, terminal: "t1",
            localTime: "20.11.2026, 14:03 Uhr", subject: subject,
            check: CheckCode(
                origin: "https://hof.musterstadt.example", reference: reference, digest: digest),
            logIndex: logIndex, debtor: debtor, copy: copy)
    }

    /// Every fixture by the name of its golden files.
    static func all() throws -> [(name: String, receipt: Receipt)] {
        let mixed = try sale([rubble, tyres], .card(slip))
        let refund = try Reversal.make(
            .refund, of: mixed, reference: reference, earlier: [], amounts: [1: Cents(595)],
            reason: "Ein Reifen wieder mitgenommen", settlement: .bankTransfer)
        let void = try Reversal.make(
            .void, of: mixed, reference: reference, earlier: [], amounts: nil,
            reason: "Falsche Menge eingegeben", settlement: .card(slip))
        let manual = AmountSource.manual(reason: "Waage gestört")
        return [
            ("mixed", receipt(.sale(mixed))),
            ("fee-copy", receipt(.sale(try sale([rubble], .card(slip))), copy: 2)),
            ("free", receipt(.sale(try sale([garden], .free)), logIndex: nil)),
            (
                "on-account",
                receipt(
                    .sale(try sale([rubble], .onAccount)),
                    debtor: ["Erika Beispiel", "Ringstraße 1", "12345 Musterstadt"])
            ),
            ("unknown", receipt(.sale(try sale([rubble], .unknown(cardTerminal: "60012345"))))),
            (
                "weighed",
                receipt(.sale(try sale([timber], .card(slip), source: .weighed(weighing))))
            ),
            ("manual", receipt(.sale(try sale([timber], .card(slip), source: manual)))),
            ("figures", receipt(.sale(try figuredSale()))),
            ("refund", receipt(.reversal(refund, of: mixed), number: "E-1207")),
            ("void", receipt(.reversal(void, of: mixed), number: "t1-000043")),
        ]
    }
}
