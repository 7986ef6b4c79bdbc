import DayClosing
import Ledger
import Sales
import Tariffs
import Units

extension [PlannedClose] {
    /// The tables of the closes, in the order in which index.xml names them.
    ///
    /// - Parameter localTime: the day and time at the yard.
    func auditTables(
        _ register: AuditRegister, localTime: @escaping (Timestamp) -> String
    ) -> [AuditTable] {
        [
            closes(), sentBack(), programs(), numberRanges(), records(localTime), flags(), lines(),
            reversals(), resolutions(), endings(), failedAttempts(), tax(), postings(),
            cardTerminals(), cards(), cardPayments(), cuts(), cutSums(), cutFindings(),
            clearing(), accounts(), .tariffs, register.activationTable, register.exportTable,
            register.exportedCloseTable, register.exportFileTable, .files,
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
                .number("nachgezaehlt", "Wie oft nach dem ersten Vergleich neu gezählt wurde"),
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
                        String(close.recounts),
                    ]
                ]
            })
    }

    private func records(_ localTime: @escaping (Timestamp) -> String) -> AuditTable {
        AuditTable(
            name: "belege", words: "Aufzeichnungen im Journal", keyCount: 2,
            columns: .ofRecord + [
                .text("zeit", "Zeitpunkt in UTC"), .date("tag", "Belegdatum"),
                .text("beleg", "Belegnummer des Verkaufs"), .text("art", "Art des Vorgangs"),
                .text("zahlweg", "Zahlweg"),
                .text("merkmale", "Auffälligkeiten als Kurznamen; siehe auffaelligkeiten.csv"),
                .amount("betrag", "Summe der Zeilen; Rücknahmen sind negativ"),
                .text("bediener", "Wer den Vorgang gebucht hat"),
                .text("hofterminal", "Terminal, das ihn nummeriert hat; leer am Server"),
                .number("folge", "Seine Nummer dort, auch die eines Stornos; 0 am Server"),
                .text("ortszeit", "Derselbe Zeitpunkt am Hof, mit Sommerzeit"),
            ], links: [.toClose],
            rows: .ofRecord { source in
                let record = source.record
                let (terminal, sequence) = record.ownNumber
                let cells: [String] = [
                    record.at.iso, record.day.german, record.receiptNumber, record.words,
                    record.tenderWords, record.flags.joined(separator: " "),
                    source.amount.comma, record.by?.text ?? "", terminal, String(sequence),
                    localTime(record.at),
                ]
                return [source.key + cells]
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
            rows: .ofRecord { source in
                source.lines.enumerated().map { place, line in
                    source.key + [
                        String(place + 1), line.position, line.name, line.legalForm.words,
                        line.vat.words, line.gross.comma,
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
                .decimal("prozent", 2, "Steuersatz; 0,00 auch ohne Steuerbarkeit"),
            ], links: [.toRecord],
            rows: .ofRecord { source in
                source.record.taxBlocks.map { block in
                    let rate = Int128(block.treatment.rate.basisPoints)
                    return source.key + [
                        block.treatment.words, block.gross.comma, block.tax.comma,
                        AuditQuantity.text(rate, decimals: 2),
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
            rows: .ofRecord { source in
                source.record.entry.postings.enumerated().map { place, posting in
                    let amounts =
                        posting.side == .debit
                        ? [posting.amount, .zero] : [Cents.zero, posting.amount]
                    return source.key + [
                        String(place + 1), posting.account.number, posting.costCentre ?? "",
                    ] + amounts.map(\.comma)
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
