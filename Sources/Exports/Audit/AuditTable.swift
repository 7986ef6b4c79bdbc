import DayClosing
import Ledger
import Sales
import Units

/// A table of the auditor's package (GoBD, access Z3): what index.xml says of it and its rows.
struct AuditTable {
    enum Kind: Hashable {
        case text
        /// A number with so many digits after the comma.
        case number(digits: Int)
        case date
    }

    struct Column {
        let name: String
        let kind: Kind
        let words: String
    }

    struct Link {
        let columns: [String]
        let table: String
    }

    let name: String
    let words: String
    /// The first columns together tell rows apart.
    let keyCount: Int
    let columns: [Column]
    let links: [Link]
    let rows: Rows

    /// Where rows come from, in the order in which closes and records go by.
    enum Rows {
        case ofClose((PlannedClose) -> [[String]])
        /// With the close's reference.
        case ofRecord((String, ClosedRecord) -> [[String]])
        /// Known before.
        case all([[String]])
    }

    var file: String { "\(name).csv" }
}

extension [PlannedClose] {
    /// The tables of the closes, in the order in which index.xml names them.
    func auditTables() -> [AuditTable] {
        [closes(), records(), lines(), tax(), postings(), cards(), accounts()]
    }

    private func closes() -> AuditTable {
        AuditTable(
            name: "abschluesse", words: "Genehmigte Tagesabschlüsse", keyCount: 1,
            columns: [
                .text("abschluss", "Hof und laufende Nummer"), .text("hof", "Hof"),
                .number("nummer", "Laufende Nummer je Hof"), .date("tag", "Geschäftstag"),
                .number("von", "Erste Position im Journal"),
                .number("bis", "Position nach der letzten"), .amount("umsatz", "Umsatz"),
                .amount("summe_vorher", "Laufende Gesamtsumme davor"),
                .amount("summe_nachher", "Laufende Gesamtsumme danach"),
                .text("gezaehlt_von", "Wer gezählt hat"), .text("gezaehlt_am", "Wann, in UTC"),
                .text("genehmigt_von", "Wer genehmigt hat"), .text("genehmigt_am", "Wann, in UTC"),
                .text("kontenplan", "Prüfsumme des Kontenplans"),
            ], links: [],
            rows: .ofClose { planned in
                let close = planned.close
                return [
                    [
                        close.reference, close.yard.text, String(close.number), close.day.german,
                        String(close.from), String(close.to), close.totals.turnover.comma,
                        close.grandTotalBefore.comma, close.grandTotalAfter.comma,
                        close.countedBy.text, close.countedAt.iso, close.approvedBy.text,
                        close.approvedAt.iso, close.accountPlanDigest,
                    ]
                ]
            })
    }

    private func records() -> AuditTable {
        AuditTable(
            name: "belege", words: "Aufzeichnungen im Journal", keyCount: 2,
            columns: .ofRecord + [
                .text("zeit", "Zeitpunkt in UTC"), .date("tag", "Belegdatum"),
                .text("beleg", "Belegnummer des Verkaufs"), .text("art", "Art des Vorgangs"),
                .text("zahlweg", "Zahlweg"), .text("merkmale", "Auffälligkeiten"),
            ], links: [.toClose],
            rows: .ofRecord { close, record in
                [
                    [
                        close, String(record.index), record.at.iso, record.day.german,
                        record.receiptNumber, record.words, record.channel.words,
                        record.flags.joined(separator: " "),
                    ]
                ]
            })
    }

    private func lines() -> AuditTable {
        AuditTable(
            name: "belegzeilen", words: "Zeilen der Verkäufe; Rücknahmen sind negativ",
            keyCount: 3,
            columns: .ofRecord + [
                .number("zeile", "Zeile des Belegs"), .text("position", "Tarifposition"),
                .text("bezeichnung", "Bezeichnung"), .text("rechtsform", "Gebühr oder Entgelt"),
                .text("umsatzsteuer", "Steuerliche Behandlung"), .amount("brutto", "Betrag"),
            ], links: [.toRecord],
            rows: .ofRecord { close, record in
                record.soldLines.enumerated().map { place, line in
                    [
                        close, String(record.index), String(place + 1), line.position, line.name,
                        line.legalForm, line.vat, line.gross.comma,
                    ]
                }
            })
    }

    private func tax() -> AuditTable {
        AuditTable(
            name: "steuer", words: "Umsatzsteuer je Beleg, wie gedruckt", keyCount: 3,
            columns: .ofRecord + [
                .text("satz", "Steuerliche Behandlung"), .amount("brutto", "Betrag"),
                .amount("steuer", "Darin enthaltene Steuer"),
            ], links: [.toRecord],
            rows: .ofRecord { close, record in
                record.taxBlocks.map { block in
                    [
                        close, String(record.index), block.treatment.words, block.gross.comma,
                        block.tax.comma,
                    ]
                }
            })
    }

    private func postings() -> AuditTable {
        AuditTable(
            name: "buchungen", words: "Buchungssätze", keyCount: 3,
            columns: .ofRecord + [
                .number("nummer", "Nummer im Buchungssatz"), .text("konto", "Konto"),
                .text("kostenstelle", "Kostenstelle"), .amount("soll", "Soll"),
                .amount("haben", "Haben"),
            ], links: [.toRecord],
            rows: .ofRecord { close, record in
                record.entry.postings.enumerated().map { place, posting in
                    let amounts =
                        posting.side == .debit
                        ? [posting.amount, .zero] : [Cents.zero, posting.amount]
                    return [
                        close, String(record.index), String(place + 1), posting.account.number,
                        posting.costCentre ?? "",
                    ] + amounts.map(\.comma)
                }
            })
    }

    private func cards() -> AuditTable {
        AuditTable(
            name: "kartensummen", words: "Journal und Kartenterminal im Vergleich", keyCount: 3,
            columns: [
                .text("abschluss", "Hof und laufende Nummer"), .text("terminal", "Kartenterminal"),
                .text("marke", "Kartenmarke"), .number("anzahl_journal", "Zahlungen im Journal"),
                .amount("betrag_journal", "Betrag im Journal"),
                .number("anzahl_terminal", "Zahlungen am Kartenterminal"),
                .amount("betrag_terminal", "Betrag am Kartenterminal"),
                .text("grund", "Grund einer Abweichung"), .text("text", "Erläuterung"),
            ], links: [.toClose],
            rows: .ofClose { planned in
                planned.close.comparisons.map { card in
                    [
                        planned.reference, card.key.cardTerminal, card.key.scheme.rawValue,
                        String(card.expected.count), card.expected.amount.comma,
                        String(card.counted.count), card.counted.amount.comma,
                        card.reason?.rawValue ?? "",
                        (card.isKnown ? "" : "Kein Kassenschnitt, Summe nicht bekannt: ")
                            + (card.explanation ?? ""),
                    ]
                }
            })
    }

    private func accounts() -> AuditTable {
        var seen: Set<String> = []
        var rows: [[String]] = []
        for plan in map(\.plan) where seen.insert(plan.digest).inserted {
            let used = filter { $0.plan.digest == plan.digest }.flatMap(\.close.totals.accounts)
            let accounts = Set(plan.names.keys).union(used.map(\.account))
            for account in accounts.sorted() {
                rows.append([plan.digest, account.number, plan.names[account] ?? ""])
            }
        }
        return AuditTable(
            name: "konten", words: "Kontenpläne", keyCount: 2,
            columns: [
                .text("kontenplan", "Prüfsumme des Kontenplans"), .text("konto", "Konto"),
                .text("name", "Name des Kontos"),
            ], links: [], rows: .all(rows))
    }
}

extension AuditTable.Column {
    static func text(_ name: String, _ words: String) -> Self {
        Self(name: name, kind: .text, words: words)
    }

    static func number(_ name: String, _ words: String) -> Self {
        Self(name: name, kind: .number(digits: 0), words: words)
    }

    static func amount(_ name: String, _ words: String) -> Self {
        Self(name: name, kind: .number(digits: 2), words: words + " in Euro")
    }

    static func date(_ name: String, _ words: String) -> Self {
        Self(name: name, kind: .date, words: words)
    }
}

extension [AuditTable.Column] {
    fileprivate static let ofRecord: Self = [
        .text("abschluss", "Hof und laufende Nummer"), .number("index", "Position im Journal"),
    ]
}

extension AuditTable.Link {
    fileprivate static let toClose = Self(columns: ["abschluss"], table: "abschluesse")
    fileprivate static let toRecord = Self(columns: ["abschluss", "index"], table: "belege")
}

extension BusinessDay {
    /// `31.12.2026`
    fileprivate var german: String { "\(padded(day, 2)).\(padded(month, 2)).\(year)" }
}

extension Cents {
    /// `-1234,50`
    fileprivate var comma: String { ExportProfile.DecimalMark.comma.text(self) }
}

/// A line of a sale, or of what was taken back of one.
private struct SoldLine {
    let position: String
    let name: String
    let legalForm: String
    let vat: String
    let gross: Cents
}

extension ClosedRecord {
    fileprivate var soldLines: [SoldLine] {
        switch fact {
        case .sale(_, let sale): Self.lines(of: sale, sign: 1)
        case .noSale, .withheld, .settlement: []
        case .reversal(let reversal, of: let sale):
            reversal.lines.map { line in
                let name =
                    sale.lines.indices.contains(line.index) ? sale.lines[line.index].name : ""
                return SoldLine(
                    position: line.position, name: name, legalForm: line.legalForm.words,
                    vat: line.vat.words, gross: -line.gross)
            }
        case .resolution(let resolution, of: let sale):
            resolution.finding == .notChargedVoid ? Self.lines(of: sale, sign: -1) : []
        }
    }

    private static func lines(of sale: Sale, sign: Int64) -> [SoldLine] {
        sale.lines.map { line in
            SoldLine(
                position: line.position, name: line.name, legalForm: line.legalForm.words,
                vat: line.vat.words, gross: Cents(sign * line.gross.value))
        }
    }

    /// What the record adds to the tax of its close: added up from receipts, never worked out
    /// from sums.
    fileprivate var taxBlocks: [VATBlock] {
        func negated(_ blocks: [VATBlock]) -> [VATBlock] {
            blocks.map { VATBlock(treatment: $0.treatment, gross: -$0.gross, tax: -$0.tax) }
        }
        switch fact {
        case .sale(_, let sale): return sale.vat
        case .noSale, .withheld, .settlement: return []
        case .reversal(let reversal, of: _): return negated(reversal.vat)
        case .resolution(let resolution, of: let sale):
            return resolution.finding == .notChargedVoid ? negated(sale.vat) : []
        }
    }
}
