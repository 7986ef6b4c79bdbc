import DayClosing
import Ledger
import Sales
import Tariffs
import Units

extension [PlannedClose] {
    /// The tables of the closes, in the order in which index.xml names them.
    func auditTables(_ register: AuditRegister) -> [AuditTable] {
        [
            closes(), programs(), records(), lines(), reversals(), tax(), postings(), cards(),
            cuts(), clearing(), accounts(), .tariffs, register.activationTable,
            register.exportTable, register.exportFileTable, .files,
        ]
    }

    private func closes() -> AuditTable {
        AuditTable(
            name: "abschluesse", words: "Genehmigte Tagesabschlüsse", keyCount: 1,
            columns: [
                .close, .text("hof", "Hof"), .number("nummer", "Laufende Nummer je Hof"),
                .date("tag", "Geschäftstag"),
                .number("von", "Erste Position im Journal"),
                .number("bis", "Position nach der letzten"), .amount("umsatz", "Umsatz"),
                .amount("summe_vorher", "Laufende Gesamtsumme davor"),
                .amount("summe_nachher", "Laufende Gesamtsumme danach"),
                .text("gezaehlt_von", "Wer gezählt hat"), .text("gezaehlt_am", "Wann, in UTC"),
                .text("genehmigt_von", "Wer genehmigt hat"), .text("genehmigt_am", "Wann, in UTC"),
                .text("kontenplan", "Prüfsumme des Kontenplans"),
                .text("programm", "Programmstand, der den Abschluss gebildet hat"),
            ], links: [],
            rows: .ofClose { planned in
                let close = planned.close
                return [
                    [
                        close.reference, close.yard.text, String(close.number), close.day.german,
                        String(close.from), String(close.to), close.totals.turnover.comma,
                        close.grandTotalBefore.comma, close.grandTotalAfter.comma,
                        close.countedBy.text, close.countedAt.iso, close.approvedBy.text,
                        close.approvedAt.iso, close.accountPlanDigest, close.programWords,
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
                .amount("betrag", "Summe der Zeilen; Rücknahmen sind negativ"),
                .text("bediener", "Wer den Vorgang gebucht hat"),
            ], links: [.toClose],
            rows: .ofRecord { close, record in
                [
                    [
                        close, String(record.index), record.at.iso, record.day.german,
                        record.receiptNumber, record.words, record.channel.words,
                        record.flags.joined(separator: " "),
                        record.soldLines.map(\.gross).sum().comma, record.by?.text ?? "",
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
                .decimal("menge", 4, "Angelieferte Menge; 0 bei einer Rücknahme nur von Geld"),
                .text("einheit", "Einheit beider Mengen"),
                .decimal("menge_berechnet", 4, "Menge, die zu bezahlen war"),
                .decimal(
                    "einzelpreis", 5,
                    "Betrag je Einheit der berechneten Menge in Euro, gerundet; bei Staffel, "
                        + "Pauschale und Mindestpreis ein Durchschnitt"),
                .text("messung", "Woher die Menge kommt"),
                .text("tarif", "Prüfsumme des Tarifs"),
            ], links: [.toRecord, .toTariff],
            rows: .ofRecord { close, record in
                record.soldLines.enumerated().map { place, line in
                    [
                        close, String(record.index), String(place + 1), line.position, line.name,
                        line.legalForm.words, line.vat.words, line.gross.comma,
                    ] + line.quantityCells + [line.tariff.digest]
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
                .close, .text("terminal", "Kartenterminal"), .text("marke", "Kartenmarke"),
                .number("anzahl_journal", "Zahlungen im Journal"),
                .amount("betrag_journal", "Betrag im Journal"),
                .number("anzahl_terminal", "Zahlungen am Kartenterminal"),
                .amount("betrag_terminal", "Betrag am Kartenterminal"),
                .text("grund", "Grund einer Abweichung"), .text("text", "Erläuterung"),
                .number("anzahl_vortrag", "Aus früheren Abschlüssen offene Zahlungen"),
                .amount("betrag_vortrag", "Aus früheren Abschlüssen offener Betrag"),
                .amount("abweichung", "Kartenterminal weniger Journal, mit Vortrag"),
                .text("erlaeutert_von", "Wer den Grund genannt hat"),
                .text(
                    "bekannt",
                    "nein ohne Kassenschnitt: Anzahl und Betrag am Kartenterminal sind dann nicht "
                        + "bekannt, und 0 steht dafür; sonst ja"),
            ], links: [.toClose],
            rows: .ofClose { planned in
                planned.close.comparisons.map { card in
                    [
                        planned.reference, card.key.cardTerminal, card.key.scheme.rawValue,
                        String(card.expected.count), card.expected.amount.comma,
                        String(card.counted.count), card.counted.amount.comma,
                        card.reason?.rawValue ?? "", card.explanation ?? "",
                        String(card.brought?.tally.count ?? 0),
                        (card.brought?.tally.amount ?? .zero).comma,
                        card.remaining.amount.comma, card.explainedBy?.text ?? "",
                        card.isKnown ? "ja" : "nein",
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
                let isForeign = plan.thirdParty.contains(account)
                rows.append([
                    plan.digest, account.number, plan.names[account] ?? "", isForeign ? "ja" : "",
                ])
            }
        }
        return AuditTable(
            name: "konten", words: "Kontenpläne", keyCount: 2,
            columns: [
                .text("kontenplan", "Prüfsumme des Kontenplans"), .text("konto", "Konto"),
                .text("name", "Name des Kontos"),
                .text("fremdgeld", "ja, wenn das Konto Geld für andere führt"),
            ], links: [], rows: .all(rows))
    }
}
