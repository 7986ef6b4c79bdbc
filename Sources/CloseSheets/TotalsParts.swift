import DayClosing
import Ledger
import Receipts
import Sales
import Tariffs
import Units

/// What a sheet says about the records that it adds up; the same for a close and a look between.
struct TotalsParts {
    private let totals: CloseTotals

    init(_ totals: CloseTotals) {
        self.totals = totals
    }

    var parts: [CloseSheet.Part] {
        [
            .heading("Belege"), .table(terminals), records, .heading("Summen"),
            .table(positions), .table(vat), .table(tenders), .table(accounts),
        ]
    }

    /// What is named one by one: payments unknown, late sales, flagged records.
    var named: [CloseSheet.Part] {
        var lines: [CloseSheet.Fact] = []
        if !totals.unknown.isEmpty {
            lines.append(
                CloseSheet.Fact("Ungeklärte Zahlungen, vorgetragen", Self.list(totals.unknown)))
        }
        if !totals.late.isEmpty {
            lines.append(CloseSheet.Fact("Nachträge früherer Tage", Self.list(totals.late)))
        }
        if !totals.flagged.isEmpty {
            let numbers = totals.flagged.map(CloseSheet.grouped).joined(separator: ", ")
            lines.append(CloseSheet.Fact("Auffällige Einträge", numbers))
        }
        return lines.isEmpty ? [] : [.heading("Mit Namen genannt"), .facts(lines)]
    }

    private static func list(_ sales: [SaleReference]) -> String {
        sales.map(\.receiptNumber).joined(separator: ", ")
    }

    private var terminals: CloseSheet.Table {
        CloseSheet.Table(
            caption: "Belege je Terminal",
            columns: CloseSheet.columns(
                "Terminal", "Fehlende Nummern", numeric: "Von Nr.", "Bis Nr.", "Anzahl"),
            rows: totals.terminals.map { range in
                [
                    range.terminal.text,
                    range.missing.isEmpty
                        ? "keine" : range.missing.map { padded($0, 6) }.joined(separator: ", "),
                    padded(range.first, 6), padded(range.last, 6), CloseSheet.grouped(range.count),
                ]
            }, total: nil)
    }

    /// Counts by kind, with what they brought where the close says so.
    private var records: CloseSheet.Part {
        let counted = CountWords.labels.compactMap { kind, label in
            totals.counts[kind].map { (kind: kind, label: label, count: CloseSheet.grouped($0)) }
        }
        guard let course = totals.course else {
            return .facts(counted.map { CloseSheet.Fact($0.label, $0.count) })
        }
        return .table(
            CloseSheet.Table(
                caption: "Vorgänge nach Art (Euro)",
                columns: CloseSheet.columns("Art", numeric: "Anzahl", "Betrag"),
                rows: counted.map { line in
                    [line.label, line.count, CloseSheet.amount(course.amounts[line.kind] ?? .zero)]
                }, total: nil))
    }

    private var positions: CloseSheet.Table {
        CloseSheet.Table(
            caption: "Nach Tarifposition (Euro)",
            columns: CloseSheet.columns("Position", "Rechtsform", numeric: "Anzahl", "Betrag"),
            rows: totals.positions.map { position in
                [
                    "\(position.position) \(position.name)",
                    position.legalForm.blockHeading(position.vat),
                    CloseSheet.grouped(position.tally.count),
                    CloseSheet.amount(position.tally.amount),
                ]
            },
            total: [
                "Summe", "", "", CloseSheet.amount(totals.positions.map(\.tally.amount).sum()),
            ])
    }

    private var vat: CloseSheet.Table {
        CloseSheet.Table(
            caption: "Umsatzsteuer (Euro)",
            columns: CloseSheet.columns("Behandlung", numeric: "Netto", "Steuer", "Brutto"),
            rows: totals.vat.map { block in
                [
                    block.treatment.label, CloseSheet.amount(block.net),
                    CloseSheet.amount(block.tax), CloseSheet.amount(block.gross),
                ]
            }, total: nil)
    }

    private var tenders: CloseSheet.Table {
        CloseSheet.Table(
            caption: "Zahlarten (Euro)",
            columns: CloseSheet.columns("Zahlart", numeric: "Anzahl", "Betrag"),
            rows: totals.tenders.sorted { $0.key.rawValue < $1.key.rawValue }.map { tender, tally in
                [tender.label, CloseSheet.grouped(tally.count), CloseSheet.amount(tally.amount)]
            }, total: nil)
    }

    private var accounts: CloseSheet.Table {
        CloseSheet.Table(
            caption: "Sachkonten (Euro)",
            columns: CloseSheet.columns("Konto", "Kostenstelle", numeric: "Soll", "Haben"),
            rows: totals.accounts.map { account in
                [
                    account.account.number, account.costCentre ?? "–",
                    CloseSheet.amount(account.debit), CloseSheet.amount(account.credit),
                ]
            },
            total: [
                "Summe", "", CloseSheet.amount(totals.accounts.map(\.debit).sum()),
                CloseSheet.amount(totals.accounts.map(\.credit).sum()),
            ])
    }
}

/// The kinds of records of a close in words.
package enum CountWords {
    /// In the order of the sheet; a kind that a close does not hold is left out, so one that is
    /// added here changes no sheet of a close without it. What stands here once released stays
    /// (docs/decisions/0014-words-of-a-close-sheet.md).
    package static let labels: KeyValuePairs<String, String> = [
        "sale": "Bezahlte Verkäufe", "free": "Kostenfreie Annahmen",
        "on-account": "Auf Rechnung", "unknown": "Zahlung ungeklärt",
        "resolution": "Geklärte Zahlungen", "void": "Stornos", "refund": "Erstattungen",
        "withheld": "Zurückgehalten: gesperrter Schlüssel",
        "refused": "Abgewiesene Anlieferungen", "declined": "Karte abgelehnt, kein Verkauf",
        "aborted": "Abgebrochen, kein Verkauf",
        "match": "Zugeordnete Bankumsätze", "unmatch": "Aufgehobene Zuordnungen",
        "bank-fee": "Entgelte von Bank oder Dienstleister",
        "chargeback": "Rückbelastungen von Kartenzahlungen",
        "claim-paid": "Zahlungen auf Forderungen", "claim-unpaid": "Unbezahlte Forderungen",
    ]
}
