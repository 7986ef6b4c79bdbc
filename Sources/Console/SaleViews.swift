import Calendars
import Journal
import Operations
import Pages
import People
import Receipts
import Sales
import Storage
import Tariffs
import Units

/// Names of people by sign-in name.
struct PersonNames {
    private let names: [PersonID: String]

    init(_ people: [Person]) {
        names = Dictionary(people.map { ($0.id, $0.name) }, uniquingKeysWith: { $1 })
    }

    /// The name; the sign-in name of somebody who is not registered.
    subscript(_ id: PersonID) -> String { names[id] ?? id.text }
}

extension SaleDetail {
    /// What was brought, or what the record is about.
    var subject: String {
        switch record.fact {
        case .sale(let sale):
            var names: [String] = []
            for line in sale.lines where !names.contains(line.name) { names.append(line.name) }
            return names.joined(separator: ", ")
        case .noSale(let noSale): return "\(noSale.cause.german): \(noSale.reason)"
        case .void(let reversal): return "Storno zu \(reversal.original.receiptNumber)"
        case .resolution(let resolution):
            return "Klärung zu \(resolution.original.receiptNumber)"
        }
    }

    /// Gross total as it changes turnover.
    var total: Cents {
        switch record.fact {
        case .sale(let sale): sale.total
        case .noSale, .resolution: .zero
        case .void(let reversal): -reversal.amount
        }
    }

    var lines: [SaleLineRow] {
        guard case .sale(let sale) = record.fact else { return [] }
        let items = sale.delivery.items
        return sale.lines.enumerated().map { place, line in
            let figures = items.indices.contains(place) ? line.figures(of: items[place]) : []
            return SaleLineRow(
                position: line.position, name: line.name, paragraph: line.paragraph,
                explanation: line.explanation.german,
                figures: figures.map { "\($0.label): \($0.value)" }.joined(separator: "; "),
                vat: line.vat.label, amount: line.gross.german)
        }
    }

    /// How it was paid, and what became of that.
    var paymentFacts: [Fact] {
        guard case .sale(let sale) = record.fact else { return [] }
        let settled: [Fact] =
            switch sale.settlement {
            case .free: [Fact("Zahlung", "nichts zu zahlen")]
            case .card(let slip): slip.facts
            case .onAccount: [Fact("Zahlung", "offen, als Forderung geführt")]
            case .unknown(let cardTerminal):
                [
                    Fact("Zahlung", "Kartengerät ohne Ergebnis"),
                    Fact("Terminal-ID", cardTerminal ?? "nicht bekannt"),
                ]
            }
        return settled + (resolution?.facts ?? [])
    }

    /// Card steps that failed before, in words.
    func attempts(_ calendar: LocalCalendar) -> [String] {
        let failed: [FailedAttempt] =
            switch record.fact {
            case .sale(let sale): sale.attempts
            case .noSale(let noSale): noSale.attempts
            case .void, .resolution: []
            }
        return failed.map { "\(calendar.time(of: $0.at)) Uhr: \($0.outcome.german)" }
    }

    /// What was taken back, and what the server marked.
    func panels(_ steps: [SaleStep]) -> [Panel] {
        steps.compactMap(\.panel)
            + stored.entry.flags.map { Panel(.warning, "Hinweis des Servers", $0.german) }
    }

    /// How it stands; of what was taken back whole the word for the way.
    var badge: Badge {
        guard standing == .reversed else { return SaleState(standing).badge }
        let isRefunded = !reversals.isEmpty && !reversals.contains { $0.kind == .void }
        return Badge(isRefunded ? "Erstattet" : "Storniert", .warning)
    }
}

extension SaleSummary {
    /// What was brought, or what the record is about.
    var words: String {
        switch kind {
        case .void: "Storno zu \(subject)"
        case .resolution: "Klärung zu \(subject)"
        default: NoSale.Cause(rawValue: state).map { "\($0.german): \(subject)" } ?? subject
        }
    }

    /// The way of paying in a word or two.
    var paymentWord: String {
        switch state {
        case "on-account": "Rechnung"
        case "unknown": "Karte"
        default: scheme?.label ?? "–"
        }
    }
}

extension SaleStep {
    /// What was taken back and why, with the way to the request or to the terminal's record; nil
    /// for a resolution.
    fileprivate var panel: Panel? {
        guard case .takenBack(let reversal) = what else { return nil }
        let request = approval.map {
            PageLink("Erstattung E-\($0.request)", "/erstattungen/\($0.request)")
        }
        return Panel(
            .info, words, reversal.reason,
            link: request ?? record.map { PageLink($0.receiptNumber, $0.path) })
    }

    /// The step with its time and people.
    func event(_ names: PersonNames, _ calendar: LocalCalendar) -> TimelineEvent {
        let second = approval.map { ", freigegeben von \(names[$0.approvedBy])" } ?? ""
        return TimelineEvent(
            time: calendar.german(at), iso: at.iso,
            text: words + (record.map { ", Beleg \($0.receiptNumber)" } ?? ""),
            who: names[by] + second)
    }

    private var words: String {
        switch what {
        case .takenBack(let reversal):
            (reversal.kind == .void ? "Storniert" : "Erstattet") + ": \(reversal.amount.german)"
        case .resolved(let resolution): "Zahlung geklärt: \(resolution.finding.german)"
        }
    }
}

extension CardSlip {
    /// The slip's data with their labels.
    var facts: [Fact] {
        let all: [(String, String?)] = [
            (
                "Karte",
                [scheme.label, lastFour.map { "**** \($0)" }].compactMap(\.self)
                    .joined(separator: ", ")
            ),
            ("Terminal-ID", cardTerminal), ("Beleg-Nr.", receiptNumber),
            ("Trace-Nr.", traceNumber), ("Genehmigungs-Nr.", authorisation),
        ]
        return all.compactMap { label, value in value.map { Fact(label, $0) } }
    }
}

extension PaymentResolution {
    fileprivate var facts: [Fact] {
        let slip: [Fact] = if case .charged(let slip) = finding { slip.facts } else { [] }
        return [
            Fact("Klärung", finding.german), Fact("Beweis", evidence.label), Fact("Vermerk", note),
        ] + slip
    }
}

extension PersonalField {
    /// The field in German.
    var german: String {
        switch self {
        case .plate: "Kennzeichen"
        case .customer: "Anlieferer"
        case .debtor: "Zahlungspflichtig"
        case .note: "Vermerk"
        case .iban: "IBAN"
        case .payee: "Zahlungsempfänger"
        }
    }
}
