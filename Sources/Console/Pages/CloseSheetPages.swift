import CloseSheets
import DayClosing
import Ledger
import Pages
import Receipts
import Sales
import Tariffs
import Units

/// `GET /abschluesse`, newest first: `ab` is the cursor to go on from.
struct ClosesPage: Page {
    static let template = "console-closes"
    let title = "Abschlüsse"
    let rows: [CloseRow]
    let isEmpty: Bool
    /// That the numbers have no gap, or which are missing.
    let completeness: Panel
    let next: PageLink?

    /// - Parameter missing: of all closes, not only of the rows shown.
    init(rows: [CloseRow], missing: [Int64], next: PageLink? = nil) {
        self.rows = rows
        self.next = next
        isEmpty = rows.isEmpty
        let numbers = missing.map(\.german).joined(separator: ", ")
        completeness =
            missing.isEmpty
            ? Panel(.success, "Ohne Lücke", "Die Nummern der Abschlüsse folgen lückenlos.")
            : Panel(.danger, "Es fehlen Abschlüsse", "Nummer \(numbers).")
    }
}

/// A row of the list of closes.
struct CloseRow: Sendable {
    let number: String
    let path: String
    let day: String
    let records: String
    let turnover: String
    let difference: String
    /// How many differences nobody knows; nil where there is none.
    let unknown: String?
    let people: String
    let seal: Badge
    let export: Badge

    /// - Parameters:
    ///   - unknown: comparisons without a batch cut, whose difference nobody knows.
    ///   - people: "gezählt von …, freigegeben von …".
    ///   - seal: whether it is witnessed and time-stamped.
    init(
        number: Int64, day: BusinessDay, records: Int64, turnover: Cents, difference: Cents,
        unknown: Int = 0, people: String, seal: Badge, export: ExportState?
    ) {
        self.number = number.german
        path = "/abschluesse/\(number)"
        self.day = GermanFormat.day(day)
        self.records = records.german
        self.turnover = turnover.german
        self.difference = difference.german
        self.unknown = unknown == 0 ? nil : "dazu \(unknown) nicht bekannt"
        self.people = people
        self.seal = seal
        self.export = export?.badge ?? Badge("Noch kein Export")
    }
}

/// `GET /abschluesse/{n}`: the sheet of a close (Tagesabschluss, Z-Bericht).
struct CloseSheetPage: Page {
    static let template = "console-close-sheet"
    let title: String
    let head: [Fact]
    let counts: [Fact]
    let hasCounts: Bool
    let hasTerminals: Bool
    let terminals: [TerminalRow]
    let positions: [PositionRow]
    let hasPositions: Bool
    let positionsSum: String
    let vat: [VATRow]
    let tenders: [TenderRow]
    let hasTenders: Bool
    let comparisons: [ComparisonRow]
    let hasComparisons: Bool
    let grandTotals: [Fact]
    let named: [NamedList]
    let hasNamed: Bool
    let signatures: [Fact]
    /// The batch cuts, where there are several or some have numbers.
    let cuts: [Fact]
    let hasCuts: Bool
    /// Clearing balances and third-party money; empty where the close says nothing of them.
    let apart: [Fact]
    let hasApart: Bool
    /// What was odd about the numbers of the cuts.
    let cutFindings: [Panel]
    let certificate: String
    let proof: [Fact]
    let downloads: [PageLink]

    struct TerminalRow: Sendable {
        let terminal: String
        let first: String
        let last: String
        let count: String
        let missing: String
    }

    struct PositionRow: Sendable {
        let position: String
        let name: String
        let form: String
        let count: String
        let amount: String
    }

    struct VATRow: Sendable {
        let treatment: String
        let net: String
        let tax: String
        let gross: String
    }

    struct TenderRow: Sendable {
        let tender: String
        let count: String
        let amount: String
    }

    /// Sales named one by one, such as those with an unknown payment.
    struct NamedList: Sendable {
        let heading: String
        let text: String
        let links: [PageLink]
    }

    /// - Parameters:
    ///   - countedBy: name of the person, as `approvedBy`; times are local.
    ///   - proof: witness cosignatures and time stamp, as far as they are there.
    init(
        _ close: DayClose, yard: String, countedBy: String, countedAt: String,
        approvedBy: String, approvedAt: String, proof: [Fact], downloads: [PageLink],
        names: (PersonID) -> String = { $0.text },
        localTime: (Timestamp) -> String = { $0.iso }
    ) {
        let totals = close.totals
        title = "Abschluss Nr. \(close.number.german)"
        head =
            [
                Fact("Hof", yard), Fact("Abschlusstag", GermanFormat.day(close.day)),
                Fact("Haushaltsjahr", String(close.budgetYear)),
                Fact(
                    "Protokoll",
                    close.to > close.from
                        ? "Einträge \(close.from.german) bis \((close.to - 1).german)"
                        : "kein Eintrag"),
                Fact("Kontenplan", close.accountPlan),
            ] + Self.origin(close, localTime)
        counts = CountWords.labels.compactMap { kind, label in
            totals.counts[kind].map { count in
                let with = count == 1 ? "mit" : "mit zusammen"
                let amount = totals.course?.amounts[kind].map { " \(with) \($0.german)" } ?? ""
                return Fact(label, count.german + amount)
            }
        }
        apart = Self.apart(close)
        hasApart = !apart.isEmpty
        terminals = totals.terminals.map(TerminalRow.init)
        hasCounts = !counts.isEmpty
        hasTerminals = !terminals.isEmpty
        positions = totals.positions.map(PositionRow.init)
        hasPositions = !positions.isEmpty
        positionsSum = totals.positions.map(\.tally.amount).sum().german
        vat = totals.vat.map(VATRow.init)
        tenders = totals.tenders.sorted { $0.key.rawValue < $1.key.rawValue }.map {
            TenderRow(
                tender: $0.key.label, count: $0.value.count.german,
                amount: $0.value.amount.german)
        }
        hasTenders = !tenders.isEmpty
        comparisons = close.comparisons.map(ComparisonRow.init)
        hasComparisons = !comparisons.isEmpty
        grandTotals = [
            Fact("Gesamtumsatz vorher", close.grandTotalBefore.german),
            Fact("Umsatz dieses Abschlusses", totals.turnover.german),
            Fact("Gesamtumsatz nachher", close.grandTotalAfter.german),
        ]
        named = Self.named(totals)
        hasNamed = !named.isEmpty
        var people = [Fact("Gezählt von", "\(countedBy), \(countedAt)")]
        if close.recounts > 0 {
            people.append(Fact("Nachgezählt", "\(close.recounts.german)-mal"))
        }
        people += close.sentBack.map { sent in
            Fact("Zurückgegeben von", "\(names(sent.by)), \(localTime(sent.at)): \(sent.reason)")
        }
        let explaining = Set(close.comparisons.compactMap(\.explainedBy)).sorted()
        if !explaining.isEmpty {
            people.append(Fact("Erklärt von", explaining.map(names).joined(separator: ", ")))
        }
        signatures = people + [Fact("Freigegeben von", "\(approvedBy), \(approvedAt)")]
        cuts = CutWords.facts(close.cuts)
        hasCuts = !cuts.isEmpty
        cutFindings = CutWords.panels(close.cutFindings)
        certificate = "Sachlich und rechnerisch richtig: \(approvedBy), \(approvedAt)"
        self.proof = proof
        self.downloads = downloads
    }

    /// Program and first and last receipt, where the close names them.
    private static func origin(_ close: DayClose, _ localTime: (Timestamp) -> String) -> [Fact] {
        let times = close.totals.course?.receipts
        return [
            close.software.map { Fact("Programm", $0) },
            times.map { Fact("Erster Beleg", localTime($0.lowerBound)) },
            times.map { Fact("Letzter Beleg", localTime($0.upperBound)) },
        ].compactMap { $0 }
    }

    private static func apart(_ close: DayClose) -> [Fact] {
        let clearing = (close.clearing ?? []).map { balance in
            Fact(
                "Geldtransit \(balance.account.number)",
                "vorher \(balance.before.german), nachher \(balance.after.german)")
        }
        let foreign = close.thirdParty.map {
            Fact("Fremdes Geld auf \($0.account.number)", $0.amount.german)
        }
        return clearing + foreign
    }

    private static func named(_ totals: CloseTotals) -> [NamedList] {
        func list(_ heading: String, _ text: String, _ sales: [SaleReference]) -> NamedList? {
            sales.isEmpty
                ? nil
                : NamedList(
                    heading: heading, text: text,
                    links: sales.map { PageLink($0.receiptNumber, $0.path) })
        }
        let flagged = totals.flagged.map { PageLink("Eintrag \($0.german)", "/pruefung/\($0)") }
        return [
            list(
                "Ungeklärte Zahlungen", "Sie werden in den nächsten Abschluss vorgetragen.",
                totals.unknown),
            list("Nachträge", "Verkäufe früherer Tage, die erst jetzt eingingen.", totals.late),
            flagged.isEmpty
                ? nil
                : NamedList(
                    heading: "Auffällige Einträge", text: "Vom Server mit einem Hinweis versehen.",
                    links: flagged),
        ].compactMap { $0 }
    }
}

extension SaleReference {
    /// The path of the sale's page.
    var path: String { "/verkaeufe/\(terminal.text)/\(sequence)" }
}

extension CloseSheetPage.TerminalRow {
    init(_ range: TerminalRange) {
        self.init(
            terminal: range.terminal.text, first: padded(range.first, 6),
            last: padded(range.last, 6), count: range.count.german,
            missing: range.missing.isEmpty
                ? "keine" : range.missing.map { padded($0, 6) }.joined(separator: ", "))
    }
}

extension CloseSheetPage.PositionRow {
    init(_ total: PositionTotal) {
        self.init(
            position: total.position, name: total.name,
            form: total.legalForm.blockHeading(total.vat), count: total.tally.count.german,
            amount: total.tally.amount.german)
    }
}

extension CloseSheetPage.VATRow {
    init(_ block: VATBlock) {
        self.init(
            treatment: block.treatment.label, net: block.net.german,
            tax: block.treatment.rate == .zero ? "–" : block.tax.german,
            gross: block.gross.german)
    }
}
