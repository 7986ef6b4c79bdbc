import DayClosing
import Pages
import Receipts
import Sales
import Tariffs
import Units

@testable import Console

/// A page in one state, rendered for tests and for looking at it.
struct RenderedPage: Sendable {
    let name: String
    let html: String
}

/// Every page of the console in its usual states, for an invented town.
enum ConsoleFixtures {
    static let navigation: [(String, String)] = [
        ("Heute", "/heute"), ("Verkäufe", "/verkaeufe"), ("Erstattungen", "/erstattungen"),
        ("Zahlungen", "/zahlungen"),
        ("Abschluss", "/abschluss"), ("Abschlüsse", "/abschluesse"), ("Exporte", "/exporte"),
        ("Terminals", "/terminals"), ("Prüfung", "/pruefung"),
    ]

    static func frame(
        _ current: String = "", back: PageLink? = nil, theme: PageFrame.Theme = .automatic
    ) -> PageFrame {
        PageFrame(
            town: "Stadt Musterstadt", yard: "Wertstoffhof Nord", theme: theme,
            navigation: navigation.map { PageLink($0.0, $0.1, isCurrent: $0.1 == current) },
            person: SignedInPerson(
                name: "A. Beispiel", role: "Kasse", signOutPath: "/abmelden"),
            back: back, notice: "Vorführung: Hier wird kein Geld bewegt.",
            footer: [PageLink("Barrierefreiheit", "/barrierefreiheit")], csrf: "token-1")
    }

    static func named<Kind>(_ text: String) -> Identifier<Kind> {
        guard let identifier = Identifier<Kind>(text) else { fatalError("no identifier: \(text)") }
        return identifier
    }

    static let day: BusinessDay = {
        guard let day = BusinessDay(iso: "2026-11-20") else { fatalError("no day") }
        return day
    }()

    static let noon: Timestamp = {
        guard let noon = Timestamp(iso: "2026-11-20T11:00:00.000Z") else { fatalError("no time") }
        return noon
    }()

    static let reference = SaleReference(terminal: named("t1"), sequence: 42)

    static let check = CheckCode(
        origin: "https://hof.musterstadt.example", reference: reference,
        digest: "n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg")

    /// A weighed and taxed receipt.
    static let receipt: Receipt = {
        let weighing = Weighing(
            scale: "W-1", ticket: "31", gross: Grams(2_000_000), tare: Grams(1_960_000))
        let slip = CardSlip(
            cardTerminal: "60012345", scheme: .girocard, receiptNumber: "815", traceNumber: "4711")
        let line = SaleLine(
            position: "P 3", paragraph: "Entgeltordnung, Zeile 3", fraction: named("stoff"),
            name: "Altreifen", billed: 2, legalForm: .charge,
            vat: .taxable(VATRate(basisPoints: 1_900)), gross: Cents(1_190),
            explanation: Explanation(german: "40 kg Altreifen ergeben 11,90 €.", english: ""))
        do {
            guard let slip, let weighing else { fatalError("no slip or weighing") }
            let item = DeliveryItem(
                fraction: named("stoff"), amount: .weight(weighing.net), source: .weighed(weighing))
            let sale = try Sale(
                delivery: Delivery(day: day, group: .household, items: [item]),
                tariff: TariffReference(id: "t", title: "Entgeltordnung 2026", digest: ""),
                lines: [line], quota: [], settlement: .card(slip), attempts: [])
            return Receipt(
                issuer: Issuer(
                    name: "Stadt Musterstadt", yard: "Wertstoffhof Nord",
                    address: ["Am Hafen 7", "12345 Musterstadt"], taxNumber: "12/345/67890"),
                number: reference.receiptNumber, terminal: "t1",
                localTime: "20.11.2026, 14:03 Uhr", subject: .sale(sale), check: check,
                logIndex: 1_207)
        } catch {
            fatalError("no receipt: \(error)")
        }
    }()

    /// The receipt as anybody sees it.
    static let receiptPage = ReceiptPage(
        receipt, templates: .embedded, state: .recorded,
        proof: "Er steht unter Nr. 1.207 im Protokoll und in Abschluss Nr. 142.",
        slipPath: "/b/t1/42/text")

    static let comparisons: [CardComparison] = [
        CardComparison(
            key: CardKey(cardTerminal: "60012345", scheme: .girocard),
            expected: Tally(count: 118, amount: Cents(284_310)),
            counted: Tally(count: 118, amount: Cents(284_310))),
        CardComparison(
            key: CardKey(cardTerminal: "60012345", scheme: .visa),
            expected: Tally(count: 9, amount: Cents(21_450)),
            counted: Tally(count: 10, amount: Cents(23_700)), reason: .missingInLedger,
            explanation: "Zahlung nach Netzausfall direkt am Gerät eingegeben."),
        CardComparison(
            key: CardKey(cardTerminal: "60012346", scheme: .girocard),
            expected: Tally(count: 41, amount: Cents(1_234_567)),
            counted: Tally(count: 41, amount: Cents(1_230_000))),
    ]

    static let close: DayClose = {
        var totals = CloseTotals()
        totals.counts = ["sale": 168, "free": 42, "on-account": 3, "unknown": 1, "refund": 1]
        totals.positions = [
            PositionTotal(
                tariff: "musterstadt-2026", position: "4.2", name: "Bauschutt", legalForm: .fee,
                vat: .outsideScope, tally: Tally(count: 97, amount: Cents(1_318_400))),
            PositionTotal(
                tariff: "musterstadt-2026", position: "P 3", name: "Altreifen mit Felge",
                legalForm: .charge, vat: .taxable(VATRate(basisPoints: 1_900)),
                tally: Tally(count: 71, amount: Cents(221_927))),
        ]
        totals.vat = [
            VATBlock(treatment: .outsideScope, gross: Cents(1_318_400), tax: .zero),
            VATBlock(
                treatment: .taxable(VATRate(basisPoints: 1_900)), gross: Cents(221_927),
                tax: Cents(35_434)),
        ]
        totals.tenders = [
            .debitCard: Tally(count: 159, amount: Cents(1_518_877)),
            .creditCard: Tally(count: 9, amount: Cents(21_450)),
        ]
        totals.terminals = [
            TerminalRange(terminal: named("t1"), first: 811, last: 974, count: 164, missing: []),
            TerminalRange(terminal: named("t2"), first: 240, last: 291, count: 51, missing: [252]),
        ]
        totals.turnover = Cents(1_540_327)
        totals.unknown = [SaleReference(terminal: named("t1"), sequence: 913)]
        totals.late = [SaleReference(terminal: named("t2"), sequence: 240)]
        totals.flagged = [1_207]
        return DayClose(
            number: 142, yard: named("nord"), day: day, from: 1_000, to: 1_216, totals: totals,
            comparisons: comparisons, grandTotalBefore: Cents(183_400_000),
            countedBy: named("beispiel"), countedAt: noon, approvedBy: named("muster"),
            approvedAt: noon, accountPlan: "musterstadt-2026",
            accountPlanDigest: String(repeating: "a", count: 64))
    }()

    static func all(theme: PageFrame.Theme = .automatic) -> [RenderedPage] {
        var pages: [RenderedPage] = []
        func add(_ name: String, _ page: any Page, _ current: String, _ back: PageLink?) {
            let frame = frame(current, back: back, theme: theme)
            pages.append(
                RenderedPage(
                    name: "console-\(name)", html: PageTemplates.embedded.render(page, in: frame)))
        }
        addGeneral(add)
        addSales(add)
        addReversals(add)
        addCloses(add)
        addOperation(add)
        addSettlements(add)
        addBankFiles(add)
        return pages
    }

    /// Renders a page under a name, with the navigation's current path.
    typealias Add = (String, any Page, String, PageLink?) -> Void
}
